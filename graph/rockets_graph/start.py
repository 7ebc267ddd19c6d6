"""The first module of ours that the `rockets` command loads: it makes Ctrl-C quiet from then on."""

import os
import signal
from types import FrameType


def main() -> None:
    """Entry point. Until the command line is loaded and when it is done there is nothing to save,
    so an interruption ends the process at once."""
    # Else a shell has it ignored, as for commands in the background.
    heard = signal.getsignal(signal.SIGINT) is signal.default_int_handler
    if heard:
        signal.signal(signal.SIGINT, leave)
    from rockets_graph.cli import main as command

    try:
        command()
    finally:
        if heard:
            signal.signal(signal.SIGINT, leave)


def leave(_signal: int, _frame: FrameType | None) -> None:
    """No exception, which a module that is being loaded might take for its own."""
    os.write(2, b"interrupted.\n")
    os._exit(130)
