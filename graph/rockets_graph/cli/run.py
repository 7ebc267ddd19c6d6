"""`rockets orchestrate`: plan.json → verified project."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click
from typing_extensions import Unpack

from rockets_graph.cli.output import print_json, wants_json
from rockets_graph.cli.run_options import RunFlags, options_of, run_options

if TYPE_CHECKING:
    from rockets_graph.options import Options


@click.command(
    short_help="Plan → verified project: the main job.",
    epilog="""\b
Examples:
  rockets orchestrate --project shop-api --spec plan.json --dry-run
  rockets orchestrate --project shop-api --spec plan.json
  rockets orchestrate --project shop-api --spec plan.json --team --max-cost 5
  rockets orchestrate --project shop-api --resume
  rockets orchestrate --project shop-api --validate-only
  rockets orchestrate --project shop-api --skip-smoke --json > report.json""",
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
@click.option("--validate-only", is_flag=True, help="Only look at the project; generate nothing.")
@run_options
@click.option("--verbose", is_flag=True, help="Show the output of npm, tsc and the app.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON even on a terminal.")
def orchestrate(
    *,
    project: Path,
    spec: Path | None,
    validate_only: bool,
    verbose: bool,
    as_json: bool,
    **flags: Unpack[RunFlags],
) -> None:
    """Generate, integrate and validate every entity of a plan, then migrate, build and prove it.

    Exit status: 0 all gates passed, 1 a gate failed, 2 the input is wrong, 3 the machine lacks
    something, 130 interrupted; after 1 and 130, --resume goes on.
    """
    options = options_of(project, flags, spec=spec, validate_only=validate_only)
    code = run(options, verbose=verbose, as_json=as_json)
    if code:
        raise click.exceptions.Exit(code)


def run(options: "Options", *, verbose: bool, as_json: bool) -> int:
    """Run with progress on stderr and the report on stdout; the exit status."""
    from rockets_graph.cli.progress import reporter
    from rockets_graph.orchestrate import orchestrate as orchestrate_project

    if verbose:
        from rockets_graph.logs import configure

        configure(sys.stderr, verbose=True)
    with reporter(verbose=verbose, as_json=as_json) as progress:
        report = orchestrate_project(options, progress)
    if wants_json(forced=as_json):
        print_json(report.as_json())
    if not as_json:
        from rockets_graph.cli.summary import print_summary

        print_summary(report, options)
    return report.exit_code
