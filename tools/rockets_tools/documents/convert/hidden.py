"""What a document says where nobody sees it: counted by kind, with a piece of each."""

from rockets_tools.documents.convert import Remark
from rockets_tools.plan.problems import quoted

MOST_KEPT = 200
"""Pieces of one kind that are looked at."""
LOOK = "Look there if somebody may have hidden it on purpose; the Lead is not given it."


class Hidden:
    """Collects hidden text; `remarks` tells of each kind once."""

    def __init__(self) -> None:
        self._found: dict[str, list[tuple[int, str]]] = {}
        self._count: dict[str, int] = {}

    def add(self, what: str, text: str, *, line: int = 1) -> None:
        """`what` names its kind: `comments`, `text in white`."""
        text = " ".join(text.split())
        if not text:
            return
        self._count[what] = self._count.get(what, 0) + 1
        kept = self._found.setdefault(what, [])
        if len(kept) < MOST_KEPT:
            kept.append((line, text))

    def remarks(self) -> tuple[Remark, ...]:
        return tuple(
            Remark(
                code="document-hidden-text",
                line=kept[0][0],
                message=f"Left out: {what} ({self._count[what]}): "
                + ", ".join(quoted(text) for _, text in kept[:3])
                + (" and more." if self._count[what] > 3 else "."),
                fix=LOOK,
            )
            for what, kept in self._found.items()
        )
