"""A validation's result as SARIF 2.1.0, for code scanning and editors."""

from urllib.parse import quote

from rockets_tools.validate.catalog import RULES
from rockets_tools.validate.result import Issue, Severity, ValidateResult
from rockets_tools.validate.rule import Rule

SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
_ROOT = "PROJECTROOT"
_RANK = {
    Severity.CRITICAL: 100.0,
    Severity.HIGH: 75.0,
    Severity.MEDIUM: 50.0,
    Severity.WARNING: 10.0,
}


def sarif(result: ValidateResult) -> dict[str, object]:
    """The SARIF log, one run; rules of other programs appear with their id only."""
    known = {rule.id: rule for rule in RULES}
    foreign = sorted({issue.rule for issue in result.issues} - known.keys())
    ids = [*known, *foreign]
    index = {rule_id: position for position, rule_id in enumerate(ids)}
    return {
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": "rockets validate",
                        "rules": [_descriptor(known.get(rule_id), rule_id) for rule_id in ids],
                    }
                },
                "originalUriBaseIds": {
                    _ROOT: {"description": {"text": "The root of the Rockets project."}}
                },
                "columnKind": "unicodeCodePoints",
                "results": [_result(issue, index[issue.rule]) for issue in result.issues],
            }
        ],
    }


def _descriptor(rule: Rule | None, rule_id: str) -> dict[str, object]:
    if rule is None:
        return {"id": rule_id}
    properties: dict[str, object] = {"severity": rule.severity.value}
    if rule.number is not None:
        properties["engineeringRule"] = rule.number
    return {
        "id": rule.id,
        "name": "".join(part.capitalize() for part in rule.id.split("-")),
        "shortDescription": {"text": rule.summary},
        "fullDescription": {"text": rule.summary},
        "help": {"text": rule.help},
        "defaultConfiguration": {"level": _level(rule.severity), "rank": _RANK[rule.severity]},
        "properties": properties,
    }


def _result(issue: Issue, rule_index: int) -> dict[str, object]:
    return {
        "ruleId": issue.rule,
        "ruleIndex": rule_index,
        "level": _level(issue.severity),
        "rank": _RANK[issue.severity],
        "message": {"text": issue.message},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": _uri(issue.file), "uriBaseId": _ROOT},
                    "region": {"startLine": max(issue.line, 1)},
                }
            }
        ],
        "properties": {"severity": issue.severity.value},
    }


def _level(severity: Severity) -> str:
    return "error" if severity.fails else "warning"


def _uri(path: str) -> str:
    return quote(path)
