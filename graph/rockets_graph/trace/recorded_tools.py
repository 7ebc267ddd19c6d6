"""The toolbox of a run, recorded: what each call was given, what it answered, what it wrote."""

import time
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from hashlib import sha256
from typing import TYPE_CHECKING, TypeVar

from rockets_graph.toolbox import Artefact, Checked, Integrated, Line, Toolbox
from rockets_graph.trace.events import FileChange, ToolAnswered, ToolCalled
from rockets_graph.trace.project import ProjectWatch, changes
from rockets_graph.trace.recorded_nodes import problems_of
from rockets_graph.trace.scope import Scope, current, inside
from rockets_graph.trace.writer import Trace, as_json
from rockets_tools.errors import RocketsError
from rockets_tools.plan.model import Plan

if TYPE_CHECKING:
    from rockets_tools.generate.result import GeneratedFile
    from rockets_tools.integrate import BehaviourModule

ResultT = TypeVar("ResultT")

NODE_STEPS = frozenset({"install", "migrate", "build", "smoke", "test"})
"""What needs Node or a database: a replay answers these from the trace, the files included."""
SCRIPTS = frozenset({"render", "integrate", "validate"})
"""What programs of `--scripts` may do in our place; then a replay answers these, too."""


class RecordedTools:
    """See `Toolbox`. `answered` are the methods whose writes are kept whole, because a replay
    cannot do them again. `clean`: what is rendered holds no secret, for it comes from templates and
    from a plan that holds none. What is asked before and after the graph runs passes unrecorded."""

    def __init__(
        self,
        tools: Toolbox,
        trace: Trace,
        watch: ProjectWatch,
        *,
        answered: frozenset[str] = NODE_STEPS,
        clean: bool = False,
    ) -> None:
        self._tools = tools
        self._trace = trace
        self._watch = watch
        self._answered = answered
        self._clean = clean and "render" not in answered
        self._rendered: dict[int, tuple[Artefact, dict[str, str]]] = {}
        """By identity, from `render` to `integrate`: the artefact and its files' hashes."""

    @property
    def generator(self) -> str:
        return self._tools.generator

    @property
    def workers(self) -> int:
        return self._tools.workers

    def preflight(self) -> None:
        self._tools.preflight()

    def announce(self, plan_text: str, entities: Sequence[str]) -> None:
        self._tools.announce(plan_text, entities)

    def render(self, plan: Plan, entities: Sequence[str]) -> Sequence[Artefact]:
        with self._call("render", {"plan": plan.hash, "entities": list(entities)}) as call:
            rendered = self._tools.render(plan, entities)
            files = [self._remember(item) for item in rendered]
            if "render" in self._answered:
                call.result = [_whole(item) for item in rendered]
            else:
                call.result = dict(zip(entities, files, strict=False))
            return rendered

    def integrate(self, artefacts: Sequence[Artefact]) -> Integrated:
        given = [self._recall(item) for item in artefacts]
        with self._call("integrate", {"artefacts": given}) as call:
            return call.answered(self._tools.integrate(artefacts))

    def integrate_modules(self, modules: Sequence["BehaviourModule"]) -> Integrated:
        with self._call("integrate_modules", {"modules": list(map(_ordered, modules))}) as call:
            return call.answered(self._tools.integrate_modules(modules))

    def validate(
        self, plan: Plan | None, entities: Sequence[str] | None, *, migrations: bool
    ) -> Checked:
        arguments = {
            "plan": plan.hash if plan else None,
            "entities": None if entities is None else list(entities),
            "migrations": migrations,
        }
        with self._call("validate", arguments) as call:
            return call.answered(self._tools.validate(plan, entities, migrations=migrations))

    def changed(self, plan: Plan, entities: Sequence[str]) -> Mapping[str, Mapping[str, str]]:
        return self._tools.changed(plan, entities)

    def orphans(self, plan: Plan) -> Sequence[str]:
        return self._tools.orphans(plan)

    def needs_packages(self) -> bool:
        with self._call("needs_packages", {}) as call:
            return call.answered(self._tools.needs_packages())

    def install(self, output: Line) -> None:
        with self._call("install", {}) as call:
            self._tools.install(call.line(output))

    def migrate(self, plan: Plan, output: Line) -> Checked:
        with self._call("migrate", {"plan": plan.hash}) as call:
            return call.answered(self._tools.migrate(plan, call.line(output)))

    def build(self, output: Line) -> Checked:
        with self._call("build", {}) as call:
            return call.answered(self._tools.build(call.line(output)))

    def smoke(self, plan: Plan, output: Line) -> Checked:
        with self._call("smoke", {"plan": plan.hash}) as call:
            return call.answered(self._tools.smoke(plan, call.line(output)))

    def test(self, specs: Sequence[str], output: Line) -> Checked:
        with self._call("test", {"specs": list(specs)}) as call:
            return call.answered(self._tools.test(specs, call.line(output)))

    def close(self) -> None:
        self._tools.close()

    @contextmanager
    def _call(self, method: str, arguments: Mapping[str, object]) -> Generator["_Call"]:
        """One call, from its beginning to its answer or to what it raises."""
        trace = self._trace
        outer = current() or Scope(trace=trace)
        key = argument_hash(method, arguments, trace)
        body = trace.body(arguments)
        with inside(outer):
            seq = trace.write(lambda at: ToolCalled(**at, tool=method, arguments=body, key=key))
        call = _Call(method, replace(outer, parent=seq))
        before = self._watch.catch_up() if method in self._answered else None
        start = time.perf_counter()
        try:
            with inside(call.scope):
                yield call
        except BaseException as error:
            call.error = error
            raise
        finally:
            seconds = time.perf_counter() - start
            files = () if before is None else changes(before, self._watch.catch_up())
            with inside(outer):
                self._end(call, files, seconds)

    def _end(self, call: "_Call", files: tuple[FileChange, ...], seconds: float) -> None:
        error = call.error
        result = self._trace.body(call.result) if error is None else None
        self._trace.write(
            lambda at: ToolAnswered(
                **at,
                duration=seconds,
                of=call.scope.parent or 1,
                tool=call.method,
                result=result,
                error=None if error is None else type(error).__name__,
                exit_code=error.exit_code if isinstance(error, RocketsError) else None,
                problems=() if error is None else problems_of(error),
                files=files,
            )
        )

    def _remember(self, artefact: Artefact) -> dict[str, str]:
        """Its files, kept: a difference in a replay is shown as text, not as two hashes."""
        hashes = {file.path: self._kept(file) for file in artefact.files}
        self._rendered[id(artefact)] = (artefact, hashes)
        return hashes

    def _recall(self, artefact: Artefact) -> dict[str, str]:
        known = self._rendered.pop(id(artefact), None)
        if known is not None:
            return known[1]
        return {file.path: self._kept(file) for file in artefact.files}

    def _kept(self, file: "GeneratedFile") -> str:
        data = file.content.encode()
        if self._clean:
            return self._trace.keep(data)
        return self._trace.file(file.path, data)[0]


