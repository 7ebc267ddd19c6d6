"""The `rockets` command.

Exit status: 0 all gates passed, 1 a gate failed, 2 the input is wrong, 3 the machine lacks
something, 130 interrupted.
"""

import gc
import os
import signal
import sys
import tempfile
import traceback
from pathlib import Path
from types import FrameType, TracebackType

import click

from rockets_graph.cli.diagnose import doctor
from rockets_graph.cli.explain import explain
from rockets_graph.cli.from_doc import from_doc
from rockets_graph.cli.install_command import install_command
from rockets_graph.cli.mcp import mcp
from rockets_graph.cli.output import print_failure
from rockets_graph.cli.picture import graph
from rockets_graph.cli.plan import plan
from rockets_graph.cli.project import new
from rockets_graph.cli.replay import replay
from rockets_graph.cli.run import orchestrate
from rockets_graph.cli.scripts import generate, integrate, migrate, smoke, validate
from rockets_graph.cli.trace import trace
from rockets_graph.start import leave
from rockets_tools.errors import Problem, RocketsError

CONTEXT = {"help_option_names": ["-h", "--help"], "max_content_width": 100}


class InOrder(click.Group):
    """Lists its commands as they were added, what one needs first before the rest."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(super().list_commands(ctx), key=list(self.commands).index)


@click.group(
    cls=InOrder,
    context_settings=CONTEXT,
    epilog="""\b
Examples:
  rockets new shop-api --install
  rockets orchestrate --project shop-api --spec examples/shop.plan.json
  rockets orchestrate --project shop-api --resume
  rockets plan check plan.json
  rockets doctor""",
)
@click.version_option(package_name="rockets-team", prog_name="rockets")
def rockets() -> None:
    """Turn a plan into a complete, verified backend on the Rockets SDK.

    Machine-readable results go to stdout as JSON, everything for people to stderr.
    """


for command in (
    doctor,
    from_doc,
    new,
    plan,
    orchestrate,
    explain,
    generate,
    integrate,
    validate,
    migrate,
    smoke,
    trace,
    replay,
    graph,
    install_command,
    mcp,
):
    rockets.add_command(command)


def main() -> None:
    """Entry point: every outcome is an exit status and a sentence, never a traceback."""
    # What a run makes has no cycles to speak of; looking for them every 700 objects costs 3 %.
    gc.set_threshold(100_000, 20, 20)
    sys.excepthook = report_defect
    signal.signal(signal.SIGTERM, interrupt)
    try:
        if signal.getsignal(signal.SIGINT) is leave:
            signal.signal(signal.SIGINT, signal.default_int_handler)
        code = rockets.main(prog_name="rockets", standalone_mode=False)
    except RocketsError as error:
        print_failure(error.problems)
        code = error.exit_code
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(f"{error.format_message()}\n", err=True)
        print_failure([nothing_said(error)])
        code = 2
    except click.UsageError as error:
        print_failure([usage_problem(error)])
        code = 2
    except (click.Abort, KeyboardInterrupt, RuntimeError) as stop:
        if not is_interruption(stop):
            raise
        from rockets_tools.process import stop_all

        stop_all()
        said = str(stop) if isinstance(stop, click.Abort | KeyboardInterrupt) else ""
        click.echo(said or "interrupted.", err=True)
        code = 130
    except BrokenPipeError:
        # The reader of our output went away; keep the interpreter from complaining at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 1
    sys.exit(code if isinstance(code, int) else 0)


def interrupt(_signal: int, _frame: FrameType | None) -> None:
    """SIGTERM ends a run as Ctrl-C does: state saved, scratch databases dropped, no child left."""
    raise KeyboardInterrupt


def is_interruption(error: BaseException) -> bool:
    """Also what Python 3.11 makes of Ctrl-C while it makes a class of a module on demand."""
    return isinstance(error, click.Abort | KeyboardInterrupt) or (
        isinstance(error, RuntimeError) and isinstance(error.__cause__, KeyboardInterrupt)
    )


def usage_problem(error: click.UsageError) -> Problem:
    """What click says of a wrong option, with the help to look at."""
    context = error.ctx
    if context is not None and context.command.hidden:
        context = context.parent
    return Problem(
        code="usage",
        message=error.format_message(),
        fix=f"See {context.command_path if context else 'rockets'} --help.",
    )


def nothing_said(error: click.UsageError) -> Problem:
    """A group of commands was named and none of them."""
    command = error.ctx.command_path if error.ctx else "rockets"
    return Problem(
        code="usage",
        message=f"{command} needs to be told what to do.",
        fix=f"Name one of its commands; {command} --help lists them.",
    )


def report_defect(
    kind: type[BaseException], error: BaseException, trace: TracebackType | None
) -> None:
    """A mistake of ours: keep the details in a file and say where, in one sentence."""
    handle, name = tempfile.mkstemp(prefix="rockets-defect-", suffix=".txt")
    with open(handle, "w", encoding="utf-8") as stream:
        traceback.print_exception(kind, error, trace, file=stream)
    print_failure(
        [
            Problem(
                code="defect",
                message=f"rockets itself failed ({kind.__name__}).",
                fix=f"Please report this with the file {Path(name)}.",
            )
        ]
    )
