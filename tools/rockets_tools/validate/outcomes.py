"""What a boolean-answering function says when nothing it asks for holds.

A function denies by default when the path on which every condition is false ends in something
other than a plain `true`. That is decided on the syntax alone: an `if` takes its `else`, a
`switch` its `default`, a loop no turn, and `a || b` its last operand.
"""

from collections.abc import Iterator, Sequence

from tree_sitter import Node

from rockets_tools.validate.syntax import FUNCTIONS, arguments, children, text_of, unwrap, walk

_FALSY = frozenset({"0", "false", "null", "undefined", "''", '""'})
_KEEPING = frozenset({"Promise.resolve", "Boolean"})
"""Calls that answer what they are given."""
_SILENT = frozenset(
    {
        "comment",
        "empty_statement",
        "expression_statement",
        "lexical_declaration",
        "variable_declaration",
        "function_declaration",
        "class_declaration",
        "for_statement",
        "for_in_statement",
        "while_statement",
    }
)


def always_true(node: Node | None) -> bool:
    """The expression is `true` whatever the program does."""
    if node is None:
        return False
    node = unwrap(node)
    operator = text_of(node.child_by_field_name("operator"))
    match node.type:
        case "true":
            answer = True
        case "unary_expression":
            answer = operator == "!" and text_of(node.child_by_field_name("argument")) in _FALSY
        case "call_expression":
            callee = text_of(node.child_by_field_name("function"))
            answer = callee in _KEEPING and any(map(always_true, arguments(node)))
        case "binary_expression":
            sides = [always_true(node.child_by_field_name(side)) for side in ("left", "right")]
            answer = (operator == "&&" and all(sides)) or (operator == "||" and any(sides))
        case "ternary_expression":
            answer = all(map(always_true, node.named_children[1:]))
        case _:
            answer = False
    return answer


def true_by_default(node: Node | None) -> bool:
    """The expression is `true` when what it asks for does not hold."""
    if node is None:
        return False
    node = unwrap(node)
    if always_true(node):
        return True
    if node.type == "ternary_expression":
        return true_by_default(node.child_by_field_name("alternative"))
    if node.type == "binary_expression":
        operator = text_of(node.child_by_field_name("operator"))
        return operator in {"||", "??"} and true_by_default(node.child_by_field_name("right"))
    return False


def default_answer(body: Node) -> Node | None:
    """The statement that ends the path on which no condition holds.

    A `return` or `throw`, or the body itself when the path runs off its end.
    """
    return _end(body) or body


def _end(node: Node | None) -> Node | None:
    """The statement that ends the default path inside `node`, None when it goes on behind it."""
    if node is None or node.type in _SILENT:
        return None
    match node.type:
        case "return_statement" | "throw_statement":
            return node
        case "if_statement":
            parts: Sequence[Node | None] = [node.child_by_field_name("alternative")]
        case "switch_statement":
            return _switch_end(node)
        case "try_statement":
            parts = [node.child_by_field_name(name) for name in ("finalizer", "body")]
        case _:
            parts = node.named_children
    return next((end for part in parts if (end := _end(part)) is not None), None)


def _switch_end(node: Node) -> Node | None:
    body = node.child_by_field_name("body")
    cases = children(body)
    reached = False
    for case in cases:
        reached = reached or case.type == "switch_default"
        if not reached:
            continue
        for statement in case.children_by_field_name("body"):
            if statement.type == "break_statement":
                return None
            found = _end(statement)
            if found is not None:
                return found
    return None


def answers(body: Node) -> Iterator[Node]:
    """Every `return` of the function, those of functions inside it left out."""
    for node in walk(body, into_functions=False):
        if node.type == "return_statement":
            yield node


def returned(statement: Node) -> Node | None:
    """What a `return` statement returns."""
    return next((c for c in statement.named_children if c.type != "comment"), None)


def rescues(body: Node) -> Iterator[Node]:
    """Answers of `true` given because something failed: in a `catch`, or `.catch(() => true)`."""
    for node in walk(body):
        if node.type == "catch_clause":
            handler = node.child_by_field_name("body")
            for answer in () if handler is None else answers(handler):
                if true_by_default(returned(answer)):
                    yield answer
        elif node.type == "call_expression" and _is_rescue(node):
            handler = arguments(node)[-1]
            result = handler.child_by_field_name("body") if handler.type in FUNCTIONS else None
            if result is None:
                continue
            if result.type != "statement_block":
                if true_by_default(result):
                    yield result
                continue
            yield from (a for a in answers(result) if true_by_default(returned(a)))


def _is_rescue(call: Node) -> bool:
    callee = call.child_by_field_name("function")
    if callee is None or callee.type != "member_expression" or not arguments(call):
        return False
    name = text_of(callee.child_by_field_name("property"))
    return name == "catch" or (name == "then" and len(arguments(call)) == 2)
