"""Rules 7, 8 and 9: state machines, workflows and notifications.

A file's name or a class's name says what it is: `order-state-machine.service.ts`,
`OrderWorkflowService`, … Only such classes, and for rule 7 their neighbours, are judged.
"""

import re
from collections.abc import Iterator
from functools import partial

from tree_sitter import Node

from rockets_tools.validate.calls import Kind, events
from rockets_tools.validate.module import ClassSyntax, Member
from rockets_tools.validate.result import Issue, Severity
from rockets_tools.validate.rule import FileCheck, Rule
from rockets_tools.validate.rules.placement import OPENERS, repository_uses
from rockets_tools.validate.shared import Shared
from rockets_tools.validate.source import (
    NOTIFICATION,
    OTHER,
    STATE_MACHINE,
    WORKFLOW,
    Source,
    kind_of,
)
from rockets_tools.validate.syntax import arguments, line_of, properties, text_of, unwrap, walk

DIRECT_STATUS = Rule(
    id="state-machine-direct-status",
    number=7,
    severity=Severity.MEDIUM,
    summary="A status changes only through the transition map of its state machine.",
    help="A status written without asking the map can leave a row in a state it may not reach. "
    "Look the transition up first, and let other services call the state machine.",
)
WORKFLOW_MODEL = Rule(
    id="workflow-uses-model-services",
    number=8,
    severity=Severity.MEDIUM,
    summary="A workflow service works through model services; DataSource serves .transaction().",
    help="Model services validate what they write. Inject them, and use the DataSource only to "
    "open the transaction they run in.",
)
AUDIT_FIRST = Rule(
    id="notification-audit-first",
    number=9,
    severity=Severity.MEDIUM,
    summary="A notification service writes its audit record before it dispatches.",
    help="What was sent must be on record even when the sender dies half way. Await the write of "
    "the audit record, then dispatch.",
)

_TRANSITIONS = re.compile(r"transition", re.IGNORECASE)
_STATUS = re.compile(r"(?:\A|[a-z])(?:[sS]tatus|[sS]tate)\Z")
_WRITES = re.compile(
    r"\A(?:assign|create|insert|patch|replace|save|set|update|upsert)", re.IGNORECASE
)
_BYPASS = re.compile(r"(?:Adapter|CrudService)\Z")
_DISPATCH = re.compile(r"\A(?:deliver|dispatch|emit|notify|publish|push|send)(?:[A-Z]\w*)?\Z")
_AUDIT_TARGET = re.compile(r"audit|record|history|model|notification\w*(?:log|service)\Z", re.I)
_AUDIT_CALL = re.compile(r"\A(?:add|audit|create|insert|log|record|save|store|write)")


def _named(source: Source, kind: str, word: str) -> Iterator[ClassSyntax]:
    """Classes a rule is about: by their own name, or the services of a file named so."""
    for owner in source.module.classes:
        if owner.name.endswith((word, f"{word}Service")) or (
            source.kind == kind and owner.decorator("Injectable")
        ):
            yield owner


def _state_machine(source: Source, _: Shared) -> Iterator[Issue]:
    for owner in _named(source, STATE_MACHINE, "StateMachine"):
        if not any(_TRANSITIONS.search(text_of(n)) for n in _names(source.module.root)):
            message = f"{owner.name} has no transition map."
            yield DIRECT_STATUS.at(source.path, line_of(owner.node), message)
            continue
        guarded = _guarded_methods(owner)
        for member in owner.members:
            if member.name in guarded or not member.is_method:
                continue
            for node, name in status_writes(member.node):
                message = f"{owner.name}.{member.name} sets {name} without asking the transitions."
                yield DIRECT_STATUS.at(source.path, line_of(node), message)


def _names(node: Node) -> Iterator[Node]:
    kinds = {"identifier", "property_identifier", "private_property_identifier"}
    return (n for n in walk(node) if n.type in kinds)


def _guarded_methods(owner: ClassSyntax) -> set[str]:
    """Methods that look at the transitions, themselves or through another method."""
    guarded = {
        m.name
        for m in owner.members
        if m.is_method and any(_TRANSITIONS.search(text_of(n)) for n in _names(_body(m)))
    }
    grown = True
    while grown:
        grown = False
        for member in owner.members:
            called = {text_of(n) for n in _names(_body(member))} & guarded
            if member.is_method and member.name not in guarded and called:
                guarded.add(member.name)
                grown = True
    return guarded


def _body(member: Member) -> Node:
    """Of a method called `transition` the name alone says nothing."""
    return member.node.child_by_field_name("body") or member.node


def status_writes(node: Node) -> Iterator[tuple[Node, str]]:
    """Assignments to a status property, and writing calls that are handed one."""
    for inner in walk(node):
        if inner.type == "assignment_expression":
            target = inner.child_by_field_name("left")
            name = "" if target is None else text_of(target.child_by_field_name("property"))
            if target is not None and text_of(target.child_by_field_name("object")) != "this":
                yield from ((inner, key) for key in [name] if _STATUS.search(key))
        elif inner.type == "call_expression" and _WRITES.match(_method(inner)):
            for argument in arguments(inner):
                held = _held(node, argument)
                yield from ((inner, key) for key, _ in properties(held) if _STATUS.search(key))


