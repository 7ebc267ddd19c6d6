"""A call that is given up: the run ends, nothing is left, and it can go on."""

import json
import os
from pathlib import Path

import anyio
import pytest
from tests.command import ROOT, fresh_project
from tests.graph.mcp.serving import Session, talk

from rockets_tools.process import child_environment

NODE = """#!/bin/sh
echo v22.0.0
"""
NPM = """#!/bin/sh
echo $$ > {pid}
sleep 600
"""


@pytest.fixture
def slow_npm(tmp_path: Path) -> Path:
    """A folder for the PATH whose npm never ends; it writes its pid beside it."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for name, text in (("node", NODE), ("npm", NPM.format(pid=folder / "pid"))):
        (folder / name).write_text(text)
        (folder / name).chmod(0o755)
    return folder


async def appears(path: Path) -> str:
    while not path.exists() or not path.read_text().strip():
        await anyio.sleep(0.05)
    return path.read_text()


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_a_cancelled_run_is_saved_and_resumed(tmp_path: Path, slow_npm: Path) -> None:
    root = tmp_path / "work"
    project = fresh_project(root / "api")
    (root / "shop.plan.json").write_bytes((ROOT / "examples/shop.plan.json").read_bytes())
    state = project / ".rockets/state.json"

    async def work(server: Session) -> None:
        shown = await server.call("show", plan="shop.plan.json")
        run = {"project": "api", "plan_hash": shown["planHash"]}
        async with anyio.create_task_group() as tasks:

            async def given_up() -> None:
                await server.text("orchestrate", **run, plan="shop.plan.json")

            tasks.start_soon(given_up)
            npm = int(await appears(slow_npm / "pid"))
            # The server goes on answering while a run is on.
            assert (await server.call("check", plan="shop.plan.json"))["entities"] == 5
            tasks.cancel_scope.cancel()
        with anyio.fail_after(40):
            while alive(npm) or (project / ".rockets/run.lock").exists():
                await anyio.sleep(0.05)
        assert json.loads(state.read_text())["status"] == "interrupted"
        report = await server.call("orchestrate", **run, resume=True, skip_build=True)
        assert report["summary"]["completed"] == 5

    path = os.pathsep.join((str(slow_npm), child_environment()["PATH"]))
    talk(root, work, PATH=path)


def test_a_client_that_goes_away_takes_the_run_with_it(tmp_path: Path, slow_npm: Path) -> None:
    root = tmp_path / "work"
    fresh_project(root / "api")
    (root / "shop.plan.json").write_bytes((ROOT / "examples/shop.plan.json").read_bytes())
    pids: list[int] = []

    async def work(server: Session) -> None:
        shown = await server.call("show", plan="shop.plan.json")
        async with anyio.create_task_group() as tasks:

            async def run() -> None:
                await server.text(
                    "orchestrate", project="api", plan="shop.plan.json",
                    plan_hash=shown["planHash"],
                )  # fmt: skip

            tasks.start_soon(run)
            pids.append(int(await appears(slow_npm / "pid")))
            tasks.cancel_scope.cancel()

    path = os.pathsep.join((str(slow_npm), child_environment()["PATH"]))
    talk(root, work, PATH=path)

    async def gone() -> None:
        with anyio.fail_after(20):
            while any(alive(pid) for pid in pids):
                await anyio.sleep(0.05)

    anyio.run(gone)
