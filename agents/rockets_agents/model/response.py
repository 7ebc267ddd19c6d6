"""What came back, as data; a pure function of it says whether it can be used."""

import re
from typing import Literal, TypeVar, get_args

from pydantic import BaseModel, Field, ValidationError

from .errors import ModelOutputError
from .messages import AssistantMessage, AssistantPart, Part, Text, ToolCall
from .usage import Usage

StopReason = Literal[
    "end_turn",
    "tool_use",
    "max_tokens",
    "stop_sequence",
    "pause_turn",
    "refusal",
    "model_context_window_exceeded",
    "other",
]
STOP_REASONS: dict[str, StopReason] = {reason: reason for reason in get_args(StopReason)}

OutputT = TypeVar("OutputT", bound=BaseModel)


class Timing(Part):
    """Seconds on the model's clock; a replay does not compare them."""

    seconds: float = 0.0
    """The whole call: waiting for a slot, failed attempts and pauses included."""
    first_token_seconds: float | None = None
    """From the start of the last attempt to its first piece of answer."""
    attempts: int = 1


class ModelResponse(Part):
    content: tuple[AssistantPart, ...]
    """As received. Calls cut off in the middle are in here too: use `tool_calls`, `message`."""
    stop_reason: StopReason
    usage: Usage = Usage()
    """Of the attempt that succeeded."""
    lost: Usage = Usage()
    """Of attempts that broke after the model had begun; billed all the same."""
    model: str
    """The id that answered."""
    message_id: str | None = None
    request_id: str | None = None
    """What the provider's support asks for."""
    timing: Timing = Field(default_factory=Timing)

    @property
    def text(self) -> str:
        return "".join(part.text for part in self.content if isinstance(part, Text))

    @property
    def tool_calls(self) -> tuple[ToolCall, ...]:
        """Calls to carry out; none unless the model finished saying them."""
        if self.stop_reason != "tool_use":
            return ()
        return tuple(part for part in self.content if isinstance(part, ToolCall))

    @property
    def message(self) -> AssistantMessage | None:
        """The turn to append to the conversation, as it was said; None when there is none.

        Nothing of a turn that broke off: half a thought has no signature, a refused turn is
        refused again, and a thought alone is no turn.
        """
        if self.stop_reason in BROKEN_OFF:
            return None
        calls = self.tool_calls
        kept = tuple(part for part in self.content if _can_be_sent_back(part, calls))
        ends = bool(kept) and isinstance(kept[-1], Text | ToolCall)
        return AssistantMessage(content=kept) if ends else None

    def parse(self, kind: type[OutputT]) -> OutputT:
        """The answer as a `kind`, checked.

        Raises:
            ModelOutputError: refused, cut off, not JSON or not of this shape; its `feedback` is
                what to tell the model.
        """
        problem = UNUSABLE.get(self.stop_reason)
        if self.stop_reason == "max_tokens" and any(
            isinstance(part, ToolCall) for part in self.content
        ):
            problem = CUT_CALL
        if problem is not None:
            raise ModelOutputError(problem, answer=self.text, stop_reason=self.stop_reason)
        try:
            return kind.model_validate_json(_unfenced(self.text))
        except ValidationError as error:
            raise ModelOutputError(
                _feedback(error), answer=self.text, stop_reason=self.stop_reason
            ) from None


def _unfenced(text: str) -> str:
    """Without the one code fence that models like to put around a whole answer."""
    match = FENCED.fullmatch(text.strip())
    return match["inside"] if match else text


def _can_be_sent_back(part: AssistantPart, calls: tuple[ToolCall, ...]) -> bool:
    if isinstance(part, ToolCall):
        return part in calls
    # Models say blanks between a thought and a call, and a text of blanks is refused.
    return not isinstance(part, Text) or part.text.strip() != ""


UNUSABLE: dict[StopReason, str] = {
    "max_tokens": "The answer was cut off at the token limit. Answer again, much shorter.",
    "model_context_window_exceeded": "The conversation filled the context window.",
    "refusal": "The answer was refused. Answer the task itself, with nothing around it.",
    "pause_turn": "The answer stopped in the middle. Give the whole answer again.",
    "tool_use": "A tool was called where the final answer was due. Give the final answer.",
}
CUT_CALL = (
    "Your call of a tool was cut off at the token limit, and nothing of that turn was carried out. "
    "Say less in one turn: one file at a time, a long one in parts with edit_file."
)
BROKEN_OFF: frozenset[StopReason] = frozenset(
    {"max_tokens", "model_context_window_exceeded", "refusal", "pause_turn"}
)

MOST_REASONS = 10
FENCED = re.compile(r"```(?:json)?[ \t]*\n(?P<inside>(?:(?!```).)*)\n```", re.DOTALL)


def _feedback(error: ValidationError) -> str:
    reasons = [
        f"- {'.'.join(str(step) for step in item['loc']) or 'the whole answer'}: {item['msg']}"
        for item in error.errors(include_url=False, include_context=False, include_input=False)
    ]
    more = [f"- and {len(reasons) - MOST_REASONS} more"] if len(reasons) > MOST_REASONS else []
    lines = ["The answer does not follow the schema:", *reasons[:MOST_REASONS], *more]
    return "\n".join([*lines, "Answer again with one JSON document that follows it, nothing else."])