def _held(function: Node, argument: Node) -> Node:
    """The argument, or what a variable of the function was given when it was declared."""
    for node in walk(function) if argument.type == "identifier" else ():
        if node.type == "variable_declarator" and text_of(
            node.child_by_field_name("name")
        ) == text_of(argument):
            return unwrap(node.child_by_field_name("value") or argument)
    return unwrap(argument)


def _method(call: Node) -> str:
    callee = call.child_by_field_name("function")
    return "" if callee is None else text_of(callee.child_by_field_name("property"))


def _beside_state_machine(source: Source, shared: Shared) -> Iterator[Issue]:
    """A service that sets the status itself although a state machine stands beside it."""
    if not source.has_any(("tatus", "tate")) or not any(
        kind_of(path) == STATE_MACHINE for path in shared.project.beside(source.path)
    ):
        return
    for owner in source.module.classes:
        if owner.decorator("Injectable") is None or owner.name.endswith("ModelService"):
            continue
        for node, name in status_writes(owner.node):
            if not _is_creation(node):
                message = f"{owner.name} sets {name} itself: call the state machine beside it."
                yield DIRECT_STATUS.at(source.path, line_of(node), message)


def _is_creation(node: Node) -> bool:
    """A first status is no transition."""
    return _method(node).startswith(("create", "insert"))


def _workflow(source: Source, _: Shared) -> Iterator[Issue]:
    for owner in _named(source, WORKFLOW, "Workflow"):
        for node, what in repository_uses(source, owner):
            message = f"{owner.name} uses {what}: work through model services."
            yield WORKFLOW_MODEL.at(source.path, line_of(node), message)
        injected = source.module.injected(owner)
        for parameter in injected:
            if _BYPASS.search(parameter.type):
                message = f"{owner.name} uses {parameter.type}: inject the model service instead."
                yield WORKFLOW_MODEL.at(source.path, line_of(parameter.node), message)
        data_sources = {p.name for p in injected if p.type == "DataSource"}
        yield from _other_than_transaction(source, owner, data_sources)


def _other_than_transaction(
    source: Source, owner: ClassSyntax, data_sources: set[str]
) -> Iterator[Issue]:
    for node in walk(owner.node):
        if node.type != "member_expression":
            continue
        name = text_of(node.child_by_field_name("property"))
        receiver = text_of(node.child_by_field_name("object")).removeprefix("this.")
        # `manager`, `query` and the openers are told by `repository_uses`.
        if receiver in data_sources and name not in {"transaction", "manager", "query", *OPENERS}:
            message = f"{owner.name} uses DataSource.{name}: only .transaction() is for workflows."
            yield WORKFLOW_MODEL.at(source.path, line_of(node), message)


def _notification(source: Source, _: Shared) -> Iterator[Issue]:
    for owner in _named(source, NOTIFICATION, "Notification"):
        models = {p.name for p in source.module.injected(owner) if p.type.endswith("ModelService")}
        for entry in events(owner, partial(_classify, models)):
            for event in entry:
                if event.kind == "audit":
                    break
                message = f"{owner.name} calls {event.name} before an audit record is written."
                yield AUDIT_FIRST.at(source.path, line_of(event.node), message)


def _classify(models: set[str], receiver: str, name: str, *, awaited: bool) -> Kind | None:
    """Whether a call on an injected thing writes the audit record or dispatches."""
    keeps = receiver in models or _AUDIT_TARGET.search(receiver) is not None
    if keeps and _AUDIT_CALL.match(name):
        return "audit" if awaited else None
    if receiver and _DISPATCH.match(name):
        return "dispatch"
    return None


CHECKS = (
    FileCheck(
        rules=(DIRECT_STATUS,),
        applies=lambda _kind: True,
        tokens=("StateMachine",),
        check=_state_machine,
    ),
    FileCheck(
        rules=(DIRECT_STATUS,),
        applies=lambda kind: kind in {OTHER, WORKFLOW, NOTIFICATION},
        tokens=("@Injectable",),
        check=_beside_state_machine,
    ),
    FileCheck(
        rules=(WORKFLOW_MODEL,),
        applies=lambda kind: kind != WORKFLOW,
        tokens=("Workflow",),
        check=_workflow,
    ),
    FileCheck(
        rules=(WORKFLOW_MODEL,), applies=lambda kind: kind == WORKFLOW, tokens=(), check=_workflow
    ),
    FileCheck(
        rules=(AUDIT_FIRST,),
        applies=lambda kind: kind == NOTIFICATION,
        tokens=(),
        check=_notification,
    ),
    FileCheck(
        rules=(AUDIT_FIRST,),
        applies=lambda kind: kind != NOTIFICATION,
        tokens=("NotificationService",),
        check=_notification,
    ),
)
