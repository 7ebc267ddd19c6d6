"""Checkpoints in PostgreSQL: machines resume each other's runs, and believe nothing they read."""

import json
import os
import pickle
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg
import pytest
from langgraph.types import Command
from tests.command import environment, rockets, snapshot, write_plan
from tests.conftest import ENCODED, PASSWORD
from tests.graph.conftest import Project, make_project, plan_of
from tests.graph.contexts import context_of
from tests.graph.fake_tools import FakeTools

from rockets_graph.build import build_graph
from rockets_graph.checkpoints import InFlight, open_checkpoints
from rockets_graph.options import Options
from rockets_graph.orchestrate import orchestrate
from rockets_tools.errors import InputError, MachineError
from rockets_tools.files import ProjectFiles
from rockets_tools.project import new_project

ROOT = Path(__file__).resolve().parents[2]


def sql(url: str, text: str, *values: Any) -> list[tuple[Any, ...]]:
    with psycopg.connect(url, autocommit=True) as connection:
        cursor = connection.execute(text, values)  # type: ignore[arg-type]  # made by the test
        return cursor.fetchall() if cursor.description else []


@pytest.fixture
def url(postgres_url: str) -> Iterator[str]:
    """An empty database of its own."""
    name = f"checkpoints_{time.monotonic_ns()}"
    sql(postgres_url, f"CREATE DATABASE {name}")
    yield postgres_url.removesuffix("/postgres") + f"/{name}"
    sql(postgres_url, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def elsewhere(project: Project, tmp_path: Path) -> Project:
    """Another checkout of the project; `sync` brings it up to date."""
    return Project(tmp_path / "elsewhere" / "shop")


def sync(project: Project, elsewhere: Project) -> None:
    shutil.rmtree(elsewhere.root, ignore_errors=True)
    shutil.copytree(project.root, elsewhere.root)
    shutil.copy(project.spec, elsewhere.spec)


def process(*arguments: object) -> Any:
    """What `tests.graph.elsewhere` prints."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.graph.elsewhere", *map(str, arguments)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def put(url: str, run_id: str, values: dict[str, Any]) -> None:
    with (
        open_checkpoints(ProjectFiles(ROOT), url) as checkpoints,
        checkpoints.fresh(run_id) as saver,
    ):
        config: Any = {"configurable": {"thread_id": run_id, "checkpoint_ns": ""}}
        versions: Any = dict.fromkeys(values, "1")
        checkpoint: Any = {"v": 4, "id": "1", "ts": "", "channel_values": values}
        checkpoint |= {"channel_versions": versions, "versions_seen": {}}
        saver.put(config, checkpoint, {}, versions)


def in_flight(url: str, run_id: str) -> InFlight | str | None:
    with open_checkpoints(ProjectFiles(ROOT), url) as checkpoints:
        return checkpoints.in_flight(run_id)


def threads(url: str) -> set[str]:
    rows = sql(
        url,
        "SELECT thread_id FROM checkpoints UNION SELECT thread_id FROM checkpoint_blobs "
        "UNION SELECT thread_id FROM checkpoint_writes",
    )
    return {run_id for (run_id,) in rows}


def interrupted(project: Project, url: str, step: str = "validate") -> dict[str, Any]:
    assert project.run(trouble={step: "interrupt"}, checkpoints=url).exit_code == 130
    return project.state()


def test_a_run_that_ends_leaves_nothing(project: Project, url: str) -> None:
    assert project.run(checkpoints=url).success
    assert threads(url) == set()
    assert not list((project.root / ".rockets").glob("checkpoints*"))


def test_everything_stored_is_json(project: Project, url: str) -> None:
    state = interrupted(project, url, "smoke")
    assert threads(url) == {state["runId"]}
    kinds = sql(url, "SELECT type FROM checkpoint_blobs UNION SELECT type FROM checkpoint_writes")
    assert {kind for (kind,) in kinds} <= {"json", "empty"}
    for (blob,) in sql(url, "SELECT blob FROM checkpoint_writes"):
        json.loads(blob)


def test_another_process_takes_over_what_is_in_flight(
    project: Project, elsewhere: Project, url: str
) -> None:
    """Machine one stops in the second wave with rounds used up; two goes on with them, and one
    again after two."""
    state = interrupted(project, url)
    run_id, counts = state["runId"], {"fix_rounds": 2, "builder_tries": 1}
    here = {"run_id": run_id, "plan_hash": state["planHash"], "wave": 0}
    put(url, run_id, {**here, **counts})
    sync(project, elsewhere)
    answer = process("run", elsewhere.root, url, "validate=interrupt")
    assert answer["code"] == 130
    assert not any("checkpoint" in note for note in answer["notes"]), answer
    assert in_flight(url, run_id) == InFlight(**here, **counts)
    sync(elsewhere, project)
    assert project.run(resume=True, spec=False, checkpoints=url).success
    assert not any("checkpoint" in note for note in project.notes())
    assert threads(url) == set()
    undisturbed = make_project(
        project.root.parent / "undisturbed", json.loads(project.spec.read_text())
    )
    assert undisturbed.run().success
    assert undisturbed.tree() == project.tree()


def test_the_question_of_one_machine_is_answered_on_another(
    project: Project, elsewhere: Project, url: str
) -> None:
    (project.root / ".rockets").mkdir()
    for answered, status in ((True, "completed"), (False, "failed")):
        plan_hash = process("ask", project.root, url)
        sync(project, elsewhere)
        context = context_of(elsewhere)
        with (
            open_checkpoints(context.files, url) as checkpoints,
            checkpoints.kept("asked") as saver,
        ):
            build_graph(saver).invoke(
                Command(resume=plan_hash if answered else "yes"),
                {"configurable": {"thread_id": "asked"}, "recursion_limit": 200},
                context=context,
                durability="sync",
            )
        assert elsewhere.state()["status"] == status
        assert bool(elsewhere.calls()) == answered


@pytest.fixture
def holder(project: Project, url: str) -> Iterator[subprocess.Popen[str]]:
    """Another machine that works on the project's interrupted run."""
    held = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "tests.graph.elsewhere",
            "hold",
            url,
            interrupted(project, url)["runId"],
        ],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert held.stdout is not None
    assert held.stdout.readline() == "held\n"
    yield held
    held.kill()
    held.communicate()


