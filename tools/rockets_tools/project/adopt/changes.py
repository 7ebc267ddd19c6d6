"""What adoption would change, over what is on disk; nothing is touched until it is written."""

from collections.abc import Callable
from dataclasses import dataclass, field

from rockets_tools.errors import InputError, Problem
from rockets_tools.files import ProjectFiles
from rockets_tools.integrate.wiring.source import Source


@dataclass(slots=True)
class Changes:
    """Texts by path. What is refused is gathered, so that a person sees all of it at once."""

    files: ProjectFiles
    written: dict[str, str] = field(default_factory=dict[str, str])
    """Files that are missing."""
    wired: dict[str, str] = field(default_factory=dict[str, str])
    """Files of the user, with something inserted."""
    refused: list[Problem] = field(default_factory=list[Problem])
    warnings: list[Problem] = field(default_factory=list[Problem])

    def read(self, path: str) -> str | None:
        """The text as it would be afterwards."""
        if path in self.written:
            return self.written[path]
        return self.wired[path] if path in self.wired else self.files.read(path)

    def exists(self, path: str) -> bool:
        return path in self.written or self.files.exists(path)

    def add(self, path: str, text: str) -> None:
        """A file that must not exist yet."""
        self.files.require_inside(path)
        self.written[path] = text

    def replace(self, path: str, text: str | None) -> None:
        """The new text of a file that exists; None: it stays."""
        if text is None or text == self.read(path):
            return
        target = self.written if path in self.written else self.wired
        target[path] = text

    def edit(self, path: str, work: Callable[[Source], None]) -> None:
        """Let `work` gather its edits of a TypeScript file; what it raises is refused."""
        text = self.read(path)
        if text is None:
            return
        with self.refusing():
            source = Source(text, path)
            work(source)
            self.replace(path, source.result())

    def refusing(self) -> "_Refusing":
        """A block whose `InputError` is gathered instead of raised."""
        return _Refusing(self)

    def refuse(
        self, code: str, message: str, fix: str, file: str | None = None, line: int | None = None
    ) -> None:
        self.refused.append(Problem(code=code, message=message, fix=fix, file=file, line=line))

    def warn(self, code: str, message: str, fix: str, file: str | None = None) -> None:
        self.warnings.append(Problem(code=code, message=message, fix=fix, file=file))


class _Refusing:
    def __init__(self, changes: Changes) -> None:
        self._changes = changes

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> bool:
        if not isinstance(error, InputError):
            return False
        self._changes.refused.extend(error.problems)
        return True


class Overlay(ProjectFiles):
    """The project as it would be with the changes; for looking only."""

    def __init__(self, changes: Changes) -> None:
        super().__init__(changes.files.root)
        self._changes = changes

    def read_bytes(self, relative: str) -> bytes | None:
        known = {**self._changes.wired, **self._changes.written}.get(relative)
        return super().read_bytes(relative) if known is None else known.encode()

    def exists(self, relative: str) -> bool:
        return relative in self._changes.written or super().exists(relative)
