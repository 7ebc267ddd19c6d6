"""`rockets replay`: a recorded run, done again from its trace alone."""

import sys
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

import click
from click.core import ParameterSource

from rockets_graph.cli.output import print_json, printable, wants_json
from rockets_graph.cli.run_options import role_models

if TYPE_CHECKING:
    from rockets_graph.replay.compare import Moment
    from rockets_graph.replay.divergence import Divergence
    from rockets_graph.replay.fork import Fork
    from rockets_graph.replay.replay import ReplayResult

MOST_FIELDS = 8
"""Of a divergence that are shown."""
MOST_STATE = 2_000
"""Characters of a state that are shown."""
STOPPED = {
    "recording-ends": "the recording ends there",
    "until": "as --until says",
    "quit": "you stopped it",
}


@click.command(
    short_help="Do a recorded run again, offline, and compare.",
    epilog="""\b
Examples:
  rockets replay last --project shop-api
  rockets replay bug-report.zip --into again
  rockets replay last --step
  rockets replay last --until 57 --into there
  rockets replay last --live-tools
  rockets replay last --fork-at 57 --model builder=opus
  rockets replay last --fork-at 57 --prompt reviewer=my-reviewer.md""",
)
@click.argument("trace_name", metavar="TRACE")
@click.option(
    "--into",
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder for the copy of the project, new or empty; else a temporary one, which stays "
    "when the replay diverged, stopped or was forked.",
)
@click.option(
    "--project",
    default=Path(),
    show_default=True,
    type=click.Path(path_type=Path, file_okay=False),
    help="Root of the project whose runs TRACE names; a file needs none.",
)
@click.option(
    "--attempt", type=click.IntRange(1), metavar="N", help="Of a resumed run; else the last."
)
@click.option(
    "--until", type=click.IntRange(1), metavar="N", help="Stop after this recorded event."
)
@click.option(
    "--step", is_flag=True, help="Stop at each node: Enter goes on, c to the end, q stops."
)
@click.option("--live-tools", is_flag=True, help="Do what needs Node and a database for real.")
@click.option(
    "--fork-at", type=click.IntRange(1), metavar="N", help="Go on live after this recorded event."
)
@click.option(
    "--model",
    "models",
    multiple=True,
    metavar="ROLE=NAME",
    callback=role_models,
    help="With --fork-at: another model for a role.",
)
@click.option(
    "--prompt",
    "prompts",
    multiple=True,
    metavar="ROLE=FILE",
    callback=role_models,
    help="With --fork-at: an edited prompt for a role.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON even on a terminal.")
@click.pass_context
def replay(
    ctx: click.Context,
    trace_name: str,
    *,
    into: Path | None,
    project: Path,
    attempt: int | None,
    until: int | None,
    step: bool,
    live_tools: bool,
    fork_at: int | None,
    models: tuple[tuple[str, str], ...],
    prompts: tuple[tuple[str, str], ...],
    as_json: bool,
) -> None:
    """Do a recorded run again, offline, and show where it goes otherwise.

    The same graph runs in a copy of the project as it was: without network, Node and tokens. Models
    and what needs Node are answered from the trace, everything else is done again and compared.
    TRACE is a run id (or its beginning or end), `last`, a run's folder, a trace.jsonl or a zip.

    Exit status: 0 the same, 1 it diverged, 2 the trace or the options are wrong; with --fork-at
    that of the run.
    """
    given = {
        name
        for name in ("until", "step", "live_tools")
        if ctx.get_parameter_source(name) is ParameterSource.COMMANDLINE
    }
    require_together(fork_at, given, changes=bool(models or prompts))

    from rockets_graph.cli.progress import reporter
    from rockets_graph.events import silent
    from rockets_graph.replay.replay import Wish
    from rockets_graph.replay.replay import replay as replay_trace
    from rockets_graph.trace.runs import find_trace

    wish = Wish(
        into=into,
        attempt=attempt,
        until=until,
        pause=Stepping() if step else None,
        live_tools=live_tools,
        fork=fork_of(fork_at, models, prompts) if fork_at is not None else None,
    )
    found = find_trace(trace_name, project)
    if live_tools:
        from rockets_tools.node import find_node

        find_node()  # said now, not as a step that differs
    # What is only said again is over before anybody could read it.
    lively = live_tools or fork_at is not None
    with reporter(verbose=False, as_json=as_json) if lively else nullcontext(silent) as emit:
        result = replay_trace(found, wish, emit=emit)
    if wants_json(forced=as_json):
        print_json(result.as_json())
    for line in result_lines(result):
        click.echo(printable(line), err=True)
    code = 0 if result.same else 1
    if result.forked and result.report is not None:
        code = result.report.exit_code
    if code:
        raise click.exceptions.Exit(code)


