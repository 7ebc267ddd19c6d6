"""Documents, commands and a terminal for the tests of `rockets from-doc`."""

import codecs
import os
import pty
import select
import signal
import subprocess
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from tests.command import ROCKETS, Answer, environment, rockets

SHOP = """\
-- Prices must never be negative.
create table category (
  id serial primary key,
  name varchar(80) not null unique
);
create table product (
  id serial primary key,
  title varchar(120) not null,
  price numeric(8,2) not null check (price >= 0),
  category_id int not null references category
);
"""
ORDERS = """\
create table users (id serial primary key, email text);
create table orders (
  id serial primary key,
  note text,
  user_id int not null references users
);
"""


def write(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def from_doc(document: Path, project: Path, *options: object, **how: Any) -> Answer:
    """The command without the steps that need Node."""
    return rockets("from-doc", document, "--project", project, "--skip-build", *options, **how)


class Terminal:
    """A process whose stdin and stderr are a terminal; stdout is a pipe."""

    def __init__(self, *arguments: object, cwd: Path, env: Mapping[str, str] | None = None) -> None:
        self._master, slave = pty.openpty()
        self.seen = ""
        self._decode = codecs.getincrementaldecoder("utf-8")().decode
        self._process = subprocess.Popen(
            [ROCKETS, *map(str, arguments)],
            stdin=slave,
            stdout=subprocess.PIPE,
            stderr=slave,
            cwd=cwd,
            env={**environment(TERM="xterm", COLUMNS="120"), **(env or {})},
        )
        os.close(slave)

    def wait_for(self, text: str, seconds: float = 30) -> None:
        """Until a text was shown since the last answer."""
        deadline = time.monotonic() + seconds
        while text not in self.seen:
            left = deadline - time.monotonic()
            assert left > 0, self.seen
            if select.select([self._master], [], [], left)[0]:
                try:
                    self.seen += self._decode(os.read(self._master, 65536))
                except OSError:
                    raise AssertionError(self.seen) from None

    def say(self, line: str) -> None:
        self.seen = ""
        os.write(self._master, f"{line}\n".encode())

    def interrupt(self) -> None:
        """What Ctrl-C does to the process of a terminal, once that waits for an answer."""
        deadline = time.monotonic() + 30
        while not self._is_waiting():
            assert time.monotonic() < deadline, self.seen
            time.sleep(0.01)
        self._process.send_signal(signal.SIGINT)

    def _is_waiting(self) -> bool:
        """Python loses a signal that comes in the microseconds before it begins to read."""
        status = Path(f"/proc/{self._process.pid}/stat").read_text()
        return status.rpartition(")")[2].split()[0] == "S"

    def end(self, seconds: float = 60) -> tuple[int, str]:
        """Exit status and stdout."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if select.select([self._master], [], [], 0.1)[0]:
                try:
                    self.seen += self._decode(os.read(self._master, 65536))
                except OSError:  # the other end is closed
                    self._process.wait(max(0.1, deadline - time.monotonic()))
                    break
            elif self._process.poll() is not None:
                break
        assert self._process.poll() is not None, self.seen
        out, _ = self._process.communicate()
        return self._process.returncode, out.decode()

    def close(self) -> None:
        """Leave no process and no file open, however the test ended."""
        self._process.kill()
        self._process.wait()
        assert self._process.stdout is not None
        self._process.stdout.close()
        os.close(self._master)


Start = Callable[..., Terminal]
"""The fixture `terminal`."""
