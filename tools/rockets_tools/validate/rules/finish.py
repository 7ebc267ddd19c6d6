"""Modules with behaviour are finished: nothing left to do, nothing silenced, no `any`."""

import re
from collections.abc import Iterator

from tree_sitter import Node

from rockets_tools.validate.result import Issue, Severity
from rockets_tools.validate.rule import ProjectCheck, Rule
from rockets_tools.validate.shared import Shared
from rockets_tools.validate.source import Source
from rockets_tools.validate.syntax import line_of, text_of

EXPLICIT_ANY = Rule(
    id="explicit-any",
    severity=Severity.MEDIUM,
    summary="No `any` in a module with behaviour.",
    help="`any` switches the compiler off for everything it touches. Name the type, or take "
    "`unknown` and look at the value.",
)
LEFT_TO_DO = Rule(
    id="left-to-do",
    severity=Severity.MEDIUM,
    summary="Nothing in a module with behaviour is left to do later.",
    help="A TODO, or a method that only throws that it is not implemented, is a feature the plan "
    "asked for and the project has not. Write it, or say what the plan lacks for it.",
)
SILENCED = Rule(
    id="check-silenced",
    severity=Severity.MEDIUM,
    summary="No check of the compiler or the linter is switched off in a module with behaviour.",
    help="@ts-ignore, @ts-expect-error, @ts-nocheck and eslint-disable hide what they say is "
    "wrong. Correct the code they stand over.",
)

_TODO = re.compile(r"\b(?:TODO|FIXME|XXX|HACK)\b")
_SWITCH = re.compile(r"@ts-(?:ignore|expect-error|nocheck)\b|\beslint-disable")
_MISSING = re.compile(r"\bnot (?:yet )?implemented\b|\bNotImplementedException\b", re.IGNORECASE)


def _finished(shared: Shared) -> Iterator[Issue]:
    for source in shared.project.behaviour:
        text = source.text
        if not (
            "any" in text or _TODO.search(text) or _SWITCH.search(text) or _MISSING.search(text)
        ):
            continue
        yield from _judged(source)


def _judged(source: Source) -> Iterator[Issue]:
    pending: list[Node] = [source.module.root]
    while pending:
        node = pending.pop()
        pending.extend(reversed(node.children))
        line, path = line_of(node), source.path
        if node.type == "predefined_type" and text_of(node) == "any":
            yield EXPLICIT_ANY.at(path, line, "`any` is no type: name what it is.")
        elif node.type == "comment":
            said = text_of(node)
            for found in _TODO.finditer(said):
                yield LEFT_TO_DO.at(path, _at(node, found), f"{found[0]}: write it now.")
            for found in _SWITCH.finditer(said):
                yield SILENCED.at(path, _at(node, found), f"{found[0]} hides what is wrong here.")
        elif node.type == "throw_statement" and _MISSING.search(text_of(node)):
            yield LEFT_TO_DO.at(path, line, "This only says that it is not implemented: write it.")


def _at(node: Node, found: "re.Match[str]") -> int:
    """The line of a match inside a comment of several."""
    return line_of(node) + found.string.count("\n", 0, found.start())


CHECKS = (ProjectCheck(rules=(EXPLICIT_ANY, LEFT_TO_DO, SILENCED), check=_finished),)
