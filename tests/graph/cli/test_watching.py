"""What a person, and what a program, sees of a team at work."""

import fcntl
import json
import os
import pty
import re
import struct
import subprocess
import sys
import termios
from pathlib import Path

import pytest

PROGRAM = Path(__file__).with_name("watching.py")
CURSOR = re.compile(rb"\x1b\[[0-9;?]*[A-Zhl]")
"""What rich itself sends to move about and to hide the cursor."""


def on_terminal(columns: int) -> bytes:
    """Everything the program sends to a terminal of this width."""
    ours, its = pty.openpty()
    fcntl.ioctl(its, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    child = subprocess.Popen(
        [sys.executable, PROGRAM],
        stdin=its,
        stdout=its,
        stderr=its,
        env={**os.environ, "TERM": "xterm"},
    )
    os.close(its)
    seen = b""
    while True:
        try:
            part = os.read(ours, 65_536)
        except OSError:  # the other end is closed
            break
        if not part:
            break
        seen += part
    os.close(ours)
    assert child.wait() == 0, seen.decode()
    return seen


@pytest.mark.parametrize("columns", [60, 120])
def test_on_a_terminal(columns: int) -> None:
    seen = on_terminal(columns)
    assert b"\x1b" not in CURSOR.sub(b"", seen)
    assert b"\x07" not in seen
    rows = CURSOR.sub(b"\n", seen).decode()
    for number in range(4):
        assert re.search(rf"^generator +module:refund-{number} ", rows, re.MULTILINE)
    assert re.search(r"^build +\d s", rows, re.MULTILINE), "no clock while nobody is asked"
    assert not re.search(r"^next:", rows, re.MULTILINE)


def test_as_events_for_machines() -> None:
    done = subprocess.run(
        [sys.executable, PROGRAM, "--json"], capture_output=True, check=True, encoding="utf-8"
    )
    events = [json.loads(line) for line in done.stderr.splitlines()]
    assert len(events) == 4 * 8 + 2
    assert {event["kind"] for event in events} >= {"job-started", "message-sent", "step-finished"}
    assert events == sorted(events, key=lambda event: event["time"])


def test_as_lines_in_a_log() -> None:
    done = subprocess.run([sys.executable, PROGRAM], capture_output=True, check=True)
    assert b"\x1b" not in done.stderr
    lines = done.stderr.decode().splitlines()
    assert len([line for line in lines if "FAILED (It broke." in line]) == 4
    assert not any(line.startswith("next:") for line in lines)
