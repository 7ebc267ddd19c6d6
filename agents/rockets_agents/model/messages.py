"""What is said to a model and by it: the parts of a conversation, free of any provider's SDK."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue

CacheTime = Literal["5m", "1h"]


class Part(BaseModel):
    """Frozen, and closed: an unknown key in a recorded trace is an error, not a surprise."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Text(Part):
    type: Literal["text"] = "text"
    text: str
    cache: CacheTime | None = None
    """Everything up to and including this part is the same in later calls: keep it that long."""


class Thinking(Part):
    """Must go back to the model unchanged, or it answers with an error."""

    type: Literal["thinking"] = "thinking"
    text: str
    signature: str


class HiddenThinking(Part):
    type: Literal["hidden_thinking"] = "hidden_thinking"
    data: str


class ToolCall(Part):
    type: Literal["tool_call"] = "tool_call"
    id: str
    name: str
    arguments: dict[str, JsonValue]


class ToolResult(Part):
    type: Literal["tool_result"] = "tool_result"
    call_id: str
    """The `id` of the call it answers; each call wants exactly one."""
    text: str
    is_error: bool = False
    cache: CacheTime | None = None


AssistantPart = Annotated[Text | Thinking | HiddenThinking | ToolCall, Field(discriminator="type")]
UserPart = Annotated[Text | ToolResult, Field(discriminator="type")]


class UserMessage(Part):
    role: Literal["user"] = "user"
    content: tuple[UserPart, ...] = Field(min_length=1)


class AssistantMessage(Part):
    role: Literal["assistant"] = "assistant"
    content: tuple[AssistantPart, ...] = Field(min_length=1)


Message = Annotated[UserMessage | AssistantMessage, Field(discriminator="role")]


def user(*content: str | UserPart) -> UserMessage:
    """A user's turn: `user("Review this wave.")`, or tool results first and text after."""
    return UserMessage(
        content=tuple(Text(text=part) if isinstance(part, str) else part for part in content)
    )
