"""Spans of a recorded run: to a real receiver, and as an OTLP/JSON file."""

import base64
import json
import socket
from pathlib import Path
from typing import Any

import pytest
from google.protobuf.json_format import ParseDict
from opentelemetry.proto.trace.v1.trace_pb2 import TracesData
from tests.graph.otel.receiver import of, receiver
from tests.graph.trace_export.recorded import large_trace

from rockets_graph.trace.reader import open_trace
from rockets_graph.trace_export.otlp import send_spans, write_spans
from rockets_tools.errors import MachineError


def written(trace: Path, target: Path, *, content: bool = False) -> list[Any]:
    """The spans of the file, in its order."""
    with open_trace(trace) as recorded:
        count = write_spans(recorded, target, content=content)
    spans: list[Any] = []
    for line in target.read_text(encoding="utf-8").splitlines():
        for resource in json.loads(line)["resourceSpans"]:
            for scope in resource["scopeSpans"]:
                spans += scope["spans"]
    assert len(spans) == count
    return spans


def test_a_receiver_gets_what_the_file_has(trace: Path, tmp_path: Path) -> None:
    spans = written(trace, tmp_path / "spans.jsonl")
    with receiver() as here:
        with open_trace(trace) as recorded:
            assert send_spans(recorded, here.url, content=False) == len(spans) == len(here.spans)
        for span, sent in zip(spans, here.spans, strict=True):
            assert span["name"] == sent.name
            assert span["traceId"] == sent.trace_id.hex()
            assert span["spanId"] == sent.span_id.hex()
            assert int(span["startTimeUnixNano"]) == sent.start_time_unix_nano
            assert span.get("status", {}).get("code", 0) == sent.status.code
        chat = here.named("chat claude-haiku-4-5")[0]
        assert of(chat)["gen_ai.request.model"] == "claude-haiku-4-5"


def test_the_file_is_otlp_json_and_the_same_each_time(trace: Path, tmp_path: Path) -> None:
    written(trace, tmp_path / "one.jsonl")
    written(trace, tmp_path / "two.jsonl")
    assert (tmp_path / "one.jsonl").read_bytes() == (tmp_path / "two.jsonl").read_bytes()
    for line in (tmp_path / "one.jsonl").read_text().splitlines():
        document = json.loads(line)
        for scope in document["resourceSpans"][0]["scopeSpans"]:
            for span in scope["spans"]:
                for name in ("traceId", "spanId", "parentSpanId"):
                    if name in span:
                        span[name] = base64.b64encode(bytes.fromhex(span[name])).decode()
        ParseDict(document, TracesData())


def test_what_was_said_is_there_only_on_request(trace: Path, tmp_path: Path) -> None:
    written(trace, tmp_path / "quiet.jsonl")
    written(trace, tmp_path / "loud.jsonl", content=True)
    for text in ("Review wave 1.", "Deny by default", "findings"):
        assert text not in (tmp_path / "quiet.jsonl").read_text()
        assert text in (tmp_path / "loud.jsonl").read_text()


def test_a_large_run_goes_in_several_requests(tmp_path: Path) -> None:
    with receiver() as here:
        with open_trace(large_trace(tmp_path / "run")) as recorded:
            assert send_spans(recorded, here.url, content=False) == 3211
        assert len(here.spans) == 3211
        assert len(here.paths) == 13


def test_a_receiver_that_is_not_there_is_the_machines_fault(
    trace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_TIMEOUT", "1")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with open_trace(trace) as recorded, pytest.raises(MachineError) as error:
        send_spans(recorded, f"http://me:hush@127.0.0.1:{port}", content=False)
    assert "hush" not in error.value.problems[0].message
