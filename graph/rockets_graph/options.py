"""What a run is asked to do."""

import shlex
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

from pydantic import JsonValue

from rockets_graph.state import Mode


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """The options of `rockets orchestrate`."""

    project: Path
    spec: Path | None = None
    """Plan to bring into force; by default the one in force, `.rockets/plan.json`."""
    dry_run: bool = False
    resume: bool = False
    skip_smoke: bool = False
    skip_migration: bool = False
    skip_build: bool = False
    """Skips migration and smoke, too: both need the build."""
    validate_only: bool = False
    scripts: Path | None = None
    """Directory of programs that take the place of generate, integrate and validate."""
    mode: Mode | None = None
    """None: decided by the environment."""
    workers: int | None = None
    """`generate` tasks at once; by default as many as are useful."""
    checkpoints: str | None = None
    """URL of the PostgreSQL database for what is in flight; None: in the project."""

    approved_hash: str | None = None
    """Of the plan whose page a person approved; None: giving the plan is the approval."""
    spent: dict[str, JsonValue] = field(default_factory=dict[str, JsonValue])
    """What planning has spent before the run, `BudgetState` as JSON; counts in its budget."""
    models: tuple[tuple[str, str], ...] = ()
    """Role and model, as given by `--model role=name`."""
    max_tokens: int | None = None
    max_cost: Decimal | None = None
    """US dollars."""
    keep_runs: int = 20
    """Recorded runs that stay in the project, this one included."""
    otel: str | None = None
    """OTLP/HTTP receiver of live spans; empty: as the environment says. None: no spans."""

    @property
    def migrates(self) -> bool:
        return not (self.skip_migration or self.skip_build)

    @property
    def smokes(self) -> bool:
        return not (self.skip_smoke or self.skip_build)

    @property
    def needs_node(self) -> bool:
        return not self.skip_build

    def resume_command(self, *, with_spec: bool = False) -> str:
        """What to type to go on, exactly; with the plan where it is not in force yet."""
        words = ["rockets", "orchestrate", "--project", str(self.project), "--resume"]
        if with_spec and self.spec is not None:
            words += ["--spec", str(self.spec)]
        for flag, given in (
            ("--skip-smoke", self.skip_smoke),
            ("--skip-migration", self.skip_migration),
            ("--skip-build", self.skip_build),
        ):
            if given:
                words.append(flag)
        if self.mode is not None:
            words.append(f"--{self.mode}")
        for role, name in self.models:
            words += ["--model", f"{role}={name}"]
        if self.max_tokens is not None:
            words += ["--max-tokens", str(self.max_tokens)]
        if self.max_cost is not None:
            words += ["--max-cost", str(self.max_cost)]
        if self.scripts is not None:
            words += ["--scripts", str(self.scripts)]
        if self.checkpoints is not None:
            from rockets_tools.database.url import redacted

            words += ["--checkpoints", redacted(self.checkpoints)]
        return shlex.join(words)
