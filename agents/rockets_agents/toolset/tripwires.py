"""What no edit may do, seen in its text: switch a check off, take a guard away, open access.

These catch a model that takes the short way. They prove nothing: that is what validate, build and
smoke are for, and every one of them runs after the edit.
"""

import re

from rockets_agents.errors import ToolRefusedError
from rockets_tools.files import ProjectFiles

MAY_NOT_RISE = {
    "a switched-off check": re.compile(
        r"@ts-(?:ignore|nocheck|expect-error)\b|eslint-disable|@AuthPublic\b|"
        r"\.(?:only|skip|todo)\(\s*['\"`]"
    ),
}
MAY_NOT_FALL = {
    "an access control decorator": re.compile(r"@AccessControl\w+\(|@UseGuards\("),
    "a part of the guards": re.compile(
        r"\b(?:AccessControlModule|AuthJwtModule|AuthenticationModule|APP_GUARD|APP_PIPE|acRules|"
        r"restrictCrudQuery|mayUseOwn|ownedBy|admitCaller)\b"
    ),
}
SPEC_MAY_NOT_FALL = {
    "a test": re.compile(r"\b(?:it|test)\("),
    "an expectation": re.compile(r"\b(?:assert|expect)\w*(?:\.\w+)*\("),
    "an expected refusal": re.compile(r"\b4\d\d\b"),
}
SPEC_MAY_NOT_RISE = re.compile(r"\b(?:only|skip|todo)(?:\(|\s*:\s*(?:true\b|['\"`]))")
"""`it('…', { skip: true }, …)` and `t.skip()`; a query's `skip: 20` is none of them."""
SILENT = re.compile(r"//[^\n]*|/\*.*?\*/|^import\b[^;]*;", re.DOTALL | re.MULTILINE)
"""Comments and imports: a guard that is only named there guards nothing."""


def check_marks(before: str, after: str) -> None:
    """Raise when the edit switches a check off or takes a guard away."""
    for what, marks in MAY_NOT_RISE.items():
        if len(marks.findall(after)) > len(marks.findall(before)):
            raise ToolRefusedError(f"This would add {what}. Solve the problem, do not silence it.")
    old, new = SILENT.sub("", before), SILENT.sub("", after)
    for what, marks in MAY_NOT_FALL.items():
        if len(marks.findall(new)) < len(marks.findall(old)):
            raise ToolRefusedError(f"This would take {what} away. Keep every guard in place.")


def check_spec(before: str, after: str) -> None:
    """Raise when a test would expect less than it does now."""
    old, new = SILENT.sub("", before), SILENT.sub("", after)
    if len(SPEC_MAY_NOT_RISE.findall(new)) > len(SPEC_MAY_NOT_RISE.findall(old)):
        raise ToolRefusedError("This would switch a test off. Put right what it expects.")
    for what, marks in SPEC_MAY_NOT_FALL.items():
        if len(marks.findall(new)) < len(marks.findall(old)):
            raise ToolRefusedError(f"This would take {what} out. Put right what it expects.")


def check_rules(files: ProjectFiles, path: str, before: str | None, after: str) -> None:
    """Raise when the file would break a critical rule that it keeps now."""
    from rockets_tools.validate import validate
    from rockets_tools.validate.result import Severity

    def broken(text: str) -> dict[str, list[str]]:
        result = validate(files, paths=[path], texts={path: text}, migrations=False)
        found: dict[str, list[str]] = {}
        for issue in result.issues:
            if issue.severity is Severity.CRITICAL and issue.file == path:
                found.setdefault(issue.rule, []).append(f"line {issue.line}: {issue.message}")
        return found

    known = broken(before) if before is not None else {}
    for rule, places in broken(after).items():
        if len(places) > len(known.get(rule, ())):
            raise ToolRefusedError(f"This would break the rule {rule}, {places[-1]}")
