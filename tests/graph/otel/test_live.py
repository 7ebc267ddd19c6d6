"""Live spans: over HTTP to a real receiver, and never in the way of a run."""

import socket
import subprocess
import sys
import threading
import time

import pytest
from pydantic import JsonValue
from tests.command import ROOT, environment
from tests.graph.otel.receiver import of, receiver, values
from tests.graph.trace_export.team_run import team_run

from rockets_graph.otel import live_spans
from rockets_graph.trace.events import Body, Inline
from rockets_tools.errors import InputError


def value(body: Body) -> JsonValue:
    assert isinstance(body, Inline)
    return body.value


def fail(sentence: str) -> None:
    raise AssertionError(sentence)


def test_spans_arrive_while_the_run_goes_on_and_are_whole_at_its_end() -> None:
    events = team_run()
    half = len(events) // 2
    with receiver() as here:
        with live_spans(here.url, warn=fail) as sink:
            for event in events[:half]:
                sink(event)
            here.wait_for(5)
            assert not here.named("invoke_workflow rockets")
            for event in events[half:]:
                sink(event)
        assert here.paths == ["/v1/traces"] * len(here.paths)
        (root,) = here.named("invoke_workflow rockets")
        assert of(root)["rockets.outcome"] == "failed"
        assert root.status.message == "failed"
        assert not root.parent_span_id
        ids = {span.span_id for span in here.spans}
        assert all(span.parent_span_id in ids for span in here.spans if span is not root)
        assert {span.trace_id for span in here.spans} == {root.trace_id}
        chat = here.named("chat claude-haiku-4-5")[0]
        assert chat.kind == chat.SPAN_KIND_CLIENT
        assert of(chat)["gen_ai.usage.input_tokens"] == 1200
        assert here.resources[0]["service.name"] == "rockets-team"
        agent = here.named("invoke_agent reviewer")[0]
        assert [event.name for event in agent.events] == [
            "rockets.answer-rejected",
            "rockets.message",
        ]
        assert values(agent.events[1].attributes)["rockets.receiver"] == "generator"
        assert "Deny" not in str(here.spans)


def test_the_environment_names_the_receiver_its_headers_and_the_service(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with receiver() as here:
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", here.url)
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_HEADERS", "x-team=shop")
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_COMPRESSION", "gzip")
        monkeypatch.setenv("OTEL_SERVICE_NAME", "nightly")
        with live_spans(warn=fail, read=value) as sink:
            for event in team_run():
                sink(event)
        assert here.headers[0]["x-team"] == "shop"
        assert here.resources[0]["service.name"] == "nightly"
        assert "Deny by default" in str(here.spans)


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("OTEL_EXPORTER_OTLP_ENDPOINT", "nowhere", "otlp-endpoint"),
        ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "ftp://here", "otlp-endpoint"),
        ("OTEL_ATTRIBUTE_COUNT_LIMIT", "many", "otel-settings"),
    ],
)
def test_a_setting_of_the_environment_that_is_none_is_said(
    name: str, value: str, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(InputError) as caught, live_spans(warn=fail):
        pass
    (problem,) = caught.value.problems
    assert problem.code == code
    assert name in problem.message


def test_a_path_in_the_endpoint_is_kept() -> None:
    with receiver() as here:
        with live_spans(f"{here.url}/api/otel", warn=fail) as sink:
            sink(team_run()[0])
        assert here.paths == ["/api/otel"]


def test_a_receiver_that_is_not_there_costs_one_sentence_and_no_time() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    told: list[str] = []
    begun = time.monotonic()
    with live_spans(f"http://me:secret@127.0.0.1:{port}", warn=told.append) as sink:
        for _ in range(50):
            for event in team_run():
                sink(event)
        fed = time.monotonic() - begun
    assert fed < 3
    assert time.monotonic() - begun < fed + 4
    assert len(told) == 1
    assert f"127.0.0.1:{port}/v1/traces" in told[0]
    assert "secret" not in told[0]


def test_a_receiver_that_hangs_does_not_hold_the_end_of_the_run() -> None:
    told: list[str] = []
    with receiver() as here:
        here.let_go.clear()
        begun = time.monotonic()
        with live_spans(here.url, warn=told.append) as sink:
            for event in team_run():
                sink(event)
        assert time.monotonic() - begun < 5
    assert len(told) == 1


HANGS = """
import threading
from tests.graph.trace_export.team_run import team_run
from rockets_graph.otel import live_spans

with live_spans("http://127.0.0.1:{port}", warn=print) as sink:
    for event in team_run():
        sink(event)
for thread in threading.enumerate():
    if thread is not threading.current_thread():
        thread.join(10)
"""


def test_what_is_given_up_after_the_run_is_quiet_too() -> None:
    """By threads that outlive it; nobody but a process of its own shows what is logged there."""
    with socket.socket() as hangs:
        hangs.bind(("127.0.0.1", 0))
        hangs.listen()
        done = subprocess.run(
            [sys.executable, "-c", HANGS.format(port=hangs.getsockname()[1])],
            env=environment(OTEL_EXPORTER_OTLP_TIMEOUT="3", PYTHONPATH=str(ROOT)),
            capture_output=True,
            encoding="utf-8",
            check=True,
        )
    assert done.stdout.count("did not take the last spans in time") == 1
    assert done.stderr == ""


def test_a_receiver_that_refuses_is_told_once(capfd: pytest.CaptureFixture[str]) -> None:
    told: list[str] = []
    with receiver() as here:
        here.status = 400
        with live_spans(here.url, warn=told.append) as sink:
            for event in team_run()[:6]:
                sink(event)
            time.sleep(1.5)
            for event in team_run()[6:]:
                sink(event)
    assert len(told) == 1
    assert capfd.readouterr() == ("", "")


def test_events_may_come_from_many_threads() -> None:
    events = team_run()
    with receiver() as here:
        with live_spans(here.url, warn=fail) as sink:
            sink(events[0])

            def feed(part: int) -> None:
                for event in events[1 + part :: 4]:
                    sink(event)

            threads = [threading.Thread(target=feed, args=(part,)) for part in range(4)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
        assert here.named("invoke_workflow rockets")


@pytest.mark.parametrize(
    "endpoint", ["", "collector:4318", "ftp://host", "http://", "http://host:port", "spans.jsonl"]
)
def test_an_endpoint_that_is_no_url_is_refused_before_the_run(endpoint: str) -> None:
    with pytest.raises(InputError) as error, live_spans(endpoint, warn=fail):
        pass
    assert error.value.problems[0].code == "otlp-endpoint"
