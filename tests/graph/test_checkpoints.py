"""The checkpoint: JSON only, only what is in flight, believed only where it fits."""

import json
import pickle
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from langgraph.types import Command, Interrupt, Overwrite, Send
from tests.graph.conftest import Project
from tests.graph.contexts import context_of

from rockets_graph.build import build_graph
from rockets_graph.checkpoints import (
    CHECKPOINTS,
    InFlight,
    JsonOnly,
    SqliteCheckpoints,
)
from rockets_graph.state import RunState
from rockets_tools.errors import InputError
from rockets_tools.files import ProjectFiles


def put(root: Path, run_id: str, values: dict[str, Any]) -> None:
    with SqliteCheckpoints(ProjectFiles(root)).fresh(run_id) as saver:
        config = {"configurable": {"thread_id": run_id, "checkpoint_ns": ""}}
        checkpoint = {"v": 4, "id": "1", "ts": "", "channel_values": values}
        saver.put(config, {**checkpoint, "channel_versions": {}, "versions_seen": {}}, {}, {})


@pytest.mark.parametrize(
    "value",
    [
        None,
        {"a": [1, 2.5, "x", None, True]},
        Send("generate", {"wave": 0, "number": 1, "entities": ["A"]}),
        Overwrite({"a": 1}),
        [Interrupt({"planHash": "x"}, id="abc")],
    ],
)
def test_serializer_gives_back_what_it_took(value: object) -> None:
    serializer = JsonOnly()
    kind, text = serializer.dumps_typed(value)
    assert kind == "json"
    json.loads(text)
    assert serializer.loads_typed((kind, text)) == value


def test_state_is_stored_as_plain_json() -> None:
    _, text = JsonOnly().dumps_typed(RunState(run_id="r", wave=2))
    assert json.loads(text)["wave"] == 2
    assert JsonOnly().dumps_typed(ValueError("no"))[1] == b'{"$error":"ValueError: no"}'


def test_serializer_refuses_what_is_not_json() -> None:
    with pytest.raises(TypeError, match="does not belong"):
        JsonOnly().dumps_typed({"a": object()})
    for kind in ("pickle", "msgpack", "bytes"):
        with pytest.raises(ValueError, match="holds JSON"):
            JsonOnly().loads_typed((kind, pickle.dumps(1)))


def test_constructor_envelopes_stay_data() -> None:
    """What LangChain's own JSON loader would import and call."""
    evil = {"lc": 2, "type": "constructor", "id": ["os", "system"], "args": ["true"]}
    assert JsonOnly().loads_typed(("json", json.dumps(evil).encode())) == evil


def test_state_stays_small_whatever_the_plan(project: Project) -> None:
    project.run(trouble={"smoke": "interrupt"})
    with sqlite3.connect(project.root / CHECKPOINTS) as connection:
        rows = connection.execute("SELECT type, checkpoint FROM checkpoints").fetchall()
    connection.close()
    assert {kind for kind, _ in rows} == {"json"}
    assert max(len(blob) for _, blob in rows) < 4000


def test_checkpoint_goes_when_the_run_has_ended(project: Project) -> None:
    project.run(trouble={"smoke-red": "yes"})
    assert not list((project.root / ".rockets").glob("checkpoints*"))


IN_FLIGHT = {"fix_rounds": 2, "builder_tries": 1}


def interrupted(project: Project) -> dict[str, Any]:
    """A run interrupted in its second wave; its state file."""
    report = project.run(trouble={"validate": "interrupt"})
    assert report.exit_code == 130
    return project.state()


def test_fix_rounds_and_tries_in_flight_are_found(project: Project) -> None:
    state = interrupted(project)
    values = {"run_id": state["runId"], "plan_hash": state["planHash"], "wave": 0, **IN_FLIGHT}
    put(project.root, state["runId"], values)
    found = SqliteCheckpoints(ProjectFiles(project.root)).in_flight(state["runId"])
    assert found == InFlight(**values)
    assert project.run(resume=True, spec=False).success
    assert not any("checkpoint" in note for note in project.notes())


def test_tries_after_the_last_wave_are_taken_over(project: Project) -> None:
    report = project.run(trouble={"smoke": "interrupt"})
    assert report.exit_code == 130
    state = project.state()
    values = {"run_id": state["runId"], "plan_hash": state["planHash"], "wave": 3, **IN_FLIGHT}
    put(project.root, state["runId"], values)
    assert project.run(resume=True, spec=False).success
    assert not any("checkpoint" in note for note in project.notes())


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"wave": 2}, "contradicts"),
        ({"plan_hash": "other"}, "contradicts"),
        ({"fix_rounds": "many"}, "not one of ours"),
        ({"fix_rounds": -5}, "not one of ours"),
        ({"run_id": None}, "not one of ours"),
    ],
)
def test_contradicting_checkpoint_is_discarded_with_a_line(
    project: Project, change: dict[str, Any], said: str
) -> None:
    state = interrupted(project)
    values = {"run_id": state["runId"], "plan_hash": state["planHash"], "wave": 0}
    put(project.root, state["runId"], {**values, **change})
    assert project.run(resume=True, spec=False).success
    assert any(said in note for note in project.notes()), project.notes()


