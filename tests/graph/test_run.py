"""A run from start to end, and every way it can end."""

import json
import logging
import os
import signal
import subprocess
import sys
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pytest
from tests.graph.conftest import SHOP, Project, make_project, plan_of

from rockets_graph.events import StepFinished, WaveFinished, WaveStarted
from rockets_tools.errors import InputError

ROOT = Path(__file__).resolve().parents[2]


def test_goes_wave_by_wave_and_then_through_the_last_gates(project: Project) -> None:
    report = project.run()
    assert report.exit_code == 0
    assert project.calls() == [
        "install",
        "render Category,Tag",
        "integrate 2",
        "validate Category,Tag False",
        "render Product",
        "integrate 1",
        "validate Product False",
        "render ProductTag",
        "integrate 1",
        "validate ProductTag False",
        "migrate",
        "validate all True",
        "build",
        "smoke",
    ]


def test_report_has_the_shape_of_the_contract(project: Project) -> None:
    report = project.run().as_json()
    assert report["success"] is True
    assert report["status"] == "completed"
    assert report["waves"][0] == {
        "index": 0,
        "entities": ["category", "tag"],
        "status": "completed",
        "generated": 2,
        "validated": True,
    }
    assert report["summary"] == {
        "totalEntities": 4,
        "completed": 4,
        "failed": 0,
        "buildPassed": True,
        "smokeTestPassed": True,
        "followUps": [],
    }
    assert report["migration"] == {"method": "typeorm", "files": [], "proven": True}
    assert report["smoke"] == {"cells": 4, "passed": 4, "failed": 0, "attacks": 1}
    assert report["timings"].keys() >= {"generate", "integrate", "validate", "smoke", "total"}
    assert report["next"] is None
    json.dumps(report)


def test_state_file_has_the_keys_of_the_original(project: Project) -> None:
    project.run()
    state = project.state()
    assert state["startedAt"].endswith("Z")
    assert [(w["index"], w["entities"], w["status"]) for w in state["waves"]] == [
        (0, ["category", "tag"], "completed"),
        (1, ["product"], "completed"),
        (2, ["product-tag"], "completed"),
    ]
    assert state["completedEntities"] == ["category", "tag", "product", "product-tag"]
    assert state["failedEntities"] == []
    assert state["currentWave"] == 2
    plan = json.loads((project.root / ".rockets/plan.json").read_text(encoding="utf-8"))
    assert plan == SHOP


def test_a_person_watching_sees_waves_and_steps_in_order(project: Project) -> None:
    project.run()
    seen = [
        event.kind if not isinstance(event, StepFinished) else event.step
        for event in project.events
        if isinstance(event, WaveStarted | WaveFinished | StepFinished)
    ]
    wave = ["wave-started", "generate", "integrate", "validate", "wave-finished"]
    assert seen == ["bootstrap", *wave, *wave, *wave, "migrate", "build", "smoke"]
    assert all(e.passed for e in project.events if isinstance(e, StepFinished | WaveFinished))


def test_dry_run_plans_and_writes_nothing(project: Project) -> None:
    report = project.run(dry_run=True)
    assert (report.status, report.exit_code, report.success) == ("planned", 0, True)
    assert [list(wave.entities) for wave in report.waves] == [
        ["category", "tag"],
        ["product"],
        ["product-tag"],
    ]
    assert list(project.tree(state=True)) == ["package.json"]
    assert project.calls() == []


@pytest.mark.parametrize(
    ("options", "skipped"),
    [
        ({"skip_build": True}, {"install", "migrate", "build", "smoke", "validate all True"}),
        ({"skip_migration": True}, {"migrate", "smoke"}),
        ({"skip_smoke": True}, {"smoke"}),
    ],
)
def test_what_is_skipped_is_not_run_and_not_red(
    project: Project, options: dict[str, bool], skipped: set[str]
) -> None:
    report = project.run(**options)
    assert report.exit_code == 0
    assert report.success
    assert skipped.isdisjoint(project.calls())
    summary = report.as_json()["summary"]
    if "smoke" in skipped:
        assert summary["smokeTestPassed"] is None


def test_smoke_without_the_migration_step_needs_tables(project: Project) -> None:
    """Defect 10: with the migration skipped, every run failed."""
    report = project.run(skip_migration=True)
    assert report.success
    assert any("without a migration" in warning for warning in report.warnings)
    project.run()
    project.calls()
    assert project.run(skip_migration=True).success
    assert "smoke" in project.calls()


