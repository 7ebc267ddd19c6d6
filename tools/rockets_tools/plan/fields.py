"""One written field becomes a `Field`, its constraints checked against its type."""

from pydantic import JsonValue

from rockets_tools.plan import names
from rockets_tools.plan.draft import Drafts, EntityDraft
from rockets_tools.plan.field_checks import Place, check
from rockets_tools.plan.model import NUMBERS, TEXTS, Field, FieldType
from rockets_tools.plan.problems import quoted
from rockets_tools.plan.schema import RawField

INHERITED = ("id", "dateCreated", "dateUpdated", "dateDeleted", "version")
"""Properties and columns every entity has already."""

_NOW = frozenset({"now()", "NOW()", "CURRENT_TIMESTAMP"})


def declare(drafts: Drafts, entity: EntityDraft, raw: RawField, pointer: str) -> None:
    """Take in one written field and report what is wrong with it."""
    place = Place(drafts.problems, entity.name, pointer)
    if not names.is_name(raw.name):
        place.error(
            "bad-name",
            "name",
            f"{quoted(raw.name)} cannot be a field name.",
            "Use letters and digits, words separated by case, `_`, `-` or a space, a letter first.",
        )
        return
    name = drafts.camel(raw.name)
    if names.is_dangerous(name) or name in INHERITED:
        inherited = name in INHERITED
        place.error(
            "inherited-field" if inherited else "reserved-name",
            "name",
            f"Every entity has {name} already."
            if inherited
            else f"{name} is a property of every JavaScript object.",
            "Remove the field, or give it another name." if inherited else "Use another name.",
        )
        return
    field = _field(raw, name)
    other = next((f for f in entity.fields if f.name.lower() == name.lower()), None)
    if other is not None:
        place.error(
            "duplicate-field",
            "name",
            f"{entity.name} has two fields called {other.name}.",
            "Remove or rename one of them.",
        )
        return
    entity.fields.append(field)
    entity.raw_fields[name] = (raw, pointer)
    check(place, field, raw)


def _field(raw: RawField, name: str) -> Field:
    """The field with the defaults in and what does not apply to its type out."""
    kind = FieldType(raw.type)
    text, number, is_enum = kind in TEXTS, kind in NUMBERS, kind is FieldType.ENUM
    default = raw.default
    if kind is FieldType.DATE and isinstance(default, str) and default in _NOW:
        default = "now()"
    return Field(
        name=name,
        column=raw.column_name or name,
        type=kind,
        required=raw.required is not False,
        unique=raw.unique,
        min_length=(raw.min_length or None) if text else None,
        max_length=raw.max_length if text else None,
        min=_number(raw.min) if number else None,
        max=_number(raw.max) if number else None,
        precision=10 if raw.precision is None else raw.precision,
        scale=2 if raw.scale is None else raw.scale,
        pattern=raw.pattern if text else None,
        is_url=raw.is_url and text,
        is_email=raw.is_email and text,
        has_default=default is not None,
        default=_value(default) if number else default,
        enum_values=tuple(raw.enum_values or ()) if is_enum else (),
        enum_name=names.pascal(raw.enum_name, exact=True) if is_enum and raw.enum_name else None,
        description=raw.api_description or None,
        example=_value(raw.api_example) if number else raw.api_example,
        creatable=raw.creatable,
        updatable=raw.updatable,
        expose=raw.expose,
    )


def _number(value: float | int | None) -> float | int | None:
    """Whole numbers as int, so that 1.0 and 1 generate the same text."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _value(value: JsonValue) -> JsonValue:
    return _number(value) if isinstance(value, float) else value
