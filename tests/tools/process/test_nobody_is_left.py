"""However the parent ends, its children and theirs end too."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from rockets_tools.process import TimedOutError, run

PARENT = """
import sys
from pathlib import Path
from rockets_tools.process import Service, run

kind, folder = sys.argv[1], Path(sys.argv[2])
child = [sys.executable, "-c", Path(folder, "child.py").read_text(), *sys.argv[3:]]
if kind == "run":
    run(child, cwd=folder, timeout=60)
with Service(child, cwd=folder, name="svc", timeout=60, ready=lambda line: True):
    if kind == "error":
        raise RuntimeError("programmer's mistake")
    import time
    time.sleep(60)
"""

CHILD = """
import os, signal, subprocess, sys, time
if sys.argv[1:] == ["stubborn"]:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
grandchild = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
temporary = "pids.tmp"
with open(temporary, "w") as stream:
    stream.write(f"{os.getpid()} {grandchild.pid} {os.getppid()}")
os.rename(temporary, "pids")
print("ready", flush=True)
time.sleep(60)
"""


def alive(pid: int) -> bool:
    """A dead process that nobody collects (no init in a container) is not alive."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    state = subprocess.run(
        ["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True, check=False
    )
    return not state.stdout.strip().startswith("Z") and bool(state.stdout.strip())


def start(kind: str, folder: Path, *more: str) -> tuple[subprocess.Popen[bytes], list[int]]:
    (folder / "child.py").write_text(CHILD)
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT, kind, str(folder), *more],
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    deadline = time.monotonic() + 20
    while not (folder / "pids").exists():
        assert time.monotonic() < deadline, "the child did not start"
        time.sleep(0.01)
    return parent, [int(pid) for pid in (folder / "pids").read_text().split()]


@pytest.mark.parametrize("kind", ["run", "service"])
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_a_killed_parent_takes_everybody_along(
    tmp_path: Path, kind: str, number: signal.Signals
) -> None:
    stubborn = ("stubborn",) if number == signal.SIGKILL else ()
    parent, pids = start(kind, tmp_path, *stubborn)
    assert all(alive(pid) for pid in pids)
    os.kill(parent.pid, number)
    parent.wait(20)
    deadline = time.monotonic() + 5
    while survivors := [pid for pid in pids if alive(pid)]:
        assert time.monotonic() < deadline, f"still there: {survivors}"
        time.sleep(0.01)


def test_an_exception_takes_everybody_along(tmp_path: Path) -> None:
    parent, pids = start("error", tmp_path)
    parent.wait(20)
    time.sleep(0.1)
    assert [pid for pid in pids if alive(pid)] == []


def test_what_a_program_leaves_behind_ends_with_it(tmp_path: Path) -> None:
    code = "import subprocess, sys;p = subprocess.Popen(['sleep', '60']); print(p.pid)"
    started = time.monotonic()
    done = run([sys.executable, "-c", code], cwd=tmp_path, timeout=30)
    assert time.monotonic() - started < 5
    time.sleep(0.1)
    assert not alive(int(done.stdout))


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux hands orphans to an ancestor")
@pytest.mark.parametrize("ending", ["program", "timeout"])
def test_even_a_daemon_ends(tmp_path: Path, ending: str) -> None:
    code = (
        "import os, time\n"
        "if os.fork() == 0:\n"
        "    os.setsid()\n"
        "    if os.fork() == 0:\n"
        "        open('pid', 'w').write(str(os.getpid()))\n"
        "        time.sleep(60)\n"
        "    os._exit(0)\n"
        "os.wait()\n"
        "while not os.path.exists('pid'): time.sleep(0.01)\n"
        "time.sleep(60 if ENDING == 'timeout' else 0)\n"
    ).replace("ENDING", repr(ending))
    started = time.monotonic()
    with contextlib.suppress(TimedOutError):
        run([sys.executable, "-c", code], cwd=tmp_path, timeout=1)
    assert time.monotonic() - started < 5
    assert not alive(int((tmp_path / "pid").read_text()))
