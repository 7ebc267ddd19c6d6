"""What is reported of a failure, and what is not."""

import json
from xml.etree import ElementTree

from tests.tools.smoke.fake_app import SIGNING, FakeApp, Served
from tests.tools.smoke.plans import shop

from rockets_tools.smoke import junit_xml, matrix, table
from rockets_tools.smoke.client import Client
from rockets_tools.smoke.model import Cell
from rockets_tools.smoke.redact import redacted
from rockets_tools.smoke.result import SmokeResult
from rockets_tools.smoke.run import prove


def result_of(*holes: str) -> SmokeResult:
    app = FakeApp(shop(), frozenset(holes))
    with Served(app) as served:
        client = Client("127.0.0.1", served.port, tokens=app.tokens(), secret=SIGNING)
        cells = prove(app.plan, app.people, client, app, lambda *_: None)
        client.close()
    return SmokeResult(cells=tuple(cells), seconds=1.25)


def test_summary_counts_everything_once() -> None:
    result = result_of("foreign read")
    summary = result.summary()
    assert summary["cells"] + summary["attacks"] == len(result.cells)
    assert summary["passed"] + summary["failed"] == len(result.cells)
    assert summary["failed"] == len(result.failures) > 0
    assert not result.passed


def test_json_has_the_reason_and_the_exchange_of_a_failure_only() -> None:
    value = json.loads(json.dumps(result_of("foreign read").as_json()))
    failed = [cell for cell in value["cells"] if not cell["passed"]]
    places = {(c["entity"], c["operation"], c["ownership"]): c for c in failed}
    cell = places["Product", "readOne", "other"]
    assert cell["expected"] == "403"
    assert cell["got"].startswith("200")
    assert cell["reasons"] == ["answered 200, not 403"]
    assert cell["exchange"]["status"] == 200
    assert cell["exchange"]["method"] == "GET"
    assert cell["request"].startswith("GET /products/")
    assert all("exchange" not in c and "reasons" not in c for c in value["cells"] if c["passed"])
    assert value["passed"] is False


def test_matrix_and_table_say_what_was_proven() -> None:
    result = result_of("foreign read")
    rows = {(r["entity"], r["role"], r["operation"]): r for r in matrix(result)}
    assert rows["Product", "user", "readOne"]["granted"] == "own"
    assert rows["Product", "user", "readOne"]["passed"] is False
    assert rows["Product", "admin", "readOne"]["granted"] == "any"
    assert rows["Category", "user", "deleteOne"]["granted"] == "none"
    assert rows["Vault", "user", "deleteOne"]["granted"] == "absent"
    head, lines = table(result)
    line = dict(zip(head, next(x for x in lines if x[:2] == ("Product", "user")), strict=True))
    assert line["readOne"] == "FAILED own"
    assert line["deleteOne"] == "own"


def test_junit_has_a_suite_per_entity_and_the_failure_with_its_request() -> None:
    report = ElementTree.fromstring(junit_xml(result_of("foreign read")))  # noqa: S314
    suites = {suite.get("name"): suite for suite in report.iter("testsuite")}
    assert {"(application)", "Product", "Review"} <= suites.keys()
    failure = next(suites["Product"].iter("failure"))
    assert "answered 200, not 403" in (failure.get("message") or "")
    assert "GET /products/" in (failure.text or "")
    passed = next(suites["Vault"].iter("testcase"))
    assert passed.find("failure") is None


def test_junit_survives_characters_xml_cannot_hold() -> None:
    cell = Cell(
        entity="A",
        role="b\0",
        operation="readOne",
        ownership="any",
        kind="attack",
        title="odd \x01 \ud800",
        expected="400",
        got="200",
        passed=False,
        request="GET /a",
        reasons=("\x02",),
    )
    ElementTree.fromstring(junit_xml(SmokeResult(cells=(cell,), seconds=0)))  # noqa: S314


def test_nothing_secret_is_shown() -> None:
    example = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl"
    text = json.dumps(
        {"password": "geheim", "deep": [{"accessToken": example, "note": f"see {example}"}]}
    )
    shown = redacted(text) or ""
    assert "geheim" not in shown
    assert "eyJ" not in shown
    assert "see ***" in shown
    assert redacted("not json " + example) == "not json ***"
    assert len(redacted("x" * 10_000) or "") < 2100
    assert redacted("") is None


def test_no_failure_of_a_run_shows_a_token_or_a_password() -> None:
    text = json.dumps(result_of("password answered", "expired token").as_json())
    assert "eyJ" not in text
    assert "$2b$10$x" not in text
