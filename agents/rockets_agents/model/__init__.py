"""The model seam: one Protocol, its requests and responses, and what can go wrong.

Importing this is cheap; `AnthropicModel` (and with it the SDK) lives in `.claude`.
"""

from .errors import (
    AccountError,
    BudgetSpentError,
    ModelError,
    ModelOutputError,
    ModelUnreachableError,
    RequestRefusedError,
    RequestTooLargeError,
)
from .messages import (
    AssistantMessage,
    HiddenThinking,
    Message,
    Text,
    Thinking,
    ToolCall,
    ToolResult,
    UserMessage,
    user,
)
from .protocol import Delta, Model, OnDelta
from .request import Effort, ModelRequest, RoleName, ToolSpec
from .response import ModelResponse, StopReason, Timing
from .usage import Usage

__all__ = [
    "AccountError",
    "AssistantMessage",
    "BudgetSpentError",
    "Delta",
    "Effort",
    "HiddenThinking",
    "Message",
    "Model",
    "ModelError",
    "ModelOutputError",
    "ModelRequest",
    "ModelResponse",
    "ModelUnreachableError",
    "OnDelta",
    "RequestRefusedError",
    "RequestTooLargeError",
    "RoleName",
    "StopReason",
    "Text",
    "Thinking",
    "Timing",
    "ToolCall",
    "ToolResult",
    "ToolSpec",
    "Usage",
    "UserMessage",
    "user",
]
