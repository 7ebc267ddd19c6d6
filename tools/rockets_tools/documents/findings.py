"""What an import has to say: notices, and blockers that stop it; each at a line."""

from collections import Counter

from rockets_tools.documents.schema import Span
from rockets_tools.errors import Problem

MAX_FINDINGS = 5000
"""More than this of one sort is counted, not listed."""


_MAX_MESSAGE = 2000


class Findings:
    """Collects problems of one document."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.notices: list[Problem] = []
        self.blockers: list[Problem] = []
        self._repeated: Counter[tuple[str, str, str]] = Counter()
        self._first: dict[tuple[str, str, str], int] = {}

    def notice(self, code: str, place: Span | int, message: str, fix: str) -> None:
        if len(self.notices) < MAX_FINDINGS:
            self.notices.append(self._problem(code, place, message, fix))

    def blocker(self, code: str, place: Span | int, message: str, fix: str) -> None:
        if len(self.blockers) < MAX_FINDINGS:
            self.blockers.append(self._problem(code, place, message, fix))

    def repeated(self, code: str, line: int, what: str, fix: str) -> None:
        """One of many of a kind (rows, grants); said once, with their number and first line."""
        key = (code, what, fix)
        self._repeated[key] += 1
        self._first.setdefault(key, line)

    def close(self) -> None:
        """Turn what was counted into notices and bring all of them into document order."""
        for (code, what, fix), count in self._repeated.items():
            times = "once" if count == 1 else f"{count} times"
            self.notices.append(
                self._problem(code, self._first[code, what, fix], f"{what} ({times}).", fix)
            )
        self._repeated.clear()
        self.notices.sort(key=_line)
        self.blockers.sort(key=_line)

    def _problem(self, code: str, place: Span | int, message: str, fix: str) -> Problem:
        line = place if isinstance(place, int) else place.first
        return Problem(
            code=f"document-{code}",
            message=_visible(message),
            fix=_visible(fix),
            file=self.file,
            line=line,
        )


def _visible(text: str) -> str:
    """A sentence with names of strangers in it: no hidden characters, not endless."""
    text = text if len(text) <= _MAX_MESSAGE else f"{text[:_MAX_MESSAGE]}…"
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in text)


def _line(problem: Problem) -> int:
    return problem.line or 0
