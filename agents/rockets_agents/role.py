"""What a role is and what it can be asked: who may do what is decided here, never in a prompt."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Generic, Literal, TypeVar

from pydantic import BaseModel, JsonValue, TypeAdapter

from rockets_agents.errors import RoleMismatchError
from rockets_agents.findings import Brief
from rockets_agents.model import Effort, RoleName
from rockets_prompts import Prompt, load_prompt
from rockets_tools.files import ProjectFiles

BriefT = TypeVar("BriefT", bound=Brief)
AnswerT = TypeVar("AnswerT", bound=BaseModel)

ToolName = Literal[
    "build",
    "edit_file",
    "generate",
    "integrate",
    "list_files",
    "migrate",
    "read_file",
    "search",
    "send_message",
    "smoke",
    "task_update",
    "validate",
    "write_file",
]


def reading_and(*more: ToolName) -> frozenset[ToolName]:
    """The tools to look around, which every role has, and these."""
    return frozenset[ToolName](("list_files", "read_file", "search", *more))


@dataclass(frozen=True, slots=True, kw_only=True)
class Role:
    """A member of the team. Its tools are fixed: nothing it reads can add one."""

    name: RoleName
    model: Literal["opus", "sonnet", "haiku"]
    """Default, as an alias; `--model role=…` sets another."""
    tools: frozenset[ToolName]
    speaks_to: frozenset[RoleName]
    """Whom `send_message` reaches."""
    writes: tuple[str, ...] = ()
    """Folders it can be given to write in, each with a slash at its end; none: it only reads."""
    mends_wiring: bool = False
    """May correct the files that `integrate` wires, save the access rules."""
    keeps_expectations: bool = False
    """What a test expects may be put right, never taken out."""

    def prompt(self) -> Prompt:
        """Its prompt; raises `RoleMismatchError` when that was written for another role."""
        prompt = load_prompt(self.name)
        meta = prompt.meta
        if (meta.model, frozenset(meta.tools)) != (self.model, self.tools):
            raise RoleMismatchError(f"{self.name}.md speaks of another model or other tools")
        return prompt


def accept(_answer: BaseModel, _brief: Brief, _files: ProjectFiles) -> Iterable[str]:
    """The check of an answer whose shape is all there is to check."""
    return ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Job(Generic[BriefT, AnswerT]):
    """One kind of work of a role: what it is given, what it answers, how far it may go."""

    role: Role
    name: str
    """Name of the block in the role's prompt."""
    brief: type[BriefT]
    answer: type[AnswerT]
    check: Callable[[AnswerT, BriefT, ProjectFiles], Iterable[str]] = accept
    """What is wrong with a well-formed answer, one sentence each, for the model to mend."""
    tools: frozenset[ToolName]
    """Of the role's tools those that this job needs."""
    max_turns: int
    """Requests to the model, the answer and its repairs included."""
    max_tokens: int = 16_000
    """Of one response, thinking included."""
    thinking: bool = False
    effort: Effort | None = None
    constrained: bool = True
    """Let the model's decoder follow the schema. Off where it knows too little JSON Schema; then
    the brief carries the schema and the answer is checked all the same."""

    many_turns: bool = True
    """Most runs of it take several turns, so that the brief is worth a place in the cache."""

    def __post_init__(self) -> None:
        if not self.tools <= self.role.tools:
            raise RoleMismatchError(f"{self.role.name}/{self.name} has tools its role has not")

    def messages(self, brief: BriefT) -> tuple[str, str]:
        """The stable part of the prompt and what is asked now."""
        prompt = self.role.prompt()
        if prompt.meta.jobs[self.name].output != self.answer.__name__:
            raise RoleMismatchError(f"{self.role.name}.md expects another answer to {self.name}")
        return prompt.system, prompt.message(self.name, brief.model_dump(mode="json"))

    def schema(self) -> dict[str, JsonValue]:
        """JSON Schema of the answer."""
        schema: TypeAdapter[dict[str, JsonValue]] = TypeAdapter(dict[str, JsonValue])
        return schema.validate_python(self.answer.model_json_schema())
