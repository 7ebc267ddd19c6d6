"""Where the run goes next: pure functions, tested without a graph."""

from collections.abc import Sequence
from typing import Literal

from rockets_graph.state import BUILDER_TRIES, FIX_ROUNDS, Batch, Mode


def after_validate(
    mode: Mode, *, clean: bool, fix_rounds: int
) -> Literal["reviewer", "generator", "lead_report"]:
    """Clean goes on; issues go to the Generator directly, while there are rounds left."""
    if clean:
        return "reviewer"
    return "generator" if may_fix(mode, fix_rounds) else "lead_report"


def after_review(
    mode: Mode, *, clean: bool, fix_rounds: int, answered: bool = True
) -> Literal["lead_dispatch", "generator", "lead_report"]:
    """Clean closes the wave; findings go to the Generator, never through the Lead. That the
    Reviewer gave no answer is nothing the Generator could mend."""
    if clean:
        return "lead_dispatch"
    return "generator" if answered and may_fix(mode, fix_rounds) else "lead_report"


def after_migrate(mode: Mode) -> Literal["tester", "lead_report"]:
    """Red: the team's Tester reads it and the Builder mends it."""
    return "tester" if mode == "team" else "lead_report"


def after_tester(
    mode: Mode, *, green: bool, builder_tries: int
) -> Literal["lead_report", "builder"]:
    """Red goes to the Builder, who has three tries; the sequential cast has no Builder."""
    if green or mode == "sequential" or builder_tries >= BUILDER_TRIES:
        return "lead_report"
    return "builder"


def after_approval(
    *, approved: bool, needs_packages: bool
) -> Literal["bootstrap", "lead_dispatch", "lead_report"]:
    """Nothing happens to a project whose plan nobody approved."""
    if not approved:
        return "lead_report"
    return "bootstrap" if needs_packages else "lead_dispatch"


def after_waves(*, noncrud_done: bool) -> Literal["noncrud", "migrate"]:
    """Modules with behaviour come once, after all entities."""
    return "migrate" if noncrud_done else "noncrud"


def may_fix(mode: Mode, fix_rounds: int) -> bool:
    """The sequential cast repairs nothing: a finding ends the run."""
    return mode == "team" and fix_rounds < FIX_ROUNDS


def batches(wave: int, entities: Sequence[str], workers: int) -> list[Batch]:
    """A wave's entities in at most `workers` runs of neighbours, none empty, order kept."""
    size = -(-len(entities) // max(workers, 1))
    return [
        {"wave": wave, "number": number, "entities": list(entities[start : start + size])}
        for number, start in enumerate(range(0, len(entities), max(size, 1)))
    ]
