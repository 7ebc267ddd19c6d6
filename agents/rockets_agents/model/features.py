"""What a model takes, by its id: the API answers 400 to a setting that a model does not know.

As documented for the Messages API in October 2026. An id of another form (a gateway's own name,
another platform's prefix) gets no setting at all, which every model accepts.
"""

from dataclasses import dataclass
from typing import Literal

from .names import ModelName, parse_name

ThinkingMode = Literal["adaptive", "between_tools", "disabled", "budget"]


@dataclass(frozen=True, slots=True)
class Features:
    think: ThinkingMode | None
    """What to send to let it think; None: nothing, it does so anyway or cannot."""
    silent: ThinkingMode | None
    """What to send to keep it from thinking; None: nothing, it does not or cannot be kept."""
    effort: bool
    """Whether it knows `effort`."""


NOTHING = Features(think=None, silent=None, effort=False)


def features_of(model: str) -> Features:
    """What may be sent along to this model."""
    name = parse_name(model)
    if name is None or name.version < (4, 5):
        return NOTHING
    if name.version < (4, 6):  # a budget of tokens, off unless asked for
        return Features(think="budget", silent=None, effort=name.family == "opus")
    if name.version < (5,):  # off unless asked for
        return Features(think="adaptive", silent=None, effort=True)
    return Features(think="adaptive", silent=_silence(name), effort=True)


def _silence(name: ModelName) -> ThinkingMode | None:
    """From version 5 on all think unless told not to, and the largest always."""
    if name.family == "haiku" or (name.family in ("opus", "sonnet") and name.version < (5, 5)):
        return "disabled"
    return "between_tools" if name.family == "sonnet" else None
