"""What a run leaves in its trace, whatever happens to it."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from tests.graph.conftest import SHOP, Project, make_project
from tests.graph.trace.conftest import events_of, only, run_folder

from rockets_graph.events import Note
from rockets_graph.trace.events import Blob, Inline, Messaged, Progressed, any_event
from rockets_graph.trace.reader import open_trace
from rockets_graph.trace.redact import Secrets
from rockets_graph.trace.writer import Trace
from rockets_tools.errors import InputError
from rockets_tools.files import ProjectFiles
from rockets_tools.tree import tree_hash

ROOT = Path(__file__).resolve().parents[3]


def test_every_node_call_and_step_is_in_it(project: Project, recorded_run: Path) -> None:
    found = events_of(recorded_run)
    assert [event.seq for event in found] == list(range(1, len(found) + 1))
    header, end = found[0], found[-1]
    assert (header.kind, end.kind) == ("header", "run-ended")
    assert header.waves == (("Category", "Tag"), ("Product",), ("ProductTag",))
    assert (end.outcome, end.of) == ("completed", 1)
    entered = [event.node for event in only(found, "node-entered")]
    assert entered[:6] == [
        "lead_plan", "approve", "bootstrap", "lead_dispatch", "generate", "integrate",
    ]  # fmt: skip
    assert entered[-1] == "lead_report"
    assert len(only(found, "node-left")) == len(entered)
    called = [event.tool for event in only(found, "tool-call")]
    assert called.count("render") == called.count("integrate") == 3
    assert called[-3:] == ["validate", "build", "smoke"]
    assert [e.shown.text for e in only(found, "progress") if e.shown.kind == "note"] == []


def test_what_encloses_what(recorded_run: Path) -> None:
    found = events_of(recorded_run)
    by_seq = {event.seq: event for event in found}
    for call in only(found, "tool-call"):
        parent = by_seq[call.parent]
        assert parent.kind == "node-entered"
        assert (parent.node, parent.wave) == (call.node, call.wave)
        (answer,) = only(found, "tool-result", of=call.seq)
        assert (answer.parent, answer.tool) == (call.parent, call.tool)
        assert answer.duration >= 0
    for left in only(found, "node-left"):
        assert by_seq[left.of].node == left.node
        assert left.goto
    (line,) = [e for e in only(found, "progress") if e.shown.kind == "output"][-1:]
    assert by_seq[line.parent].tool == "smoke"


def test_state_goes_in_and_changes_come_out(recorded_run: Path) -> None:
    found = events_of(recorded_run)
    dispatched = only(found, "node-left", node="lead_dispatch")[0]
    (to,) = dispatched.goto
    assert (to.node, to.state.value["entities"]) == ("generate", ["Category", "Tag"])
    assert dispatched.update.value["wave"] == 0
    generate = only(found, "node-entered", node="generate")[0]
    assert generate.state.value == to.state.value


def test_a_wave_is_told_of_what_belongs_to_one(recorded_run: Path) -> None:
    """What comes before the first and after the last one has none, and is not numbered past it."""
    found = events_of(recorded_run)
    (header,) = only(found, "header")
    of = {event.seq: event.wave for event in only(found, "node-entered")}
    assert {wave for wave in of.values() if wave is not None} == set(range(len(header.waves)))
    for node in ("lead_plan", "approve", "noncrud", "migrate", "tester", "lead_report"):
        assert {event.wave for event in found if event.node == node} == {None}, node
    for told in only(found, "progress"):
        if told.shown.kind in {"wave-started", "wave-finished", "step-started", "step-finished"}:
            assert told.wave == told.shown.wave


def test_the_trace_holds_the_project_as_it_was(project: Project, tmp_path: Path) -> None:
    (project.root / "src").mkdir()
    (project.root / "src/mine.ts").write_text("export const mine = 1;\n", encoding="utf-8")
    (project.root / "logo.png").write_bytes(bytes(range(256)))
    (project.root / "link").symlink_to("src/mine.ts")
    (project.root / "node_modules").mkdir()
    (project.root / "node_modules/huge.js").write_text("no", encoding="utf-8")
    before, first = tree_hash(ProjectFiles(project.root)), project.tree()
    assert project.run().success
    with open_trace(run_folder(project)) as trace:
        tree = trace.tree(trace.header.files)
        assert trace.header.tree == before
        assert tree.links == {"link": "src/mine.ts"}
        assert {"package.json", "src/mine.ts", "logo.png"} <= tree.files.keys()
        assert not any("node_modules" in path for path in tree.files)
        for path, name in tree.files.items():
            target = tmp_path / "again" / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(trace.blobs.read(name))
        (tmp_path / "again/link").symlink_to("src/mine.ts")
        *_, end = trace.events()
        assert end.kind == "run-ended"
        assert end.tree == tree_hash(ProjectFiles(project.root))
        after = trace.tree(end.files).files
    assert tree_hash(ProjectFiles(tmp_path / "again")) == before
    now = {p: h for p, h in project.tree().items() if p not in {"link", "node_modules/huge.js"}}
    assert after == now
    assert first != now


def test_what_node_steps_write_is_kept_whole(project: Project) -> None:
    project.run()
    with open_trace(run_folder(project)) as trace:
        found = list(trace.events())
        (install,) = only(found, "tool-result", tool="install")
        (change,) = install.files
        assert (change.path, change.before) == ("packages.txt", None)
        assert trace.blobs.read(change.after) == b"installed\n"
        (migrate,) = only(found, "tool-result", tool="migrate")
        assert [c.path for c in migrate.files] == ["src/migrations/1.txt"]
        assert trace.value(migrate.result)["details"]["method"] == "typeorm"


def test_rendered_files_can_be_read_by_their_hash(recorded_run: Path) -> None:
    with open_trace(recorded_run) as trace:
        answer = only(list(trace.events()), "tool-result", tool="render")[0]
        files = trace.value(answer.result)["Category"]
        (path,) = files
        assert path.endswith("category.txt")
        assert b"Category" in trace.blobs.read(files[path])


def test_a_red_gate_is_told_with_what_it_raised(project: Project) -> None:
    project.run(trouble={"build": "gate"})
    found = events_of(run_folder(project))
    (build,) = only(found, "tool-result", tool="build")
    assert (build.error, build.problems[0].code, build.result) == (
        "GateError",
        "build-trouble",
        None,
    )
    assert found[-1].outcome == "failed"


def test_a_machine_that_gives_up_ends_the_node_with_an_error(project: Project) -> None:
    project.run(trouble={"migrate": "machine"})
    found = events_of(run_folder(project))
    (failed,) = only(found, "error")
    entered = found[failed.of - 1]
    assert (entered.kind, entered.node, failed.error) == ("node-entered", "migrate", "MachineError")
    assert found[-1].outcome == "failed"


def test_ctrl_c_is_an_outcome(project: Project) -> None:
    report = project.run(trouble={"validate": "interrupt"})
    assert report.exit_code == 130
    assert events_of(run_folder(project))[-1].outcome == "interrupted"


KILLED = """
import sys
from pathlib import Path
from tests.graph.conftest import Project
project = Project(Path(sys.argv[1]))
project.run(trouble={"migrate": "kill"})
"""


def test_sigkill_leaves_a_trace_that_is_good_to_its_last_line(project: Project) -> None:
    done = subprocess.run(
        [sys.executable, "-c", KILLED, str(project.root)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        check=False,
    )
    assert done.returncode == -signal.SIGKILL
    folder = run_folder(project)
    found = events_of(folder)
    assert found[-1].kind == "tool-call"
    assert found[-1].tool == "migrate"
    with open_trace(folder) as trace:
        for event in found:
            for value in vars(event).values():
                if isinstance(value, Blob):
                    assert len(trace.blobs.read(value.blob)) == value.size


def test_a_resumed_run_goes_on_in_the_same_trace(project: Project) -> None:
    project.run(trouble={"build": "gate"})
    first = events_of(run_folder(project))
    with open(run_folder(project) / "trace.jsonl", "ab") as stream:
        stream.write(b'{"seq": 99, "ti')  # as torn by a kill
    assert project.run(spec=False, resume=True).success
    assert len(list((project.root / ".rockets/runs").iterdir())) == 1
    found = events_of(run_folder(project))
    assert found[: len(first)] == first
    again = found[len(first)]
    assert (again.kind, again.attempt, again.todo) == ("header", 2, ((), (), ()))
    assert found[-1].of == again.seq
    with open_trace(run_folder(project)) as trace:
        files = trace.tree(again.files).files
        assert ".rockets/state.json" in files
        json.loads(trace.blobs.read(files[".rockets/state.json"]))
    packs = sorted((run_folder(project) / "blobs").iterdir())
    assert [pack.name for pack in packs] == ["1.pack", "2.pack"]


def test_an_earlier_trace_that_is_none_is_put_aside(project: Project) -> None:
    project.run(trouble={"build": "gate"})
    folder = run_folder(project)
    (folder / "trace.jsonl").write_bytes(b"not a trace\n")
    assert project.run(spec=False, resume=True).success
    assert events_of(folder)[0].kind == "header"
    assert (folder / "trace.broken").read_bytes() == b"not a trace\n"


def test_a_finished_run_writes_nothing_more(project: Project, recorded_run: Path) -> None:
    before = {p: p.read_bytes() for p in recorded_run.rglob("*") if p.is_file()}
    assert project.run(spec=False, resume=True).success
    assert {p: p.read_bytes() for p in recorded_run.rglob("*") if p.is_file()} == before


def test_refused_input_records_nothing(project: Project) -> None:
    with pytest.raises(InputError):
        project.run(trouble={"preflight": "yes"})
    assert not (project.root / ".rockets").exists()


def test_tasks_beside_each_other_keep_their_calls_apart(project: Project) -> None:
    project.run(workers=2)
    found = events_of(run_folder(project))
    first = only(found, "node-entered", node="generate", wave=0)
    assert [e.state.value["number"] for e in first] in ([0, 1], [1, 0])
    for entered in first:
        (call,) = [e for e in only(found, "tool-call", tool="render") if e.parent == entered.seq]
        assert call.arguments.value["entities"] == entered.state.value["entities"]


def test_equal_bodies_are_stored_once(recorded_run: Path) -> None:
    pack = (recorded_run / "blobs/1.pack").read_bytes()
    with open_trace(recorded_run) as trace:
        names = list(trace.blobs.hashes())
        size = sum(len(trace.blobs.read(name)) for name in names)
    assert len(names) == len(set(names))
    assert len(pack) == size + sum(len(f"{n} {len(trace.blobs.read(n))}\n") + 1 for n in names)


@pytest.mark.parametrize("inside", [True, False])
def test_a_run_is_not_recorded_through_a_link(tmp_path: Path, *, inside: bool) -> None:
    project = make_project(tmp_path / "shop", SHOP)
    target = project.root / "src" if inside else tmp_path / "outside"
    target.mkdir()
    (project.root / ".rockets").mkdir()
    (project.root / ".rockets/runs").symlink_to(target)
    with pytest.raises(InputError, match="is a link" if inside else "not a plain path"):
        project.run()
    assert list(target.iterdir()) == []


def test_a_full_disk_ends_the_recording_and_not_the_run(project: Project) -> None:
    trace = Trace(ProjectFiles(project.root), "r", secrets=Secrets({}))
    full = os.open("/dev/full", os.O_WRONLY)
    os.dup2(full, trace._file)
    os.close(full)
    event = Note(text="more")
    for _ in range(2):
        trace.write(lambda at: Progressed(**at, shown=event))
    assert trace.trouble == "The run is not recorded any further: No space left on device."
    assert trace.keep(b"anything") == "0" * 64
    trace.close()


def test_what_json_cannot_hold_is_recorded_all_the_same(project: Project) -> None:
    """A model may say half a surrogate pair, and no end of it."""
    trace = Trace(ProjectFiles(project.root), "r", secrets=Secrets({}))
    header = trace.body({"said": "half \ud800", "endless": float("inf")})
    trace.write(lambda at: Messaged(**at, sender="a\ud800", receiver="b", about="c", text=header))
    trace.close()
    line = (project.root / ".rockets/runs/r/trace.jsonl").read_bytes()
    event = any_event().validate_json(line)
    assert event.kind == "message"
    assert event.sender == "a?"
    assert event.text == Inline(value={"said": "half ?", "endless": None})
