"""The scripts, each on its own: JSON in, JSON out."""

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING

import click
from pydantic import JsonValue

from rockets_graph.cli.output import console, print_json, print_problems, printable, wants_json
from rockets_tools.errors import InputError, Problem
from rockets_tools.files import ProjectFiles, disk_error

if TYPE_CHECKING:
    from rockets_tools.plan import Plan
    from rockets_tools.smoke import SmokeResult

INPUT = click.argument("source", type=click.Path(path_type=Path, allow_dash=True), default="-")
PROJECT = click.option(
    "--project",
    type=click.Path(path_type=Path, file_okay=False),
    default=".",
    show_default=True,
    help="Root of the Rockets project.",
)
SPEC = click.option(
    "--spec",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Plan to use; by default the project's .rockets/plan.json.",
)
NAMES = 2
"""Columns of the access matrix that say whose row it is; they are never cut off."""
SHORT = {"none": "no", "absent": "n/a"}
"""Refused, and no such route, in cells that fit eleven columns into eighty characters."""
JSON_FLAG = click.option("--json", "as_json", is_flag=True, help="Print JSON even on a terminal.")


@click.command(
    epilog="""\b
Examples:
  rockets generate entity.json > rendered.json
  rockets generate < entity.json | rockets integrate --project shop-api"""
)
@INPUT
def generate(source: Path) -> None:
    """Render the files of one entity; nothing is written.

    SOURCE (or standard input) is {"entity": …, "context": …}, or a bare entity of the plan.
    The answer is {"files": […], "wiring": {…}, "config": {…}}.
    """
    from rockets_tools.generate import render_entity, to_json
    from rockets_tools.plan import parse_generation_input

    entity, related = parse_generation_input(read_json(source))
    print_json(to_json(render_entity(entity, related)))


@click.command(
    short_help="Write rendered files into a project, and wire them.",
    epilog="\b\nExamples:\n  rockets integrate --project shop-api rendered.json",
)
@INPUT
@PROJECT
def integrate(source: Path, project: Path) -> None:
    """Write what `rockets generate` answered into a project and wire it."""
    from rockets_tools.generate import from_json
    from rockets_tools.integrate import integrate as integrate_files

    document = read_json(source)
    rendered = [
        from_json(item) for item in (document if isinstance(document, list) else [document])
    ]
    files = project_files(project)
    result = integrate_files(files, rendered)
    print_json(result.as_json())
    if not result.success:
        raise click.exceptions.Exit(1)


@click.command(
    short_help="Check a project against the nine rules.",
    epilog="""\b
Examples:
  rockets validate --project shop-api
  rockets validate --project shop-api --format sarif > findings.sarif
  rockets validate --project shop-api --files src/modules/tag/tag.module.ts""",
)
@PROJECT
@SPEC
@click.option("--files", "paths", multiple=True, help="Look at these files only; repeatable.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["table", "json", "sarif"]),
    help="Default: a table on a terminal, else JSON.",
)
@JSON_FLAG
def validate(
    project: Path, spec: Path | None, paths: tuple[str, ...], form: str | None, *, as_json: bool
) -> None:
    """Check a project against the nine rules and the structural checks.

    Exit status 1 when there is a finding that is more than a warning.
    """
    from rockets_graph.given import require_files
    from rockets_tools.validate import sarif
    from rockets_tools.validate import validate as validate_files

    files = project_files(project)
    plan = plan_in_force(files, spec)
    require_files(files, paths)
    result = validate_files(files, plan=plan, paths=paths or None)
    if form == "sarif":
        print_json(sarif(result))
    elif form == "json" or (form is None and wants_json(forced=as_json)):
        print_json(result.as_json())
    else:
        from rich.table import Column, Table
        from rich.text import Text

        # Paths are long: beside other columns a terminal has no place for them.
        table = Table("severity", Column("finding", overflow="fold"), show_lines=True)
        for issue in result.issues:
            place = f"{issue.file}:{issue.line}" if issue.line else issue.file
            text = printable(f"{place}\n{issue.message} [{issue.rule}]")
            table.add_row(issue.severity, Text(text))
        if result.issues:
            console().print(table)
        click.echo("passed" if result.passed else "failed")
    if not result.passed:
        raise click.exceptions.Exit(1)


@click.command(
    short_help="Write the migration and prove it.",
    epilog="\b\nExamples:\n  rockets migrate --project shop-api",
)
@PROJECT
@SPEC
@JSON_FLAG
def migrate(project: Path, spec: Path | None, *, as_json: bool) -> None:
    """Write the migration for what the project's entities lack, and prove it.

    The TypeORM CLI writes it against an empty scratch database; then it is run, checked for
    differences and reverted. Without a database a static one is written and marked so.
    """
    from rockets_tools.migrate import migrate as migrate_project
    from rockets_tools.node import find_node

    files = project_files(project)
    plan = required_plan(files, spec)
    result = migrate_project(
        files, plan, node=find_node(), database_url=os.environ.get("DATABASE_URL")
    )
    if wants_json(forced=as_json):
        print_json({"success": True, **result.as_json()})
        return
    for name in result.files or ("no change: nothing to migrate",):
        click.echo(name)
    click.echo(f"made by {result.method}, {'proven' if result.proven else 'not proven'}")


