"""`rockets replay` as a person meets it, with nothing on the path and nobody to speak to."""

import shutil
import signal
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest
from tests.command import ROCKETS, rockets
from tests.graph.replay.conftest import replayed
from tests.graph.trace.conftest import events_of, only

from rockets_tools.files import ProjectFiles
from rockets_tools.tree import tree_hash


def test_a_run_happens_again_without_node_and_network(
    shop_run: Path, offline: Mapping[str, str], tmp_path: Path
) -> None:
    done = replayed(shop_run, tmp_path / "again", offline)
    assert done.code == 0, done.err
    assert done.json["same"] is True
    assert done.json["divergence"] is None
    assert done.json["dir"] == str(tmp_path / "again")
    recorded = events_of(shop_run)
    assert done.json["tree"] == recorded[-1].tree
    assert done.json["tree"] == tree_hash(ProjectFiles(tmp_path / "again"))
    own = events_of(tmp_path / "again/.rockets/runs" / done.json["runId"])
    assert [e.node for e in only(own, "node-entered")] == [
        e.node for e in only(recorded, "node-entered")
    ]
    assert "the same:" in done.err


def test_the_folder_has_to_be_empty(
    shop_run: Path, offline: Mapping[str, str], tmp_path: Path
) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full/mine.txt").write_text("mine", encoding="utf-8")
    done = replayed(shop_run, tmp_path / "full", offline)
    assert done.code == 2
    assert done.errors[0]["code"] == "folder-not-empty"
    assert [path.name for path in (tmp_path / "full").iterdir()] == ["mine.txt"]


def test_without_a_folder_nothing_is_left_when_all_was_the_same(
    shop_run: Path, offline: Mapping[str, str], tmp_path: Path
) -> None:
    done = rockets("replay", shop_run, env={**offline, "TMPDIR": str(tmp_path)})
    assert (done.code, done.json["same"], done.json["dir"]) == (0, True, None)
    assert list(tmp_path.glob("rockets-replay-*")) == []


def test_without_a_folder_a_stopped_replay_makes_one_that_stays(
    shop_run: Path, offline: Mapping[str, str], tmp_path: Path
) -> None:
    done = rockets("replay", shop_run, "--until", 5, env={**offline, "TMPDIR": str(tmp_path)})
    assert done.code == 0
    assert Path(done.json["dir"]).parent == tmp_path
    assert (Path(done.json["dir"]) / "package.json").exists()


def test_it_stops_after_an_event(
    shop_run: Path, offline: Mapping[str, str], tmp_path: Path
) -> None:
    first = only(events_of(shop_run), "tool-call", tool="integrate")[0]
    done = replayed(shop_run, tmp_path / "before", offline, "--until", first.seq)
    assert (done.code, done.json["same"], done.json["stopped"]) == (0, True, "until")
    assert done.json["last"] == first.seq
    assert not (tmp_path / "before/src/modules/category").exists()
    done = replayed(shop_run, tmp_path / "after", offline, "--until", first.seq + 1)
    assert done.json["last"] == first.seq + 1
    assert (tmp_path / "after/src/modules/category").exists()


def test_steps_show_state_messages_and_the_next_node(
    shop_run: Path, offline: Mapping[str, str], tmp_path: Path
) -> None:
    arguments = ("replay", shop_run, "--step")
    done = rockets(*arguments, "--into", tmp_path / "on", env=offline, stdin="\n\n\n\nc\n")
    assert (done.code, done.json["stopped"]) == (0, None)
    assert done.err.count("[Enter] on") == 5
    assert "lead_plan" in done.err
    assert '"mode": "team"' in done.err
    assert "goes to: approve" in done.err
    done = rockets(*arguments, "--into", tmp_path / "off", env=offline, stdin="\n" * 7 + "q\n")
    assert (done.code, done.json["stopped"]) == (0, "quit")
    assert "message: reviewer to generator, finding" in done.err
    done = rockets(*arguments, "--into", tmp_path / "eof", env=offline, stdin="")
    assert done.json["stopped"] == "quit"


@pytest.mark.parametrize("named", [False, True])
def test_an_interrupted_replay_leaves_only_the_folder_that_was_named(
    named: bool, shop_run: Path, tmp_path: Path, offline: Mapping[str, str]
) -> None:
    folder = tmp_path / "rockets-replay-there"
    with subprocess.Popen(
        [ROCKETS, "replay", str(shop_run), "--step", *(("--into", str(folder)) if named else ())],
        env={**offline, "TMPDIR": str(tmp_path)},
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    ) as asked:
        assert asked.stderr is not None
        assert next(asked.stderr).startswith("event 2")
        assert list(tmp_path.glob("rockets-replay-*"))
        asked.send_signal(signal.SIGINT)
        assert asked.wait(30) == 130
    assert list(tmp_path.glob("rockets-replay-*")) == ([folder] if named else [])


def test_it_says_why_the_trace_ends_before_its_end(
    shop_run: Path, tmp_path: Path, offline: Mapping[str, str]
) -> None:
    run = tmp_path / "run"
    shutil.copytree(shop_run, run)
    lines = (run / "trace.jsonl").read_bytes().splitlines(keepends=True)
    (run / "trace.jsonl").write_bytes(b"".join([*lines[:20], b"nonsense\n", *lines[21:]]))
    answer = replayed(run, tmp_path / "again", offline)
    assert (answer.code, answer.json["stopped"]) == (0, "recording-ends")
    assert answer.json["problem"].startswith("Line 21 is no event")
    assert "note: Line 21 is no event" in answer.err


def test_a_fork_without_a_key_says_so_in_its_own_words(
    shop_run: Path, offline: Mapping[str, str]
) -> None:
    answer = rockets("replay", shop_run, "--fork-at", 30, env=offline)
    assert (answer.code, answer.found[0][0]) == (3, "model-key-missing")
    assert "--fork-at" in answer.err
    assert "--sequential" not in answer.err


def test_options_that_do_not_go_together(shop_run: Path, offline: Mapping[str, str]) -> None:
    for wrong in (
        ("--model", "builder=opus"),
        ("--prompt", "builder=x.md"),
        ("--fork-at", 5, "--until", 4),
        ("--fork-at", 5, "--live-tools"),
        ("--attempt", 7),
        ("--until", 100_000),
        ("--fork-at", 100_000),
        ("--fork-at", 5, "--prompt", "builder=nowhere.md"),
        ("--fork-at", 5, "--prompt", "nobody=nowhere.md"),
    ):
        done = rockets("replay", shop_run, *wrong, env=offline)
        assert done.code == 2, wrong
    done = rockets("replay", shop_run, "--fork-at", 5, env=offline)
    assert (done.code, done.errors[0]["code"]) == (3, "model-key-missing")
