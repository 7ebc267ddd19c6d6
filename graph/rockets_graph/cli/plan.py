"""`rockets plan …`: look at a plan without running it."""

import json
from difflib import get_close_matches
from pathlib import Path

import click
from pydantic import JsonValue

from rockets_graph.cli.output import console, print_json, print_problems, wants_json

PLAN_FILE = click.Path(path_type=Path)
JSON_FLAG = click.option("--json", "as_json", is_flag=True, help="Print JSON even on a terminal.")


class DocumentOrCommand(click.Group):
    """`rockets plan DOC` beside `rockets plan check`: what is no command is a document."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        word = args[0]
        if word in self.commands:
            return super().resolve_command(ctx, args)
        meant = get_close_matches(word, self.list_commands(ctx))
        if meant and word.isalpha() and not Path(word).exists():
            message = f"{word} is neither a file nor a command."
            raise click.UsageError(f"{message} Did you mean {meant[0]}?", ctx)
        return "document", self.commands["document"], args

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Without the one that nobody types."""
        return [name for name in super().list_commands(ctx) if not self.commands[name].hidden]


@click.group(
    cls=DocumentOrCommand,
    short_help="Schema → plan; check or show a plan.",
    context_settings={"ignore_unknown_options": True},  # those of a document may come first
    subcommand_metavar="DOC | COMMAND [ARGS]...",
    epilog="""\b
Examples:
  rockets plan schema.sql > plan.json
  rockets plan check plan.json
  rockets plan show plan.json
  rockets plan show plan.json --mermaid > plan.mmd
  rockets plan schema > plan.schema.json""",
)
def plan() -> None:
    """Write the plan of a document, check a plan, show it, or print its schema.

    DOC is a schema: SQL, DBML, Prisma, JHipster JDL, Mermaid, OpenAPI, or Markdown with one of
    them. No model is asked. What was assumed or left out is told on stderr. --out FILE writes the
    plan to a file, --kind says what DOC is; `rockets plan DOC --help` explains both.
    """


@plan.command(
    hidden=True,
    epilog="""\b
Examples:
  rockets plan schema.sql > plan.json
  rockets plan docs/model.md --out plan.json""",
)
@click.argument("doc", type=PLAN_FILE)
@click.option(
    "--kind",
    help="What DOC is, where its name does not tell: sql, dbml, prisma, jdl, mermaid, openapi, "
    "markdown.",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write the plan to this file; stdout then has the notices as JSON.",
)
def document(doc: Path, kind: str | None, out: Path | None) -> None:
    """Write the plan of DOC to stdout.

    Exit status 2, and no plan, when something in it has no plan form.
    """
    from rockets_tools.documents import load_document
    from rockets_tools.errors import InputError

    imported = load_document(doc, kind=kind)
    print_problems(imported.notices, label="notice")
    if imported.blockers:
        raise InputError(imported.blockers)
    if out is None:
        print_json(imported.plan)
        return
    write_plan(out, imported.plan)
    print_json(
        {
            "success": True,
            "plan": str(out),
            "notices": [notice.as_json() for notice in imported.notices],
        }
    )


def write_plan(file: Path, value: JsonValue) -> None:
    """Write a plan to a file the user named."""
    from rockets_tools.files import disk_error

    try:
        file.write_text(json.dumps(value, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    except OSError as error:
        raise disk_error(error, str(file)) from error


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


@plan.command(epilog="\b\nExamples:\n  rockets plan schema > plan.schema.json")
def schema() -> None:
    """Print the JSON Schema of plan.json."""
    from rockets_tools.plan import plan_schema

    print_json(plan_schema())
