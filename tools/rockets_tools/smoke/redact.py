"""Requests and responses as they may be shown: no password, no token, no more than needed."""

import json
import re
from typing import cast

from pydantic import JsonValue

HIDDEN = "***"
SECRET_NAME = re.compile(r"pass|token|secret|salt|authorization", re.IGNORECASE)
TOKEN = re.compile(r"\beyJ[\w-]{8,}\.[\w-]*\.[\w-]*")
LONGEST = 2000


def redacted(text: str | None) -> str | None:
    """The text with the values of secret keys and all tokens covered, cut after 2000 characters."""
    if not text:
        return None
    try:
        value = cast("JsonValue", json.loads(text))
    except ValueError:
        shown = text
    else:
        shown = json.dumps(_covered(value), ensure_ascii=False)
    shown = TOKEN.sub(HIDDEN, shown)
    return shown if len(shown) <= LONGEST else f"{shown[:LONGEST]}…"


def _covered(value: JsonValue) -> JsonValue:
    if isinstance(value, dict):
        return {
            name: HIDDEN if isinstance(inner, str) and SECRET_NAME.search(name) else _covered(inner)
            for name, inner in value.items()
        }
    if isinstance(value, list):
        return [_covered(inner) for inner in value]
    return value
