"""How text from outside stands in a prompt: fenced, labelled, unable to close its own fence."""

import hashlib
import json
import re
from collections.abc import Mapping, Sequence

from pydantic import JsonValue

_WORD = re.compile(r"[A-Za-z0-9_./:@#+-]{1,200}\Z")
_LABEL_BREAKERS = re.compile(r"[^\w ./:@#+()\[\]-]+", re.ASCII)
MOST_LABEL = 160


class UnfencedError(Exception):
    """A prompt would say something from outside in its own voice; the template needs `| data`."""


class Fenced(str):
    """Text that `fence` made; the only kind of text a prompt takes as it is."""

    __slots__ = ()


def fence(value: str | Mapping[str, object] | Sequence[object] | JsonValue, label: str) -> Fenced:
    """Put `value` between tags that it cannot contain; what is no text is written as JSON.

    The tag is a hash of the content, so the same content always gives the same prompt, and a
    content that names its own tag cannot be made; should one be found all the same, the tag is
    hashed again.
    """
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, indent=1)
    named = _LABEL_BREAKERS.sub("_", label)[:MOST_LABEL]
    tag = _digest(f"{named}\0{text}")
    while tag in text or tag in named:
        tag = _digest(tag)
    return Fenced(f'<data-{tag} from="{named}">\n{text}\n</data-{tag}>')


def spoken(value: object) -> object:
    """What Jinja may print: fenced text, numbers and single plain words. All else is refused."""
    if isinstance(value, Fenced | int | float):
        return value
    if isinstance(value, str):
        if value == "" or _WORD.match(value):
            return value
        raise UnfencedError(f"{value[:60]!r} is printed without `| data`")
    # StrictUndefined raises when it is turned into text, and says which name is missing.
    raise UnfencedError(f"{str(value)[:60]!r} is printed without `| data`")


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]
