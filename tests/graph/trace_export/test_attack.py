"""A trace is untrusted: nothing in it becomes markup, a script, a request or a hidden character."""

from pathlib import Path
from typing import Any

from playwright.sync_api import Page
from tests.graph.trace_export.conftest import Looked
from tests.graph.trace_export.recorded import Keep, record
from tests.graph.trace_export.team_run import Script, inline

from rockets_graph.trace.events import (
    AgentToolAnswered,
    AgentToolCalled,
    AnyEvent,
    Failed,
    FileChange,
    JobStarted,
    Messaged,
    Progressed,
    RunEnded,
    Said,
)
from rockets_graph.trace.reader import open_trace
from rockets_graph.trace_export.html import write_html

EVIL = (
    "</script><script>window.hacked=1</script><!--<script>"
    "<img src=x onerror=window.hacked=2><svg/onload=window.hacked=3>"
    "\"'><a href=javascript:window.hacked=4 autofocus onfocus=window.hacked=5>{{7*7}}{% raw %}"
    "</style><style>*{display:none}</style></title></textarea><iframe src=//evil.example>"
    "&lt;b&gt; \u202egnp.exe\u202c \u2066x\u2069 \u200b \u2028 \x1b[31m \ufeff"
)


def evil_run(keep: Keep) -> list[AnyEvent]:
    run = Script()
    evil = inline(EVIL)
    header = run.header(
        project=EVIL,
        versions={EVIL: EVIL},
        models={EVIL: EVIL},
        options={EVIL: EVIL},
        plan_hash=EVIL,
        plan=evil,
        waves=((EVIL, "__proto__"), ("constructor",)),
        todo=(),
    )
    node = run.node(EVIL, 0, task=EVIL)
    job = run.add(JobStarted, role=EVIL, job=EVIL, model=EVIL, parent=node)
    run.chat(
        job,
        EVIL,
        [{"type": "text", "text": EVIL}, {"type": EVIL, EVIL: EVIL}, EVIL],
        answered_by=EVIL,
        finish_reasons=(EVIL,),
        cost="Infinity",
    )
    run.chat(job, "reviewer", [], cost=EVIL)
    call = run.add(
        AgentToolCalled, role="__proto__", tool=EVIL, call_id=EVIL, arguments=inline({"path": EVIL})
    )
    run.add(
        AgentToolAnswered,
        of=call,
        role=EVIL,
        tool=EVIL,
        call_id=EVIL,
        is_error=True,
        text=evil,
        files=(FileChange(path=EVIL, after=keep(f"{EVIL}\n-{EVIL}")),),
    )
    run.add(Messaged, sender=EVIL, receiver=EVIL, about=EVIL, text=evil)
    said = Said(code=EVIL, message=EVIL, fix=EVIL, file=EVIL, line=1, pointer=EVIL)
    run.add(Failed, of=node, error=EVIL, problems=(said,))
    run.where = {}
    run.add(Progressed, shown={"kind": "note", "text": EVIL})
    row: dict[str, Any] = dict.fromkeys(("entity", "role", "operation", "granted"), EVIL)
    run.tool(header, "smoke", result=inline({"matrix": [row, EVIL, None], "details": [EVIL]}))
    report = {
        "waves": [{"status": EVIL}, EVIL],
        "failedGate": EVIL,
        "issues": [{"message": EVIL, "file": EVIL}, EVIL, None],
        "errors": EVIL,
    }
    run.add(RunEnded, of=header, outcome="failed", report=inline(report), tree="0" * 64, files=evil)
    return run.events


def test_nothing_in_a_trace_is_more_than_text(
    page: Page, tmp_path: Path, complaints: Looked
) -> None:
    file = tmp_path / "run.html"
    with open_trace(record(tmp_path / "run", evil_run)) as recorded:
        write_html(recorded, file)
    page.goto(file.as_uri())
    page.wait_for_selector("html[data-ready]")
    count = int(page.locator("html").get_attribute("data-ready") or 0)
    assert count > 8
    page.locator("#list").focus()
    for _ in range(count):
        page.evaluate(
            "document.querySelectorAll('details:not([open]) > summary').forEach((s) => s.click())"
        )
        assert "onerror=window.hacked" in page.locator("body").inner_text()
        assert page.evaluate(STRANGERS) == []
        page.keyboard.press("ArrowDown")
    assert page.evaluate("window.hacked") is None
    assert complaints == []


def test_characters_that_hide_or_turn_text_are_written_out(page: Page, tmp_path: Path) -> None:
    file = tmp_path / "run.html"
    with open_trace(record(tmp_path / "run", evil_run)) as recorded:
        write_html(recorded, file)
    hidden = "\u202e\u202c\u2066\u2069\u200b\u2028\x1b\ufeff"
    assert not set(hidden) & set(file.read_text(encoding="utf-8"))
    page.goto(file.as_uri())
    title = page.locator("h1").inner_text()
    assert "\\u202egnp.exe\\u202c" in title
    assert "\\x1b[31m" in title
    assert not set(hidden) & set(page.locator("body").inner_text())


STRANGERS = """() => [...document.querySelectorAll('*')].filter((node) =>
  node.matches('img, iframe, a[href^="javascript"], link, object, embed, base') ||
  node.localName === 'script' && !['story', ''].includes(node.id) ||
  [...node.attributes].some((attribute) => attribute.name.startsWith('on')) ||
  node.localName === 'style' && node.parentElement !== document.head
).map((node) => node.outerHTML.slice(0, 200)).concat(
  document.scripts.length === 2 ? [] : [`${document.scripts.length} scripts`])"""
