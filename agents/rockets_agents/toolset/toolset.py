"""The tools of one job: what the model is told of them, and the one place where they are called."""

import asyncio
import time
from collections.abc import Mapping
from contextlib import suppress
from contextvars import copy_context
from dataclasses import dataclass
from functools import cache

from pydantic import JsonValue, TypeAdapter, ValidationError

from rockets_agents.errors import ToolRefusedError
from rockets_agents.model import ToolCall, ToolSpec
from rockets_agents.role import Role, ToolName
from rockets_agents.toolset.desk import Desk
from rockets_agents.toolset.editing import EditFile, WriteFile
from rockets_agents.toolset.reading import ListFiles, ReadFile, Search
from rockets_agents.toolset.session import Session, Tool, Touch
from rockets_agents.toolset.speaking import SendMessage, TaskUpdate
from rockets_agents.toolset.steps import Build, Generate, Integrate, Migrate, Smoke, Validate
from rockets_prompts import fence
from rockets_tools.errors import GateError, InputError

TOOLS: Mapping[str, type[Tool]] = {
    tool.name: tool
    for tool in (
        Build,
        EditFile,
        Generate,
        Integrate,
        ListFiles,
        Migrate,
        ReadFile,
        Search,
        SendMessage,
        Smoke,
        TaskUpdate,
        Validate,
        WriteFile,
    )
}
MOST_REASONS = 6
MOST_NAME = 60
"""Characters of a tool's name that are said again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ToolRecord:
    """One call and what came of it, for the log, the trace and a roll-back."""

    call_id: str
    name: str
    """As called; there may be no such tool."""
    arguments: dict[str, JsonValue]
    """As called, unchecked."""
    text: str
    """What the model was told."""
    is_error: bool
    seconds: float
    touched: tuple[Touch, ...]

    @property
    def changed(self) -> bool:
        return any(touch.changed for touch in self.touched)

    def as_json(self) -> dict[str, JsonValue]:
        return {
            "call_id": self.call_id,
            "name": self.name,
            "arguments": self.arguments,
            "text": self.text,
            "is_error": self.is_error,
            "seconds": self.seconds,
            "touched": [dict(touch.as_json()) for touch in self.touched],
        }


class Toolset:
    """Only the tools given are known here: a call of any other is answered like a misspelt one."""

    def __init__(self, role: Role, tools: frozenset[ToolName], desk: Desk) -> None:
        self._tools: dict[str, type[Tool]] = {n: TOOLS[n] for n in sorted(tools & role.tools)}
        self._session = Session(role=role, desk=desk)

    @property
    def specs(self) -> tuple[ToolSpec, ...]:
        """In a fixed order: they are part of the cached prefix."""
        return tuple(_spec(tool) for tool in self._tools.values())

    def edits(self, name: str) -> bool:
        return name in self._tools and self._tools[name].edits

    async def call(self, call: ToolCall) -> ToolRecord:
        """Carry the call out. What is wrong with it is told to the model; `MachineError` is not."""
        started = time.perf_counter()
        self._session.touched.clear()
        try:
            text, is_error = await self._run(call), False
        except (ToolRefusedError, InputError, GateError) as error:
            text, is_error = _told(error), True
        return ToolRecord(
            call_id=call.id,
            name=call.name,
            arguments=call.arguments,
            text=text,
            is_error=is_error,
            seconds=time.perf_counter() - started,
            touched=tuple(self._session.touched),
        )

    async def _run(self, call: ToolCall) -> str:
        kind = self._tools.get(call.name)
        if kind is None:
            yours = ", ".join(self._tools) or "none"
            raise ToolRefusedError(f"There is no tool {call.name[:MOST_NAME]}. Yours: {yours}.")
        try:
            tool = kind.model_validate_json(_json().dump_json(call.arguments))
        except ValidationError as error:
            raise ToolRefusedError(_wrong(call.name, error)) from error
        if not kind.slow:
            return tool.run(self._session)
        return await _in_thread(tool, self._session)


async def _in_thread(tool: Tool, session: Session) -> str:
    """Nothing works on behind the back of a job that was cancelled: its last step ends first."""
    # No task of its own, which whoever ends all tasks would cancel while the thread works on.
    context = copy_context()
    step = asyncio.get_running_loop().run_in_executor(None, lambda: context.run(tool.run, session))
    try:
        return await asyncio.shield(step)
    except asyncio.CancelledError:
        while not step.done():
            with suppress(asyncio.CancelledError):  # told once more, which changes nothing
                await asyncio.wait([step])
        raise


def _told(error: ToolRefusedError | InputError | GateError) -> str:
    if isinstance(error, ToolRefusedError):
        return str(error)
    said = [f"{problem.message} {problem.fix}" for problem in error.problems[:MOST_REASONS]]
    return fence("\n".join(said), "problems")


def _wrong(name: str, error: ValidationError) -> str:
    reasons = [
        f"- {'.'.join(map(str, item['loc'])) or 'arguments'}: {item['msg']}"
        for item in error.errors(include_url=False, include_context=False, include_input=False)
    ]
    return "\n".join([f"The arguments of {name} do not fit:", *reasons[:MOST_REASONS]])


@cache
def _json() -> TypeAdapter[dict[str, JsonValue]]:
    return TypeAdapter(dict[str, JsonValue])


@cache
def _spec(tool: type[Tool]) -> ToolSpec:
    schema = _untitled(_json().validate_python(tool.model_json_schema()))
    schema.pop("description", None)
    description = " ".join((tool.__doc__ or "").split())
    return ToolSpec(name=tool.name, description=description, input_schema=schema)


def _untitled(schema: dict[str, JsonValue]) -> dict[str, JsonValue]:
    """Without pydantic's titles, which say the same as the names."""
    return {
        key: _untitled(value) if isinstance(value, dict) else value
        for key, value in schema.items()
        if key != "title" or not isinstance(value, str)
    }