def test_modules_with_behaviour_are_follow_ups_and_no_failure(project: Project) -> None:
    project.write_plan({**SHOP, "nonCrud": [{"name": "Checkout", "description": "pays"}]})
    report = project.run()
    assert report.success
    assert report.as_json()["summary"]["followUps"] == ["Checkout: pays"]
    assert any("Checkout" in note for note in project.notes())


@pytest.mark.parametrize(
    ("trouble", "gate"),
    [
        ({"render": "Product"}, "generate"),
        ({"integrate": "gate"}, "integrate"),
        ({"validate-file": "Product"}, "validate"),
        ({"migrate": "gate"}, "migrate"),
        ({"build-red": "yes"}, "build"),
        ({"smoke-red": "yes"}, "smoke"),
    ],
)
def test_red_gate_ends_the_run_with_1_and_says_what_to_type(
    project: Project, trouble: dict[str, str], gate: str
) -> None:
    report = project.run(trouble=trouble)
    assert (report.exit_code, report.success, report.status) == (1, False, "failed")
    assert report.failed_gate == gate
    assert report.issues
    assert report.next_command == (
        f"rockets orchestrate --project {project.root} --resume --sequential"
    )
    assert project.state()["status"] == "failed"


def test_red_wave_stops_before_the_next_one(project: Project) -> None:
    report = project.run(trouble={"validate-file": "Product"})
    assert [wave.status for wave in report.waves] == ["completed", "failed", "pending"]
    assert not any("ProductTag" in call for call in project.calls())
    state = project.state()
    assert state["completedEntities"] == ["category", "tag"]
    assert state["failedEntities"] == ["product"]


def test_only_the_entity_to_blame_is_failed_but_none_of_its_wave_is_done(
    project: Project,
) -> None:
    report = project.run(trouble={"validate-file": "Tag"})
    assert (report.completed, report.failed) == (0, 1)
    assert project.state()["failedEntities"] == ["tag"]


def test_issue_in_a_shared_file_fails_the_whole_wave(project: Project) -> None:
    project.run(trouble={"validate-all": "yes"})
    assert project.state()["failedEntities"] == ["category", "tag"]


@pytest.mark.parametrize("step", ["install", "integrate", "migrate", "build", "smoke"])
def test_machine_that_gives_up_ends_the_run_with_3(project: Project, step: str) -> None:
    report = project.run(trouble={step: "machine"})
    assert (report.exit_code, report.success) == (3, False)
    assert [problem.code for problem in report.errors] == [f"{step}-trouble"]
    assert project.run(resume=True, spec=False).exit_code == 0


@pytest.mark.parametrize("step", ["install", "integrate", "validate", "migrate", "smoke"])
def test_interrupted_run_saves_its_state_and_ends_with_130(project: Project, step: str) -> None:
    report = project.run(trouble={step: "interrupt"})
    assert (report.exit_code, report.status) == (130, "interrupted")
    assert project.state()["status"] == "interrupted"
    assert report.next_command is not None
    assert project.run(resume=True, spec=False).exit_code == 0


def test_bad_plan_is_2_and_nothing_is_written(project: Project) -> None:
    project.spec.write_text('{"entities": [{"entityName": "A", "color": 1}]}', encoding="utf-8")
    before = project.tree(state=True)
    with pytest.raises(InputError) as caught:
        project.run()
    assert caught.value.exit_code == 2
    assert project.tree(state=True) == before
    assert not (project.root / ".rockets").exists()


