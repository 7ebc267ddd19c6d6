"""Traces from anywhere: read as far as they are good, or refused with a sentence."""

import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.command import ROOT

from rockets_graph.trace.blobs import Blobs, BlobWriter
from rockets_graph.trace.errors import TraceError
from rockets_graph.trace.events import Blob
from rockets_graph.trace.reader import MOST_LINE, open_trace
from rockets_graph.trace.retention import is_run_id
from rockets_graph.trace.runs import summary


def lines(folder: Path) -> list[bytes]:
    return (folder / "trace.jsonl").read_bytes().splitlines(keepends=True)


def rewrite(folder: Path, *changed: bytes) -> None:
    (folder / "trace.jsonl").write_bytes(b"".join(changed))


def read(path: Path) -> tuple[int, str | None]:
    """How many events came, and why no more."""
    with open_trace(path) as trace:
        return sum(1 for _ in trace.events()), trace.problem


def test_a_folder_a_file_and_a_zip_read_the_same(recorded_run: Path, tmp_path: Path) -> None:
    bundle = tmp_path / "run.zip"
    with zipfile.ZipFile(bundle, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(recorded_run / "trace.jsonl", "trace.jsonl")
        archive.write(recorded_run / "blobs/1.pack", "blobs/1.pack")
        archive.writestr("versions.json", "{}")
        archive.writestr("../../escaped.txt", "no")
        archive.writestr("blobs/../../escaped.pack", "no")
    with open_trace(recorded_run) as trace:
        whole = list(trace.events())
        files = trace.tree(trace.header.files)
    for path in (recorded_run / "trace.jsonl", bundle):
        with open_trace(path) as trace:
            assert list(trace.events()) == whole
            assert list(trace.events()) == whole  # and once more
            assert trace.tree(trace.header.files) == files
    assert not list(tmp_path.parent.rglob("escaped*"))


def test_a_line_that_a_kill_cut_off_is_said(recorded_run: Path) -> None:
    *whole, last = lines(recorded_run)
    rewrite(recorded_run, *whole, last[:40])
    count, problem = read(recorded_run)
    assert count == len(whole)
    assert problem is not None
    assert problem.startswith(f"Line {len(whole) + 1} is cut off")


DEEP = b'{"seq":5,"time":1,"kind":"error","error":' + b"[" * 100_000 + b"]" * 100_000 + b"}\n"
BAD: dict[str, Callable[[bytes], bytes]] = {
    "no json": lambda _: b"garbage\n",
    "not an event": lambda _: b'{"seq":5}\n',
    "unknown kind": lambda _: b'{"seq":5,"time":1,"kind":"shell","run":"rm -rf /"}\n',
    "unknown key": lambda line: line.replace(b'"kind"', b'"x":1,"kind"'),
    "wrong type": lambda line: line.replace(b'"time":', b'"time":"no","was":'),
    "out of order": lambda line: line.replace(b'"seq":5,', b'"seq":7,'),
    "parent of the future": lambda line: line.replace(b'"parent":4', b'"parent":5'),
    "a time that nobody has": lambda line: line.replace(b'"time":', b'"time":1e300,"x":', 1),
    "a time before all": lambda line: line.replace(b'"time":', b'"time":-1', 1),
    "a number nobody can hold": lambda line: line.replace(b'"kind"', b'"wave":%d,"kind"' % 10**30),
    "infinite": lambda line: line.replace(b'"time":', b'"duration":1e999,"time":'),
    "deep": lambda _: DEEP,
    "not utf-8": lambda line: line.replace(b"node", b"no\xffde"),
}


@pytest.mark.parametrize("kind", sorted(BAD))
def test_a_line_that_is_no_event_ends_the_reading(kind: str, recorded_run: Path) -> None:
    whole = lines(recorded_run)
    rewrite(recorded_run, *whole[:4], BAD[kind](whole[4]), *whole[5:])
    count, problem = read(recorded_run)
    assert count == 4
    assert problem is not None
    assert problem.startswith("Line 5 ")
    assert problem.endswith("reading stops there.")
    assert len(problem) < 500


def test_an_endless_line_is_not_taken_into_memory(recorded_run: Path) -> None:
    whole = lines(recorded_run)
    rewrite(recorded_run, *whole[:4], b'{"seq":5,"kind":"' + b"x" * 100_000_000 + b'"}\n')
    count, problem = read(recorded_run)
    assert count == 4
    assert problem == f"Line 5 is longer than {MOST_LINE} bytes; reading stops there."


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda line: line.replace(b'"schema_version":1', b'"schema_version":2'), "trace-newer"),
        (lambda line: line.replace(b'"schema_version":1', b'"schema_version":0'), "trace-older"),
        (lambda line: line.replace(b'"run_id":"2', b'"run_id":"../2'), "trace-header"),
        (lambda line: line.replace(b'"seq":1,', b'"seq":2,'), "trace-header"),
        (lambda line: b"{}\n", "trace-header"),
        (lambda line: b"\n", "trace-header"),
        (lambda line: b"", "trace-empty"),
        (lambda line: line[:100], "trace-empty"),
    ],
)
def test_a_trace_without_a_header_of_ours_is_refused(
    change: Callable[[bytes], bytes], code: str, recorded_run: Path
) -> None:
    first = change(lines(recorded_run)[0])
    rewrite(recorded_run, first)
    with pytest.raises(TraceError) as caught, open_trace(recorded_run):
        pass
    (problem,) = caught.value.problems
    assert problem.code == code
    assert problem.fix


