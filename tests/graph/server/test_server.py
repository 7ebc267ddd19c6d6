"""Runs over the HTTP API of a real `langgraph dev`: asked, approved, done, refused, killed."""

import json
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from tests.command import ROOT, environment, fresh_project, rockets, snapshot, sources, write_plan
from tests.graph.conftest import SHOP, plan_of
from tests.graph.server.conftest import GUARD, Server

QUICK = {"mode": "sequential", "skipBuild": True}


@pytest.fixture
def shop(server: Server) -> Path:
    """An untouched project below the server's folder."""
    shutil.rmtree(server.projects / "shop", ignore_errors=True)
    return fresh_project(server.projects / "shop")


def codes(report: Any) -> list[tuple[str, str | None]]:
    assert report["success"] is False
    return [(error["code"], error["pointer"]) for error in report["errors"]]


def test_a_plan_is_shown_approved_and_done(server: Server, shop: Path, tmp_path: Path) -> None:
    before = snapshot(server.projects)
    thread = server.thread()
    question = server.order(thread, project="shop", plan=SHOP, **QUICK)
    assert question["waves"] == [["Category", "Tag"], ["Product"], ["ProductTag"]]
    assert "ProductTag" in question["page"]
    assert server.client.threads.get_state(thread)["next"] == ["approve"]
    assert snapshot(server.projects) == before

    seen: list[Any] = list(
        server.client.runs.stream(
            thread,
            "rockets",
            command={"resume": question["planHash"]},
            stream_mode=["custom", "values"],
        )
    )
    kinds = [part.data["kind"] for part in seen if part.event == "custom"]
    assert kinds.count("wave-finished") == 3
    report = seen[-1].data["report"]
    assert report["success"] is True
    assert report["exitCode"] == 0
    assert report["summary"]["completed"] == 4

    here = fresh_project(tmp_path / "shop")
    plan = write_plan(tmp_path / "plan.json", *SHOP["entities"])
    run = ("orchestrate", "--project", here, "--spec", plan, "--sequential", "--skip-build")
    assert rockets(*run).code == 0
    assert sources(here) == sources(shop)


def test_the_plan_in_force_and_what_is_proven_are_kept(server: Server, shop: Path) -> None:
    write_plan(shop.parent.parent / "plan.json", *SHOP["entities"])
    thread = server.thread()
    assert codes(server.order(thread, project="shop", **QUICK)) == [("plan-missing", "/order/plan")]
    first = server.order(thread, project="shop", plan=SHOP, **QUICK)
    assert server.answer(thread, first["planHash"])["success"]
    before = snapshot(shop)
    again = server.order(thread, project="shop", resume=True, **QUICK)
    assert again["planHash"] == first["planHash"]
    assert server.answer(thread, again["planHash"])["success"]
    assert snapshot(shop) == before


@pytest.mark.parametrize("answer", ["yes", True, "", "0" * 64, {"planHash": "HASH"}, ["HASH"]])
def test_only_the_hash_is_an_approval(server: Server, shop: Path, answer: Any) -> None:
    before = snapshot(server.projects)
    thread = server.thread()
    plan_hash = server.order(thread, project="shop", plan=SHOP, **QUICK)["planHash"]
    given = json.loads(json.dumps(answer).replace("HASH", plan_hash))
    report = server.answer(thread, given)
    assert codes(report) == [("plan-not-approved", None)]
    assert report["exitCode"] == 2
    assert server.client.threads.get_state(thread)["next"] == []
    assert snapshot(server.projects) == before


@pytest.mark.parametrize("node", ["read", "approve", "run", "__start__"])
def test_a_plan_that_was_put_in_place_of_the_shown_one_is_not_approved(
    server: Server, shop: Path, node: str
) -> None:
    """Whoever speaks to the server can write its state; the hash still covers one plan only."""
    before = snapshot(server.projects)
    thread = server.thread()
    plan_hash = server.order(thread, project="shop", plan=SHOP, **QUICK)["planHash"]
    other = json.dumps(plan_of(Evil=[]))
    values = {"plan": other, "approved": plan_hash}
    server.client.threads.update_state(thread, values, as_node=node)
    done: Any = server.client.runs.wait(
        thread, "rockets", command={"resume": plan_hash}, raise_error=False
    )
    assert not (done.get("report") or {"success": False})["success"]
    assert snapshot(server.projects) == before


