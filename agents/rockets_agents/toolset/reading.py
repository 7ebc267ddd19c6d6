"""Tools that look: list_files, read_file, search."""

import os
from collections.abc import Iterator
from typing import ClassVar

from pydantic import Field

from rockets_agents.errors import ToolRefusedError
from rockets_agents.role import ToolName
from rockets_agents.toolset.guard import is_hidden, visible
from rockets_agents.toolset.session import Session, Tool
from rockets_prompts import fence
from rockets_tools.errors import InputError
from rockets_tools.files import ProjectFiles

MOST_LINES = 800
"""Of one file in one answer."""
MOST_LINE = 400
"""Characters of a line that are shown."""
MOST_SHOWN = 50_000
"""Characters of one answer."""
MOST_FILES = 500
MOST_HITS = 80
MOST_SEARCHED = 400_000
"""Characters; a larger file is no source."""
MOST_WALKED = 20_000


def numbered(text: str, first: int = 1) -> str:
    """Each line after its number and a tab."""
    return "\n".join(f"{number}\t{line}" for number, line in enumerate(lines_of(text), start=first))


def lines_of(text: str) -> list[str]:
    """Lines as compilers and editors count them: what ends one is a line feed, nothing else."""
    lines = text.replace("\r\n", "\n").split("\n")
    return lines[:-1] if lines[-1] == "" else lines


class ListFiles(Tool):
    """Lists the files of a folder and its subfolders. Use it to learn how the project is laid out,
    when a search would not tell."""

    name: ClassVar[ToolName] = "list_files"

    folder: str = Field(default="src", description="From the project root; `.` is the root itself.")

    def run(self, session: Session) -> str:
        paths = list(walk(session.desk.files, self.folder))
        shown = fitting(paths[:MOST_FILES])
        more = f"\n(and {len(paths) - len(shown)} more: list a subfolder)" * (paths != shown)
        return f"{len(paths)} files\n{fence(chr(10).join(shown), f'files in {self.folder}')}{more}"


class ReadFile(Tool):
    """Shows a text file with line numbers. Use it before you change a file or make a statement
    about it, and again after somebody else changed it."""

    name: ClassVar[ToolName] = "read_file"

    path: str = Field(description="From the project root, with forward slashes.")
    first_line: int = Field(default=1, ge=1, description="1-based.")
    last_line: int | None = Field(default=None, ge=1, description="Inclusive; by default the end.")

    def run(self, session: Session) -> str:
        plain = visible(session.desk.files, self.path)
        text = session.look(plain)
        if text is None:
            kind = "is a folder" if os.path.isdir(session.desk.files.root / plain) else "is no file"
            raise ToolRefusedError(f"{plain} {kind}. Use search or list_files.")
        lines = lines_of(text)
        first, last = self.first_line, min(self.last_line or len(lines), len(lines))
        if lines and first > last:
            raise ToolRefusedError(f"{plain} has no such lines: it has {len(lines)}.")
        wanted = [_short(line) for line in lines[first - 1 : min(last, first + MOST_LINES - 1)]]
        shown = fitting(wanted)
        head = f"{plain}, lines {first} to {first + len(shown) - 1} of {len(lines)}"
        return f"{head}\n{fence(numbered(chr(10).join([*shown, '']), first), plain)}"


class Search(Tool):
    """Finds a piece of text in the project's files and names file, line and the line's text. Use it
    to find where something is declared or used."""

    name: ClassVar[ToolName] = "search"

    text: str = Field(min_length=2, max_length=200, description="As it stands there; no pattern.")
    folder: str = Field(default="src", description="From the project root.")
    ending: str = Field(default="", description="Only files whose name ends so, e.g. `.module.ts`.")

    def run(self, session: Session) -> str:
        hits: list[str] = []
        ending = self.ending.lstrip("*")  # models write `*.ts`
        for path in walk(session.desk.files, self.folder):
            if path.endswith(ending) and not path.endswith("package-lock.json"):
                hits.extend(self._in(session.desk.files, path))
            if len(hits) > MOST_HITS:
                break
        more = "\n(and more: narrow the search)" * (len(hits) > MOST_HITS)
        found = fence("\n".join(fitting(hits[:MOST_HITS])), f"lines with {self.text}")
        return f"{min(len(hits), MOST_HITS)} lines\n{found}{more}"

    def _in(self, files: ProjectFiles, path: str) -> Iterator[str]:
        try:
            text = files.read(path) or ""
        except InputError:  # no text
            return
        if self.text in text and len(text) <= MOST_SEARCHED:
            for number, line in enumerate(lines_of(text), start=1):
                if self.text in line:
                    yield f"{path}:{number}: {_short(line.strip())}"


def walk(files: ProjectFiles, folder: str) -> Iterator[str]:
    """Visible files below a folder, sorted; links are not followed and not shown."""
    plain = "" if folder in {"", ".", "./"} else visible(files, folder)
    start = files.root / plain
    if not start.is_dir():
        raise ToolRefusedError(f"There is no folder {folder}.")
    count = 0
    for place, folders, names in os.walk(start):
        folders[:] = sorted(name for name in folders if not is_hidden(name))
        for name in sorted(names):
            full = os.path.join(place, name)
            if is_hidden(name) or os.path.islink(full):
                continue
            count += 1
            if count > MOST_WALKED:
                return
            yield os.path.relpath(full, files.root).replace(os.sep, "/")


def fitting(lines: list[str]) -> list[str]:
    """As many of the first lines as one answer takes."""
    size = 0
    for count, line in enumerate(lines):
        size += len(line) + 1
        if size > MOST_SHOWN:
            return lines[:count]
    return lines


def _short(line: str) -> str:
    return line if len(line) <= MOST_LINE else f"{line[:MOST_LINE]} (line cut)"