def test_a_second_runner_is_refused(
    project: Project, holder: subprocess.Popen[str], url: str
) -> None:
    before = project.tree(state=True)
    with pytest.raises(InputError, match=f"process {holder.pid} on ") as caught:
        project.run(resume=True, spec=False, checkpoints=url)
    assert caught.value.problems[0].code == "run-busy"
    assert project.tree(state=True) == before
    # Another run has nothing to do with it.
    assert project.run(checkpoints=url).success


def test_a_killed_runner_leaves_no_lock(
    project: Project, holder: subprocess.Popen[str], url: str
) -> None:
    holder.kill()
    holder.wait()
    deadline = time.monotonic() + 10
    while True:
        try:
            assert project.run(resume=True, spec=False, checkpoints=url).success
        except InputError:
            assert time.monotonic() < deadline
            time.sleep(0.1)
        else:
            return


def test_processes_that_come_first_at_once_set_up_together(url: str) -> None:
    """The tables are made once, whoever is first."""
    started = [
        subprocess.Popen(
            [sys.executable, "-m", "tests.graph.elsewhere", "hold", url, f"run-{number}"],
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            text=True,
        )
        for number in range(4)
    ]
    assert [one.communicate(timeout=60)[0] for one in started] == ["held\n"] * 4


def test_a_user_without_the_right_to_make_tables_can_use_them(project: Project, url: str) -> None:
    in_flight(url, "nobody")
    role = f"reader_{time.monotonic_ns()}"
    sql(url, f"CREATE ROLE {role} LOGIN PASSWORD 'other'")
    sql(url, f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role}")
    theirs = url.replace(f"owner:{ENCODED}", f"{role}:other")
    assert project.run(checkpoints=theirs).success
    sql(url, f"DROP OWNED BY {role}")
    sql(url, f"DROP ROLE {role}")


