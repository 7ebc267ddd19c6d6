"""What they are told: one prompt per role and its loader."""

from rockets_prompts.fence import Fenced, UnfencedError, fence
from rockets_prompts.front_matter import FrontMatter, JobHead, PromptFileError
from rockets_prompts.loader import Prompt, edited, load_prompt, read_prompt

__all__ = [
    "Fenced",
    "FrontMatter",
    "JobHead",
    "Prompt",
    "PromptFileError",
    "UnfencedError",
    "edited",
    "fence",
    "load_prompt",
    "read_prompt",
]
