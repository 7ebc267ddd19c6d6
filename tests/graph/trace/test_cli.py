"""`rockets trace` as a person and a program meet it."""

import os
import pty
import subprocess
from pathlib import Path

from tests.command import ROCKETS, environment, rockets
from tests.graph.conftest import Project
from tests.graph.trace.conftest import events_of, run_folder


def on_a_terminal(*arguments: object, both: bool = False) -> str:
    """What a person sees on stdout, and on stderr."""
    ours, theirs = pty.openpty()
    done = subprocess.Popen(
        [ROCKETS, *map(str, arguments)], stdout=theirs,
        stderr=theirs if both else subprocess.DEVNULL, env=environment(),
    )  # fmt: skip
    os.close(theirs)
    seen = b""
    while True:
        try:
            piece = os.read(ours, 65_536)
        except OSError:  # the other end is closed
            break
        if not piece:
            break
        seen += piece
    os.close(ours)
    assert done.wait() in {0, 1}
    return seen.decode().replace("\r\n", "\n")


def test_list_says_how_each_run_went(project: Project) -> None:
    project.run(trouble={"build": "gate"})
    project.run()
    answer = rockets("trace", "list", "--project", project.root)
    runs = answer.json["runs"]
    assert [run["outcome"] for run in runs] == ["failed", "completed"]
    assert {(run["tokens"], run["cost"], run["mode"]) for run in runs} == {(0, 0.0, "sequential")}
    lines = on_a_terminal("trace", "list", "--project", project.root).splitlines()
    assert [line.split()[1] for line in lines] == ["failed", "completed"]


def test_list_of_a_project_without_runs(tmp_path: Path) -> None:
    answer = rockets("trace", "list", "--project", tmp_path)
    assert (answer.code, answer.json) == (0, {"runs": [], "errors": []})
    misspelt = rockets("trace", "list", "--project", tmp_path / "none")
    assert (misspelt.code, misspelt.found[0][0]) == (2, "usage")


def test_list_goes_on_over_a_trace_that_cannot_be_read(project: Project) -> None:
    project.run()
    broken = project.root / ".rockets/runs/broken"
    broken.mkdir()
    (broken / "trace.jsonl").write_text("\x1b[31mnonsense\n", encoding="utf-8")
    answer = rockets("trace", "list", "--project", project.root)
    assert (answer.code, len(answer.json["runs"]), len(answer.json["errors"])) == (0, 1, 1)


def test_show_as_tree_and_as_timeline(project: Project, recorded_run: Path) -> None:
    tree = on_a_terminal("trace", "show", "last", "--project", project.root)
    assert "node integrate ▸ validate" in tree
    assert "    render plan" in tree
    assert "node-left" not in tree
    timeline = on_a_terminal("trace", "show", recorded_run, "--timeline")
    assert "node integrate → validate" in timeline
    assert len(timeline.splitlines()) > len(tree.splitlines())


def test_show_with_filters(project: Project, recorded_run: Path) -> None:
    run = recorded_run.name
    shown = rockets(
        "trace", "show", run[-8:], "--project", project.root, "--kind", "tool-call", "--wave", 2
    )
    events = shown.json["events"]
    assert [event["gen_ai.tool.name"] for event in events] == ["render", "integrate", "validate"]
    assert {event["wave"] for event in events} == {1}
    assert shown.json["run"]["run"] == run


def test_show_says_that_nothing_is_what_was_asked_for(recorded_run: Path) -> None:
    seen = on_a_terminal("trace", "show", recorded_run, "--task", "nobody", both=True)
    assert seen.splitlines()[-1] == "note: no event of this run is what was asked for"


def test_show_refuses_a_filter_that_nothing_can_pass(recorded_run: Path) -> None:
    for option, word, known in (("--role", "bulder", "builder"), ("--kind", "tool", "tool-call")):
        shown = rockets("trace", "show", recorded_run, option, word)
        assert (shown.code, shown.found[0][0]) == (2, "trace-filter")
        assert known in shown.err


def test_show_without_any_run_says_where_to_look(tmp_path: Path) -> None:
    shown = rockets("trace", "show", "last", "--project", tmp_path)
    assert shown.code == 2
    assert f"No run is recorded in {tmp_path}." in shown.err
    assert "--project" in shown.err


def test_show_one_event_whole(recorded_run: Path) -> None:
    shown = rockets("trace", "show", recorded_run, "--event", 1)
    assert "Category" in shown.json["plan"]
    assert "package.json" in shown.json["files"]["files"]
    missing = rockets("trace", "show", recorded_run / "trace.jsonl", "--event", 100_000)
    assert (missing.code, missing.found[0][0]) == (2, "trace-no-event")


def test_show_says_where_a_trace_is_cut(recorded_run: Path) -> None:
    file = recorded_run / "trace.jsonl"
    file.write_bytes(file.read_bytes()[:-20])
    shown = rockets("trace", "show", recorded_run)
    assert shown.code == 0
    assert "is cut off" in shown.err
    assert shown.json["run"]["outcome"] == "unfinished"


def test_a_number_that_json_has_not_is_null(recorded_run: Path) -> None:
    file = recorded_run / "trace.jsonl"
    changed = file.read_bytes().replace(
        b'"arguments":{"value":{}}', b'"arguments":{"value":{"a":NaN}}', 1
    )
    assert changed != file.read_bytes()
    file.write_bytes(changed)
    number = next(e for e in events_of(recorded_run) if e.kind == "tool-call").seq
    shown = rockets("trace", "show", recorded_run, "--event", number)
    assert "NaN" not in shown.out
    assert shown.json["arguments"] == {"a": None}


def test_diff_says_whether_two_runs_part(project: Project) -> None:
    project.run()
    first = run_folder(project)
    same = rockets("trace", "diff", first, first.name, "--project", project.root)
    assert (same.code, same.json["same"], same.json["parting"]) == (0, True, None)
    project.run(skip_smoke=True)
    other = rockets("trace", "diff", first, "last", "--project", project.root)
    assert (other.code, other.json["same"]) == (1, False)
    assert other.json["parting"]["fields"]
    seen = on_a_terminal("trace", "diff", first, "last", "--project", project.root)
    assert seen.startswith("In header, ")


def test_a_name_that_names_nothing_or_too_much(project: Project) -> None:
    project.run()
    project.run()
    for name in ("nothing", "../../etc", "2", ""):
        answer = rockets("trace", "show", name, "--project", project.root)
        assert (answer.code, answer.found[0][0]) == (2, "trace-unknown"), name


def test_what_a_trace_says_cannot_drive_a_terminal(project: Project) -> None:
    project.run()
    file = run_folder(project) / "trace.jsonl"
    hostile = file.read_bytes().replace(b'"listening"', b'"\\u001b[2J\\u202egone"')
    assert hostile != file.read_bytes()
    file.write_bytes(hostile)
    seen = on_a_terminal("trace", "show", file, "--timeline")
    assert "gone" in seen
    assert "\x1b" not in seen
    assert "\u202e" not in seen
