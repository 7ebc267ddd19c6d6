"""Prompts as the model gets them: a part that never changes, and a message per job."""

from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache, cached_property
from hashlib import sha256
from importlib import resources
from typing import TYPE_CHECKING, TypeAlias

from pydantic import JsonValue

from rockets_prompts.fence import Fenced, fence, spoken
from rockets_prompts.front_matter import FrontMatter, PromptFileError, split

if TYPE_CHECKING:
    from jinja2 import Environment, Template

SYSTEM = "system"
"""The block that is the stable part; every other block is the message of a job."""


@dataclass(frozen=True)
class Prompt:
    """What one role is told."""

    meta: FrontMatter
    template: "Template"

    @cached_property
    def system(self) -> str:
        """The stable part, byte for byte the same in every call of every run: cache it."""
        return self._render(SYSTEM, {})

    @cached_property
    def digest(self) -> str:
        """sha256 of the stable part, for traces: which text gave this answer."""
        return sha256(self.system.encode()).hexdigest()

    def message(self, job: str, values: Mapping[str, object]) -> str:
        """The part that differs: what is asked now. Raises `jinja2.UndefinedError` when a value
        is missing and `UnfencedError` when the template would print one unfenced."""
        if job not in self.meta.jobs:
            raise PromptFileError(f"{self.meta.role}.md has no job {job!r}")
        return self._render(job, values)

    def _render(self, block: str, values: Mapping[str, object]) -> str:
        context = self.template.new_context(dict(values))
        return "".join(self.template.blocks[block](context)).strip() + "\n"


Instead: TypeAlias = Callable[[str], Prompt | None]
"""An edited prompt for a role, where there is one."""

_instead: ContextVar[Instead | None] = ContextVar("rockets_prompts_instead", default=None)


@contextmanager
def edited(instead: Instead) -> Generator[None]:
    """Use edited prompts inside of the block, in this thread or task and those it starts."""
    token = _instead.set(instead)
    try:
        yield
    finally:
        _instead.reset(token)


def load_prompt(role: str) -> Prompt:
    """The prompt of a role: `<role>.md` of this package, unless an edited one is in use."""
    instead = _instead.get()
    return (instead(role) if instead else None) or _ours(role)


def read_prompt(role: str, text: str) -> Prompt:
    """A prompt for a role from the text of an edited `<role>.md`.

    Raises `PromptFileError` when it is none.
    """
    from jinja2 import TemplateError

    file = f"{role}.md"
    meta, body = split(text, file=file)
    try:
        template = _environment().from_string(body)
    except TemplateError as error:
        raise PromptFileError(f"{file}: {error}") from error
    return _checked(role, meta, template)


@cache
def _ours(role: str) -> Prompt:
    file = f"{role}.md"
    meta, _ = split(_read(file), file=file)
    return _checked(role, meta, _environment().get_template(file))


def _checked(role: str, meta: FrontMatter, template: "Template") -> Prompt:
    file = f"{role}.md"
    if meta.role != role or {SYSTEM, *meta.jobs} != set(template.blocks):
        raise PromptFileError(f"{file}: role, jobs and blocks do not fit together")
    return Prompt(meta, template)


@cache
def _environment() -> "Environment":
    from jinja2 import Environment, FunctionLoader, StrictUndefined, Undefined, select_autoescape

    def data(value: JsonValue | Undefined, label: str) -> Fenced:
        # A missing name raises as soon as it is made a text.
        return fence(str(value) if isinstance(value, Undefined) else value, label)

    environment = Environment(
        # This is no HTML: `fence` is what keeps text from outside in its place.
        autoescape=select_autoescape((), default=False),
        loader=FunctionLoader(_body),
        undefined=StrictUndefined,
        finalize=spoken,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["data"] = data
    return environment


def _body(name: str) -> str:
    text = _read(name)
    return text if name.startswith("includes/") else split(text, file=name)[1]


def _read(name: str) -> str:
    return resources.files("rockets_prompts").joinpath(name).read_text(encoding="utf-8")
