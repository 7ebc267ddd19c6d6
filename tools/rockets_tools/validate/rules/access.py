"""Rule 5: an access query service denies by default."""

import re
from collections.abc import Iterator

from tree_sitter import Node

from rockets_tools.validate.module import ClassSyntax
from rockets_tools.validate.outcomes import (
    always_true,
    answers,
    default_answer,
    rescues,
    returned,
    true_by_default,
)
from rockets_tools.validate.result import Issue, Severity
from rockets_tools.validate.rule import FileCheck, Rule
from rockets_tools.validate.shared import Shared
from rockets_tools.validate.source import ACCESS_QUERY, Source
from rockets_tools.validate.syntax import line_of, text_of, unwrap, walk

DENY_BY_DEFAULT = Rule(
    id="access-query-deny-by-default",
    number=5,
    severity=Severity.CRITICAL,
    summary="An access query service answers no unless it found a reason to answer yes.",
    help="When no condition of canAccess holds, nobody was recognised: that path must end in "
    "`return false` (or a throw, or the answer of a check). An answer of true at the end, in a "
    "default branch or in a catch opens every row to everybody who gets there.",
)

_DERIVED = re.compile(r"^export class \w+ extends ", re.MULTILINE)
_DENIES = re.compile(
    r"^  (?:async )?canAccess\(\w+: \w+\): Promise<boolean> (\{\n(?:    [^\n]*\n|\n)*?)"
    r"    return (?:false|Promise\.resolve\([\w.?]+ === [\w.]+\));\n  \}\n",
    re.MULTILINE,
)
_BRANCHES = re.compile(
    r"\b(?:case|catch|default|do|else|finally|switch|then|try)\b|\(!|^ *\{|['\"][^'\"\n]*[{}]",
    re.MULTILINE,
)
_PERSON = re.compile(r"user|subject|actor|caller", re.IGNORECASE)


def _deny_by_default(source: Source, _: Shared) -> Iterator[Issue]:
    if _plainly_denies(source):
        return
    for owner in source.module.classes:
        body = _function_body(owner, "canAccess")
        if body is not None:
            yield from _judged(source, owner, body)
        elif source.kind == ACCESS_QUERY and _is_bare(owner):
            message = f"{owner.name} has no canAccess and extends nothing that could have it."
            yield DENY_BY_DEFAULT.at(source.path, line_of(owner.node), message)


def _plainly_denies(source: Source) -> bool:
    """Told without a parse: conditions without an else, one after the other, then `return false`
    or a comparison.

    Anything that could be a default path of its own, or is laid out otherwise, is parsed.
    """
    found = _DENIES.search(source.text) if source.text.count("canAccess") == 1 else None
    return (
        found is not None
        and source.is_plain
        and found[1].count("{") == found[1].count("}") + 1
        and "\n    return " not in found[1]
        and _BRANCHES.search(source.text) is None
    )


def _is_bare(owner: ClassSyntax) -> bool:
    return owner.base is None and owner.name.endswith("AccessQueryService")


def _function_body(owner: ClassSyntax, name: str) -> Node | None:
    """The body of a method or of a property that holds a function."""
    member = owner.method(name)
    if member is None:
        return None
    if member.is_method:
        return member.node.child_by_field_name("body")
    value = member.node.child_by_field_name("value")
    return None if value is None else unwrap(value).child_by_field_name("body")


def _judged(source: Source, owner: ClassSyntax, body: Node) -> list[Issue]:
    try:
        return list(_open_paths(source, owner, body))
    except RecursionError:
        message = "canAccess is nested too deeply to be judged: write it as plain conditions."
        return [DENY_BY_DEFAULT.at(source.path, line_of(body), message)]


def _open_paths(source: Source, owner: ClassSyntax, body: Node) -> Iterator[Issue]:
    rule, path = DENY_BY_DEFAULT, source.path
    if body.type != "statement_block":
        if true_by_default(body):
            yield rule.at(path, line_of(body), "canAccess answers true by default.")
        return
    end = default_answer(body)
    if end is None or end == body:
        yield rule.at(
            path, line_of(body), "canAccess can end without an answer: end it with `return false`."
        )
    elif end.type == "return_statement" and true_by_default(returned(end)):
        yield rule.at(
            path,
            line_of(end),
            "canAccess answers true when none of its conditions holds: end it with `return false`.",
        )
    elif end.type == "return_statement":
        yield from _open_helper(source, owner, end)
    for node in walk(body, into_functions=False):
        if node.type == "if_statement" and _lets_nobody_in(node):
            yield rule.at(path, line_of(node), "canAccess answers true when there is no user.")
    for member in owner.members:
        inner = _function_body(owner, member.name)
        for answer in () if inner is None else rescues(inner):
            message = f"{member.name} answers true when something failed: answer false or throw."
            yield rule.at(path, line_of(answer), message)


def _lets_nobody_in(statement: Node) -> bool:
    """`if (!user) return true`."""
    held = statement.child_by_field_name("condition")
    condition = None if held is None else unwrap(held)
    if condition is None or condition.type != "unary_expression":
        return False
    consequence = statement.child_by_field_name("consequence")
    end = None if consequence is None else default_answer(consequence)
    return (
        text_of(condition.child_by_field_name("operator")) == "!"
        and _PERSON.search(text_of(condition)) is not None
        and end is not None
        and end.type == "return_statement"
        and always_true(returned(end))
    )


def _open_helper(source: Source, owner: ClassSyntax, end: Node) -> Iterator[Issue]:
    """The check that canAccess ends with cannot say no."""
    value = returned(end)
    call = None if value is None else unwrap(value)
    if call is None or call.type != "call_expression":
        return
    callee = text_of(call.child_by_field_name("function"))
    name = callee.removeprefix("this.")
    body = _function_body(owner, name) if callee.startswith("this.") else None
    if body is None:
        return
    given = [body] if body.type != "statement_block" else [returned(a) for a in answers(body)]
    if given and all(map(always_true, given)):
        yield DENY_BY_DEFAULT.at(
            source.path, line_of(body), f"{name} is what canAccess ends with, and always says true."
        )


def _missing(source: Source, shared: Shared) -> Iterator[Issue]:
    """A service without canAccess of its own has to inherit one."""
    if "canAccess" not in source.text and not (source.is_plain and _DERIVED.search(source.text)):
        yield from _deny_by_default(source, shared)


CHECKS = (
    FileCheck(
        rules=(DENY_BY_DEFAULT,),
        applies=lambda _kind: True,
        tokens=("canAccess",),
        check=_deny_by_default,
    ),
    FileCheck(
        rules=(DENY_BY_DEFAULT,),
        applies=lambda kind: kind == ACCESS_QUERY,
        tokens=(),
        check=_missing,
    ),
)
