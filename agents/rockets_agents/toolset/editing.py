"""Tools that write: edit_file, write_file."""

import difflib
from typing import ClassVar

from pydantic import Field

from rockets_agents.errors import ToolRefusedError
from rockets_agents.role import ToolName
from rockets_agents.toolset.guard import is_locked, writable
from rockets_agents.toolset.session import Session, Tool
from rockets_agents.toolset.tripwires import check_marks, check_rules, check_spec
from rockets_prompts import fence

MOST_TEXT = 100_000
"""Characters of a file that an agent writes."""
MOST_DIFF = 8_000


class EditFile(Tool):
    """Replaces one passage of a file that you have read by another. Use it for every change of an
    existing file."""

    name: ClassVar[ToolName] = "edit_file"
    edits: ClassVar[bool] = True

    path: str = Field(description="From the project root, with forward slashes.")
    old: str = Field(
        min_length=1,
        max_length=MOST_TEXT,
        description="The passage as it is, without line numbers; must occur exactly once.",
    )
    new: str = Field(max_length=MOST_TEXT, description="What is to stand there instead.")

    def run(self, session: Session) -> str:
        plain = writable(session.desk, session.role, self.path, exists=True)
        before = session.current(plain)
        if before is None:
            raise ToolRefusedError(f"There is no file {plain}. New files are for write_file.")
        if self.old == self.new:
            raise ToolRefusedError("Old and new are the same: nothing would change.")
        # Models write line feeds; a file with carriage returns keeps them.
        dos = "\r\n" in before and "\r\n" not in self.old
        old, new = self.old, self.new
        if dos:
            old, new = (t.replace("\r\n", "\n").replace("\n", "\r\n") for t in (old, new))
        count = before.count(old)
        if count != 1:
            raise ToolRefusedError(_no_match(plain, before, old, count))
        after = before.replace(old, new, 1)
        _write(session, plain, before, after)
        first = before[: before.index(old)].count("\n") + 1
        return f"Changed {plain} at line {first}."


class WriteFile(Tool):
    """Makes a new file, or replaces a whole file that you have read. Use it for new files; to
    change a part, use edit_file."""

    name: ClassVar[ToolName] = "write_file"
    edits: ClassVar[bool] = True

    path: str = Field(description="From the project root, with forward slashes.")
    text: str = Field(min_length=1, max_length=MOST_TEXT, description="The whole text.")

    def run(self, session: Session) -> str:
        exists = session.desk.files.exists(self.path)
        plain = writable(session.desk, session.role, self.path, exists=exists)
        before = session.current(plain)
        if before == self.text:
            raise ToolRefusedError(f"{plain} has exactly this text already.")
        _write(session, plain, before, self.text)
        return f"{'Made' if before is None else 'Replaced'} {plain}."


def _write(session: Session, plain: str, before: str | None, after: str) -> None:
    """Write what no rule forbids."""
    if len(after) > MOST_TEXT:
        raise ToolRefusedError(f"{plain} would have more than {MOST_TEXT} characters.")
    if "\0" in after:
        raise ToolRefusedError("The text has a NUL character: it would be no text file.")
    if is_locked(plain):
        shipped = session.desk.shipped(plain)
        if shipped != after:
            raise ToolRefusedError(_locked(plain, before, shipped))
    else:
        check_marks(before or "", after)
        if session.role.keeps_expectations and plain.startswith("test/"):
            check_spec(before or "", after)
        check_rules(session.desk.files, plain, before, after)
    session.replace(plain, before, after)


def _no_match(plain: str, text: str, old: str, count: int) -> str:
    if count > 1:
        return f"The passage occurs {count} times in {plain}: quote more of what is around it."
    tight = " ".join(old.split())
    if tight and tight in " ".join(text.split()):
        return f"{plain} has this passage with other blanks or line breaks: quote it exactly."
    return f"{plain} has no such passage. Read it again and quote it exactly."


def _locked(plain: str, before: str | None, shipped: str | None) -> str:
    refused = f"{plain} is locked: other proofs rest on it."
    if shipped is None or shipped == before:
        return f"{refused} It cannot be changed; solve it elsewhere, or say so in your answer."
    lines = difflib.unified_diff(
        (before or "").splitlines(), shipped.splitlines(), "now", "as shipped", lineterm=""
    )
    difference = fence("\n".join(lines)[:MOST_DIFF], f"difference of {plain}")
    return f"{refused} The only change it takes is back to the shipped text:\n{difference}"