@pytest.mark.parametrize(
    "name",
    [
        "..",
        ".",
        "",
        "../outside",
        "shop/../../outside",
        "link",
        "link/in",
        "/",
        "/etc",
        "a\nb",
        "~",
    ],
)
def test_a_project_outside_the_folder_is_refused(server: Server, shop: Path, name: str) -> None:
    outside = server.folder / "outside"
    if not outside.exists():
        fresh_project(outside)
        fresh_project(outside / "in")
        (server.projects / "link").symlink_to(outside)
    before = snapshot(outside)
    thread = server.thread()
    report = server.order(thread, project=name, plan=SHOP, **QUICK)
    wanted = ("project-not-found", None) if name == "~" else ("project-outside", "/order/project")
    assert codes(report) == [wanted]
    absolute = server.order(thread, project=str(outside), plan=SHOP, **QUICK)
    assert codes(absolute) == [("project-outside", "/order/project")]
    assert snapshot(outside) == before


@pytest.mark.parametrize(
    ("order", "found"),
    [
        (None, [("order", "/order")]),
        ("shop", [("order", "/order")]),
        ({}, [("order", "/order/project")]),
        ({"project": "shop", "scripts": "evil"}, [("order", "/order/scripts")]),
        ({"project": "shop", "skipBuild": "yes"}, [("order", "/order/skipBuild")]),
        ({"project": "shop", "workers": 0}, [("order", "/order/workers")]),
        ({"project": "shop", "maxCost": "NaN"}, [("order", "/order/maxCost")]),
        ({"project": "shop", "mode": "fast"}, [("order", "/order/mode")]),
        ({"project": "shop", "plan": {"entities": []}}, [("plan-no-entities", "/entities")]),
        ({"project": "shop", "plan": "x"}, [("plan-not-an-object", "")]),
    ],
)
def test_what_is_wrong_with_an_order_is_told(
    server: Server, shop: Path, order: Any, found: list[tuple[str, str | None]]
) -> None:
    done: Any = server.client.runs.wait(server.thread(), "rockets", input={"order": order})
    assert codes(done["report"]) == found
    assert done["report"]["exitCode"] == 2


def test_a_server_that_would_fail_the_team_says_so_first(server: Server, shop: Path) -> None:
    report = server.order(server.thread(), project="shop", plan=SHOP, mode="team")
    assert codes(report) == [("server-blocking", None)]
    assert report["exitCode"] == 3


HOLD = """
import sys
from pathlib import Path
from rockets_graph.lock import run_lock
from rockets_tools.files import ProjectFiles
with run_lock(ProjectFiles(Path(sys.argv[1]))):
    print(flush=True)
    sys.stdin.read()
"""