def test_what_is_not_there_is_refused(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "none"):
        with pytest.raises(TraceError, match="no trace"), open_trace(path):
            pass


def test_links_are_not_followed(recorded_run: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (other / "trace.jsonl").symlink_to(recorded_run / "trace.jsonl")
    with pytest.raises(TraceError), open_trace(other):
        pass
    (other / "trace.jsonl").unlink()
    (other / "trace.jsonl").write_bytes((recorded_run / "trace.jsonl").read_bytes())
    (other / "blobs").mkdir()
    (other / "blobs/1.pack").symlink_to(recorded_run / "blobs/1.pack")
    with open_trace(other) as trace, pytest.raises(TraceError, match="not a file"):
        trace.blobs.read("0" * 64)


def test_what_the_machine_does_not_let_us_read_is_said() -> None:
    with pytest.raises(TraceError, match="cannot be read"), open_trace(Path("/proc/self/mem")):
        pass


def test_a_folder_of_blobs_that_is_a_link_is_not_followed(recorded_run: Path) -> None:
    (recorded_run / "blobs").rename(recorded_run / "elsewhere")
    (recorded_run / "blobs").symlink_to("elsewhere")
    with open_trace(recorded_run) as trace, pytest.raises(TraceError, match="is a link"):
        trace.blobs.read("0" * 64)


def test_a_newer_trace_names_the_version_to_use(recorded_run: Path) -> None:
    first = lines(recorded_run)[0]
    first = first.replace(b'"schema_version":1', b'"schema_version":2,"more":[]')
    rewrite(recorded_run, first.replace(b'"rockets-team":"', b'"rockets-team":"9.'))
    with pytest.raises(TraceError) as caught, open_trace(recorded_run):
        pass
    assert caught.value.problems[0].fix.startswith("Use rockets-team 9.")


def test_a_blob_that_is_not_what_its_name_says_is_refused(recorded_run: Path) -> None:
    pack = recorded_run / "blobs/1.pack"
    data = bytearray(pack.read_bytes())
    data[data.index(b"\n") + 1] ^= 1
    pack.write_bytes(data)
    with open_trace(recorded_run) as trace:
        first = next(trace.blobs.hashes())
        with pytest.raises(TraceError) as caught:
            trace.blobs.read(first)
    assert caught.value.problems[0].code == "trace-blob-corrupt"


def test_a_pack_that_lies_about_its_sizes_holds_less(tmp_path: Path) -> None:
    folder = tmp_path / "blobs"
    folder.mkdir()
    name = "a" * 64
    pack = folder / "1.pack"
    for text in (
        f"{name} 99999999999999999999\nxx\n",
        f"{name} -5\nxx\n",
        f"{name} 5",
        "../../etc/passwd 3\nabc\n",
        "\0" * 500,
    ):
        pack.write_text(text, encoding="utf-8")
        assert list(Blobs(folder).hashes()) == []
    pack.write_text(f"{name} 100000000\n", encoding="utf-8")
    with open(pack, "r+b") as stream:
        stream.truncate(100_000_000 + 200)  # sparse: says it is large, is nothing
    with pytest.raises(TraceError, match="at most"):
        Blobs(folder).read(name)


def test_a_torn_pack_keeps_what_is_whole(tmp_path: Path) -> None:
    folder = tmp_path / "blobs"
    folder.mkdir()
    writer = BlobWriter(folder, 1)
    names = [writer.put(text) for text in (b"one", b"two\nlines", b"", b"one")]
    writer.flush()
    writer.close()
    assert names[0] == names[3]
    assert [Blobs(folder).read(name) for name in names] == [b"one", b"two\nlines", b"", b"one"]
    pack = folder / "1.pack"
    pack.write_bytes(pack.read_bytes() + b"f" * 64 + b" 500\nhalf")
    assert set(Blobs(folder).hashes()) == set(names)
    second = BlobWriter(folder, 2)
    assert second.put(b"two\nlines") == names[1]
    third = second.put(b"three")
    second.flush()
    second.close()
    assert (folder / "2.pack").read_bytes().startswith(third.encode())
    assert Blobs(folder).read(third) == b"three"


def test_a_zip_bomb_is_refused(recorded_run: Path, tmp_path: Path) -> None:
    bundle = tmp_path / "bomb.zip"
    with zipfile.ZipFile(bundle, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(recorded_run / "trace.jsonl", "trace.jsonl")
        archive.writestr("blobs/1.pack", b"\0" * 50_000_000)
    with pytest.raises(TraceError, match="unpacks to too much"), open_trace(bundle):
        pass


def test_many_small_bombs_are_one(recorded_run: Path, tmp_path: Path) -> None:
    bundle = tmp_path / "bombs.zip"
    with zipfile.ZipFile(bundle, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(recorded_run / "trace.jsonl", "trace.jsonl")
        for number in range(1, 80):
            archive.writestr(f"blobs/{number}.pack", b"\0" * 900_000)
    with pytest.raises(TraceError, match="unpacks to too much"), open_trace(bundle):
        pass


def test_what_is_wrong_with_a_zip_is_said_of_the_zip(recorded_run: Path, tmp_path: Path) -> None:
    """Not of the folder that it is unpacked into, which is gone when the sentence is read."""
    bundle = tmp_path / "run.zip"
    whole = (recorded_run / "trace.jsonl").read_bytes()
    for name, data, said in (
        ("run/trace.jsonl", whole, "run.zip has no trace.jsonl."),
        ("trace.jsonl", b"nonsense\n", "does not begin with a header"),
        ("trace.jsonl", b"", "is empty"),
    ):
        with zipfile.ZipFile(bundle, "w") as archive:
            archive.writestr(name, data)
        with pytest.raises(TraceError, match=said) as caught, open_trace(bundle):
            pass
        assert caught.value.problems[0].file == str(bundle)
    with zipfile.ZipFile(bundle, "w") as archive:
        archive.writestr("trace.jsonl", whole)
    bundle.write_bytes(bundle.read_bytes()[:-100])
    with pytest.raises(TraceError, match="cannot be unpacked"), open_trace(bundle):
        pass


@pytest.mark.parametrize("cut", [30, 200, 1000])
def test_a_broken_zip_harms_nothing(cut: int, recorded_run: Path, tmp_path: Path) -> None:
    bundle = tmp_path / "run.zip"
    with zipfile.ZipFile(bundle, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(recorded_run / "trace.jsonl", "trace.jsonl")
    data = bytearray(bundle.read_bytes())
    data[cut : cut + 8] = b"\xff" * 8
    bundle.write_bytes(data)
    with pytest.raises(TraceError) as caught, open_trace(bundle):
        pass
    assert caught.value.problems[0].code in {"trace-zip", "trace-missing"}


def test_a_body_that_is_no_json_is_refused(recorded_run: Path) -> None:
    writer = BlobWriter(recorded_run / "blobs", 2)
    name = writer.put(b"{no json")
    writer.flush()
    writer.close()
    with open_trace(recorded_run) as trace:
        with pytest.raises(TraceError, match="not JSON"):
            trace.value(Blob(blob=name, size=8, form="json"))
        with pytest.raises(TraceError, match="no blob"):
            trace.value(Blob(blob="0" * 64, size=8))
        with pytest.raises(TraceError, match="not one"):
            trace.tree(trace.header.plan)


@pytest.mark.parametrize("name", ["..", ".", "", "a/b", "a\\b", "a\0b", "-x", "x" * 200, "ä"])
def test_no_path_is_a_run_id(name: str) -> None:
    assert not is_run_id(name)


def test_reading_a_long_trace_keeps_no_events(recorded_run: Path) -> None:
    first, second = lines(recorded_run)[:2]
    with open(recorded_run / "trace.jsonl", "wb") as stream:
        stream.write(first)
        for seq in range(2, 60_000):
            stream.write(second.replace(b'"seq":2,', f'"seq":{seq},'.encode(), 1))
    import tracemalloc

    tracemalloc.start()
    count, problem = read(recorded_run)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert (count, problem) == (59_999, None)
    assert peak < 5_000_000


def test_events_say_numbers_as_json(recorded_run: Path) -> None:
    """The file is JSON lines for any other program, named as OpenTelemetry names things."""
    plain = [json.loads(line) for line in lines(recorded_run)]
    called = [event for event in plain if event["kind"] == "tool-call"]
    assert called[0]["gen_ai.tool.name"] == "needs_packages"
    assert called[0]["gen_ai.operation.name"] == "execute_tool"


def test_a_cost_that_only_looks_like_a_number_is_not_known(tmp_path: Path) -> None:
    with zipfile.ZipFile(ROOT / "tests/graph/replay/recorded/first-try.zip") as bundle:
        bundle.extractall(tmp_path)
    file = tmp_path / "trace.jsonl"
    known = b'"cost":"0.000279575"'
    assert known in file.read_bytes()
    file.write_bytes(file.read_bytes().replace(known, '"cost":"\u00b2"'.encode()))
    with open_trace(tmp_path) as trace:
        assert summary(trace).cost is None
