"""Structured output: asked for by schema, checked on arrival, told to the model when wrong."""

import json
from typing import Literal

import pytest
from pydantic import BaseModel, Field
from tests.agents.conftest import Client, a_request
from tests.agents.messages_replies import Reply, say, say_json, use
from tests.agents.messages_server import MessagesServer

from rockets_agents.model import ModelOutputError, StopReason
from rockets_agents.testing import answer


class Finding(BaseModel):
    rule: int = Field(ge=1, le=9)
    severity: Literal["critical", "high", "medium"]
    file: str


class Findings(BaseModel):
    findings: list[Finding]


GOOD = {"findings": [{"rule": 6, "severity": "high", "file": "src/a.ts"}]}


def test_the_schema_is_sent_and_the_answer_read(client: Client, server: MessagesServer) -> None:
    server.on(say_json(GOOD))
    response = client.ask(a_request(output_schema=Findings.model_json_schema()))
    assert response.parse(Findings).findings[0].rule == 6
    form = server.calls[0].body["output_config"]["format"]
    assert form["type"] == "json_schema"
    finding = form["schema"]["$defs"]["Finding"]
    assert finding["additionalProperties"] is False
    assert "minimum" not in finding["properties"]["rule"]
    assert "minimum: 1" in finding["properties"]["rule"]["description"]


def test_one_fence_around_the_whole_answer_is_taken_off() -> None:
    fenced = f"```json\n{json.dumps(GOOD)}\n```\n"
    assert answer(fenced).parse(Findings).findings[0].rule == 6
    with pytest.raises(ModelOutputError):
        answer(f"Here:\n{fenced}").parse(Findings)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "Invalid JSON"),
        ("Sure! Here are the findings:", "Invalid JSON"),
        ('{"findings": [', "Invalid JSON"),
        ('{"findings": [{"rule": 12, "severity": "high", "file": "a"}]}', "findings.0.rule"),
        ('{"findings": [{"rule": 1, "severity": "dire", "file": "a"}]}', "findings.0.severity"),
        ("[]", "whole answer"),
    ],
)
def test_an_answer_off_the_schema_says_so_to_the_model(
    client: Client, server: MessagesServer, text: str, told: str
) -> None:
    server.on(say(text) if text else Reply())
    with pytest.raises(ModelOutputError) as caught:
        client.ask(a_request(output_schema=Findings.model_json_schema())).parse(Findings)
    assert told in caught.value.feedback
    assert "Answer again" in caught.value.feedback
    assert caught.value.answer == text


@pytest.mark.parametrize(
    "reason", ["max_tokens", "refusal", "pause_turn", "model_context_window_exceeded"]
)
def test_an_answer_that_stopped_early_is_not_read(reason: StopReason) -> None:
    with pytest.raises(ModelOutputError) as caught:
        answer('{"findings": []}', stop_reason=reason).parse(Findings)
    assert caught.value.stop_reason == reason
    assert "schema" not in caught.value.feedback


def test_a_tool_call_in_place_of_an_answer(client: Client, server: MessagesServer) -> None:
    server.on(use("read_file", {}))
    with pytest.raises(ModelOutputError, match="final answer"):
        client.ask().parse(Findings)


def test_feedback_stays_short_however_wrong_the_answer_is() -> None:
    wrong = answer('{"findings": [' + ",".join(["{}"] * 200) + "]}")
    with pytest.raises(ModelOutputError) as caught:
        wrong.parse(Findings)
    assert "and 590 more" in caught.value.feedback
    assert len(caught.value.feedback) < 1000


def test_a_stop_reason_nobody_knew_is_not_an_error(client: Client, server: MessagesServer) -> None:
    server.on(Reply(content=({"type": "text", "text": "{}"},), stop_reason="brand_new"))
    response = client.ask()
    assert response.stop_reason == "other"
    assert response.message is not None


def test_an_empty_answer_is_not_appended(client: Client, server: MessagesServer) -> None:
    server.on(Reply(content=({"type": "text", "text": ""},)))
    assert client.ask().message is None
