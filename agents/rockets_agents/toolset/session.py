"""What one job has seen and done, and the shape of a tool."""

import hashlib
from dataclasses import dataclass, field
from typing import ClassVar

from pydantic import BaseModel, ConfigDict

from rockets_agents.errors import ToolRefusedError
from rockets_agents.role import Role, ToolName
from rockets_agents.toolset.desk import Desk


@dataclass(frozen=True, slots=True, kw_only=True)
class Touch:
    """A file that a call read or changed. Whoever rolls back or replays needs the text before."""

    path: str
    before: str | None
    """None: there was no such file."""
    after: str | None
    """The same as `before` when it was only read."""

    @property
    def changed(self) -> bool:
        return self.before != self.after

    def as_json(self) -> dict[str, str | None]:
        return {"path": self.path, "before": sha256(self.before), "after": sha256(self.after)}


@dataclass(kw_only=True)
class Session:
    """The memory of one job; tools work through it."""

    role: Role
    desk: Desk
    seen: dict[str, str] = field(default_factory=dict[str, str])
    """By path, the hash of the text this job last saw there."""
    touched: list[Touch] = field(default_factory=list[Touch])
    """By the call under way."""

    def look(self, plain: str) -> str | None:
        """The text of a visible file; from now on this job has seen it."""
        text = self.desk.files.read(plain)
        if text is not None:
            self.seen[plain] = sha256(text) or ""
            self.touched.append(Touch(path=plain, before=text, after=text))
        return text

    def current(self, plain: str) -> str | None:
        """The text now, to be replaced; raises unless it is what this job has seen."""
        text = self.desk.files.read(plain)
        if text is None:
            return None
        if plain not in self.seen:
            raise ToolRefusedError(f"Read {plain} before you change it.")
        if self.seen[plain] != sha256(text):
            raise ToolRefusedError(f"{plain} changed since you read it. Read it again.")
        return text

    def replace(self, plain: str, before: str | None, after: str) -> None:
        self.desk.files.write(plain, after)
        self.seen[plain] = sha256(after) or ""
        self.touched.append(Touch(path=plain, before=before, after=after))


class Tool(BaseModel):
    """A tool is its arguments and what it does with them; the docstring tells the model when."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    name: ClassVar[ToolName]
    slow: ClassVar[bool] = False
    """Works in a thread of its own."""
    edits: ClassVar[bool] = False
    """The same call a second time is never progress."""

    def run(self, session: Session) -> str:
        """Do it and say what came of it; raises `ToolRefusedError` when it may not be done."""
        raise NotImplementedError


def sha256(text: str | None) -> str | None:
    """Of a text, hex; None of none."""
    return None if text is None else hashlib.sha256(text.encode()).hexdigest()
