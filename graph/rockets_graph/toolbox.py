"""What the nodes can do to a project, as they see it.

`Toolbox` is the seam: the real one (`project_tools.py`) calls `rockets_tools`, one with foreign
programs (`--scripts`) calls those, a test brings its own. Tools raise `GateError` when what they
look at is red and have no better answer, `MachineError` when the machine lacks something.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol, TypeAlias

from pydantic import JsonValue

from rockets_graph.state import Finding
from rockets_tools.plan.model import Plan

if TYPE_CHECKING:
    from rockets_tools.generate.result import GeneratedFile
    from rockets_tools.integrate import BehaviourModule

Line: TypeAlias = Callable[[str], None]
"""Takes one line of a program's output."""


class Artefact(Protocol):
    """What one entity was rendered to; beyond the files it is between generate and integrate."""

    @property
    def files(self) -> "tuple[GeneratedFile, ...]": ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Integrated:
    """What one `integrate` of a wave did."""

    actions: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    conflicts: tuple[str, ...] = ()
    """Files that the user and the generator both changed; the user's version is in place."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What a gate found; `details` goes into the report as it is."""

    passed: bool
    findings: tuple[Finding, ...] = ()
    details: dict[str, JsonValue] = field(default_factory=dict[str, JsonValue])
    warnings: tuple[str, ...] = ()
    matrix: tuple[dict[str, JsonValue], ...] = ()
    """Who may do what, as the smoke test proved it (`smoke.result.matrix`); for the trace."""


class Toolbox(Protocol):
    """Bound to one project."""

    @property
    def generator(self) -> str:
        """Name and version of what generates; another one makes every entity be done again."""
        ...

    @property
    def workers(self) -> int:
        """How many `generate` tasks may usefully run at once."""
        ...

    def preflight(self) -> None:
        """Raise InputError when the project is not one that `integrate` can work on."""
        ...

    def announce(self, plan_text: str, entities: Sequence[str]) -> None:
        """These will be rendered, in this order, unless a gate is red before."""
        ...

    def render(self, plan: Plan, entities: Sequence[str]) -> Sequence[Artefact]:
        """In memory, one per entity; called from several threads at once."""
        ...

    def integrate(self, artefacts: Sequence[Artefact]) -> Integrated:
        """Write and wire one wave."""
        ...

    def integrate_modules(self, modules: Sequence["BehaviourModule"]) -> Integrated:
        """Wire modules with behaviour, whose files are there already."""
        ...

    def validate(
        self, plan: Plan | None, entities: Sequence[str] | None, *, migrations: bool
    ) -> Checked:
        """Rules and structure: of these entities of the plan, or of the whole project."""
        ...

    def changed(self, plan: Plan, entities: Sequence[str]) -> Mapping[str, Mapping[str, str]]:
        """By entity name, its files that are not as they were left: path to the sha256 of what
        is there now, empty when it is missing. An entity of which nothing is known is listed."""
        ...

    def orphans(self, plan: Plan) -> Sequence[str]:
        """A line for each entity that left the plan: what of it is still there."""
        ...

    def needs_packages(self) -> bool:
        """`node_modules` is missing."""
        ...

    def install(self, output: Line) -> None: ...

    def migrate(self, plan: Plan, output: Line, /) -> Checked: ...

    def build(self, output: Line, /) -> Checked: ...

    def smoke(self, plan: Plan, output: Line, /) -> Checked: ...

    def test(self, specs: Sequence[str], output: Line, /) -> Checked:
        """Run these specs of the project against what was built last."""
        ...

    def close(self) -> None:
        """The run is over; stop what was started for it."""
        ...