@click.command(
    short_help="Boot the app and prove its access rules over HTTP.",
    epilog="""\b
Examples:
  rockets smoke --project shop-api
  rockets smoke --project shop-api --junit smoke.xml""",
)
@PROJECT
@SPEC
@click.option(
    "--junit", type=click.Path(path_type=Path, dir_okay=False), help="Also write JUnit XML here."
)
@JSON_FLAG
def smoke(project: Path, spec: Path | None, junit: Path | None, *, as_json: bool) -> None:
    """Boot the built app and prove the plan's access rules over HTTP.

    Every role, operation and ownership, wrong bodies and attacks; on a scratch database.
    Exit status 1 when a cell fails.
    """
    from rockets_tools.node import find_node
    from rockets_tools.smoke import junit_xml
    from rockets_tools.smoke import smoke as smoke_project

    files = project_files(project)
    plan = required_plan(files, spec)
    if junit is not None and not junit.absolute().parent.is_dir():
        raise InputError(
            Problem(
                code="file-not-found",
                message=f"There is no folder for {junit}.",
                fix="Make the folder first, or name another file.",
                file=str(junit),
            )
        )
    result = smoke_project(
        files, plan, node=find_node(), database_url=os.environ.get("DATABASE_URL")
    )
    if junit is not None:
        try:
            junit.write_text(junit_xml(result), encoding="utf-8")
        except OSError as error:
            raise disk_error(error, str(junit)) from error
    if wants_json(forced=as_json):
        print_json(result.as_json())
    else:
        print_cells(result)
    if not result.passed:
        raise click.exceptions.Exit(1)


def print_cells(result: "SmokeResult") -> None:
    """The proven access matrix, and every failure with its request."""
    from rich.box import SIMPLE_HEAD
    from rich.table import Table
    from rich.text import Text

    from rockets_tools.smoke import table

    head, rows = table(result)
    matrix = Table(box=SIMPLE_HEAD, padding=(0, 1, 0, 0))
    for position, title in enumerate(head):
        matrix.add_column(title, overflow="fold", no_wrap=position < NAMES)
    for row in rows:
        matrix.add_row(*(Text(printable(SHORT.get(cell, cell))) for cell in row))
    console().print(matrix)
    for cell in result.failures:
        line = f"failed: {cell.title}: {cell.request} gave {cell.got}, expected {cell.expected}"
        click.echo(printable(line), err=True)
    click.echo(f"{result.passed_count} passed, {result.failed_count} failed")


def project_files(project: Path) -> ProjectFiles:
    """The project's door; refuses what is not a Rockets project of a target we write for."""
    from rockets_tools.project import require_target

    files = ProjectFiles(project)
    require_target(files)
    return files


def plan_in_force(files: ProjectFiles, spec: Path | None) -> "Plan | None":
    """The plan from `--spec`, else the project's `.rockets/plan.json`, else None."""
    from rockets_tools.plan import load_plan

    path = spec or files.path(".rockets/plan.json")
    if spec is None and not path.exists():
        return None
    checked = load_plan(path)
    print_problems(checked.warnings, label="warning")
    return checked.plan


def required_plan(files: ProjectFiles, spec: Path | None) -> "Plan":
    """The plan in force; a project without one is an `InputError`."""
    plan = plan_in_force(files, spec)
    if plan is None:
        raise InputError(
            Problem(
                code="plan-missing",
                message="The project has no plan in force.",
                fix="Say --spec FILE, or run rockets orchestrate first.",
                file=".rockets/plan.json",
            )
        )
    return plan


def read_json(source: Path) -> JsonValue:
    """The JSON document in a file, or on standard input for `-`."""
    name = "standard input" if str(source) == "-" else str(source)
    try:
        with click.open_file(str(source), "rb") as stream:
            document: JsonValue = json.loads(stream.read().decode("utf-8-sig"))
    except OSError as error:
        raise InputError(
            Problem(
                code="file-not-found",
                message=f"{name} cannot be read: {error.strerror}.",
                fix="Name a file that can be read.",
                file=name,
            )
        ) from error
    except (ValueError, RecursionError) as error:
        raise InputError(
            Problem(
                code="json-malformed",
                message=f"{name} is not valid JSON.",
                fix="Correct the JSON document.",
                file=name,
                line=error.lineno if isinstance(error, json.JSONDecodeError) else None,
            )
        ) from error
    return document
