"""A page on a terminal: rich tables, colours for what a person must look at."""

from typing import TYPE_CHECKING

from rockets_graph.approval.blocks import Lines, Page, Section, Table
from rockets_graph.cli.output import printable

if TYPE_CHECKING:
    from rich.console import Console


def show_summary(page: Page, out: "Console") -> None:
    """What matters for the answer."""
    from rich.text import Text

    out.print(Text(_one_line(page.title), style="bold"))
    for section in page.summary:
        _show(section, out)


def show_details(page: Page, out: "Console") -> None:
    """Every line of the plan."""
    for section in page.details:
        _show(section, out)


def _show(section: Section, out: "Console") -> None:
    from rich import box
    from rich.table import Column
    from rich.table import Table as RichTable
    from rich.text import Text

    blocks = [block for block in section.blocks if isinstance(block, Lines | Table)]
    if not blocks:
        return
    out.print()
    out.print(Text(_one_line(section.title), style="bold cyan" if section.level < 3 else "bold"))
    for block in blocks:
        if isinstance(block, Lines):
            for item in block.items:
                out.print(Text(f"{'• ' if block.marked else ''}{_one_line(item)}"))
            continue
        columns = (Column(Text(_one_line(name)), overflow="fold") for name in block.header)
        table = RichTable(
            *columns, box=box.SIMPLE_HEAD, pad_edge=False, show_header=any(block.header)
        )
        for row in block.rows:
            table.add_row(*(Text(_one_line(cell)) for cell in row))
        out.print(table)


def _one_line(text: str) -> str:
    return " ".join(printable(text).split())
