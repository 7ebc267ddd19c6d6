"""The one place where text and values of a plan become TypeScript source.

Everything comes out as prettier would print it: single quotes unless the text has more of them
than double ones, keys without quotes where they can be. A value can never leave its literal.
"""

import re
from collections.abc import Mapping
from functools import lru_cache

from pydantic import JsonValue

from rockets_tools.generate.layout import Array, Node, Object

_IDENTIFIER = re.compile(r"[A-Za-z_$][A-Za-z0-9_$]*")
_PLAIN = re.compile(r"[ !#-&(-\[\]-~]*")
"""Printable ASCII without quotes and backslash: most strings need no escaping."""

_ESCAPED = re.compile(
    "[\\x00-\\x1f\\x7f-\\x9f\\\\\\u061c\\u200b-\\u200f\\u2028-\\u202e\\u2060-\\u206f\\ufeff\\ud800-\\udfff]"
)
"""Backslash, control characters, line separators, invisible and direction-changing characters
(they could make code look like other code), lone surrogates (no UTF-8 for them)."""

_SHORT = {
    "\n": "\\n",
    "\r": "\\r",
    "\t": "\\t",
    "\b": "\\b",
    "\f": "\\f",
    "\v": "\\v",
    "\\": "\\\\",
}

_READABLE_REGEX = re.compile(
    r"""(?:
        [A-Za-z0-9^$*+?.()|{},:;@\#%&=_~!<>'"/-]  # itself; / gets escaped
      | \x20(?!\x20)                              # one space; several are hard to count
      | \\[dDwWsS] | \\[.^$*+?()|{}\[\]\\/]       # a class, or a needed escape
      | \[\^?(?:[A-Za-z0-9_.@\#%&=~!<>,:;+*?$()|{}'"-]|\\[dDwWsS\]\\])+\]
    )+""",
    re.VERBOSE,
)
"""Patterns that a literal shows well and no linter has an opinion on."""

_EXPONENT = re.compile(r"e\+?(-?)0*")

MAX_SAFE_INTEGER = 2**53 - 1

_RESERVED_WORDS = """
    abstract any arguments as asserts async await boolean break case catch class const constructor
    continue debugger declare default delete do else enum eval export extends false finally for
    from function get global if implements import in infer instanceof interface is keyof let module
    namespace never new null number object of package private protected public readonly require
    return set static string super switch symbol this throw true try type typeof undefined unique
    unknown using var void while with yield
"""
RESERVED = frozenset(_RESERVED_WORDS.split())
"""Words that are no name for a parameter, reserved or merely confusing."""


@lru_cache(maxsize=8192)
def string(text: str) -> str:
    """A string literal."""
    if _PLAIN.fullmatch(text):
        return f"'{text}'"
    quote = '"' if text.count("'") > text.count('"') else "'"
    escaped = _ESCAPED.sub(_escape, text).replace(quote, f"\\{quote}")
    return f"{quote}{escaped}{quote}"


def _escape(match: re.Match[str]) -> str:
    character = match[0]
    return _SHORT.get(character) or f"\\u{ord(character):04x}"


def key(name: str) -> str:
    """A property name inside an object literal."""
    return name if _IDENTIFIER.fullmatch(name) else string(name)


def number(value: float) -> str:
    """A number literal that loses nothing a JavaScript number can hold."""
    if isinstance(value, int) and abs(value) <= MAX_SAFE_INTEGER:
        return str(value)
    return _EXPONENT.sub(r"e\1", repr(float(value))).removesuffix(".0")


def literal(value: JsonValue) -> Node:
    """A JSON value."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return string(value)
    if isinstance(value, int | float):
        return number(value)
    if isinstance(value, list):
        return Array([literal(item) for item in value])
    return _object(value)


def _object(value: Mapping[str, JsonValue]) -> Object:
    # A key __proto__ would set the prototype; computed, it is a key like any other.
    return Object(
        {
            "['__proto__']" if name == "__proto__" else key(name): literal(item)
            for name, item in value.items()
        }
    )


def regular_expression(pattern: str) -> str:
    """A pattern without flags: a literal where that reads well, else a string for `RegExp`."""
    if _READABLE_REGEX.fullmatch(pattern):
        return "/" + re.sub(r"(?<!\\)((?:\\\\)*)/", r"\1\\/", pattern) + "/"
    return string(pattern)
