"""What the Messages API refuses in a request, so that the test server refuses it too."""

import re
from typing import Any

Json = dict[str, Any]

ALWAYS_THINKING = re.compile(r"claude-(opus-5-5|fable-5|mythos-5)")


def complaint(body: Json) -> str | None:
    """Why the API would answer 400; None for a request it takes."""
    if not isinstance(body.get("max_tokens"), int) or body["max_tokens"] < 1:
        return "max_tokens: Field required"
    messages = body.get("messages") or []
    if not messages or messages[0]["role"] != "user":
        return "messages: first message must use the user role"
    if messages[-1]["role"] == "assistant":
        return "This model does not support assistant message prefill."
    if len(marks(body)) > 4:
        return "A maximum of 4 blocks with cache_control may be provided."
    return _thinking(body) or _texts(body) or _answers(messages)


def marks(body: Json) -> list[Json]:
    """Blocks with a cache mark, in the order of the prefix."""
    return [block for block in prefix(body) if "cache_control" in block]


def prefix(body: Json) -> list[Json]:
    """All blocks in the order in which the cache sees them: tools, system, messages."""
    said = [block for message in body["messages"] for block in _blocks(message["content"])]
    return [*body.get("tools", []), *_blocks(body.get("system", [])), *said]


def _blocks(content: str | list[Json]) -> list[Json]:
    return [{"type": "text", "text": content}] if isinstance(content, str) else content


def _thinking(body: Json) -> str | None:
    mode = (body.get("thinking") or {}).get("type")
    model = body.get("model", "")
    effort = (body.get("output_config") or {}).get("effort")
    if mode in ("disabled", "enabled") and ALWAYS_THINKING.match(model):
        return f'"thinking.type.{mode}" is not supported for this model.'
    if mode == "between_tools" and not model.startswith("claude-sonnet-5-5"):
        return '"thinking.type.between_tools" is not supported for this model.'
    if mode == "between_tools" and effort in ("xhigh", "max"):
        return "between_tools is accepted at low, medium, and high effort."
    if mode == "enabled" and body["thinking"]["budget_tokens"] >= body["max_tokens"]:
        return "max_tokens must be greater than thinking.budget_tokens"
    if effort and model.startswith(("claude-haiku-4-5", "claude-sonnet-4-5")):
        return "This model does not support the effort parameter."
    return None


def _texts(body: Json) -> str | None:
    for block in prefix(body):
        if block.get("type") == "text" and not block["text"].strip():
            return "messages: text content blocks must contain non-whitespace text"
    for at, message in enumerate(body["messages"]):
        if message["role"] == "assistant" and "thinking" in _blocks(message["content"])[-1]["type"]:
            return f"messages.{at}: The final block in an assistant message cannot be `thinking`."
    return None


def _answers(messages: list[Json]) -> str | None:
    """Each call of a tool wants its result at the head of the next turn."""
    for said, following in zip(messages, [*messages[1:], None], strict=True):
        asked = {b["id"] for b in _blocks(said["content"]) if b["type"] == "tool_use"}
        if not asked:
            continue
        blocks = _blocks(following["content"]) if following else []
        if asked != {b["tool_use_id"] for b in blocks if b["type"] == "tool_result"}:
            return "`tool_use` ids were found without `tool_result` blocks immediately after"
    return None