def test_a_project_that_another_run_holds_is_refused(server: Server, shop: Path) -> None:
    holder = subprocess.Popen(
        [
            sys.executable,
            "-c",
            HOLD,
            str(shop),
        ],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert holder.stdout is not None
    holder.stdout.readline()
    thread = server.thread()
    question = server.order(thread, project="shop", plan=SHOP, **QUICK)
    report = server.answer(thread, question["planHash"])
    holder.kill()
    holder.communicate()
    assert codes(report) == [("project-busy", None)]
    assert f"process {holder.pid}" in report["errors"][0]["message"]


def test_the_api_tells_what_it_takes(server: Server) -> None:
    (assistant,) = server.client.assistants.search(graph_id="rockets")
    schema: Any = server.client.assistants.get_schemas(assistant["assistant_id"])
    order = schema["input_schema"]["properties"]["order"]
    assert {"project", "plan", "mode", "skipBuild"} <= set(order["properties"])
    graph: Any = server.client.assistants.get_graph(assistant["assistant_id"])
    assert {node["id"] for node in graph["nodes"]} >= {"read", "approve", "run"}


MANY = plan_of(**{f"Thing{chr(65 + i)}": [f"Thing{chr(64 + i)}"] * (i > 0) for i in range(26)})


def test_a_killed_server_goes_on_where_it_was(mortal: Server, tmp_path: Path) -> None:
    """Ended politely while it asks, killed while it works: the third goes on with the second's."""
    shop = fresh_project(mortal.projects / "shop")
    thread = mortal.thread()
    question = mortal.order(thread, project="shop", plan=MANY, **QUICK)
    mortal.end()
    mortal.start()
    assert mortal.client.threads.get_state(thread)["next"] == ["approve"]

    answer = {"resume": question["planHash"]}
    mortal.client.runs.create(thread, "rockets", command=answer)
    state = shop / ".rockets/state.json"
    wait_until(lambda: state.exists() and json.loads(state.read_text())["currentWave"] >= 3)
    mortal.end(signal.SIGKILL)
    left = json.loads(state.read_text())
    assert left["status"] == "running"
    assert left["currentWave"] < 25

    mortal.start()
    parts: Any = mortal.client.runs.stream(
        thread, "rockets", command=answer, stream_mode=["custom", "values"]
    )
    events = [part.data for part in parts if part.event == "custom"]
    notes = [event["text"] for event in events if event["kind"] == "note"]
    report: Any = mortal.client.threads.get_state(thread)["values"]
    assert report["report"]["success"] is True, report
    assert report["report"]["runId"] == left["runId"]
    assert any(f"resuming: {len(left['completedEntities'])} of 26" in note for note in notes), notes

    here = fresh_project(tmp_path / "undisturbed")
    plan = write_plan(tmp_path / "plan.json", *MANY["entities"])
    run = ("orchestrate", "--project", here, "--spec", plan, "--sequential", "--skip-build")
    assert rockets(*run).code == 0
    assert sources(here) == sources(shop)


def test_a_cancelled_run_ends_before_its_next_step(server: Server, shop: Path) -> None:
    thread = server.thread()
    question = server.order(thread, project="shop", plan=MANY, **QUICK)
    answer = {"resume": question["planHash"]}
    started = server.client.runs.create(thread, "rockets", command=answer)
    state = shop / ".rockets/state.json"
    wait_until(lambda: state.exists() and json.loads(state.read_text())["currentWave"] >= 3)
    server.client.runs.cancel(thread, started["run_id"])
    wait_until(lambda: json.loads(state.read_text())["status"] != "running")
    left = json.loads(state.read_text())
    assert left["status"] == "interrupted"
    assert left["currentWave"] < 25
    wait_until(lambda: not (shop / ".rockets/run.lock").exists())
    again = server.order(server.thread(), project="shop", plan=MANY, resume=True, **QUICK)
    assert again["planHash"] == question["planHash"]


def wait_until(condition: Any) -> None:
    deadline = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.002)


def test_the_server_speaks_to_nobody(server: Server, shop: Path, tmp_path: Path) -> None:
    """Last, so that it looks back at all of the above; the guard itself is shown to see."""
    thread = server.thread()
    question = server.order(thread, project="shop", plan=SHOP, **QUICK)
    assert server.answer(thread, question["planHash"])["success"]
    assert not server.spoken_to.exists(), server.spoken_to.read_text()
    spoken = tmp_path / "spoken"
    subprocess.run(
        [sys.executable, "-c", "import socket; socket.socket(2, 2).connect(('192.0.2.1', 9))"],
        env=environment(PYTHONPATH=str(GUARD), SPOKEN_TO=str(spoken)),
        check=False,
        cwd=ROOT,
    )
    assert spoken.read_text() == "socket.connect 192.0.2.1\n"
