"""`rockets trace`: recorded runs, one by one and two against each other."""

from pathlib import Path

import click

from rockets_graph.cli.output import print_json, printable, wants_json
from rockets_graph.cli.trace_export import PROJECT, export
from rockets_graph.cli.trace_text import (
    head_lines,
    parting_lines,
    print_events,
    row_line,
    run_lines,
    whole_event,
)

AS_JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON even on a terminal.")


@click.group(
    short_help="List, show, compare and export recorded runs.",
    epilog="""\b
Examples:
  rockets trace list --project shop-api
  rockets trace show last --project shop-api
  rockets trace diff RUN OTHER-RUN --project shop-api""",
)
def trace() -> None:
    """Look at recorded runs.

    Every run is recorded in its project, in .rockets/runs. TRACE is a run id (or its beginning or
    end), `last`, a run's folder, a trace.jsonl or a zip that was exported.
    """


@trace.command(
    "list",
    short_help="Every recorded run: outcome, duration, cost.",
    epilog="""\b
Examples:
  rockets trace list --project shop-api
  rockets trace list --json""",
)
@PROJECT
@AS_JSON
def list_runs(project: Path, *, as_json: bool) -> None:
    """List the recorded runs of a project: outcome, duration, tokens, cost."""
    from rockets_graph.trace.errors import TraceError
    from rockets_graph.trace.runs import summaries
    from rockets_tools.files import ProjectFiles

    if not project.is_dir():
        raise click.UsageError(f"There is no folder {project}.")
    found = list(summaries(ProjectFiles(project)))
    runs = [one for one in found if not isinstance(one, TraceError)]
    problems = [p for one in found if isinstance(one, TraceError) for p in one.problems]
    if wants_json(forced=as_json):
        print_json(
            {
                "runs": [run.as_json() for run in runs],
                "errors": [problem.as_json() for problem in problems],
            }
        )
        return
    click.echo("\n".join(run_lines(runs)))
    for problem in problems:
        click.echo(printable(f"not readable: {problem.file}: {problem.message}"), err=True)


@trace.command(
    short_help="One run as a tree, or as a timeline.",
    epilog="""\b
Examples:
  rockets trace show last
  rockets trace show last --role builder --role tester
  rockets trace show last --timeline --wave 1
  rockets trace show last --event 57""",
)
@click.argument("trace_name", metavar="TRACE")
@PROJECT
@click.option("--role", "roles", multiple=True, help="Only what this role does.")
@click.option("--task", "tasks", multiple=True, help="Only what belongs to this task.")
@click.option("--kind", "kinds", multiple=True, help="Only events of this kind.")
@click.option(
    "--wave", "waves", multiple=True, type=click.IntRange(1), help="Only this wave, from 1."
)
@click.option("--event", "number", type=click.IntRange(1), help="This event, whole.")
@click.option("--timeline", is_flag=True, help="All events as they were written, not as a tree.")
@AS_JSON
def show(
    trace_name: str,
    *,
    project: Path,
    roles: tuple[str, ...],
    tasks: tuple[str, ...],
    kinds: tuple[str, ...],
    waves: tuple[int, ...],
    number: int | None,
    timeline: bool,
    as_json: bool,
) -> None:
    """Show a recorded run as a tree of what encloses what, or as a timeline."""
    from rockets_graph.trace.reader import open_trace
    from rockets_graph.trace.runs import find_trace, summary
    from rockets_graph.trace.view import Filter, rows

    wanted = Filter(roles=roles, tasks=tasks, kinds=kinds, waves=tuple(w - 1 for w in waves))
    wanted.refuse_unknown()
    with open_trace(find_trace(trace_name, project)) as found:
        if number is not None:
            print_json(whole_event(found, number))
            return
        if wants_json(forced=as_json):
            print_events(found, wanted)
        else:
            click.echo("\n".join(head_lines(summary(found))))
            nothing = True
            for row in rows(found, wanted, "timeline" if timeline else "tree"):
                click.echo(row_line(row))
                nothing = False
            if nothing:
                click.echo("note: no event of this run is what was asked for", err=True)
        if found.problem is not None:
            click.echo(printable(f"note: {found.problem}"), err=True)


@trace.command(
    epilog="""\b
Examples:
  rockets trace diff 94451f86 c508f110 --project shop-api
  rockets trace diff last bug-report.zip"""
)
@click.argument("a")
@click.argument("b")
@PROJECT
@AS_JSON
def diff(a: str, b: str, *, project: Path, as_json: bool) -> None:
    """Show the first place where two recorded runs part.

    Compared by node, task and content, not by position; times and ids are not looked at. Exit
    status: 0 the two did the same, 1 they part.
    """
    from rockets_graph.trace.diff import parting
    from rockets_graph.trace.reader import open_trace
    from rockets_graph.trace.runs import find_trace

    with open_trace(find_trace(a, project)) as one, open_trace(find_trace(b, project)) as other:
        found = parting(one, other)
        notes = [t.problem for t in (one, other) if t.problem is not None]
        if wants_json(forced=as_json):
            print_json(
                {
                    "same": found is None,
                    "a": one.header.run_id,
                    "b": other.header.run_id,
                    "parting": None if found is None else found.as_json(),
                }
            )
        else:
            click.echo("\n".join(map(printable, parting_lines(found))))
        for note in notes:
            click.echo(printable(f"note: {note}"), err=True)
    if found is not None:
        raise click.exceptions.Exit(1)


trace.add_command(export)