def test_a_server_that_goes_away_is_exit_3_and_the_run_resumes(project: Project, url: str) -> None:
    class Cut(FakeTools):
        def build(self, output: Any) -> Any:
            sql(
                url,
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE pid <> pg_backend_pid() AND application_name LIKE 'rockets %%'",
            )
            return super().build(output)

    report = orchestrate(
        Options(project=project.root, spec=project.spec, mode="sequential", checkpoints=url),
        make_tools=lambda files, _: Cut(files),
        environment={},
    )
    assert report.exit_code == 3
    assert [problem.code for problem in report.errors] == ["checkpoints-refused"]
    assert PASSWORD not in str(report.as_json())
    assert ENCODED not in str(report.as_json())
    assert project.state()["status"] == "failed"
    assert project.run(resume=True, spec=False, checkpoints=url).success


# What the database holds is untrusted.


def one_blob(url: str, run_id: str, kind: str, blob: bytes) -> None:
    sql(url, "UPDATE checkpoint_blobs SET type = %s, blob = %s", kind, blob)


def one_write(url: str, run_id: str, kind: str, blob: bytes) -> None:
    sql(
        url,
        "INSERT INTO checkpoint_writes VALUES (%s, '', '1', 't', 0, 'wave', %s, %s, '')",
        run_id,
        kind,
        blob,
    )


class Bomb:
    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[Any, ...]:
        return (Path.touch, (self.path,))


@pytest.mark.parametrize("place", [one_blob, one_write])
@pytest.mark.parametrize("kind", ["pickle", "msgpack", "json", "bytes", "null", "json+deep"])
def test_values_that_are_not_json_of_ours_are_discarded_with_a_line(
    project: Project, url: str, tmp_path: Path, place: Any, kind: str
) -> None:
    state = interrupted(project, url)
    put(url, state["runId"], {"run_id": state["runId"], "batches": {}})
    blob = pickle.dumps(Bomb(tmp_path / "exploded"))
    if kind == "json+deep":
        kind, blob = "json", b"[" * 100_000
    place(url, state["runId"], kind, blob)
    assert project.run(resume=True, spec=False, checkpoints=url).success
    assert any("cannot be read" in note for note in project.notes()), project.notes()
    assert not (tmp_path / "exploded").exists()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"wave": 2}, "contradicts"),
        ({"plan_hash": "other"}, "contradicts"),
        ({"fix_rounds": "many"}, "not one of ours"),
        ({"fix_rounds": -5}, "not one of ours"),
        ({"run_id": None}, "not one of ours"),
        ({"wave": {"lc": 2, "type": "constructor", "id": ["os", "system"]}}, "not one of ours"),
    ],
)
def test_contradicting_values_are_discarded_with_a_line(
    project: Project, url: str, change: dict[str, Any], said: str
) -> None:
    state = interrupted(project, url)
    values = {"run_id": state["runId"], "plan_hash": state["planHash"], "wave": 0}
    put(url, state["runId"], {**values, **change})
    assert project.run(resume=True, spec=False, checkpoints=url).success
    assert any(said in note for note in project.notes()), project.notes()


@pytest.mark.parametrize("checkpoint", ["[]", "7", "{}", '{"channel_values": []}', '{"v": {}}'])
def test_a_checkpoint_of_another_shape_is_discarded_with_a_line(
    project: Project, url: str, checkpoint: str
) -> None:
    state = interrupted(project, url)
    sql(url, "UPDATE checkpoints SET checkpoint = %s", checkpoint)
    assert project.run(resume=True, spec=False, checkpoints=url).success
    assert any("checkpoint" in note for note in project.notes()), (state, project.notes())


def test_a_missing_checkpoint_is_a_line(project: Project, url: str) -> None:
    interrupted(project, url)
    sql(url, "DELETE FROM checkpoints")
    assert project.run(resume=True, spec=False, checkpoints=url).success
    assert any("no checkpoint" in note for note in project.notes())