def test_checkpoint_of_another_run_is_discarded_with_a_line(project: Project) -> None:
    interrupted(project)
    put(project.root, "another", {})
    assert project.run(resume=True, spec=False).success
    assert any("of another run" in note for note in project.notes())


def test_missing_checkpoint_is_a_line(project: Project) -> None:
    interrupted(project)
    (project.root / CHECKPOINTS).unlink()
    assert project.run(resume=True, spec=False).success
    assert any("no checkpoint" in note for note in project.notes())


@pytest.mark.parametrize("content", [b"", b"not a database at all, but long enough" * 50])
def test_unreadable_checkpoint_is_discarded_with_a_line(project: Project, content: bytes) -> None:
    interrupted(project)
    (project.root / CHECKPOINTS).write_bytes(content)
    assert project.run(resume=True, spec=False).success
    assert any("checkpoint" in note for note in project.notes())


@pytest.mark.parametrize("text", ["[]", "7", "{}", '{"channel_values": []}', "null", '"x"'])
def test_checkpoint_of_another_shape_is_discarded_with_a_line(project: Project, text: str) -> None:
    interrupted(project)
    with sqlite3.connect(project.root / CHECKPOINTS) as connection:
        connection.execute("UPDATE checkpoints SET checkpoint = ?", (text.encode(),))
    connection.close()
    assert project.run(resume=True, spec=False).success
    assert any("checkpoint" in note for note in project.notes()), project.notes()


def test_pickled_checkpoint_is_not_unpickled(project: Project, tmp_path: Path) -> None:
    state = interrupted(project)
    put(project.root, state["runId"], {})

    class Bomb:
        def __reduce__(self) -> tuple[Any, ...]:
            return (Path.touch, (tmp_path / "exploded",))

    with sqlite3.connect(project.root / CHECKPOINTS) as connection:
        connection.execute(
            "UPDATE checkpoints SET type = 'pickle', checkpoint = ?", (pickle.dumps(Bomb()),)
        )
    connection.close()
    assert project.run(resume=True, spec=False).success
    assert any("cannot be read" in note for note in project.notes())
    assert not (tmp_path / "exploded").exists()


def test_database_that_never_answers_is_given_up(project: Project) -> None:
    state = interrupted(project)
    put(project.root, state["runId"], {})
    with sqlite3.connect(project.root / CHECKPOINTS) as connection:
        connection.executescript(
            "DROP TABLE checkpoints; CREATE VIEW checkpoints AS WITH RECURSIVE n(i) AS "
            "(SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i AS thread_id, '' AS checkpoint_ns, "
            "i AS checkpoint_id, i AS parent_checkpoint_id, i AS type, i AS checkpoint, "
            "i AS metadata FROM n;"
        )
    connection.close()
    assert project.run(resume=True, spec=False).success
    assert any("cannot be read" in note for note in project.notes())


@pytest.mark.parametrize("suffix", ["", "-wal", "-shm"])
def test_checkpoint_that_leads_out_of_the_project_is_refused(
    project: Project, tmp_path: Path, suffix: str
) -> None:
    interrupted(project)
    precious = tmp_path / "precious"
    precious.write_bytes(b"mine")
    link = Path(f"{project.root / CHECKPOINTS}{suffix}")
    link.unlink(missing_ok=True)
    link.symlink_to(precious)
    with pytest.raises(InputError):
        project.run(resume=True, spec=False)
    assert precious.read_bytes() == b"mine"


def test_question_to_a_person_survives_in_the_checkpoint(project: Project) -> None:
    """The approval of `from-doc`: asked, answered in another process, bound to the plan's hash."""
    (project.root / ".rockets").mkdir()
    for answer, status in (("the hash", "completed"), ("yes", "failed"), (False, "failed")):
        context = context_of(project)
        plan_hash = context.plan.hash
        config = {"configurable": {"thread_id": "r"}, "recursion_limit": 200}
        state = RunState(run_id="r", plan_hash=plan_hash)
        with SqliteCheckpoints(context.files).fresh("r") as saver:
            asked = build_graph(saver).invoke(state, config, context=context, durability="sync")
            assert asked["__interrupt__"][0].value["planHash"] == plan_hash
            assert project.calls() == []
            given = plan_hash if answer == "the hash" else answer
            build_graph(saver).invoke(
                Command(resume=given), config, context=context, durability="sync"
            )
        assert project.state()["status"] == status
        assert bool(project.calls()) == (status == "completed")