def test_missing_plan_and_missing_project_are_2(project: Project, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no plan"):
        project.run(spec=False)
    project.spec.unlink()
    with pytest.raises(InputError, match="cannot be read"):
        project.run()
    with pytest.raises(InputError):
        Project(tmp_path / "nowhere").run()
    assert not (tmp_path / "nowhere").exists()


def test_without_a_mode_it_says_why_it_is_sequential(project: Project) -> None:
    assert project.run(mode=None).success
    assert any(note.startswith("sequential mode: ") for note in project.notes())


def test_validate_only_looks_and_writes_nothing(project: Project) -> None:
    project.run(skip_build=True)
    before = project.tree(state=True)
    project.calls()
    report = project.run(validate_only=True, skip_migration=True)
    assert (report.exit_code, report.status) == (0, "validated")
    assert project.calls() == ["validate all False"]
    assert project.run(validate_only=True, trouble={"validate-all": "yes"}).exit_code == 1
    assert project.tree(state=True) == before


def test_validate_only_needs_no_plan(project: Project) -> None:
    report = project.run(validate_only=True, spec=False, skip_build=True)
    assert report.exit_code == 0
    assert list(project.tree(state=True)) == ["package.json"]


def test_eight_workers_make_the_same_bytes_as_one(tmp_path: Path) -> None:
    wide = plan_of(**{f"Item{chr(65 + i)}": [] for i in range(24)})
    trees = []
    for workers in (1, 2, 8):
        project = make_project(tmp_path / f"p{workers}", wide)
        assert project.run(workers=workers).success
        renders = [call for call in project.calls() if call.startswith("render")]
        assert len(renders) == workers
        trees.append(project.tree())
    assert trees[0] == trees[1] == trees[2]


def test_one_failed_batch_of_many_fails_the_wave(tmp_path: Path) -> None:
    project = make_project(tmp_path / "wide", plan_of(A=[], B=[], C=[], D=[]))
    report = project.run(workers=4, trouble={"render": "C"})
    assert report.exit_code == 1
    assert report.failed_gate == "generate"
    assert not any("integrate" in call for call in project.calls())


FULL_DISK = """
import json, resource, sys
from pathlib import Path
from tests.graph.conftest import Project
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]), -1))
report = Project(Path(sys.argv[1])).run()
print(json.dumps(report.as_json()))
"""


@pytest.mark.parametrize("limit", [100, 700, 1000, 1800, 3000, 6000, 20000])
def test_full_disk_is_3_and_resumable(project: Project, limit: int) -> None:
    """Whichever write fails first: plan, state file, checkpoint or a generated file."""
    done = subprocess.run(
        [sys.executable, "-c", FULL_DISK, str(project.root), str(limit)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    report = json.loads(done.stdout)
    assert [error["code"] for error in report["errors"]] == ["disk"]
    assert not report["success"]
    assert project.run(resume=True).success


def test_project_without_its_shared_files_is_2_and_nothing_is_written(project: Project) -> None:
    before = project.tree(state=True)
    with pytest.raises(InputError):
        project.run(trouble={"preflight": "yes"})
    assert project.tree(state=True) == before
    assert not (project.root / ".rockets").exists()


TRACED = """
import os, sys
from pathlib import Path
from tests.graph.conftest import Project
sys.addaudithook(lambda event, _: os._exit(9) if event == "socket.connect" else None)
sys.exit(Project(Path(sys.argv[1])).run().exit_code)
"""


def test_nothing_is_sent_anywhere_whatever_the_environment_says(project: Project) -> None:
    """LangGraph uploads states to LangSmith when these are set, by whomever."""
    switches = {
        "LANGSMITH_TRACING": "true",
        "LANGCHAIN_TRACING_V2": "true",
        "LANGSMITH_API_KEY": "key",
        "LANGSMITH_ENDPOINT": "http://127.0.0.1:9",
    }
    done = subprocess.run(
        [sys.executable, "-c", TRACED, str(project.root)],
        cwd=ROOT,
        env={**os.environ, **switches},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


INTERRUPTED = """
import sys, time
from pathlib import Path
from tests.graph.conftest import Project
from tests.graph.fake_tools import FakeTools
from rockets_graph.options import Options
from rockets_graph.orchestrate import orchestrate

class Slow(FakeTools):
    def render(self, plan, entities):
        sys.stdout.write("rendering\\n")
        sys.stdout.flush()
        time.sleep(0.5)
        return super().render(plan, entities)

root = Path(sys.argv[1])
options = Options(project=root, spec=Path(f"{root}.plan.json"), workers=int(sys.argv[2]))
report = orchestrate(options, make_tools=lambda files, _: Slow(files), environment={})
sys.exit(report.exit_code)
"""


@pytest.mark.parametrize("workers", ["1", "4"])
def test_ctrl_c_while_batches_run_in_threads(project: Project, workers: str) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", INTERRUPTED, str(project.root), workers],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as run:
        assert run.stdout is not None
        assert run.stdout.readline() == "rendering\n"
        run.send_signal(signal.SIGINT)
        assert run.wait(timeout=20) == 130
        assert run.stderr is not None
        assert run.stderr.read() == ""
    assert project.state()["status"] == "interrupted"
    assert project.run(resume=True).success


def test_a_node_that_ends_while_the_threads_are_closed_says_nothing(
    project: Project, caplog: pytest.LogCaptureFixture
) -> None:
    """What LangGraph's runner does when a run ends before all nodes of a step have."""
    assert project.run().success
    threads = ThreadPoolExecutor()
    late, broken = Future[int](), Future[int]()
    late.add_done_callback(lambda _: threads.submit(print))
    broken.add_done_callback(lambda done: 1 // done.result())
    threads.shutdown()
    with caplog.at_level(logging.ERROR, logger="concurrent.futures"):
        late.set_result(0)
        assert not caplog.records
        broken.set_result(0)
    assert [record.getMessage()[:26] for record in caplog.records] == ["exception calling callback"]
