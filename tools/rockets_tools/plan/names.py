"""Names in any case become the words they are made of, and those become every spelling we need."""

import re
from functools import lru_cache

from pluralizer import Pluralizer

NAME = re.compile(r"[A-Za-z][A-Za-z0-9]*(?:[ _-][A-Za-z0-9]+)*")
"""What a name in a plan may look like, before it is normalised: words in any case."""

DANGEROUS = frozenset(
    {
        "constructor",
        "hasOwnProperty",
        "isPrototypeOf",
        "propertyIsEnumerable",
        "prototype",
        "toLocaleString",
        "toString",
        "valueOf",
    }
)
"""Properties every JavaScript object has: as a key of one they break it or the code around it."""

IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
"""What a table or a column may be called: quoted everywhere, yet nothing one has to think about."""

MAX_IDENTIFIER = 63
"""Bytes Postgres keeps of a name; it cuts the rest off without a word."""

_WORD = re.compile(
    r"[A-Z]{2,}s(?![a-z])|[A-Z]+(?=[A-Z][a-z])|[A-Z][A-Z0-9]*+(?![a-z])|[A-Z]?[a-z0-9]+|[A-Z]+[0-9]*"
)
_pluralizer = Pluralizer()  # type: ignore[no-untyped-call]  # its constructor has no annotations


@lru_cache(maxsize=20_000)
def words(name: str) -> tuple[str, ...]:
    """`blog_post`, `BlogPost`, `blog-post` and `BLOG_POST` are all `("blog", "post")`."""
    return tuple(word.lower() for word in _WORD.findall(name))


def pascal(name: str, *, exact: bool = False) -> str:
    """`ProductTag`; with `exact` a name that is PascalCase already stays (`AB` is not `Ab`)."""
    if exact and name[:1].isupper() and name.isalnum():
        return name
    return "".join(word.capitalize() for word in words(name))


@lru_cache(maxsize=20_000)
def camel(name: str, *, exact: bool = False) -> str:
    """`productTag`; with `exact` a name that is camelCase already stays."""
    if exact and name[:1].islower() and name.isalnum():
        return name
    first, *rest = words(name) or ("",)
    return first + "".join(word.capitalize() for word in rest)


def kebab(name: str) -> str:
    """`product-tag`."""
    return "-".join(words(name))


def snake(name: str) -> str:
    """`product_tag`."""
    return "_".join(words(name))


def constant(name: str) -> str:
    """`PRODUCT_TAG`."""
    return snake(name).upper()


def entity_name(name: str, *, exact: bool = False) -> str:
    """PascalCase without the `Entity` suffix (an entity called just `Entity` keeps its name)."""
    parts = words(name)
    if len(parts) > 1 and parts[-1] == "entity":
        return pascal("_".join(parts[:-1]) if not exact else name[: -len("Entity")], exact=exact)
    return pascal(name, exact=exact)


def key(name: str) -> str:
    """What two spellings of one name have in common."""
    return "".join(words(name))


@lru_cache(maxsize=4096)
def plural(name: str) -> str:
    """Kebab-case plural: `product-tags`, `categories`, `people`, `news`."""
    *rest, last = words(name)
    return "-".join([*rest, _pluralizer.plural(last)])


@lru_cache(maxsize=4096)
def singular(name: str) -> str:
    """camelCase singular of a relation's name: `relatedTags` is `relatedTag`."""
    *rest, last = words(name)
    return camel("-".join([*rest, _pluralizer.singular(last)]))


def is_name(name: str) -> bool:
    """A string may be the name of something, in any case."""
    return NAME.fullmatch(name) is not None


def is_dangerous(name: str) -> bool:
    """The camelCase or kebab-case spelling is a property of every JavaScript object."""
    return camel(name) in DANGEROUS
