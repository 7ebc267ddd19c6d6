"""A `rockets` of its own per run: what it prints is read here, and a cancelled call ends it."""

import os
import sys
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import anyio
import anyio.to_thread

from rockets_graph.mcp.sentences import sentence
from rockets_tools.process import Child
from rockets_tools.process.output import Lines, Tail

PROGRAM = (sys.executable, "-I", "-c", "from rockets_graph.cli import main; main()")
CHUNK = 65_536
MOST = 16 * 2**20
"""Bytes of a report."""
SAVE = 30.0
"""Seconds a cancelled run has to save its state and end its own children."""
BEAT = 10.0
"""Seconds of silence after which the client is told that the run goes on."""

Tell: TypeAlias = Callable[[str], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Ended:
    """How a run ended."""

    code: int
    report: str
    """What was on its stdout."""


async def run(arguments: Sequence[str], *, cwd: Path, env: Mapping[str, str], tell: Tell) -> Ended:
    """Run `rockets … --json` to its end; what its stderr says is told as it comes.

    Cancelled, it is ended as by SIGTERM: state saved, nothing left behind, `--resume` works.
    """
    child = Child([*PROGRAM, *arguments], cwd=cwd, env=env)
    report = Tail(MOST)
    last = _Last()
    try:
        async with anyio.create_task_group() as beating:
            beating.start_soon(_beat, last, tell)
            async with anyio.create_task_group() as reading:
                reading.start_soon(_read, child.stdout.fileno(), report.feed)
                reading.start_soon(_told, child.stderr.fileno(), last, tell)
            beating.cancel_scope.cancel()
    finally:
        with anyio.CancelScope(shield=True):
            await anyio.to_thread.run_sync(child.stop, SAVE)
            child.close()
    return Ended(code=child.kill(), report=report.text())


class _Last:
    """What was told last, and whether it is news since the last beat."""

    text = "the run starts"
    news = False


async def _read(descriptor: int, feed: Callable[[bytes], None]) -> None:
    """Hand on what comes through a pipe until its end."""
    while True:
        await anyio.wait_readable(descriptor)
        data = os.read(descriptor, CHUNK)
        if not data:
            return
        feed(data)


async def _told(descriptor: int, last: _Last, tell: Tell) -> None:
    """Tell what each line says; the pipe waits meanwhile, so that a slow client costs no memory."""
    waiting: list[str] = []
    lines = Lines(waiting.append)
    while True:
        await anyio.wait_readable(descriptor)
        data = os.read(descriptor, CHUNK)
        if data:
            lines.feed(data)
        else:
            lines.close()
        for said in filter(None, map(sentence, waiting)):
            last.text, last.news = said, True
            await tell(said)
        waiting.clear()
        if not data:
            return


async def _beat(last: _Last, tell: Tell) -> None:
    """A client gives up on a call that says nothing; npm and tsc say nothing for a minute."""
    while True:
        await anyio.sleep(BEAT)
        if not last.news:
            await tell(f"{last.text.removesuffix(' …')} … still at work")
        last.news = False
