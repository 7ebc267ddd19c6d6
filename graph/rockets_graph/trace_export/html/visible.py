"""The one place where text of a run becomes text of the page.

Nothing in a trace is trusted. Characters that cannot be seen or that turn the reading direction
are written out (`\\u202e`); JSON inside the page cannot end its script element. What Jinja prints
is escaped by its autoescape, what the script shows becomes text nodes.
"""

import json
import math
import re

from markupsafe import Markup
from pydantic import JsonValue

_HIDDEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f"
    "\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb"
    "\ud800-\udfff\U000e0000-\U000e0fff]"
)


def visible(text: str) -> str:
    """The text with control, zero-width and bidi characters written out; tab and line feed stay."""
    return _HIDDEN.sub(lambda found: ascii(found[0])[1:-1], text)


def printed(value: object) -> object:
    """Jinja's `finalize`: every value that the template prints goes through here."""
    return visible(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def island(value: JsonValue) -> str:
    """JSON for a `<script type="application/json">`: nothing is left in it that HTML would read."""
    text = json.dumps(_seen(value), ensure_ascii=False, separators=(",", ":"))
    for character in "<>&":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text


def _seen(value: JsonValue) -> JsonValue:
    if isinstance(value, str):
        return visible(value)
    if isinstance(value, list):
        return [_seen(item) for item in value]
    if isinstance(value, dict):
        return {visible(key): _seen(item) for key, item in value.items()}
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)  # no JSON that a browser reads
    return value
