"""JSON for the state, and for what LangGraph itself puts into a checkpoint; no other decoder."""

import json
from dataclasses import asdict
from typing import Protocol

from pydantic import JsonValue

from rockets_graph.state import RunState


class Serializer(Protocol):
    """LangGraph's protocol, in the types we use."""

    def dumps_typed(self, obj: object) -> tuple[str, bytes]: ...
    def loads_typed(self, data: tuple[str, bytes]) -> object: ...


class JsonOnly:
    """See `Serializer`; ValueError for anything that is not JSON, TypeError on the way in."""

    def dumps_typed(self, obj: object) -> tuple[str, bytes]:
        return "json", json.dumps(obj, default=_encode, separators=(",", ":")).encode()

    def loads_typed(self, data: tuple[str, bytes]) -> object:
        kind, text = data
        if kind != "json":
            raise ValueError(f"a checkpoint holds JSON, not {kind!r}")
        return json.loads(text, object_hook=_decode)


def _encode(value: object) -> JsonValue:
    from langgraph.types import Interrupt, Overwrite, Send

    if isinstance(value, RunState):
        return asdict(value)
    if isinstance(value, Send):
        return {"$send": [value.node, value.arg]}
    if isinstance(value, Interrupt):
        return {"$interrupt": [value.value, value.id]}
    if isinstance(value, Overwrite):
        return {"$overwrite": value.value}
    if isinstance(value, BaseException):
        return {"$error": f"{type(value).__name__}: {value}"}
    raise TypeError(f"{type(value).__name__} does not belong into a checkpoint")


def _decode(value: dict[str, JsonValue]) -> object:
    from langgraph.types import Interrupt, Overwrite, Send

    match value:
        case {"$send": [str(node), arg]}:
            return Send(node, arg)
        case {"$interrupt": [payload, str(identity)]}:
            return Interrupt(payload, id=identity)
        case {"$overwrite": payload}:
            return Overwrite(payload)
        case _:
            return value
