from collections.abc import Callable
from typing import Any

from rockets_tools.validate import Issue, Severity, ValidateResult, sarif
from rockets_tools.validate.catalog import RULES

Check = Callable[..., ValidateResult]


def run(result: ValidateResult) -> dict[str, Any]:
    log: dict[str, Any] = sarif(result)
    assert log["version"] == "2.1.0"
    assert log["$schema"].endswith("sarif-schema-2.1.0.json")
    (only,) = log["runs"]
    document: dict[str, Any] = only
    return document


def test_every_rule_is_described_once(check: Check) -> None:
    rules = run(check({}))["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == [rule.id for rule in RULES]
    for rule in rules:
        assert rule["shortDescription"]["text"]
        assert rule["help"]["text"]
        assert rule["defaultConfiguration"]["level"] in {"error", "warning"}


def test_a_result_points_at_its_rule_and_its_line(check: Check) -> None:
    path = "src/modules/product/a b.ts"
    document = run(check({path: "\nimport { A } from 'x/dist/a';\n"}))
    (result,) = document["results"]
    assert result["ruleId"] == "dist-import"
    assert document["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == "dist-import"
    assert result["level"] == "error"
    (location,) = result["locations"]
    physical = location["physicalLocation"]
    assert physical["artifactLocation"] == {
        "uri": "src/modules/product/a%20b.ts",
        "uriBaseId": "PROJECTROOT",
    }
    assert physical["region"] == {"startLine": 2}
    assert physical["artifactLocation"]["uriBaseId"] in document["originalUriBaseIds"]


def test_levels_and_rules_of_other_programs() -> None:
    issues = [
        Issue(severity=severity, rule=f"their-{severity}", message="m", file="a.ts", line=0)
        for severity in Severity
    ]
    document = run(ValidateResult.of(issues))
    levels = {result["ruleId"]: result["level"] for result in document["results"]}
    assert levels == {
        "their-critical": "error",
        "their-high": "error",
        "their-medium": "error",
        "their-warning": "warning",
    }
    ids = [rule["id"] for rule in document["tool"]["driver"]["rules"]]
    assert all(ids[result["ruleIndex"]] == result["ruleId"] for result in document["results"])
    assert all(
        result["locations"][0]["physicalLocation"]["region"]["startLine"] >= 1
        for result in document["results"]
    )
