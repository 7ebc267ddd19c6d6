"""The head of a prompt file: what the prompt was written for, between two lines of `+++`."""

import tomllib
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

MARK = "+++\n"
Word = Annotated[str, StringConstraints(pattern=r"^[A-Za-z][A-Za-z0-9_]*$")]


class PromptFileError(Exception):
    """A prompt file of this package is wrong; its author has to mend it."""


class _Closed(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class JobHead(_Closed):
    """One kind of work the role is asked for; the block of the same name is its message."""

    output: Word
    """Name of the type its answer is checked against."""


class FrontMatter(_Closed):
    """What the text relies on. `rockets_agents` holds it against its roles and refuses a prompt
    that was written for other tools or another output."""

    role: Word
    version: int = Field(ge=1)
    """Goes up with every change that may change an answer."""
    model: Literal["opus", "sonnet", "haiku"]
    """Default, as an alias."""
    tools: tuple[Word, ...]
    """Every tool the text may speak of."""
    jobs: dict[Word, JobHead] = Field(min_length=1)


def split(text: str, *, file: str) -> tuple[FrontMatter, str]:
    """The front matter and the rest."""
    if not text.startswith(MARK) or MARK not in text[len(MARK) :]:
        raise PromptFileError(f"{file} does not begin with front matter between +++ lines")
    head, body = text[len(MARK) :].split(MARK, 1)
    try:
        return FrontMatter.model_validate(tomllib.loads(head)), body
    except (tomllib.TOMLDecodeError, ValidationError) as error:
        raise PromptFileError(f"{file}: {error}") from error
