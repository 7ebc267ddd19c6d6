"""What a CHECK says that a plan can say too: allowed values, limits, lengths."""

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache

from pydantic import JsonValue
from sqlglot import exp, parse_one
from sqlglot.errors import SqlglotError

from rockets_tools.documents.schema import ColumnType
from rockets_tools.documents.sql.dialect import Dialect
from rockets_tools.documents.values import enum_fits, number
from rockets_tools.plan.constraints import INT_MAX, INT_MIN
from rockets_tools.plan.model import TEXTS, FieldType

_MAX_CHARACTERS, _MAX_DEPTH = 20_000, 40
"""Longer or deeper is no condition of a column, and sqlglot recurses."""

_INTRODUCER = re.compile(r"\b_[a-z0-9]{1,20}(?=')", re.IGNORECASE)
"""MySQL says a text's character set before it: `_utf8mb4'a'`."""
_LONGEST = 10_485_760
_LENGTH_NAMES = frozenset({"LEN", "LENGTH", "CHAR_LENGTH", "CHARACTER_LENGTH", "LENGTHB"})


@lru_cache(maxsize=4096)
def _parsed(text: str, dialect: Dialect) -> exp.Expr | None:
    if len(text) > _MAX_CHARACTERS or _depth(text) > _MAX_DEPTH:
        return None
    if dialect is Dialect.MYSQL:
        text = _INTRODUCER.sub("", text)
    try:
        return parse_one(f"({text})", read=dialect.value or None)
    except (SqlglotError, RecursionError):
        return None


def _depth(text: str) -> int:
    deepest = depth = 0
    for sign in re.findall(r"[()\[\]]", text):
        depth += 1 if sign in "([" else -1
        deepest = max(deepest, depth)
    return deepest


def columns(text: str, dialect: Dialect) -> list[str]:
    """Names of the columns a condition mentions, each once; none where it cannot be read."""
    tree = _parsed(text, dialect)
    if tree is None:
        return []
    return list(dict.fromkeys(column.name for column in tree.find_all(exp.Column)))


def apply(text: str, dialect: Dialect, kind: ColumnType) -> bool:
    """Put a condition over one column into its type; False where some of it has no plan form."""
    tree = _parsed(text, dialect)
    if tree is None:
        return False
    parts = list(_conjuncts(tree))
    applied = [_apply_one(part, kind) for part in parts]
    return all(applied)


def _conjuncts(tree: exp.Expr) -> Iterator[exp.Expr]:
    todo = [tree]
    while todo:
        node = todo.pop()
        bare = node.unnest() if isinstance(node, exp.Paren) else node
        if isinstance(bare, exp.And):
            todo += [bare.expression, bare.this]
        else:
            yield bare


def _apply_one(node: exp.Expr, kind: ColumnType) -> bool:
    match node:
        case exp.In():
            values = [_value(item) for item in node.expressions]
            done = _is_column(node.this) and _allowed(kind, values)
        case exp.EQ():
            listed = _any_of(node.expression)
            values = [_value(node.expression)] if listed is None else listed
            done = _is_column(node.this) and _allowed(kind, values)
        case exp.Or():
            done = _alternatives(node, kind)
        case exp.Between():
            low, high = _value(node.args["low"]), _value(node.args["high"])
            above = _limit(kind, node.this, ">=", low)
            done = _limit(kind, node.this, "<=", high) and above
        case exp.GT() | exp.GTE() | exp.LT() | exp.LTE():
            done = _comparison(node, kind)
        case exp.NEQ():
            done = _not_empty(kind, node)
        case exp.Anonymous() if node.name.upper() == "JSON_VALID":  # MariaDB's JSON
            done = len(node.expressions) == 1 and _is_column(node.expressions[0])
            done = done and kind.type in TEXTS
            if done:
                kind.type, kind.max_length = FieldType.JSON, None
        case exp.Not():
            done = isinstance(node.this, exp.Is)  # NOT NULL, said again
        case _:
            done = False
    return done


_SIGNS: Mapping[type[exp.Expr], tuple[str, str]] = {
    exp.GT: (">", "<"),
    exp.GTE: (">=", "<="),
    exp.LT: ("<", ">"),
    exp.LTE: ("<=", ">="),
}
"""The sign with the column on the left, and on the right."""


def _comparison(node: exp.GT | exp.GTE | exp.LT | exp.LTE, kind: ColumnType) -> bool:
    sign, flipped = _SIGNS[type(node)]
    left = _value(node.this)
    if left is not None:  # 0 < price
        return _limit(kind, node.expression, flipped, left)
    return _limit(kind, node.this, sign, _value(node.expression))


