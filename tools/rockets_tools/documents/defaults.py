"""Default values as written, turned into values of the field's type."""

import json
import re

from pydantic import JsonValue

from rockets_tools.documents.schema import NOW, ColumnType
from rockets_tools.plan.constraints import is_date
from rockets_tools.plan.document import MAX_DEPTH
from rockets_tools.plan.model import FieldType

_TRUE = frozenset({"1", "true", "t", "y", "yes", "on", "b'1'", "ja", "oui", "sí", "sim", "vrai"})
_FALSE = frozenset({"0", "false", "f", "n", "no", "off", "b'0'", "nein", "non", "não", "faux"})
_NOW = re.compile(
    r"(?:now|current_timestamp|localtimestamp|getdate|getutcdate|sysdate|systimestamp|sysdatetime"
    r"|sysutcdatetime|sysdatetimeoffset|utc_timestamp|current_date|statement_timestamp|curdate"
    r"|clock_timestamp|transaction_timestamp|current timestamp|current date|datetime\('now'\)"
    r"|date\('now'\))(?:\(\d?\))?",
    re.IGNORECASE,
)
_AUTO = re.compile(
    r"(?:[\w\"]{1,70}\.)?(?:nextval|gen_random_uuid|uuid_generate_v[14]m?c?|newid|newsequentialid|uuid|sys_guid"
    r"|uuid_to_bin|autoincrement|generateuuidv[47]|unique_rowid|cuid|ulid|nanoid|auto|uuidv[47]|gen_random_ulid)\s{0,9}\(.*\)"
    r"|[\w.\"]{1,200}\.\"?nextval\"?|next\s{1,9}value\s{1,9}for\s.{1,200}",
    re.IGNORECASE | re.DOTALL,
)


def is_now(expression: str) -> bool:
    """An expression that is the moment of insertion."""
    return _NOW.fullmatch(_bare(expression)) is not None


def is_auto(expression: str) -> bool:
    """An expression that makes a new key each time."""
    return _AUTO.fullmatch(_bare(expression)) is not None


def _bare(expression: str) -> str:
    text = expression.strip()
    while text.startswith("(") and text.endswith(")") and len(text) < 500:
        text = text[1:-1].strip()
    return text


def fit(kind: ColumnType, value: JsonValue) -> JsonValue:
    """A literal as a value of the type; None where it is none (or is null)."""
    text = str(value).strip() if not isinstance(value, bool) else str(value).lower()
    fitted: JsonValue
    match kind.type:
        case _ if value is None:
            fitted = None
        case FieldType.BOOLEAN:
            fitted = {**dict.fromkeys(_TRUE, True), **dict.fromkeys(_FALSE, False)}.get(
                text.lower()
            )
        case FieldType.NUMBER | FieldType.FLOAT:
            fitted = _number(text, whole=kind.type is FieldType.NUMBER)
        case FieldType.DATE:
            fitted = _date(text)
        case FieldType.JSON:
            fitted = _json(value)
        case FieldType.ENUM:
            fitted = text if text in kind.enum else None
        case _:
            fitted = value if isinstance(value, str) else text
    return fitted


def _number(text: str, *, whole: bool) -> int | float | None:
    if len(text) > 30:
        return None
    try:
        value = float(text)
    except ValueError:
        return None
    if not abs(value) < 1e15:
        return None
    if value.is_integer():
        return int(value)
    return None if whole else value


def _date(text: str) -> str | None:
    if text == NOW or text.lower() == "now":
        return NOW
    text = re.sub(r"[+-]00(?::?00)?$", "Z", text) if ":" in text else text
    for written in (text, text.replace(" ", "T", 1) + "Z", text.replace(" ", "T", 1)):
        if is_date(written) and not written.startswith("0000"):
            return written
    return None


def postgres_list(text: str) -> JsonValue:
    """`{a,b}` as a list; None where it is nested or quoted."""
    inside = re.fullmatch(r"\{([^{}\"\\]*)\}", text.strip())
    if inside is None:
        return text if text.strip().startswith("[") else None
    parts = [part.strip() for part in inside[1].split(",")] if inside[1].strip() else []
    return [int(part) if re.fullmatch(r"-?\d{1,15}", part) else part for part in parts]


def _json(value: JsonValue) -> JsonValue:
    if not isinstance(value, str):
        return value
    if len(value) > 10_000 or value.count("[") + value.count("{") > MAX_DEPTH // 2:
        return None
    try:
        read: JsonValue = json.loads(value)
    except ValueError:
        return None
    return read