def test_a_database_that_never_answers_is_given_up(url: str) -> None:
    put(url, "r", {"run_id": "r"})
    sql(url, "ALTER TABLE checkpoints RENAME TO real")
    sql(url, "CREATE VIEW checkpoints AS SELECT * FROM real WHERE pg_sleep(60) IS NOT NULL")
    start = time.monotonic()
    assert "cannot be read" in str(in_flight(url, "r"))
    assert time.monotonic() - start < 20


def test_tables_of_somebody_else_are_left_alone(project: Project, url: str) -> None:
    sql(url, "CREATE TABLE checkpoint_writes (mine int)")
    with pytest.raises(MachineError) as caught:
        project.run(checkpoints=url)
    assert caught.value.problems[0].code == "checkpoints-refused"
    assert not (project.root / ".rockets").exists()
    assert sql(url, "SELECT count(*) FROM checkpoint_writes") == [(0,)]


# From the command line.


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    new_project(tmp_path / "cli", "shop")
    plan = plan_of(Category=[], Product=["Category"])
    write_plan(tmp_path / "plan.json", *plan["entities"])
    return tmp_path / "cli"


def run_cli(shop: Path, *more: str, **env: str) -> Any:
    plan = shop.parent / "plan.json"
    return rockets(
        *("orchestrate", "--project", shop, "--spec", plan, "--sequential", "--skip-build"),
        *more,
        env=environment(**env),
    )


def test_the_option_and_the_environment_name_the_database(shop: Path, url: str) -> None:
    assert run_cli(shop, "--checkpoints", url).code == 0
    sql(url, "DROP TABLE checkpoint_migrations, checkpoints, checkpoint_blobs, checkpoint_writes")
    answer = run_cli(shop, ROCKETS_CHECKPOINTS=url)
    assert answer.code == 0
    assert sql(url, "SELECT max(v) FROM checkpoint_migrations") != [(None,)]
    assert PASSWORD not in answer.out + answer.err
    assert ENCODED not in answer.out + answer.err


@pytest.mark.parametrize("wrong", ["port", "password", "database"])
def test_a_database_that_cannot_be_reached_is_exit_3(shop: Path, url: str, wrong: str) -> None:
    port = urlsplit(url).port
    broken = {
        "port": url.replace(f":{port}/", ":1/"),
        "password": url.replace(ENCODED, "marked%2Fsecret"),
        "database": url.replace("/checkpoints_", "/missing_"),
    }[wrong]
    before = snapshot(shop)
    answer = run_cli(shop, "--checkpoints", broken)
    assert answer.code == 3, answer
    assert answer.found == [("checkpoints-refused", None)]
    assert "owner@127.0.0.1" in answer.err
    for secret in (PASSWORD, ENCODED, "marked/secret", "marked%2Fsecret"):
        assert secret not in answer.out + answer.err
    assert snapshot(shop) == before


@pytest.mark.parametrize("text", ["redis://:marked@here/0", "marked", "postgres://:marked@/x"])
def test_another_url_is_exit_2(shop: Path, text: str) -> None:
    before = snapshot(shop)
    answer = run_cli(shop, "--checkpoints", text)
    assert answer.code == 2
    assert answer.found == [("checkpoints-url", None)]
    assert "marked" not in answer.out + answer.err
    assert snapshot(shop) == before


def test_without_the_packages_it_says_what_to_install(tmp_path: Path) -> None:
    (tmp_path / "psycopg.py").write_text("raise ImportError('not here')\n")
    code = (
        "from pathlib import Path\n"
        "from rockets_graph.checkpoints import open_checkpoints\n"
        "from rockets_tools.errors import MachineError\n"
        "from rockets_tools.files import ProjectFiles\n"
        "try:\n"
        "    with open_checkpoints(ProjectFiles(Path.cwd()), 'postgres://a@b/c'): pass\n"
        "except MachineError as error:\n"
        "    print(error.problems[0].code, error.problems[0].fix)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == "postgres-missing Install rockets-team[postgres].\n"