def _alternatives(node: exp.Expr, kind: ColumnType) -> bool:
    """`a = 'x' OR a = 'y'`, and `a IS NULL OR …`."""
    values: list[JsonValue] = []
    others: list[exp.Expr] = []
    todo: list[exp.Expr] = [node]
    while todo:
        one = todo.pop()
        bare = one.unnest() if isinstance(one, exp.Paren) else one
        if isinstance(bare, exp.Or):
            todo += [bare.expression, bare.this]
        elif (
            isinstance(bare, exp.EQ)
            and _is_column(bare.this)
            and _value(bare.expression) is not None
        ):
            values.append(_value(bare.expression))
        elif not isinstance(bare, exp.Is):
            others.append(bare)
    if not others:
        return _allowed(kind, values)
    if len(others) > 1 or values:
        return False
    applied = [_apply_one(part, kind) for part in _conjuncts(others[0])]
    return all(applied)


def _any_of(node: exp.Expr) -> list[JsonValue] | None:
    """The values of `ANY (ARRAY['a'::text, 'b'::text])`, as Postgres writes an IN."""
    if not isinstance(node, exp.Any):
        return None
    array = node.find(exp.Array)
    return None if array is None else [_value(item) for item in array.expressions]


def _allowed(kind: ColumnType, values: list[JsonValue]) -> bool:
    if not values or any(value is None for value in values):
        return False
    if kind.type in TEXTS:
        texts = list(dict.fromkeys(value for value in values if isinstance(value, str)))
        if len(texts) != len(dict.fromkeys(map(str, values))) or not enum_fits(texts):
            return False
        kind.type, kind.enum = FieldType.ENUM, tuple(texts)
        kind.max_length = kind.min_length = None
        return True
    numbers = sorted(v for v in values if isinstance(v, int) and not isinstance(v, bool))
    if kind.type is FieldType.NUMBER and len(numbers) == len(values):
        kind.min, kind.max = numbers[0], numbers[-1]
        return numbers == list(range(numbers[0], numbers[-1] + 1))
    return kind.type is FieldType.BOOLEAN


def _limit(kind: ColumnType, subject: exp.Expr, sign: str, value: JsonValue) -> bool:
    if isinstance(value, str):  # `'4294967295'::bigint`
        value = number(value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    if _is_length(subject):
        return _length_limit(kind, sign, value)
    return _is_column(subject) and _value_limit(kind, sign, value)


def _length_limit(kind: ColumnType, sign: str, value: float) -> bool:
    whole = int(value) + (sign == ">") - (sign == "<")
    if kind.type not in TEXTS or not 0 <= whole <= _LONGEST:
        return False
    if sign[0] == ">":
        kind.min_length = whole
    elif whole > 0:
        kind.max_length = min(whole, kind.max_length or whole)
    return True


def _value_limit(kind: ColumnType, sign: str, value: float) -> bool:
    """A limit of a number; an open one is closed at the next number the column can hold."""
    if kind.type is FieldType.NUMBER:
        step = 1.0
        if not float(value).is_integer() or not INT_MIN < value < INT_MAX:
            return False
    elif kind.type is FieldType.FLOAT:
        step = 10.0 ** -(kind.scale if kind.scale is not None else 2)
    else:
        return False
    if len(sign) == 1:
        value = round(value + (step if sign == ">" else -step), 12)
    limit = int(value) if float(value).is_integer() else value
    if sign[0] == ">":
        kind.min = limit if kind.min is None else max(kind.min, limit)
    else:
        kind.max = limit if kind.max is None else min(kind.max, limit)
    return True


def _not_empty(kind: ColumnType, node: exp.NEQ) -> bool:
    value = node.expression
    empty = isinstance(value, exp.Literal) and value.is_string and value.this == ""
    if not empty or not _is_column(node.this) or kind.type not in TEXTS:
        return False
    kind.min_length = max(1, kind.min_length or 0)
    return True


def _is_column(node: exp.Expr) -> bool:
    return isinstance(_bare(node), exp.Column)


def _is_length(node: exp.Expr) -> bool:
    bare = _bare(node)
    if isinstance(bare, exp.Length):
        return True
    return isinstance(bare, exp.Anonymous) and bare.name.upper() in _LENGTH_NAMES


def _bare(node: exp.Expr) -> exp.Expr:
    """Without parentheses and casts around it."""
    while isinstance(node, exp.Paren | exp.Cast):
        node = node.this
    return node


def _value(node: exp.Expr) -> JsonValue:
    """A literal's value, casts and parentheses taken off; None for anything else."""
    bare = _bare(node)
    if isinstance(bare, exp.Neg):
        inner = _value(bare.this)
        return -inner if isinstance(inner, int | float) and not isinstance(inner, bool) else None
    if isinstance(bare, exp.National):
        return str(bare.this)
    if isinstance(bare, exp.Boolean):
        return bool(bare.this)
    if not isinstance(bare, exp.Literal):
        return None
    return str(bare.this) if bare.is_string else number(str(bare.this))
