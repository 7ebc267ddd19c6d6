"""The input of a run, from the header of its trace."""

from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from pydantic import BaseModel, ConfigDict, Field, JsonValue, ValidationError

from rockets_graph.given import Given
from rockets_graph.options import Options
from rockets_graph.replay.tape import Tape
from rockets_graph.state import Mode
from rockets_graph.trace.errors import trace_error
from rockets_tools.files import ProjectFiles

if TYPE_CHECKING:
    from rockets_graph.crew.staff import Staff

NOWHERE = Path("/nonexistent")


class _Chosen(BaseModel):
    """Of the recorded options those that decide what a run does; where it reads from and sends
    to, no trace decides."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    resume: bool = False
    skip_smoke: bool = False
    skip_migration: bool = False
    skip_build: bool = False
    scripts: Path | None = None
    mode: Mode | None = None
    workers: Annotated[int, Field(ge=1, le=1_000)] = 1
    approved_hash: str | None = None
    models: tuple[tuple[str, str], ...] = ()
    max_tokens: int | None = None
    max_cost: Decimal | None = None


def given_again(tape: Tape) -> Given:
    """The input as it was, for a project that is still to be written.

    Raises InputError for a plan that is none (any more), `TraceError` for what no run is given.
    """
    from rockets_tools.plan import read_plan

    header = tape.header
    text = tape.trace.text(header.plan)
    checked = read_plan(text, file="the plan of the trace")
    options = _options(tape)
    return Given(
        options=options,
        files=ProjectFiles(NOWHERE),
        project=header.project,
        plan=checked.plan,
        plan_text=text,
        mode=header.mode,
        warnings=checked.warnings,
        staff=_staff(tape, options) if header.mode == "team" else None,
        spent=_spent(tape),
    )


def in_folder(given: Given, files: ProjectFiles) -> Given:
    """The same for the copy of the project that is there now."""
    return replace(given, files=files, options=replace(given.options, project=files.root))


def _options(tape: Tape) -> Options:
    """The options as they were in force. Programs of `scripts` are never looked for."""
    try:
        chosen = _Chosen.model_validate(tape.header.options)
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False, include_input=False)[0]
        place = ".".join(map(str, first["loc"]))
        raise trace_error(
            "trace-options", f"The options of the trace are none: {place}: {first['msg'][:200]}."
        ) from error
    return Options(
        project=NOWHERE, **{name: getattr(chosen, name) for name in _Chosen.model_fields}
    )


def _spent(tape: Tape) -> dict[str, JsonValue]:
    spent = tape.header.spent
    if spent:
        from rockets_agents.model.budget import BudgetState

        try:
            BudgetState.model_validate(spent)
        except ValidationError as error:
            raise trace_error("trace-spent", "What the trace has spent before is none.") from error
    return spent


def _staff(tape: Tape, options: Options) -> "Staff":
    """The models as they were; no key, and nothing of this machine's settings."""
    from rockets_agents.settings import TeamSettings
    from rockets_graph.crew.staff import ROLES, Staff

    recorded = tape.header.models
    if recorded.keys() != {role.name for role in ROLES}:
        raise trace_error("trace-models", "The trace does not name a model for each role.")
    return Staff(
        # Not validated: that would read the environment.
        settings=TeamSettings.model_construct(
            max_tokens=options.max_tokens, max_cost=options.max_cost
        ),
        models={role.name: recorded[role.name] for role in ROLES},
    )
