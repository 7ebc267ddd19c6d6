"""How many tokens a prompt may have, before anybody counted them."""

from math import ceil

from .request import ModelRequest

BYTES_PER_TOKEN = 2
"""Text has 2.5 to 4; fewer here, because a reservation that is too small is no reservation."""

TOOL_USE_TOKENS = 700
"""What the API adds on its own when there are tools or an output schema."""


def estimate_prompt(request: ModelRequest) -> int:
    """Tokens of the prompt, rather too many than too few; nothing is sent."""
    shape = request.model_dump_json(include={"system", "messages", "tools", "output_schema"})
    own = TOOL_USE_TOKENS if request.tools or request.output_schema else 0
    return ceil(len(shape.encode()) / BYTES_PER_TOKEN) + own
