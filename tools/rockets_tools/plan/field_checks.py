"""The constraints of one field: do they make sense, together and with default and example."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from pydantic import JsonValue

from rockets_tools.plan import jsregex, names, values
from rockets_tools.plan.constraints import (
    INT_MAX,
    INT_MIN,
    misfit,
    scaled_limits,
    text_limits,
)
from rockets_tools.plan.identifiers import identifier
from rockets_tools.plan.model import NUMBERS, TEXTS, Field, FieldType
from rockets_tools.plan.problems import Problems, quoted, unsafe_character
from rockets_tools.plan.schema import RawField

_GLOBALS = frozenset(
    {
        "Array", "Boolean", "Buffer", "Date", "Error", "Function", "JSON", "Map", "Math", "Number",
        "Object", "Omit", "Partial", "Pick", "Promise", "Record", "RegExp", "Set", "String",
        "Symbol",
    }
)  # fmt: skip
"""Names an enum would hide in generated code."""

_CLOCK = re.compile(r"current_(date|time)|localtime", re.IGNORECASE)
"""Words that TypeORM takes for a time expression when it compares defaults."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where problems of one field are reported."""

    problems: Problems
    entity: str
    pointer: str

    def error(self, code: str, key: str, message: str, fix: str) -> None:
        self.problems.error(code, f"{self.pointer}/{key}", message, fix)


def check(place: Place, field: Field, raw: RawField) -> None:
    """Report everything that is wrong with one field by itself."""
    _ignored(place, field, raw)
    _texts(place, field, raw)
    if field.type is FieldType.ENUM:
        _enum(place, field, raw)
    written = "name" if raw.column_name is None else "columnName"
    column = field.column if raw.column_name is None else raw.column_name
    identifier(place.problems, f"{place.pointer}/{written}", "column", column)
    if not _possible(place, field):
        return  # defaults and examples cannot fit what cannot be
    if field.has_default and not (field.type is FieldType.DATE and field.default == "now()"):
        reason = misfit(field, field.default)
        if reason is not None:
            place.error(
                "bad-default",
                "default",
                f"The default of {place.entity}.{field.name} {reason}.",
                "Write a default that fits the type and its constraints, or remove it.",
            )
        _comparable(place, field)
    if field.unique and values.can_make(field) and values.capacity(field) == 1:
        place.error(
            "single-row",
            "unique",
            f"{place.entity}.{field.name} is unique and has one possible value: "
            "the table could hold a single row.",
            'Add values, or remove "unique".',
        )
    if field.example is not None:
        reason = misfit(field, field.example)
        if reason is not None:
            place.error(
                "bad-example",
                "apiExample",
                f"The apiExample of {place.entity}.{field.name} {reason}.",
                "Write an example that fits the type and its constraints, or remove it.",
            )
    elif field.type in TEXTS and not values.can_make(field):
        place.error(
            "needs-example",
            "pattern" if field.pattern else "type",
            f"No value can be made for {place.entity}.{field.name} from its constraints.",
            'Write a valid value as "apiExample".',
        )


def misread(kind: FieldType, default: JsonValue) -> bool:
    """TypeORM reads a column's default back and misreads this; migrations would never settle."""
    texts = list(_strings(default))
    if kind in {FieldType.JSON, FieldType.ENUM}:
        return any("::" in text for text in texts)
    return any(_CLOCK.search(text) and ("::" in text or "\\" in text) for text in texts)


def _comparable(place: Place, field: Field) -> None:
    if misread(field.type, field.default):
        place.error(
            "default-misread",
            "default",
            f"TypeORM cannot compare the default of {place.entity}.{field.name} with the "
            'database\'s: it has "::", or a time expression beside a backslash.',
            "Write another default, or set the value in the application.",
        )


def _ignored(place: Place, field: Field, raw: RawField) -> None:
    """Constraints that mean nothing for the type: old plans have them, so only a warning."""
    text, number, kind = field.type in TEXTS, field.type in NUMBERS, field.type
    for key, written, applies in (
        ("minLength", raw.min_length, text),
        ("maxLength", raw.max_length, text),
        ("pattern", raw.pattern, text),
        ("isUrl", raw.is_url or None, text),
        ("isEmail", raw.is_email or None, text),
        ("min", raw.min, number),
        ("max", raw.max, number),
        ("precision", raw.precision, kind is FieldType.FLOAT),
        ("scale", raw.scale, kind is FieldType.FLOAT),
        ("enumValues", raw.enum_values, kind is FieldType.ENUM),
        ("enumName", raw.enum_name, kind is FieldType.ENUM),
    ):
        if written is not None and not applies:
            place.problems.warning(
                "constraint-ignored",
                f"{place.pointer}/{key}",
                f'"{key}" has no effect on a {kind.value} field.',
                f'Remove "{key}", or change the type.',
            )


