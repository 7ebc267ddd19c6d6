"""The zip for a bug report."""

import json
import zipfile
from collections.abc import Sequence
from pathlib import Path

import pytest
from tests.graph.trace_export.recorded import Keep, record
from tests.graph.trace_export.team_run import team_run

from rockets_graph.trace.events import AnyEvent, FileChange
from rockets_graph.trace.reader import open_trace
from rockets_graph.trace_export.bundle import Bundle, write_bundle

TOKEN = "glpat-" + "a1B2c3D4e5F6g7H8"


def packed(trace: Path, target: Path) -> Bundle:
    with open_trace(trace) as recorded:
        return write_bundle(recorded, target)


def test_reads_back_as_the_same_trace(trace: Path, tmp_path: Path) -> None:
    made = packed(trace, tmp_path / "run.zip")
    assert (made.covered, made.left_out) == (0, 0)
    with open_trace(trace) as before, open_trace(tmp_path / "run.zip") as after:
        assert list(after.events()) == list(before.events())
        assert set(after.blobs.hashes()) == set(before.blobs.hashes())
        assert all(after.blobs.read(h) == before.blobs.read(h) for h in before.blobs.hashes())
    with zipfile.ZipFile(tmp_path / "run.zip") as archive:
        assert archive.namelist() == ["blobs/1.pack", "trace.jsonl", "versions.json"]
        versions = json.loads(archive.read("versions.json"))
        assert versions["recorded"] == {"rockets-team": "0.1.0", "python": "3.11"}
        assert archive.read("trace.jsonl") == (trace / "trace.jsonl").read_bytes()


def test_the_same_run_gives_the_same_bytes(trace: Path, tmp_path: Path) -> None:
    packed(trace, tmp_path / "one.zip")
    packed(tmp_path / "one.zip", tmp_path / "two.zip")
    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()


def test_secrets_that_were_recorded_all_the_same_are_not_packed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DEPLOY_SECRET", "correct-horse-battery")

    def make(keep: Keep) -> Sequence[AnyEvent]:
        changed = (
            FileChange(path="a", after=keep(f"token = {TOKEN}")),
            FileChange(path="b", after=keep("harmless")),
        )
        events = team_run(changes=changed)
        told = events[14].model_copy(update={"about": f"{TOKEN} and correct-horse-battery"})
        return [*events[:14], told, *events[15:]]

    made = packed(record(tmp_path / "run", make), tmp_path / "run.zip")
    assert (made.covered, made.left_out, made.blobs) == (1, 1, 1)
    with zipfile.ZipFile(tmp_path / "run.zip") as archive:
        everything = b"".join(archive.read(name) for name in archive.namelist())
    assert TOKEN.encode() not in everything
    assert b"correct-horse" not in everything
    with open_trace(tmp_path / "run.zip") as after:
        assert len(list(after.events())) == made.events == 48
        assert after.problem is None


def test_a_blob_that_is_not_what_its_name_says_is_left_out(trace: Path, tmp_path: Path) -> None:
    pack = trace / "blobs" / "1.pack"
    pack.write_bytes(pack.read_bytes().replace(b"return true", b"return 1234"))
    assert packed(trace, tmp_path / "run.zip").left_out == 1


def test_a_target_that_cannot_be_written_leaves_nothing(trace: Path, tmp_path: Path) -> None:
    from rockets_tools.errors import MachineError

    with pytest.raises(MachineError):
        packed(trace, tmp_path / "missing" / "run.zip")
    (tmp_path / "folder").mkdir()
    with pytest.raises(MachineError):
        packed(trace, tmp_path / "folder")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["folder", "run"]
