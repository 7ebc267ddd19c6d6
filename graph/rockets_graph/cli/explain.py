"""`rockets explain`: why a part of the plan exists."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from rockets_graph.cli.output import print_json, printable, wants_json

if TYPE_CHECKING:
    from rockets_graph.from_doc.book import Explanation


@click.command(
    short_help="Why a part of the plan exists, with its lines.",
    epilog="""\b
Examples:
  rockets explain Product.price --project shop-api
  rockets explain Product --project shop-api
  rockets explain Product:create@user --project shop-api
  rockets explain /entities/0/fields/2 --project shop-api""",
)
@click.argument("part")
@click.option(
    "--project",
    default=".",
    type=click.Path(path_type=Path, file_okay=False),
    help="Root of the project; by default the current folder.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON even on a terminal.")
def explain(part: str, project: Path, *, as_json: bool) -> None:
    """Say what PART of the plan is and quote the lines of the document it comes from.

    PART is an entity (Product), a field or relation (Product.price), a grant (Product@user,
    Product:create@user, Product:create), a module, a role, or a JSON pointer into the plan.
    """
    from rockets_graph.from_doc.explain import explain as look_up
    from rockets_tools.files import ProjectFiles

    found = look_up(ProjectFiles(project), part)
    if wants_json(forced=as_json):
        print_json(found.as_json())
        return
    for line in sentences(found):
        click.echo(printable(line))


def sentences(found: "Explanation") -> list[str]:
    """The answer for a person, line by line."""
    place = f"  (plan.json:{found.line})" if found.line else ""
    lines = [f"{found.kind} {found.name}: {found.what}{place}", found.why]
    for quote in found.sources:
        span = str(quote.first) if quote.first == quote.last else f"{quote.first}-{quote.last}"
        lines.append(f"{quote.file}:{span}")
        if quote.state == "changed":
            lines.append("  | (the document changed since, so its lines are not quoted)")
        elif quote.state == "missing":
            lines.append("  | (the document is not there any more)")
        lines += [f"  | {line}" for line in quote.lines]
    lines += [f"guess: {text}" for text in found.guesses]
    lines += [f"assumption: {text}" for text in found.assumptions]
    lines += [f"note: {text}" for text in found.notes]
    return lines
