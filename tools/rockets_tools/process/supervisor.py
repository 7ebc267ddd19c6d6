"""Runs one program in a process group of its own and ends all of it when its starter is gone.

    python -I -S supervisor.py CONTROL_FD PROGRAM ARGUMENT...

A program, not a module: it is started once per child, so it imports nothing it can do without.
The starter holds the only writing end of the CONTROL_FD pipe. A byte asks the group to end
(SIGTERM); end of file, which also comes when the starter is killed by SIGKILL, ends it at once
(SIGKILL). Only a pipe tells of a parent's death on Linux and macOS alike, to any depth of
children. On Linux the supervisor also adopts what left the group as a daemon, and ends that too.
Exit status: the program's, or 128 + the signal that ended it.
"""

import contextlib
import ctypes
import os
import select
import signal
import sys
import time

ENDING = (signal.SIGINT, signal.SIGHUP, signal.SIGTERM)
PR_SET_CHILD_SUBREAPER = 36
ROUNDS = 100
PAUSE = 0.01
"""Seconds between two looks at who is left; after ROUNDS of them the rest is given up."""


def main() -> int:
    """Start the program, wait for it or for the starter's word, leave nobody of it."""
    # A copy, since only that is not inherited by the program.
    control = os.dup(int(sys.argv[1]))
    os.close(int(sys.argv[1]))
    wake, alarm = os.pipe()
    os.set_blocking(alarm, False)
    signal.set_wakeup_fd(alarm, warn_on_full_buffer=False)
    for number in (signal.SIGCHLD, *ENDING):
        signal.signal(number, _wake_only)
    adopting = _adopt_orphans()
    program = sys.argv[2:]
    try:
        child = os.posix_spawn(
            program[0],
            program,
            os.environ,
            setpgroup=0,
            # Python ignores these two, and what is ignored stays so in a child.
            setsigdef=(signal.SIGPIPE, signal.SIGXFSZ),
        )
    except OSError as error:
        sys.stderr.write(f"{program[0]}: {error.strerror}\n")
        return 127
    poller = select.poll()
    poller.register(control, select.POLLIN)
    poller.register(wake, select.POLLIN)
    while True:
        ready = {descriptor for descriptor, _ in poller.poll()}
        if control in ready:
            if os.read(control, 1):
                _signal_group(child, signal.SIGTERM)
            else:
                _signal_group(child, signal.SIGKILL)
                poller.unregister(control)
        if wake in ready and not set(os.read(wake, 64)).isdisjoint(ENDING):
            _signal_group(child, signal.SIGKILL)
        ended, status = os.waitpid(child, os.WNOHANG)
        if ended:
            break
    # What the program left running ends with it.
    _signal_group(child, signal.SIGKILL)
    if adopting:
        _end_adopted()
    code = os.waitstatus_to_exitcode(status)
    return code if code >= 0 else 128 - code


def _wake_only(_number: int, _frame: object) -> None:
    """The wake-up pipe has the number of the signal; nothing to do here."""


def _signal_group(group: int, number: int) -> None:
    # Nobody left; or, on macOS, only dead members not yet collected.
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(group, number)


def _adopt_orphans() -> bool:
    """From now on this process is the parent of every orphan below it (Linux only)."""
    if sys.platform != "linux":
        return False
    return bool(ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) == 0)


def _end_adopted() -> None:
    """The program is gone, so all that is below this process are orphans and theirs."""
    for _ in range(ROUNDS):
        below = _descendants()
        if not below:
            return
        for process in below:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(process, signal.SIGKILL)
        with contextlib.suppress(ChildProcessError):
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass
        time.sleep(PAUSE)


def _descendants() -> list[int]:
    """Everybody below this process, zombies included."""
    children: dict[int, list[int]] = {}
    for entry in os.scandir("/proc"):
        if entry.name.isdecimal():
            with contextlib.suppress(OSError), open(f"{entry.path}/stat", "rb") as stat:
                parent = int(stat.read().rpartition(b")")[2].split()[1])
                children.setdefault(parent, []).append(int(entry.name))
    found = children.get(os.getpid(), [])
    for process in found:
        found.extend(children.get(process, []))
    return found


if __name__ == "__main__":
    sys.exit(main())
