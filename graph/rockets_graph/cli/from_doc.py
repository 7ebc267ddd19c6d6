"""`rockets from-doc`: a document becomes a verified project."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click
from typing_extensions import Unpack

from rockets_graph.cli.output import print_json, wants_json
from rockets_graph.cli.run_options import RunFlags, options_of, run_options

if TYPE_CHECKING:
    from rockets_graph.from_doc.outcome import Outcome
    from rockets_graph.from_doc.request import Request

UNCITED_SHOWN = 20
"""Sentences a person reads after a run."""


@click.command(
    name="from-doc",
    short_help="Document → plan → your approval → verified project.",
    epilog="""\b
Examples:
  rockets from-doc schema.sql
  rockets from-doc schema.sql --dry-run --page plan.md
  rockets from-doc docs/requirements.md --project shop-api --team
  rockets from-doc schema.prisma --project shop-api --sequential --yes
  rockets from-doc schema.sql --project shop-api --resume""",
)
@click.argument("doc", type=click.Path(path_type=Path))
@click.option(
    "--project",
    type=click.Path(path_type=Path, file_okay=False),
    help="Root of the project, made when it is not there; by default the current folder when it "
    "is a Rockets project, else a folder called like DOC.",
)
@click.option("--yes", is_flag=True, help="Approve the plan without asking.")
@click.option(
    "--plan-hash",
    metavar="HASH",
    help="With --yes: approve only the plan that has this hash.",
)
@click.option(
    "--answers",
    type=click.Path(path_type=Path, dir_okay=False),
    help="JSON file with answers to the plan's questions, by their ids.",
)
@click.option(
    "--page",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write the plan as a Markdown page with its ER diagram to this file, too.",
)
@click.option(
    "--kind",
    help="What DOC is, where its name does not tell: sql, dbml, prisma, jdl, mermaid, openapi, "
    "markdown or prose.",
)
@click.option(
    "--fresh", is_flag=True, help="Have the Lead read prose anew that he has read before."
)
@run_options
@click.option("--verbose", is_flag=True, help="Show the output of npm, tsc and the app.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON even on a terminal.")
def from_doc(
    *,
    doc: Path,
    project: Path | None,
    yes: bool,
    plan_hash: str | None,
    answers: Path | None,
    page: Path | None,
    kind: str | None,
    fresh: bool,
    verbose: bool,
    as_json: bool,
    **flags: Unpack[RunFlags],
) -> None:
    """Turn DOC into a plan, ask you about it, and build and prove the backend.

    DOC is a schema (SQL, DBML, Prisma, JDL, Mermaid, OpenAPI, or Markdown with one of them), which
    needs no model, or prose (Markdown, text, PDF, DOCX), which the Lead reads. Nothing is written
    before you said yes. Exit status: 0 all gates passed, 1 a gate failed, 2 the document or the
    plan is wrong or not approved, 3 the machine lacks something, 130 interrupted.
    """
    from rockets_graph.from_doc.place import default_project
    from rockets_graph.from_doc.request import Request

    request = Request(
        document=doc,
        options=options_of(default_project(doc, Path()) if project is None else project, flags),
        kind=kind,
        yes=yes,
        plan_hash=plan_hash,
        answers=answers,
        page=page,
        fresh=fresh,
    )
    code = run(request, verbose=verbose, as_json=as_json)
    if code:
        raise click.exceptions.Exit(code)


def run(request: "Request", *, verbose: bool, as_json: bool) -> int:
    """Ask and show progress on stderr, the report on stdout; the exit status."""
    from rockets_graph.approval.desk import TerminalDesk
    from rockets_graph.cli.progress import reporter
    from rockets_graph.from_doc.run import NotBegunError
    from rockets_graph.from_doc.run import from_doc as start

    if verbose:
        from rockets_graph.logs import configure

        configure(sys.stderr, verbose=True)
    try:
        with reporter(verbose=verbose, as_json=as_json) as progress:
            outcome = start(request, TerminalDesk(quiet=as_json), progress)
    except NotBegunError as stop:
        said = "interrupted before the plan was approved; nothing was written."
        raise click.Abort(said) from stop
    except KeyboardInterrupt:
        click.echo(f"next: {request.command('--resume')}", err=True)
        raise
    if wants_json(forced=as_json):
        print_json(outcome.as_json())
    if not as_json:
        from rockets_graph.cli.summary import print_summary

        print_uncited(outcome)
        print_summary(outcome.report, request.options)
    return outcome.report.exit_code


def print_uncited(outcome: "Outcome") -> None:
    """Obligations of the document that the plan does not carry, after a run."""
    from rockets_graph.cli.output import printable

    known = outcome.proposal
    if known is None or outcome.report.status == "planned":
        return
    for duty in known.uncited[:UNCITED_SHOWN]:
        place = f"{known.draft.document.shown}:{duty.first}"
        click.echo(printable(f"nothing in the plan comes from {place}: {duty.text}"), err=True)
    more = len(known.uncited) - UNCITED_SHOWN
    if more > 0:
        click.echo(f"… and {more} more such sentences, in the report as JSON", err=True)
