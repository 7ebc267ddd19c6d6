"""An error as it was recorded, raised again."""

from typing import TYPE_CHECKING, TypeVar, cast

from rockets_graph.trace.errors import trace_error
from rockets_graph.trace.events import ModelFailed, Said, ToolAnswered
from rockets_tools.errors import GateError, InputError, MachineError, Problem, RocketsError

if TYPE_CHECKING:
    from rockets_agents.model import ModelError

ErrorT = TypeVar("ErrorT", bound=Exception)

KINDS: dict[int | None, type[RocketsError]] = {
    kind.exit_code: kind for kind in (GateError, InputError, MachineError)
}


class RecordedDefectError(Exception):
    """A mistake of ours that the recorded run met; the class raised has the recorded name."""


def step_error(event: ToolAnswered) -> Exception:
    """What a step raised: of the recorded name, and what nodes tell errors apart by."""
    name = event.error or ""
    if not name.isidentifier():
        raise trace_error("trace-error", f"{name[:60]!r} is not the name of an error.")
    kind = KINDS.get(event.exit_code)
    if kind is None or not event.problems:
        text = event.problems[0].message if event.problems else ""
        return _named(name, RecordedDefectError)(text)
    return _named(name, kind)([_problem(said) for said in event.problems])


def _named(name: str, base: type[ErrorT]) -> type[ErrorT]:
    """The trace of the replay says the same name."""
    return cast("type[ErrorT]", type(name, (base,), {}))


def model_error(event: ModelFailed) -> "ModelError":
    """What a call of a model raised."""
    from rockets_agents.model import errors
    from rockets_graph.trace.recorded_model import usage_of

    kind = getattr(errors, event.error, None)
    if not (isinstance(kind, type) and issubclass(kind, errors.ModelError) and event.problems):
        raise trace_error("trace-error", f"{event.error[:60]!r} is no error of a model.")
    return kind(
        _problem(event.problems[0]),
        role=event.role,
        task=event.task or "",
        status=event.status,
        request_id=event.request_id,
        attempts=event.attempts,
        lost=usage_of(event.lost),
    )


def _problem(said: Said) -> Problem:
    return Problem(
        code=said.code,
        message=said.message,
        fix=said.fix,
        file=said.file,
        line=said.line,
        pointer=said.pointer,
    )
