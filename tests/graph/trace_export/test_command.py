"""`rockets trace export` and `--otel`, as a person meets them."""

import json
import zipfile
from pathlib import Path

from tests.command import environment, fresh_project, rockets, snapshot, write_plan
from tests.graph.otel.receiver import of, receiver


def test_exports_what_is_asked_for(trace: Path, tmp_path: Path) -> None:
    with receiver() as here:
        answer = rockets(
            "trace",
            "export",
            trace,
            "--html",
            tmp_path / "run.html",
            "--zip",
            tmp_path / "run.zip",
            "--otlp",
            here.url,
        )
        assert len(here.spans) == answer.json["otlp"]["spans"]
    assert answer.code == 0
    assert answer.json["success"] is True
    assert answer.json["problem"] is None
    assert answer.json["html"] == {"file": str(tmp_path / "run.html"), "events": 27}
    assert answer.json["zip"]["leftOut"] == 0
    assert zipfile.is_zipfile(tmp_path / "run.zip")
    again = rockets("trace", "export", tmp_path / "run.zip", "--otlp", tmp_path / "spans.jsonl")
    assert again.json["otlp"]["spans"] == answer.json["otlp"]["spans"]
    assert "Review wave 1." not in (tmp_path / "spans.jsonl").read_text()
    rockets("trace", "export", trace, "--otlp", tmp_path / "said.jsonl", "--content")
    assert "Review wave 1." in (tmp_path / "said.jsonl").read_text()


def test_wrong_input_writes_nothing(trace: Path, tmp_path: Path) -> None:
    before = snapshot(tmp_path)
    for words, code in (
        ((trace,), "usage"),
        ((tmp_path / "nothing", "--html", tmp_path / "run.html"), "trace-unknown"),
        ((trace, "--otlp", "ftp://host"), "otlp-endpoint"),
    ):
        answer = rockets("trace", "export", *words)
        assert answer.code == 2, words
        assert answer.errors[0]["code"] == code
    assert snapshot(tmp_path) == before


def test_what_the_machine_refuses_is_exit_three(trace: Path, tmp_path: Path) -> None:
    answer = rockets("trace", "export", trace, "--html", tmp_path / "missing" / "run.html")
    assert answer.code == 3
    assert answer.errors[0]["code"] == "disk"


def test_a_receiver_without_its_scheme_is_no_file(trace: Path, tmp_path: Path) -> None:
    answer = rockets("trace", "export", trace, "--otlp", "localhost:4318", cwd=tmp_path)
    assert answer.code == 2
    assert "http://localhost:4318" in answer.err
    assert not list(tmp_path.glob("localhost*"))


def test_a_real_run_is_exported_and_its_spans_are_sent_while_it_runs(tmp_path: Path) -> None:
    project = fresh_project(tmp_path / "shop")
    plan = write_plan(tmp_path / "plan.json", {"entityName": "Product"}, {"entityName": "Order"})
    words = ("--project", project, "--spec", plan, "--sequential", "--skip-build")
    with receiver() as here:
        run = rockets("orchestrate", *words, "--otel-endpoint", here.url)
        assert run.code == 0, run.err
        (root,) = here.named("invoke_workflow rockets")
        assert of(root)["rockets.outcome"] == "completed"
        live = {(span.name, span.span_id) for span in here.spans}
        names = {name for name, _ in live}
        assert {"generate", "validate", "execute_tool validate"} <= names
    exported = rockets(
        "trace", "export", "last", "--project", project, "--otlp", tmp_path / "spans.jsonl"
    )
    assert exported.code == 0
    recorded = {
        (span["name"], bytes.fromhex(span["spanId"]))
        for line in (tmp_path / "spans.jsonl").read_text().splitlines()
        for scope in json.loads(line)["resourceSpans"][0]["scopeSpans"]
        for span in scope["spans"]
    }
    assert recorded == live
    page = rockets("trace", "export", "last", "--project", project, "--html", tmp_path / "r.html")
    assert page.code == 0


def test_a_run_goes_on_without_a_receiver(tmp_path: Path) -> None:
    project = fresh_project(tmp_path / "shop")
    plan = write_plan(tmp_path / "plan.json", {"entityName": "Product"})
    words = ("--project", project, "--spec", plan, "--sequential", "--skip-build")
    run = rockets(
        *("orchestrate", *words, "--otel"),
        env=environment(OTEL_EXPORTER_OTLP_ENDPOINT="http://127.0.0.1:9"),
    )
    assert run.code == 0
    assert run.err.count("No OpenTelemetry spans") == 1
    assert "opentelemetry" not in run.err
    for wrong in ("ftp://host", ""):
        assert rockets("orchestrate", *words, "--otel-endpoint", wrong).code == 2
    swallowed = rockets("orchestrate", "--otel", *words, "--dry-run")
    assert (swallowed.code, swallowed.json["status"]) == (0, "planned")
    nowhere = rockets(
        *("orchestrate", *words, "--otel"), env=environment(OTEL_EXPORTER_OTLP_ENDPOINT="nowhere")
    )
    assert (nowhere.code, nowhere.errors[0]["code"]) == (2, "otlp-endpoint")
