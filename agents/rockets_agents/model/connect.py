"""From settings to the real model."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from rockets_agents.settings import TeamSettings

    from .anthropic_model import AnthropicModel
    from .request import ModelRequest
    from .retry import Failure


def connect(
    settings: TeamSettings,
    *,
    on_wait: Callable[[ModelRequest, Failure, float], None] | None = None,
) -> AnthropicModel:
    """The one model of a run, shared by the team; open it with `async with`.

    Raises:
        KeyMissingError: no key in the environment.
    """
    from .anthropic_model import AnthropicModel, Timeouts
    from .limiter import Limiter
    from .retry import RetryPolicy

    return AnthropicModel(
        api_key=settings.api_key,
        base_url=settings.base_url,
        limiter=Limiter(settings.concurrency),
        retry=RetryPolicy(minutes=settings.retry_minutes),
        timeouts=Timeouts(silence=settings.silence_seconds, answer=settings.answer_minutes * 60),
        on_wait=on_wait,
    )
