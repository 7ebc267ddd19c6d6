"""`rockets orchestrate`: plan.json → verified project."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from rockets_graph.cli.output import print_json, wants_json

if TYPE_CHECKING:
    from rockets_graph.options import Options


@click.command(
    epilog="""\b
Examples:
  rockets orchestrate --project shop-api --spec plan.json --dry-run
  rockets orchestrate --project shop-api --spec plan.json
  rockets orchestrate --project shop-api --resume
  rockets orchestrate --project shop-api --validate-only
  rockets orchestrate --project shop-api --skip-smoke --json > report.json"""
)
@click.option(
    "--project",
    required=True,
    type=click.Path(path_type=Path, file_okay=False),
    help="Root of the Rockets project.",
)
@click.option(
    "--spec",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Plan to run; by default the project's .rockets/plan.json.",
)
@click.option("--dry-run", is_flag=True, help="Show the waves; write nothing.")
@click.option("--resume", is_flag=True, help="Go on from the last checkpoint.")
@click.option("--skip-smoke", is_flag=True, help="No HTTP smoke test at the end.")
@click.option("--skip-migration", is_flag=True, help="No migration step.")
@click.option("--skip-build", is_flag=True, help="No build, migration or smoke; needs no Node.")
@click.option("--validate-only", is_flag=True, help="Only look at the project; generate nothing.")
@click.option(
    "--team/--sequential",
    "team",
    default=None,
    help="Which cast runs; by default decided by the environment and the plan.",
)
@click.option(
    "--scripts",
    type=click.Path(path_type=Path, file_okay=False),
    help="Directory of generate, integrate and validate programs to use in place of ours.",
)
@click.option("--workers", type=click.IntRange(1, 64), help="Entities generated at once.")
@click.option("--verbose", is_flag=True, help="Show the output of npm, tsc and the app.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON even on a terminal.")
def orchestrate(
    *,
    project: Path,
    spec: Path | None,
    dry_run: bool,
    resume: bool,
    skip_smoke: bool,
    skip_migration: bool,
    skip_build: bool,
    validate_only: bool,
    team: bool | None,
    scripts: Path | None,
    workers: int | None,
    verbose: bool,
    as_json: bool,
) -> None:
    """Generate, integrate and validate every entity of a plan, then migrate, build and prove it.

    Exit status: 0 all gates passed, 1 a gate failed, 2 the input is wrong, 3 the machine lacks
    something, 130 interrupted; after 1 and 130, --resume goes on.
    """
    from rockets_graph.options import Options

    options = Options(
        project=project,
        spec=spec,
        dry_run=dry_run,
        resume=resume,
        skip_smoke=skip_smoke,
        skip_migration=skip_migration,
        skip_build=skip_build,
        validate_only=validate_only,
        scripts=scripts,
        mode=None if team is None else ("team" if team else "sequential"),
        workers=workers,
    )
    code = run(options, verbose=verbose, as_json=as_json)
    if code:
        raise click.exceptions.Exit(code)


def run(options: "Options", *, verbose: bool, as_json: bool) -> int:
    """Run with progress on stderr and the report on stdout; the exit status."""
    from rockets_graph.cli.progress import Progress
    from rockets_graph.orchestrate import orchestrate as orchestrate_project

    if verbose:
        from rockets_graph.logs import configure

        configure(sys.stderr, verbose=True)
    with Progress(verbose=verbose) as progress:
        report = orchestrate_project(options, progress)
    if wants_json(forced=as_json):
        print_json(report.as_json())
    from rockets_graph.cli.summary import print_summary

    print_summary(report, options)
    return report.exit_code
