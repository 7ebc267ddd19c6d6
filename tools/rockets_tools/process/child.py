"""A child process that cannot outlive this one."""

import contextlib
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO

from rockets_tools.errors import MachineError, Problem
from rockets_tools.files import disk_error

SUPERVISOR = str(Path(__file__).with_name("supervisor.py"))
GRACE = 5.0
"""Seconds between SIGTERM and SIGKILL."""

_live: "set[Child]" = set()


class Child:
    """One running program and everything it starts; dies with this process, however that ends.

    Raises `MachineError` when the program or the folder does not exist.
    """

    def __init__(
        self,
        argv: Sequence[str],
        *,
        cwd: Path,
        env: Mapping[str, str],
        stdin: bool = False,
        merge: bool = False,
    ) -> None:
        program = _locate(argv[0], env)
        control, self._control = os.pipe()
        try:
            self._process = subprocess.Popen(
                [sys.executable, "-I", "-S", SUPERVISOR, str(control), program, *argv[1:]],
                cwd=cwd,
                env=dict(env),
                stdin=subprocess.PIPE if stdin else subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT if merge else subprocess.PIPE,
                pass_fds=(control,),
                start_new_session=True,
            )
        except OSError as error:
            os.close(self._control)
            raise disk_error(error, str(cwd)) from error
        finally:
            os.close(control)
        _live.add(self)

    @property
    def stdin(self) -> IO[bytes] | None:
        return self._process.stdin

    @property
    def stdout(self) -> IO[bytes]:
        return _pipe(self._process.stdout)

    @property
    def stderr(self) -> IO[bytes]:
        return _pipe(self._process.stderr)

    def poll(self) -> int | None:
        """The exit status once it has ended: 0 to 127, or 128 + the number of a signal."""
        return self._process.poll()

    def wait(self, timeout: float) -> int | None:
        """As `poll`, after at most `timeout` seconds."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            return self._process.wait(timeout)
        return None

    def stop(self, grace: float = GRACE) -> None:
        """End the whole group: SIGTERM, `grace` seconds later SIGKILL. Twice is fine."""
        if self._control >= 0 and self.poll() is None:
            with contextlib.suppress(OSError):  # it ended by itself, or another thread ends it
                os.write(self._control, b"t")
            self.wait(grace)
        self.kill()

    def kill(self) -> int:
        """End the whole group with SIGKILL and answer its exit status. Twice is fine."""
        control, self._control = self._control, -1
        if control >= 0:
            os.close(control)
        _live.discard(self)
        return self._process.wait()

    def close(self) -> None:
        """Close this side of the pipes."""
        for stream in (self._process.stdin, self._process.stdout, self._process.stderr):
            if stream is not None:
                with contextlib.suppress(BrokenPipeError):
                    stream.close()


def stop_all() -> None:
    """End every child of this process now, whichever thread waits for it (Ctrl-C in a graph)."""
    for child in _live.copy():
        child.kill()


def _locate(program: str, env: Mapping[str, str]) -> str:
    found = shutil.which(program, path=env.get("PATH", os.defpath))
    if found is None:
        raise MachineError(
            Problem(
                code="program-missing",
                message=f"The program {program} is not on this machine.",
                fix=f"Install {program} or put it on the PATH.",
            )
        )
    return str(Path(found).absolute())


def _pipe(stream: IO[bytes] | None) -> IO[bytes]:
    if stream is None:
        raise ValueError("This stream is not a pipe.")
    return stream
