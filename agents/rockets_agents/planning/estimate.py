"""What planning will take, before the first token is spent."""

from dataclasses import dataclass
from decimal import Decimal

from rockets_agents.model.prices import cost_of
from rockets_agents.model.usage import Usage
from rockets_agents.planning.jobs import PLAN
from rockets_agents.planning.passages import brief_of
from rockets_tools.documents import Prose
from rockets_tools.documents.sections import MOST_CHARACTERS, sections

CHARACTERS_PER_TOKEN = 3.3
"""Of prose and JSON, on the large side of what English takes."""
ANSWER_SHARE = 0.5
"""Tokens of the plan per token of the document; a terse specification has more, a letter less."""
THINKING = 4000
"""Tokens per answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """Likely numbers, without repairs and answers to questions."""

    calls: int
    prompt_tokens: int
    answer_tokens: int
    """Thinking included."""
    cost: Decimal | None
    """US dollars; None when the model's prices are not known."""


def estimate_planning(
    document: Prose, *, model_id: str, section_size: int = MOST_CHARACTERS
) -> Estimate:
    """What `draft_plan` will take of a model."""
    parts = sections(document, section_size)
    prompt = answer = 0
    for number, section in enumerate(parts, 1):
        brief = brief_of(document, section, number, len(parts), {})
        system, message = PLAN.messages(brief)
        prompt += _tokens(len(system) + len(message))
        text = _tokens(len(brief.document.numbered))
        answer += min(PLAN.max_tokens, THINKING + round(text * ANSWER_SHARE))
    usage = Usage(input_tokens=prompt, output_tokens=answer)
    return Estimate(
        calls=len(parts),
        prompt_tokens=prompt,
        answer_tokens=answer,
        cost=cost_of(model_id, usage),
    )


def _tokens(characters: int) -> int:
    return round(characters / CHARACTERS_PER_TOKEN)
