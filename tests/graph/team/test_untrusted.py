"""What `.rockets/` of a cloned project says is no ground to spend money or to lose files on."""

import json
from pathlib import Path

import pytest
from tests.agents.messages_replies import error
from tests.agents.messages_server import MessagesServer
from tests.graph.team.conftest import CLEAN, TeamProject, answers

from rockets_graph.crew.mailbox import MOST_TEXT, Mailbox
from rockets_graph.events import silent
from rockets_tools.files import ProjectFiles


@pytest.mark.parametrize(
    "spent",
    [
        {"unsettledTokens": -1_000_000_000},
        {"unsettled_tokens": -1_000_000_000},
        {"known_cost": "-100"},
        {"usage": {"input_tokens": -5}},
    ],
)
def test_a_forged_budget_buys_nothing(
    spent: dict[str, object], team: TeamProject, server: MessagesServer
) -> None:
    server.on(answers(CLEAN), role="reviewer", task="review:wave-1:part-1")
    server.on(error(401), role="reviewer")
    assert team.run_team().exit_code == 3
    state = team.state()
    state["budget"] = {"spent": {"reviewer": spent}, "open": [], "next_number": 1}
    (team.root / ".rockets/state.json").write_text(json.dumps(state), encoding="utf-8")
    report = team.run_team(resume=True, max_tokens=100)
    assert [problem.code for problem in report.errors] == ["budget-spent"]
    assert any("not counted" in note for note in team.notes())
    assert len(server.calls) == 2


def test_a_log_of_messages_that_is_torn_or_foreign(tmp_path: Path) -> None:
    files = ProjectFiles(tmp_path)
    path = ".rockets/runs/one/messages.jsonl"
    first = Mailbox(files, "one", silent)
    first.tell("reviewer", "generator", "note", task="a", text="line one\u2028line two")
    line = files.read(path) or ""
    long = line.replace("line one", "x" * 1_000_000)
    files.write(path, f'{line}{long}[1]\nnull\n{{"at": 1}}\n{line[:40]}')
    second = Mailbox(files, "one", silent)
    second.tell("reviewer", "generator", "note", task="a", text="after the kill")
    (tmp_path / path).write_bytes((tmp_path / path).read_bytes() + b"\xff\xfe")
    notes = [note.text for note in Mailbox(files, "one", silent).take("generator")]
    assert [len(note) for note in notes] == [17, MOST_TEXT, 14]
    assert notes[0] == "line one\u2028line two"
    assert notes[2] == "after the kill"
