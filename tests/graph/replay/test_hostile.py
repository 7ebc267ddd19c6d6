"""A trace from elsewhere harms nothing: not our files, not our network, not our memory."""

import hashlib
import json
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from tests.command import snapshot
from tests.graph.replay.conftest import replayed
from tests.graph.trace.conftest import events_of, only

Event = dict[str, Any]
TOOL = "gen_ai.tool.name"


@pytest.fixture
def run(shop_run: Path, tmp_path: Path) -> Path:
    """A copy that may be spoiled."""
    return Path(shutil.copytree(shop_run, tmp_path / "run"))


def spoil(run: Path, change: Callable[[Event], None], kind: str = "header", **having: Any) -> None:
    """Change the first event of a kind."""
    file = run / "trace.jsonl"
    lines = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    event = next(
        e for e in lines if e["kind"] == kind and all(e.get(k) == v for k, v in having.items())
    )
    change(event)
    text = "".join(json.dumps(line) + "\n" for line in lines)
    file.write_text(text, encoding="utf-8")


def add_blob(run: Path, data: bytes) -> str:
    name = hashlib.sha256(data).hexdigest()
    (run / "blobs/999.pack").write_bytes(f"{name} {len(data)}\n".encode() + data + b"\n")
    return name


def with_tree(run: Path, change: Callable[[dict[str, Any]], None]) -> None:
    """Another project in the header."""
    from rockets_graph.trace.reader import open_trace

    with open_trace(run) as trace:
        tree: Any = trace.value(trace.header.files)
    change(tree)
    data = json.dumps(tree).encode()
    body = {"blob": add_blob(run, data), "size": len(data), "form": "json"}
    spoil(run, lambda header: header.update(files=body))


@pytest.mark.parametrize(
    "path",
    ["../outside.txt", "/etc/outside.txt", "a/../../outside.txt", "node_modules/x.js", "a\\b"],
)
def test_paths_that_lead_out_are_refused_before_a_write(
    path: str, run: Path, offline: Mapping[str, str], tmp_path: Path
) -> None:
    with_tree(run, lambda tree: tree["files"].update({path: tree["files"]["package.json"]}))
    before = snapshot(tmp_path)
    done = replayed(run, tmp_path / "again", offline)
    assert (done.code, done.errors[0]["code"]) == (2, "path-outside-project")
    assert snapshot(tmp_path) == before


@pytest.mark.parametrize(
    "target", ["/etc", "../..", "..", "src/../../x", "a/b/../../../../x", "link-b/../../x"]
)
def test_links_that_lead_out_are_left_out(
    target: str, run: Path, offline: Mapping[str, str], tmp_path: Path
) -> None:
    with_tree(run, lambda tree: tree["links"].update({"link-a": target, "link-b": "src"}))
    done = replayed(run, tmp_path / "again", offline)
    assert done.json["leftOut"] == ["link-a"]
    assert not (tmp_path / "again/link-a").is_symlink()
    assert (tmp_path / "again/link-b").is_symlink()


def test_a_link_in_place_of_a_folder_is_not_written_through(
    run: Path, offline: Mapping[str, str], tmp_path: Path
) -> None:
    (tmp_path / "target").mkdir()
    inside = {"src": "test", "src/modules/category/x.ts": "../../../src/main.ts"}
    with_tree(run, lambda tree: tree["links"].update({**inside, "src/modules": "../../target"}))
    done = replayed(run, tmp_path / "again", offline)
    assert set(done.json["leftOut"]) == {"src", "src/modules"}
    assert [*(tmp_path / "target").iterdir()] == []


def test_files_of_other_runs_and_locks_are_not_taken_over(
    run: Path, offline: Mapping[str, str], tmp_path: Path
) -> None:
    path = ".rockets/runs/other/trace.jsonl"
    with_tree(run, lambda tree: tree["files"].update({path: tree["files"]["package.json"]}))
    done = replayed(run, tmp_path / "again", offline)
    assert done.json["leftOut"] == [path]


