"""The toolbox of a replay: what is pure Python is done again, the rest is as it was recorded."""

import threading
from collections.abc import Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, TypeVar

from pydantic import JsonValue, TypeAdapter, ValidationError

from rockets_graph.replay.again import step_error
from rockets_graph.replay.compare import Comparison
from rockets_graph.replay.tape import Tape
from rockets_graph.toolbox import Artefact, Checked, Integrated, Line, Toolbox
from rockets_graph.trace.errors import trace_error
from rockets_graph.trace.events import FileChange, ToolAnswered
from rockets_graph.trace.recorded_tools import NODE_STEPS, SCRIPTS
from rockets_graph.trace.scope import current
from rockets_tools.files import STATE_FOLDER, ProjectFiles
from rockets_tools.plan.model import Plan

if TYPE_CHECKING:
    from rockets_tools.integrate import BehaviourModule

ResultT = TypeVar("ResultT")


def no_line(_: str) -> None:
    """For calls whose program nobody hears."""


class ReplayTools:
    """See `Toolbox`. Sits inside of `RecordedTools`, which has told the comparison of the call."""

    def __init__(
        self,
        tools: Toolbox,
        files: ProjectFiles,
        tape: Tape,
        comparison: Comparison,
        *,
        scripts: bool,
        live: bool,
    ) -> None:
        """`scripts`: programs took the place of our own tools; those are answered, too. `live`:
        what needs Node is done for real."""
        self._tools = tools
        self._files = files
        self._tape = tape
        self._comparison = comparison
        self._scripts = scripts
        self._live = live
        self._ready = threading.Lock()

    @property
    def generator(self) -> str:
        """As recorded: another one is seen by what it renders."""
        return self._tape.header.versions.get("generator", "")

    @property
    def workers(self) -> int:
        return self._tools.workers

    def preflight(self) -> None:
        if not self._scripts:
            self._tools.preflight()

    def announce(self, plan_text: str, entities: Sequence[str]) -> None:
        if not self._scripts:
            self._tools.announce(plan_text, entities)

    def render(self, plan: Plan, entities: Sequence[str]) -> Sequence[Artefact]:
        call = self._call("render")
        if call is None:
            return self._tools.render(plan, entities)
        return _artefacts(self._answer(call, no_line))

    def integrate(self, artefacts: Sequence[Artefact]) -> Integrated:
        call = self._call("integrate")
        if call is None:
            return self._tools.integrate(artefacts)
        return _read(_integrated(), self._answer(call, no_line))

    def integrate_modules(self, modules: Sequence["BehaviourModule"]) -> Integrated:
        self._call("integrate_modules")
        return self._tools.integrate_modules(modules)

    def validate(
        self, plan: Plan | None, entities: Sequence[str] | None, *, migrations: bool
    ) -> Checked:
        call = self._call("validate")
        if call is None:
            return self._tools.validate(plan, entities, migrations=migrations)
        return _read(_checked(), self._answer(call, no_line))

    def changed(self, plan: Plan, entities: Sequence[str]) -> Mapping[str, Mapping[str, str]]:
        found = self._tools.changed(plan, entities)
        if not self._scripts:
            return found
        # A foreign integrate keeps no record of ours.
        return {name: files for name, files in found.items() if files}

    def orphans(self, plan: Plan) -> Sequence[str]:
        return () if self._scripts else self._tools.orphans(plan)

    def needs_packages(self) -> bool:
        if self._comparison.forked:
            return self._tools.needs_packages()
        return _read(_yes_or_no(), self._answer(self._recorded(), no_line))

    def install(self, output: Line) -> None:
        call = self._call("install")
        if call is None:
            self._tools.install(output)
        else:
            self._answer(call, output)

    def migrate(self, plan: Plan, output: Line) -> Checked:
        call = self._call("migrate")
        if call is None:
            self._get_packages()
            return self._tools.migrate(plan, output)
        return _read(_checked(), self._answer(call, output))

    def build(self, output: Line) -> Checked:
        call = self._call("build")
        if call is None:
            self._get_packages()
            return self._tools.build(output)
        return _read(_checked(), self._answer(call, output))

    def smoke(self, plan: Plan, output: Line) -> Checked:
        call = self._call("smoke")
        if call is None:
            self._get_packages()
            return self._tools.smoke(plan, output)
        return _read(_checked(), self._answer(call, output))

    def test(self, specs: Sequence[str], output: Line) -> Checked:
        call = self._call("test")
        if call is None:
            self._get_packages()
            return self._tools.test(specs, output)
        return _read(_checked(), self._answer(call, output))

    def close(self) -> None:
        self._tools.close()

    def _call(self, method: str) -> int | None:
        """The recorded call that answers this one; None: it is to be done."""
        if self._comparison.forked:
            return None
        call = self._recorded()
        if method in NODE_STEPS:
            return None if self._live else call
        return call if self._scripts and method in SCRIPTS else None

    def _recorded(self) -> int:
        scope = current()
        return self._comparison.call(scope.parent if scope else None)

    def _answer(self, call: int, output: Line) -> JsonValue:
        """Say what was said, write what was written, and give or raise what came of it."""
        event = self._tape.answer(call)
        if not isinstance(event, ToolAnswered):
            raise trace_error(
                "trace-answer", f"Event {call} of the trace is not answered by a step."
            )
        for line in self._tape.lines(call):
            output(line)
        for change in event.files:
            self._apply(change)
        if event.error is not None:
            raise step_error(event)
        return None if event.result is None else self._tape.trace.value(event.result)

    def _apply(self, change: FileChange) -> None:
        if change.path.split("/")[0] == STATE_FOLDER:
            raise trace_error("trace-path", f"A step is said to have written {change.path!r}.")
        data = None if change.after is None else self._tape.trace.blobs.read(change.after)
        self._files.delete(change.path)
        if data is not None:
            self._files.create(change.path, data)

    def _get_packages(self) -> None:
        """A copy of a project has none; a run that went live has to have them."""
        with self._ready:
            if self._tools.needs_packages():
                self._tools.install(no_line)


def _read(kind: TypeAdapter[ResultT], value: JsonValue) -> ResultT:
    try:
        return kind.validate_python(value)
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False, include_input=False)[0]
        raise trace_error(
            "trace-answer", f"What a step answered is not an answer: {first['msg'][:200]}."
        ) from error


@cache
def _checked() -> TypeAdapter[Checked]:
    return TypeAdapter(Checked)


@cache
def _integrated() -> TypeAdapter[Integrated]:
    return TypeAdapter(Integrated)


@cache
def _yes_or_no() -> TypeAdapter[bool]:
    return TypeAdapter(bool)


def _artefacts(value: JsonValue) -> list[Artefact]:
    """What a foreign generator answered; whoever integrates it is answered from the trace, too."""
    from rockets_tools.generate import from_json
    from rockets_tools.scripts import Generated

    generated = TypeAdapter(Generated)
    return [
        from_json(item) if isinstance(item, dict) and "entity" in item else _read(generated, item)
        for item in (value if isinstance(value, list) else [])
    ]
