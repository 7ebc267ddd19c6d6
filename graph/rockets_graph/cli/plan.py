"""`rockets plan …`: look at a plan without running it."""

from pathlib import Path

import click

from rockets_graph.cli.output import console, print_json, print_problems, wants_json

PLAN_FILE = click.Path(path_type=Path)
JSON_FLAG = click.option("--json", "as_json", is_flag=True, help="Print JSON even on a terminal.")


@click.group(
    epilog="""\b
Examples:
  rockets plan check plan.json
  rockets plan show plan.json
  rockets plan show plan.json --mermaid > plan.mmd
  rockets plan schema > plan.schema.json"""
)
def plan() -> None:
    """Check a plan, show it, or print its schema."""


@plan.command(epilog="\b\nExamples:\n  rockets plan check examples/shop.plan.json")
@click.argument("file", type=PLAN_FILE)
@JSON_FLAG
def check(file: Path, *, as_json: bool) -> None:
    """Find everything that is wrong with the plan in FILE, all at once.

    Each error names the place (JSON pointer and line), the cause and the fix. Exit status 2 when
    there is one.
    """
    from rockets_tools.plan import load_plan

    checked = load_plan(file)
    print_problems(checked.warnings, label="warning")
    plan = checked.plan
    if wants_json(forced=as_json):
        print_json(
            {
                "success": True,
                "entities": len(plan.entities),
                "waves": [list(wave) for wave in plan.waves],
                "warnings": [warning.as_json() for warning in checked.warnings],
            }
        )
        return
    click.echo(f"{file} is a valid plan: {len(plan.entities)} entities in {len(plan.waves)} waves.")


@plan.command(
    epilog="""\b
Examples:
  rockets plan show plan.json
  rockets plan show plan.json --mermaid
  rockets plan show plan.json --svg plan.svg"""
)
@click.argument("file", type=PLAN_FILE)
@click.option("--mermaid", "as_mermaid", is_flag=True, help="Print the ER diagram as Mermaid.")
@click.option(
    "--svg",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Draw the ER diagram to this file with Graphviz.",
)
@JSON_FLAG
def show(file: Path, *, as_mermaid: bool, svg: Path | None, as_json: bool) -> None:
    """Show the plan in FILE: waves, access matrix, ER diagram."""
    from rockets_tools.plan import load_plan
    from rockets_tools.plan.show import acl_rows, draw_svg, mermaid, wave_rows

    checked = load_plan(file)
    plan = checked.plan
    if svg is not None:
        draw_svg(plan, svg)
        click.echo(f"drew {svg}", err=True)
    if as_mermaid:
        click.echo(mermaid(plan))
        return
    if wants_json(forced=as_json):
        print_json(
            {
                "success": True,
                "waves": [list(wave) for wave in plan.waves],
                "cutEdges": [
                    {"source": edge.source, "relation": edge.relation, "target": edge.target}
                    for edge in plan.cut_edges
                ],
                "acl": [list(row) for row in acl_rows(plan)],
                "mermaid": mermaid(plan),
                "warnings": [warning.as_json() for warning in checked.warnings],
            }
        )
        return
    from rich.markup import escape
    from rich.table import Table
    from rich.text import Text

    waves = Table("wave", "entity", "table", "route", "needs", title="Waves")
    for wave in wave_rows(plan):
        waves.add_row(str(wave[0] + 1), *(Text(str(cell)) for cell in wave[1:]))
    access = Table("entity", *map(escape, plan.roles), title="Access")
    for grants in acl_rows(plan):
        access.add_row(*map(Text, grants))
    out = console()
    out.print(waves)
    out.print(access)
    click.echo(mermaid(plan))


@plan.command()
def schema() -> None:
    """Print the JSON Schema of plan.json."""
    from rockets_tools.plan import plan_schema

    print_json(plan_schema())