def _texts(place: Place, field: Field, raw: RawField) -> None:
    """Hidden characters in anything that is written into code."""
    written: dict[str, JsonValue] = {
        "apiDescription": raw.api_description,
        "pattern": raw.pattern,
        "default": raw.default,
        "apiExample": raw.api_example,
        "enumValues": [*field.enum_values],
    }
    for key, value in written.items():
        if not value:
            continue
        bad = next(filter(None, map(unsafe_character, _strings(value))), None)
        if bad is not None:
            place.error(
                "unsafe-text",
                key,
                f'The "{key}" of {place.entity}.{field.name} has the invisible character {bad}.',
                "Remove it; in a pattern write an escape instead.",
            )


def _strings(value: JsonValue) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for item in value:
            yield from _strings(item)
    elif isinstance(value, dict):
        for key, item in value.items():
            yield key
            yield from _strings(item)


def _enum(place: Place, field: Field, raw: RawField) -> None:
    if not field.enum_values:
        place.error(
            "enum-without-values",
            "enumValues" if raw.enum_values is not None else "type",
            f"The enum {place.entity}.{field.name} has no values.",
            'Write "enumValues": ["one", "two"].',
        )
    seen: set[str] = set()
    for index, value in enumerate(field.enum_values):
        if value in seen:
            place.error(
                "duplicate-enum-value",
                f"enumValues/{index}",
                f"The enum {place.entity}.{field.name} has the value {quoted(value)} twice.",
                "Remove one of them.",
            )
        elif len(value.encode()) > names.MAX_IDENTIFIER or "\n" in value or "\r" in value:
            place.error(
                "bad-enum-value",
                f"enumValues/{index}",
                f"The enum value {quoted(value)} is not one line of at most "
                f"{names.MAX_IDENTIFIER} bytes.",
                "Use a shorter value.",
            )
        seen.add(value)
    if raw.enum_name is not None and (
        not names.is_name(raw.enum_name) or field.enum_name in _GLOBALS
    ):
        place.error(
            "bad-name",
            "enumName",
            f"{quoted(raw.enum_name)} cannot be the name of a TypeScript enum.",
            "Use letters and digits, a letter first, and no name TypeScript has itself.",
        )


def _possible(place: Place, field: Field) -> bool:
    """The constraints do not exclude each other."""
    before = len(place.problems.errors)
    if field.pattern is not None:
        reason = jsregex.fault(field.pattern)
        if reason is not None:
            place.error(
                "bad-pattern",
                "pattern",
                f"The pattern of {place.entity}.{field.name} cannot be used: {reason}.",
                "Write a JavaScript regular expression without slashes and flags.",
            )
    if field.type in TEXTS:
        shortest, longest = text_limits(field)
        if field.is_email and field.is_url:
            _contradiction(place, field, "isUrl", "no text is both an e-mail address and a URL")
        elif longest is not None and shortest > longest:
            _contradiction(
                place, field, "minLength", f"minLength {shortest} is more than {longest}"
            )
    elif field.type in NUMBERS:
        _possible_number(place, field)
    return len(place.problems.errors) == before


def _possible_number(place: Place, field: Field) -> None:
    if field.type is FieldType.FLOAT and field.scale > field.precision:
        _contradiction(
            place, field, "scale", f"scale {field.scale} is more than precision {field.precision}"
        )
        return
    if field.type is FieldType.NUMBER:
        for key, limit in (("min", field.min), ("max", field.max)):
            if limit is not None and not INT_MIN <= limit <= INT_MAX:
                place.error(
                    "int-range",
                    key,
                    f'"{key}" of {place.entity}.{field.name} is outside a 32-bit integer.',
                    f"Stay between {INT_MIN} and {INT_MAX}, or use float with a scale of 0.",
                )
                return
    low, high = scaled_limits(field)
    if low > high:
        key = "min" if field.min is not None else "max"
        _contradiction(
            place, field, key, "no number satisfies min, max, precision and scale together"
        )


def _contradiction(place: Place, field: Field, key: str, reason: str) -> None:
    place.error(
        "contradiction",
        key,
        f"{place.entity}.{field.name} can have no value: {reason}.",
        "Relax one of the constraints.",
    )
