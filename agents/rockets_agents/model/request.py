"""One call, as data: what the loop asks for, what a trace holds, what a replay is matched by."""

from typing import Literal, Self

from pydantic import Field, JsonValue, model_validator

from .messages import Message, Part, Text, ToolResult

RoleName = Literal["lead", "generator", "reviewer", "tester", "builder"]
Effort = Literal["low", "medium", "high", "xhigh", "max"]

MOST_CACHE_MARKS = 4
"""How many prefixes the Messages API keeps per request."""


class ToolSpec(Part):
    name: str = Field(pattern=r"^[a-zA-Z0-9_-]{1,64}$")
    description: str
    """Tells the model when to use it."""
    input_schema: dict[str, JsonValue]
    """JSON Schema of an object."""


class ModelRequest(Part):
    """Everything that decides the answer, and nothing secret: it is written to traces as it is."""

    role: RoleName
    task: str
    """Id of the task this call works on; budget, log and replay know the call by it."""
    node: str = ""
    """Node of the graph that asks."""
    model: str
    """A concrete id (`claude-…`); aliases are resolved before."""
    system: tuple[Text, ...] = ()
    """Stable text first, its last block marked with `cache`; the mark covers the tools too."""
    messages: tuple[Message, ...] = Field(min_length=1)
    tools: tuple[ToolSpec, ...] = ()
    output_schema: dict[str, JsonValue] | None = None
    """JSON Schema the final text must follow; read it with `ModelResponse.parse`."""
    max_tokens: int = Field(gt=0)
    """Most tokens of the answer, thinking included."""
    thinking: bool = False
    """Let the model think first, where it can be chosen; some always think, some never."""
    effort: Effort | None = None
    """How hard to try, where the model knows it; None is the model's own default."""

    @model_validator(mode="after")
    def _few_cache_marks(self) -> Self:
        said = [part for message in self.messages for part in message.content]
        marked = sum(
            isinstance(part, Text | ToolResult) and part.cache is not None
            for part in [*self.system, *said]
        )
        if marked > MOST_CACHE_MARKS:
            raise ValueError(f"{marked} cache marks, at most {MOST_CACHE_MARKS} are kept")
        return self