class _Call:
    """A call under way: where its lines belong, and what it answers."""

    def __init__(self, method: str, scope: Scope) -> None:
        self.method = method
        self.scope = scope
        self.result: object = None
        self.error: BaseException | None = None

    def answered(self, result: ResultT) -> ResultT:
        self.result = result
        return result

    def line(self, output: Line) -> Line:
        """Lines come from threads that read a program's pipes and know of no scope."""

        def said(text: str) -> None:
            with inside(self.scope):
                output(text)

        return said


def argument_hash(method: str, arguments: Mapping[str, object], trace: Trace) -> str:
    """What a call is found by again."""
    return sha256(trace.secrets.cover(as_json([method, arguments]))).hexdigest()


def _whole(artefact: Artefact) -> object:
    """Everything a foreign generator answered."""
    from rockets_tools.generate import to_json
    from rockets_tools.generate.result import Rendered

    return to_json(artefact) if isinstance(artefact, Rendered) else artefact


def _ordered(module: "BehaviourModule") -> object:
    """With its grants' actions in order: that of a set is another one in every process."""
    from pydantic_core import to_jsonable_python

    plain = to_jsonable_python(module)
    for grant in plain["grants"]:
        grant["grant"]["actions"].sort()
    return plain


def answered_methods(*, scripts: bool) -> frozenset[str]:
    """What a replay cannot do again."""
    return NODE_STEPS | SCRIPTS if scripts else NODE_STEPS
