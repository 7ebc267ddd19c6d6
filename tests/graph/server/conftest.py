"""`langgraph dev` with our `langgraph.json`, as a process of its own."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
from langgraph_sdk import get_sync_client
from langgraph_sdk.client import SyncLangGraphClient
from tests.command import ROOT, environment

LANGGRAPH = str(Path(sys.executable).with_name("langgraph"))
GUARD = Path(__file__).with_name("guard")


@dataclass
class Server:
    """Works on the projects in `folder/projects`; what it keeps is in `folder`."""

    folder: Path
    env: dict[str, str] = field(default_factory=dict)
    flags: tuple[str, ...] = ()
    process: subprocess.Popen[bytes] | None = None
    client: SyncLangGraphClient = field(init=False)

    @property
    def projects(self) -> Path:
        return self.folder / "projects"

    @property
    def spoken_to(self) -> Path:
        return self.folder / "spoken-to"

    def start(self) -> None:
        self.projects.mkdir(exist_ok=True)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        switches = {k: v for k, v in environment().items() if not k.startswith("LANGSMITH")}
        log = (self.folder / "server.log").open("ab")
        self.process = subprocess.Popen(
            [
                *(LANGGRAPH, "dev", "--config", str(ROOT / "langgraph.json")),
                *("--no-browser", "--no-reload", "--port", str(port), *self.flags),
            ],
            cwd=self.folder,
            env={
                **switches,
                "ROCKETS_PROJECTS": str(self.projects),
                "LANGGRAPH_CLI_NO_ANALYTICS": "1",
                "PYTHONPATH": str(GUARD),
                "SPOKEN_TO": str(self.spoken_to),
                **self.env,
            },
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
        log.close()
        url = f"http://127.0.0.1:{port}"
        deadline = time.monotonic() + 60
        while True:
            assert self.process.poll() is None, (self.folder / "server.log").read_text()
            try:
                if httpx.get(f"{url}/ok").status_code == 200:
                    break
            except httpx.TransportError:
                assert time.monotonic() < deadline, (self.folder / "server.log").read_text()
            time.sleep(0.1)
        self.client = get_sync_client(url=url)

    def end(self, how: int = signal.SIGTERM) -> None:
        """Stop the server, politely by default."""
        if self.process is None:
            return
        os.killpg(self.process.pid, how)
        self.process.wait(60)
        self.process = None
        self.client.close()

    def order(self, thread: str, **order: Any) -> Any:
        """Send an order; the question, or the report where there is none."""
        done: Any = self.client.runs.wait(thread, "rockets", input={"order": order})
        return done["__interrupt__"][0]["value"] if "__interrupt__" in done else done["report"]

    def answer(self, thread: str, answer: Any) -> Any:
        done: Any = self.client.runs.wait(thread, "rockets", command={"resume": answer})
        return done["report"]

    def thread(self) -> str:
        return self.client.threads.create()["thread_id"]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One for all tests of a module."""
    one = Server(tmp_path_factory.mktemp("server"))
    one.start()
    yield one
    one.end()


@pytest.fixture
def mortal(tmp_path: Path) -> Iterator[Server]:
    """One that a test may kill and start again."""
    one = Server(tmp_path)
    one.start()
    yield one
    one.end(signal.SIGKILL)
