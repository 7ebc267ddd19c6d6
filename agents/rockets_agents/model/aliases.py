"""`opus`, `sonnet`, `haiku` → the newest of that family the installed SDK knows."""

from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any, Literal, get_args, get_origin

from rockets_tools.errors import Problem

from .errors import ModelNameError
from .names import parse_name

ALIASES = ("opus", "sonnet", "haiku")


def resolve(model: str) -> str:
    """The id to send: an alias becomes the newest of its family, any other id stays as it is.

    Raises:
        ModelNameError: nothing an id could be (empty, or with blanks, control characters or the
            signs of a list of settings).
    """
    if model in ALIASES:
        return newest(model, known_models())
    if not model or not model.isascii() or not model.isprintable() or set(model) & set(" ,;="):
        raise ModelNameError(
            Problem(
                code="model-name",
                message=f"{model[:60]!r} is not a model.",
                fix=f"Give one of {', '.join(ALIASES)} or a model's full id.",
            )
        )
    return model


def newest(family: str, models: Iterable[str]) -> str:
    """The highest version of the family; of the same version the id without a date.

    Raises:
        ModelNameError: none of `models` belongs to the family.
    """
    ranked = [
        (name.version, name.date == "", name.date, model)
        for model in models
        if (name := parse_name(model)) is not None and name.family == family
    ]
    if not ranked:
        raise ModelNameError(
            Problem(
                code="model-alias",
                message=f"The installed anthropic SDK lists no model of the family {family!r}.",
                fix="Give a model's full id, or update the anthropic package.",
            )
        )
    return max(ranked)[-1]


@cache
def known_models() -> tuple[str, ...]:
    """The ids in the SDK's own type of models, in its order."""
    from anthropic.types import Model

    return tuple(_literals(Model))


def _literals(kind: Any) -> Iterator[str]:
    if get_origin(kind) is Literal:
        yield from get_args(kind)
    else:
        for part in get_args(kind):
            yield from _literals(part)