def test_no_program_and_no_address_of_the_trace_is_used(
    run: Path, offline: Mapping[str, str], tmp_path: Path
) -> None:
    scripts = tmp_path / "scripts"
    scripts.mkdir()
    for name in ("generate", "integrate", "validate"):
        program = scripts / name
        program.write_text(f"#!/bin/sh\ntouch {tmp_path}/ran-{name}\n", encoding="utf-8")
        program.chmod(0o755)
    evil = {
        "scripts": str(scripts),
        "otel": "http://127.0.0.1:9/",
        "checkpoints": "postgres://x@127.0.0.1:9/x",
        "project": str(tmp_path / "elsewhere"),
        "spec": "/etc/passwd",
    }
    spoil(run, lambda header: header["options"].update(evil))
    replayed(run, tmp_path / "again", offline)
    assert not [path for path in tmp_path.iterdir() if path.name.startswith("ran-")]
    assert not (tmp_path / "elsewhere").exists()


@pytest.mark.parametrize(
    "change",
    [
        lambda header: header.update(models={}),
        lambda header: header["options"].update(workers=10**12),
        lambda header: header["options"].update(max_tokens="many"),
        lambda header: header.update(plan={"value": "no plan"}),
        lambda header: header.update(plan={"blob": "0" * 64, "size": 1, "form": "text"}),
        lambda header: header.update(files={"value": {"files": {"a": "0" * 64}}}),
        lambda header: header.update(files={"value": 7}),
        lambda header: header.update(spent={"spent": 7}),
    ],
)
def test_a_header_that_is_none_is_refused_before_a_write(
    change: Callable[[Event], None], run: Path, offline: Mapping[str, str], tmp_path: Path
) -> None:
    spoil(run, change)
    done = replayed(run, tmp_path / "again", offline)
    assert done.code == 2
    assert done.errors[0]["fix"]
    assert not (tmp_path / "again").exists()


def test_a_step_that_wrote_elsewhere_is_refused(
    run: Path, offline: Mapping[str, str], tmp_path: Path
) -> None:
    name = add_blob(run, b"mine\n")
    for number, path in enumerate(("../x.txt", ".rockets/state.json", "node_modules/x")):
        copy = Path(shutil.copytree(run, tmp_path / f"run-{number}"))
        spoil(copy, lambda header: header["options"].update(scripts="/x"))
        change = [{"path": path, "after": name}]
        spoil(copy, lambda e, c=change: e.update(files=c), "tool-result", **{TOOL: "integrate"})
        spoil(copy, lambda e: e.update(result={"value": []}), "tool-result", **{TOOL: "render"})
        done = replayed(copy, tmp_path / f"again-{number}", offline)
        assert done.code != 0
        assert not (tmp_path / "x.txt").exists()


@pytest.mark.parametrize(
    ("kind", "change"),
    [
        ("model-response", lambda e: e.update(content=[{"value": {"type": "text", "text": "{}"}}])),
        ("model-response", lambda e: e.update(content=[{"value": 7}])),
        ("model-response", lambda e: e.update({"gen_ai.response.finish_reasons": ["because"]})),
        ("tool-result", lambda e: e.update(error="__import__('os')", exit_code=None)),
        ("tool-result", lambda e: e.update(result={"blob": "0" * 64, "size": 3, "form": "json"})),
        ("node-entered", lambda e: e.update(state={"value": {}})),
        ("node-left", lambda e: e.update(goto=[{"node": "nowhere"}])),
    ],
)
def test_what_is_made_up_inside_ends_in_a_sentence(
    kind: str,
    change: Callable[[Event], None],
    run: Path,
    offline: Mapping[str, str],
    tmp_path: Path,
) -> None:
    spoil(run, change, kind)
    done = replayed(run, tmp_path / "again", offline)
    assert done.code in {1, 2}  # and no traceback, as `rockets` sees to


def test_a_blob_that_is_not_what_its_name_says(
    run: Path, offline: Mapping[str, str], tmp_path: Path
) -> None:
    pack = next((run / "blobs").iterdir())
    data = bytearray(pack.read_bytes())
    at = data.index(b'"name"')
    data[at : at + 6] = b'"nome"'
    pack.write_bytes(bytes(data))
    done = replayed(run, tmp_path / "again", offline)
    assert done.code == 2
    assert {error["code"] for error in done.errors} == {"trace-blob-corrupt"}
    assert not (tmp_path / "again").exists()


def test_the_recorded_run_is_not_touched(
    run: Path, offline: Mapping[str, str], tmp_path: Path
) -> None:
    before = snapshot(run)
    assert replayed(run, tmp_path / "again", offline).code == 0
    assert snapshot(run) == before
    assert only(events_of(run), "run-ended")
