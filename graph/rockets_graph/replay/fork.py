"""Going on live from some event of a recorded run, with another model or an edited prompt."""

import os
from bisect import bisect_left
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from rockets_agents.model import RoleName
from rockets_agents.model.errors import KeyMissingError
from rockets_agents.settings import load_settings
from rockets_graph.crew.open import Connect, OnWait, to_the_service
from rockets_graph.crew.staff import ROLES, Staff
from rockets_graph.given import Given
from rockets_graph.replay.compare import Comparison
from rockets_graph.replay.model import ReplayModel
from rockets_graph.replay.tape import Tape
from rockets_graph.trace.errors import trace_error
from rockets_graph.trace.events import JobStarted
from rockets_graph.trace.redact import Secrets
from rockets_prompts import Prompt, PromptFileError, edited, read_prompt
from rockets_tools.errors import InputError, Problem

if TYPE_CHECKING:
    from rockets_agents.settings import TeamSettings


@dataclass(frozen=True, slots=True, kw_only=True)
class Fork:
    """Everything up to `at` is answered from the recording, everything after it is live.

    The run keeps its id: it is in the state that is compared up to there. Its trace is its own,
    in the folder of the copy.
    """

    at: int
    """Seq of a recorded event."""
    models: Mapping[str, str] = field(default_factory=dict[str, str])
    """An alias or an id for each role that gets another one."""
    prompts: Mapping[str, Prompt] = field(default_factory=dict[str, Prompt])

    def require_possible(self, tape: Tape) -> None:
        """Raise InputError or `KeyMissingError` before anything is written."""
        if self.at > tape.last:
            raise trace_error(
                "trace-no-event",
                f"The recording ends with event {tape.last}, before event {self.at}.",
                fix="`rockets trace show TRACE --timeline` shows the events.",
            )
        if tape.header.options.get("scripts") is not None:
            raise trace_error(
                "fork-scripts",
                "The run had programs in place of our own tools (--scripts), which are not in it.",
                fix="Run it anew with `rockets orchestrate --scripts`.",
            )
        settings = self._settings()
        models = self._others(settings)
        if tape.header.mode == "team":
            _require_key(Staff(settings=settings, models=models))

    def place(self, tape: Tape) -> int:
        """Where to go live: with another model or prompt right before the job that the event is
        part of, as a conversation keeps both."""
        if not (self.models or self.prompts):
            return self.at
        jobs: dict[int, int] = {}
        for event in tape.trace.events():
            job = event.seq if isinstance(event, JobStarted) else jobs.get(event.parent or 0)
            if job is not None:
                jobs[event.seq] = job
            if event.seq == self.at:
                break
        begins = jobs.get(self.at)
        if begins is None:
            return self.at
        seqs = tape.seqs()
        return seqs[bisect_left(seqs, begins) - 1]

    def changed(self, given: Given, comparison: Comparison) -> Given:
        """The input with the settings of this machine, for what is live."""
        if given.staff is None:
            return given
        limits = given.staff.settings
        settings = self._settings().model_copy(
            update={"max_tokens": limits.max_tokens, "max_cost": limits.max_cost}
        )
        models = _Models(given.staff.models, self._others(settings), comparison)
        return replace(given, staff=Staff(settings=settings, models=models))

    def connect(self, tape: Tape, comparison: Comparison) -> Connect:
        """The recording first, the service from there on."""

        def connected(settings: "TeamSettings", on_wait: OnWait) -> ReplayModel:
            secrets = Secrets(os.environ)
            return ReplayModel(tape, comparison, secrets, to_the_service(settings, on_wait))

        return connected

    def edits(self, comparison: Comparison) -> AbstractContextManager[None]:
        """Puts the edited prompts in place, once it is live."""
        return edited(lambda role: self.prompts.get(role) if comparison.forked else None)

    def _others(self, settings: "TeamSettings") -> dict[RoleName, str]:
        return {
            role.name: settings.model_for(role.name, role.model)
            for role in ROLES
            if role.name in self.models
        }

    def _settings(self) -> "TeamSettings":
        return load_settings(models=self.models)


class _Models(Mapping[RoleName, str]):
    """The recorded ones, and others once it is live."""

    def __init__(
        self,
        recorded: Mapping[RoleName, str],
        others: Mapping[RoleName, str],
        comparison: Comparison,
    ) -> None:
        self._recorded, self._others = recorded, {**recorded, **others}
        self._comparison = comparison

    def __getitem__(self, role: RoleName) -> str:
        return (self._others if self._comparison.forked else self._recorded)[role]

    def __iter__(self) -> Iterator[RoleName]:
        return iter(self._recorded)

    def __len__(self) -> int:
        return len(self._recorded)


def _require_key(staff: Staff) -> None:
    if not staff.has_key:
        raise KeyMissingError(
            Problem(
                code="model-key-missing",
                message="What comes after the fork asks the models live, and ANTHROPIC_API_KEY is"
                " not set.",
                fix="Set it, or replay without --fork-at, which needs none.",
            )
        )


def prompt_from(role: str, file: Path) -> Prompt:
    """An edited prompt; raises InputError for a role that there is not and a file that is none."""
    if role not in {one.name for one in ROLES}:
        known = ", ".join(one.name for one in ROLES)
        raise _problem(f"There is no role {role!r}.", f"Say one of {known}.", file)
    try:
        return read_prompt(role, file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
        raise _problem(f"{file} cannot be read: {reason}.", "Check the path.", file) from error
    except PromptFileError as error:
        fix = f"Begin with a copy of rockets_prompts/{role}.md."
        raise _problem(f"{file} is no prompt: {error}.", fix, file) from error


def _problem(message: str, fix: str, file: Path) -> InputError:
    return InputError(Problem(code="fork-prompt", message=message, fix=fix, file=str(file)))
