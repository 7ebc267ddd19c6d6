"""What was said, in the shape that OpenTelemetry's GenAI conventions give to messages."""

import json
from collections.abc import Callable, Iterable

from pydantic import JsonValue

from rockets_graph.trace.events import Body

ReadBody = Callable[[Body], JsonValue]
"""The value of a body, from the event or from its blob."""

MOST_TEXT = 32_000
"""Characters of one text; receivers refuse what is very long."""


def input_messages(messages: Iterable[JsonValue]) -> str:
    """`gen_ai.input.messages` of messages as `rockets_agents.model.messages` has them."""
    return _json([_message(message) for message in messages])


def output_messages(content: Iterable[JsonValue]) -> str:
    """`gen_ai.output.messages` of the parts of one answer."""
    return _json([{"role": "assistant", "parts": [_part(part) for part in content]}])


def system_instructions(blocks: Iterable[JsonValue]) -> str:
    """`gen_ai.system_instructions` of the blocks of a system prompt."""
    return _json([_part(block) for block in blocks])


def plain(value: JsonValue) -> str:
    """Arguments or a result of a tool."""
    return _clip(value) if isinstance(value, str) else _clip(_json(value))


def _message(message: JsonValue) -> JsonValue:
    if not isinstance(message, dict):
        return {"role": "user", "parts": [_part(message)]}
    content = message.get("content")
    parts = [_part(part) for part in content] if isinstance(content, list) else [_part(content)]
    answers = bool(parts) and all(part.get("type") == "tool_call_response" for part in parts)
    return {"role": "tool" if answers else message.get("role"), "parts": list[JsonValue](parts)}


def _part(part: JsonValue) -> dict[str, JsonValue]:
    match part:
        case {"type": "text", "text": str(text)}:
            return {"type": "text", "content": _clip(text)}
        case {"type": "thinking", "text": str(text)}:
            return {"type": "reasoning", "content": _clip(text)}
        case {"type": "tool_call", "id": call, "name": name, "arguments": arguments}:
            return {"type": "tool_call", "id": call, "name": name, "arguments": arguments}
        case {"type": "tool_result", "call_id": call, "text": str(text)}:
            return {"type": "tool_call_response", "id": call, "response": _clip(text)}
        case {"type": "hidden_thinking"}:
            return {"type": "hidden_thinking"}
        case _:
            return {"type": "text", "content": plain(part)}


def _json(value: JsonValue) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _clip(text: str) -> str:
    if len(text) <= MOST_TEXT:
        return text
    return f"{text[:MOST_TEXT]}… ({len(text) - MOST_TEXT} more characters are in the trace)"
