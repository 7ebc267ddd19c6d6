"""Our requests and responses in the words of the Messages API; pure functions, no network."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from .features import ThinkingMode, features_of
from .messages import (
    AssistantMessage,
    AssistantPart,
    CacheTime,
    HiddenThinking,
    Message,
    Text,
    Thinking,
    ToolCall,
    ToolResult,
)
from .response import STOP_REASONS, ModelResponse, Timing
from .usage import Usage

if TYPE_CHECKING:
    from anthropic import types as sdk
    from anthropic.types.message_create_params import MessageCreateParamsBase

    from .request import ModelRequest, ToolSpec

LEAST_BUDGET = 1024
"""Tokens; a smaller budget for thinking is refused."""


def to_params(request: ModelRequest) -> MessageCreateParamsBase:
    """The body of the call."""
    params: MessageCreateParamsBase = {
        "model": request.model,
        "max_tokens": request.max_tokens,
        "messages": [_message(message) for message in request.messages],
    }
    if request.system:
        params["system"] = [_text(block) for block in request.system]
    if request.tools:
        params["tools"] = [_tool(tool) for tool in request.tools]
    thinking = _thinking(request)
    if thinking is not None:
        params["thinking"] = thinking
    output = _output(request)
    if output:
        params["output_config"] = output
    return params


def to_headers(request: ModelRequest) -> dict[str, str]:
    """Who asks and for which task, so that a gateway can tell the team's calls apart."""
    return {"x-rockets-role": request.role, "x-rockets-task": quote(request.task, safe="")}


def _message(message: Message) -> sdk.MessageParam:
    if isinstance(message, AssistantMessage):
        return {"role": "assistant", "content": [_assistant_part(p) for p in message.content]}
    return {
        "role": "user",
        "content": [_text(p) if isinstance(p, Text) else _result(p) for p in message.content],
    }


def _assistant_part(
    part: AssistantPart,
) -> (
    sdk.TextBlockParam
    | sdk.ThinkingBlockParam
    | sdk.RedactedThinkingBlockParam
    | sdk.ToolUseBlockParam
):
    if isinstance(part, Text):
        return _text(part)
    if isinstance(part, Thinking):
        return {"type": "thinking", "thinking": part.text, "signature": part.signature}
    if isinstance(part, HiddenThinking):
        return {"type": "redacted_thinking", "data": part.data}
    return {"type": "tool_use", "id": part.id, "name": part.name, "input": dict(part.arguments)}


def _text(part: Text) -> sdk.TextBlockParam:
    block: sdk.TextBlockParam = {"type": "text", "text": part.text}
    if part.cache:
        block["cache_control"] = _cache(part.cache)
    return block


def _result(part: ToolResult) -> sdk.ToolResultBlockParam:
    block: sdk.ToolResultBlockParam = {
        "type": "tool_result",
        "tool_use_id": part.call_id,
        "content": part.text,
        "is_error": part.is_error,
    }
    if part.cache:
        block["cache_control"] = _cache(part.cache)
    return block


def _cache(time: CacheTime) -> sdk.CacheControlEphemeralParam:
    return {"type": "ephemeral", "ttl": time}


def _tool(tool: ToolSpec) -> sdk.ToolParam:
    return {
        "name": tool.name,
        "description": tool.description,
        "input_schema": dict(tool.input_schema),
    }


def _thinking(request: ModelRequest) -> sdk.ThinkingConfigParam | None:
    features = features_of(request.model)
    if request.thinking:
        return _mode(features.think, request.max_tokens)
    # Asking for the most effort and for silence at once is refused.
    quiet = request.effort not in ("xhigh", "max")
    return _mode(features.silent, request.max_tokens) if quiet else None


def _mode(mode: ThinkingMode | None, max_tokens: int) -> sdk.ThinkingConfigParam | None:
    if mode == "adaptive":
        return {"type": "adaptive", "display": "summarized"}
    if mode == "between_tools":
        return {"type": "between_tools"}
    if mode == "disabled":
        return {"type": "disabled"}
    if mode == "budget" and max_tokens > LEAST_BUDGET:
        return {"type": "enabled", "budget_tokens": max(LEAST_BUDGET, max_tokens // 2)}
    return None


def _output(request: ModelRequest) -> sdk.OutputConfigParam:
    output: sdk.OutputConfigParam = {}
    if request.output_schema is not None:
        from anthropic import transform_schema

        # Moves what the API cannot enforce (lengths, patterns) into the descriptions.
        schema = transform_schema(dict(request.output_schema))
        output["format"] = {"type": "json_schema", "schema": schema}
    if request.effort is not None and features_of(request.model).effort:
        output["effort"] = request.effort
    return output


def to_response(
    message: sdk.Message, *, request_id: str | None, lost: Usage, timing: Timing
) -> ModelResponse:
    """What the SDK gathered from the stream, in our words."""
    parts = [_part(block) for block in message.content]
    return ModelResponse(
        content=tuple(part for part in parts if part is not None),
        stop_reason=STOP_REASONS.get(message.stop_reason or "", "other"),
        usage=to_usage(message.usage),
        lost=lost,
        model=message.model,
        message_id=message.id,
        request_id=request_id,
        timing=timing,
    )


def _part(block: sdk.ContentBlock) -> AssistantPart | None:
    """None for what only the provider's own tools say; we never offer those."""
    if block.type == "text":
        return Text(text=block.text)
    if block.type == "thinking":
        return Thinking(text=block.thinking, signature=block.signature)
    if block.type == "redacted_thinking":
        return HiddenThinking(data=block.data)
    if block.type == "tool_use":
        return ToolCall.model_validate(
            {"id": block.id, "name": block.name, "arguments": block.input}
        )
    return None


def to_usage(usage: sdk.Usage) -> Usage:
    """The counts as billed."""
    kept = usage.cache_creation
    return Usage(
        input_tokens=usage.input_tokens,
        output_tokens=usage.output_tokens,
        cache_read_tokens=usage.cache_read_input_tokens or 0,
        cache_write_tokens=usage.cache_creation_input_tokens or 0,
        cache_write_1h_tokens=kept.ephemeral_1h_input_tokens if kept else 0,
    )