def require_together(fork_at: int | None, given: set[str], *, changes: bool) -> None:
    """Options that make no sense with each other."""
    if fork_at is None and changes:
        raise click.UsageError("--model and --prompt need --fork-at.")
    if fork_at is not None and given:
        names = ", ".join(f"--{name.replace('_', '-')}" for name in sorted(given))
        raise click.UsageError(f"--fork-at does not go with {names}: all is live from there.")


def fork_of(
    at: int, models: tuple[tuple[str, str], ...], prompts: tuple[tuple[str, str], ...]
) -> "Fork":
    """Where to go on live, and what is another there."""
    from rockets_graph.replay.fork import Fork, prompt_from

    return Fork(
        at=at,
        models=dict(models),
        prompts={role: prompt_from(role, Path(file)) for role, file in prompts},
    )


class Stepping:
    """Asks at each node, on the terminal."""

    def __init__(self) -> None:
        self._asks = True

    def __call__(self, moment: "Moment") -> bool:
        if not self._asks:
            return True
        for line in moment_lines(moment):
            click.echo(printable(line), err=True)
        click.echo("[Enter] on, [c] to the end, [q] stop: ", err=True, nl=False)
        said = sys.stdin.readline()
        word = said.strip().lower()
        self._asks = word != "c"
        return bool(said) and word != "q"


def moment_lines(moment: "Moment") -> Iterator[str]:
    """Where the run stands."""
    import json

    where = "" if moment.wave is None or moment.wave < 0 else f", wave {moment.wave + 1}"
    yield f"event {moment.seq}: {moment.node}{where}"
    state = moment.state if isinstance(moment.state, dict) else {}
    said = json.dumps({k: v for k, v in state.items() if v not in (None, [], {}, "", False)})
    yield f"  state: {said[:MOST_STATE]}" + ("…" if len(said) > MOST_STATE else "")
    for message in moment.messages:
        yield f"  message: {message.sender} to {message.receiver}, {message.about}"
    yield f"  goes to: {', '.join(sorted(set(moment.goes_to))) or 'not recorded'}"


def result_lines(result: "ReplayResult") -> Iterator[str]:
    """How it went, for people."""
    if result.problem is not None:
        yield f"note: {result.problem}"
    for path in result.left_out:
        yield f"left out: {path}"
    if result.divergence is not None:
        yield from divergence_lines(result.divergence)
    elif result.forked and result.report is not None:
        yield f"the same for {result.events} events, up to {result.last}"
        yield f"from there live: {result.report.status}"
    else:
        why = (
            f"; stopped after event {result.last}: {STOPPED[result.stopped]}"
            if result.stopped
            else ""
        )
        yield f"the same: {result.events} events{why}"
    where = "" if result.dir is None else f" in {result.dir}"
    yield f"tree {result.tree[:16]}{where}"


def divergence_lines(found: "Divergence") -> Iterator[str]:
    """What was expected and what came, field by field."""
    yield f"diverged: {found.what}"
    for field in found.fields[:MOST_FIELDS]:
        yield f"{field.path}:"
        for line in field.lines():
            yield f"  {line}"
    if len(found.fields) > MOST_FIELDS:
        yield f"(and {len(found.fields) - MOST_FIELDS} more fields)"
