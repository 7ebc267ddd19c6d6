"""What the page tells, without a browser."""

import json
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from pydantic import JsonValue
from tests.graph.trace_export.recorded import Keep, record, team_trace
from tests.graph.trace_export.team_run import Script, inline, team_run

from rockets_graph.trace.events import AnyEvent, Blob, FileChange, RunEnded, ToolCalled
from rockets_graph.trace.reader import open_trace
from rockets_graph.trace_export.html.story import Story
from rockets_graph.trace_export.html.tell import tell
from rockets_graph.trace_export.html.texts import LEFT_OUT, Texts
from rockets_graph.trace_export.html.visible import island, visible


def told(folder: Path, make: Callable[[Keep], Sequence[AnyEvent]]) -> Story:
    with open_trace(record(folder / "run", make)) as trace:
        return tell(trace)


def test_a_killed_run_is_unfinished_and_what_was_open_is_bad(tmp_path: Path) -> None:
    events = team_run()
    story = told(tmp_path, lambda _: events[:13])
    assert story.outcome == "unfinished"
    open_rows = [row for row in story.happenings if row.bad]
    assert [(row.kind, row.node) for row in open_rows] == [
        ("node", "reviewer"),
        ("agent", "reviewer"),
    ]
    assert all(row.took is not None for row in open_rows)


def test_a_trace_that_was_cut_in_a_line_says_so(tmp_path: Path) -> None:
    folder = team_trace(tmp_path / "run")
    text = (folder / "trace.jsonl").read_bytes()
    (folder / "trace.jsonl").write_bytes(text[: len(text) // 2])
    with open_trace(folder) as trace:
        story = tell(trace)
    assert "cut off" in story.facts[-1]


def test_the_pause_before_a_resume_takes_no_place(tmp_path: Path) -> None:
    def make(_: Keep) -> Sequence[AnyEvent]:
        run = Script()
        run.header()
        run.node("integrate", 0)
        run.now += 86_400
        run.where = {}
        second = run.header(attempt=2)
        run.add(
            RunEnded,
            of=second,
            outcome="completed",
            report=inline({}),
            tree="0" * 64,
            files=inline({}),
        )
        return run.events

    story = told(tmp_path, make)
    assert story.outcome == "completed"
    assert "2 attempts, pauses left out" in story.facts
    assert max(row.at for row in story.happenings) < 5_000
    assert [row.title for row in story.happenings if row.bad] == ["integrate"]


def test_what_was_mended_is_no_failure(tmp_path: Path) -> None:
    events = team_run()
    ended = events[-1].model_copy(update={"outcome": "completed"})
    assert told(tmp_path, lambda _: [*events[:-1], ended]).failures == []


def test_a_body_that_is_missing_is_said_in_its_place(tmp_path: Path) -> None:
    def make(_: Keep) -> Sequence[AnyEvent]:
        run = Script()
        run.header(plan=Blob(blob="a" * 64, size=3))
        run.add(ToolCalled, tool="x", arguments=Blob(blob="b" * 64, size=3), key="0" * 64)
        return run.events

    story = told(tmp_path, make)
    assert any("has no blob bbbb" in text for text in story.texts)


def test_a_later_request_of_a_job_shows_only_what_is_new(tmp_path: Path) -> None:
    def make(_: Keep) -> Sequence[AnyEvent]:
        run = Script()
        run.header()
        node = run.node("reviewer", 0)
        first = {"role": "user", "content": [{"type": "text", "text": "Look.", "cache": "5m"}]}
        again = {"role": "user", "content": [{"type": "text", "text": "Look."}]}
        more = {"role": "user", "content": [{"type": "text", "text": "And now?"}]}
        run.ask(node, "reviewer", first)
        run.ask(node, "reviewer", again, more)
        return run.events

    story = told(tmp_path, make)
    texts = [story.texts[block.text] for block in story.happenings[-1].blocks if block.text]
    assert texts == ["And now?"]


def test_generated_files_are_named_where_their_text_is_not_recorded(tmp_path: Path) -> None:
    def make(_: Keep) -> Sequence[AnyEvent]:
        run = Script()
        header = run.header()
        files = tuple(FileChange(path=f"src/{n}.ts", after="c" * 64) for n in range(3))
        run.tool(header, "integrate", files=files)
        return run.events

    story = told(tmp_path, make)
    (block,) = [b for b in story.happenings[-1].blocks if b.heading.startswith("3 files")]
    assert block.text is not None
    assert "new     src/1.ts" in story.texts[block.text]


def test_texts_are_kept_once_and_not_without_end() -> None:
    texts = Texts()
    assert texts.add("a") == texts.add("a") == 0
    long = texts.all[texts.add("x" * 300_000)]
    assert long.endswith("(100,000 more characters are in the trace.)")
    numbers = [texts.add(str(n) + "y" * 199_000) for n in range(300)]
    assert texts.all[numbers[-1]] == LEFT_OUT
    assert sum(map(len, texts.all)) < 41_000_000


def test_comparing_files_has_an_end(tmp_path: Path) -> None:
    """A hostile trace may have thousands of them, each as slow to compare as it gets."""

    def make(keep: Keep) -> Sequence[AnyEvent]:
        run = Script()
        header = run.header()
        files = [FileChange(path="long", before=keep("a\n" * 5_000), after=keep("b\n" * 5_000))]
        for n in range(40):
            text = "\n".join(map(str, range(1_500)))
            files.append(FileChange(path=f"{n}", before=keep(f"{n} {text}"), after=keep(text)))
        run.tool(header, "write", files=tuple(files))
        return run.events

    story = told(tmp_path, make)
    texts = {
        block.heading: story.texts[block.text].startswith("@@ too long to compare")
        for block in story.happenings[-1].blocks
        if block.diff and block.text is not None
    }
    assert texts["long, changed"]
    assert not texts["0, changed"]
    assert not texts["32, changed"]
    assert texts["39, changed"]


@pytest.mark.parametrize("text", ["plain\ttext\n", "Grüße, 日本語, →", "a\u00a0b"])
def test_text_that_is_seen_stays(text: str) -> None:
    assert visible(text) == text


def test_a_number_that_json_has_not_is_a_text_on_the_page() -> None:
    assert island([float("nan"), float("-inf"), 1.5]) == '["nan","-inf",1.5]'


def test_the_island_is_json_that_html_does_not_read() -> None:
    value: dict[str, JsonValue] = {"</script>": ["<!--", "&amp;", "\u2028", 1, None, True]}
    text = island(value)
    assert not set("<>&\u2028") & set(text)
    assert json.loads(text) == {"</script>": ["<!--", "&amp;", "\\u2028", 1, None, True]}
