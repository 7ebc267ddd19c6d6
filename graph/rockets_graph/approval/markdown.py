"""A page as Markdown: for `--page FILE`, and for people without a terminal."""

import re
from collections.abc import Iterator

from rockets_graph.approval.blocks import Block, Diagram, Lines, Page, Section, Table
from rockets_graph.cli.output import printable

_MEANING = re.compile(r"[\\`*_{}\[\]<>#|~&!]")


def markdown(page: Page, *, diagrams: bool = True) -> str:
    """The whole page; without `diagrams` to be read as it is."""
    lines = [f"# {plain(page.title)}", ""]
    for section in (*page.summary, *page.details):
        lines += _section(section, diagrams=diagrams)
    return "\n".join(lines).rstrip() + "\n"


def plain(text: str) -> str:
    """Foreign text on one line that Markdown, HTML and a terminal take for nothing but text."""
    one_line = " ".join(printable(text).split())
    return _MEANING.sub(lambda match: f"\\{match[0]}", one_line)


def _section(section: Section, *, diagrams: bool) -> Iterator[str]:
    blocks = [b for b in section.blocks if diagrams or not isinstance(b, Diagram)]
    if not blocks:
        return
    yield f"{'#' * section.level} {plain(section.title)}"
    yield ""
    for block in blocks:
        yield from _block(block)
        yield ""


def _block(block: Block) -> Iterator[str]:
    match block:
        case Lines():
            for item in block.items:
                yield f"{'- ' if block.marked else ''}{plain(item)}{'' if block.marked else '  '}"
        case Table():
            yield _row(block.header)
            yield _row(("---",) * len(block.header))
            for row in block.rows:
                yield _row(tuple(plain(cell) for cell in row))
        case Diagram():
            # Names in a plan are plain words, so no text can end the fence.
            yield "```mermaid"
            yield printable(block.text)
            yield "```"


def _row(cells: tuple[str, ...]) -> str:
    return f"| {' | '.join(cells)} |"
