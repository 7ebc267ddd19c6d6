"""Rendering in a second process gives the same bytes, whatever becomes of that process."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from rockets_tools.generate import render_entity
from rockets_tools.generate.ahead import RenderAhead
from rockets_tools.plan import read_plan
from rockets_tools.plan.model import Plan

NAMES = ["Category", "Elan", "Order", "Tag", "UserStory"]

READER = """
import sys, time
from rockets_tools.generate.ahead import RenderAhead

ahead = RenderAhead(sys.argv[1], sys.argv[2].split(","))
print(ahead._program.pid, flush=True)
time.sleep(60)
"""


def plan_text() -> str:
    entities: list[dict[str, Any]] = [
        {"entityName": name, "fields": [{"name": "title", "apiDescription": "Größe ≥ 1"}]}
        for name in NAMES
    ]
    entities[1]["relations"] = [{"targetEntity": "Tag", "nullable": False}]
    return json.dumps({"entities": entities})


@pytest.fixture
def plan() -> Plan:
    return read_plan(plan_text(), file="plan.json").plan


def order(plan: Plan) -> list[str]:
    return [name for wave in plan.waves for name in wave]


def test_same_as_here(plan: Plan) -> None:
    ahead = RenderAhead(plan_text(), order(plan))
    try:
        for name in order(plan):
            assert ahead.render(name, plan.entities) == render_entity(
                plan.entities[name], plan.entities
            )
    finally:
        ahead.close()


def test_it_delivers_by_itself(plan: Plan) -> None:
    ahead = RenderAhead(plan_text(), order(plan))
    try:
        ahead._reader.join(20)
        assert list(ahead._files) == order(plan)
    finally:
        ahead.close()


def test_killed_in_the_middle_the_rest_is_rendered_here(plan: Plan) -> None:
    ahead = RenderAhead(plan_text(), order(plan))
    try:
        first, *rest = order(plan)
        ahead.render(first, plan.entities)
        ahead._program.kill()
        for name in rest:
            assert ahead.render(name, plan.entities) == render_entity(
                plan.entities[name], plan.entities
            )
    finally:
        ahead.close()


def test_a_name_out_of_turn_is_found(plan: Plan) -> None:
    ahead = RenderAhead(plan_text(), order(plan))
    try:
        for name in reversed(order(plan)):
            assert ahead.render(name, plan.entities).entity == plan.entities[name].kebab
    finally:
        ahead.close()


def test_nothing_is_imported_from_the_working_directory(
    plan: Plan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("json.py", "tempfile.py", "rockets_tools.py"):
        (tmp_path / module).write_text("open('loaded', 'w')\n")
    monkeypatch.chdir(tmp_path)
    ahead = RenderAhead(plan_text(), order(plan))
    try:
        ahead._reader.join(20)
        assert list(ahead._files) == order(plan)
    finally:
        ahead.close()
    assert not (tmp_path / "loaded").exists()


def test_it_ends_when_its_reader_is_killed(plan: Plan) -> None:
    parent = subprocess.Popen(
        [
            sys.executable,
            "-c",
            READER,
            plan_text(),
            # More than a pipe holds, so that the program waits for its reader.
            ",".join(order(plan) * 20),
        ],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert parent.stdout is not None
    program = int(parent.stdout.readline())
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    parent.stdout.close()
    until = time.monotonic() + 20
    while time.monotonic() < until:
        try:
            os.kill(program, 0)
        except ProcessLookupError:
            return
        if "Z" in Path(f"/proc/{program}/stat").read_text().rpartition(")")[2][:3]:
            return
        time.sleep(0.05)
    pytest.fail("the program outlived its reader")
