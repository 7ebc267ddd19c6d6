"""What an earlier run has proven, so that this one need not do it again. Pure functions."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from rockets_graph.ledger import GateRecord, Gates, StateFile, WaveRecord
from rockets_tools.plan.model import Plan


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """Where a run starts."""

    todo: tuple[tuple[str, ...], ...]
    """Per wave, entity names to generate; empty where all stay."""
    kept: frozenset[str]
    """Entity names that stay: same config, gate green."""
    gates: Gates
    """The last gates; green only what is still proven."""


def beginning(plan: Plan) -> Progress:
    """Nothing is proven."""
    return Progress(todo=plan.waves, kept=frozenset(), gates=Gates())


def progress(plan: Plan, state: StateFile, *, configs: Mapping[str, str]) -> Progress:
    """What stays of an earlier run; `configs` has the present hash of every entity by name."""
    completed = set(state.completed_entities)
    kept = frozenset(
        name
        for name, entity in plan.entities.items()
        if entity.kebab in completed and state.configs.get(entity.kebab) == configs[name]
    )
    todo = tuple(tuple(name for name in wave if name not in kept) for wave in plan.waves)
    proven = state.plan_hash == plan.hash and not any(todo)
    return Progress(todo=todo, kept=kept, gates=_green(state.gates) if proven else Gates())


def without_changed(plan: Plan, start: Progress, changed: Iterable[str]) -> Progress:
    """The same, after a look at the files: entities with a lost or edited one are done again.

    Generating merges, so an edit survives; it is validated, and the last gates look at it.
    """
    lost = start.kept.intersection(changed)
    if not lost:
        return start
    kept = start.kept - lost
    todo = tuple(tuple(name for name in wave if name not in kept) for wave in plan.waves)
    return Progress(todo=todo, kept=kept, gates=Gates())


def records(plan: Plan, start: Progress, earlier: StateFile | None) -> list[WaveRecord]:
    """The waves for the new state file; a wave that stays keeps what was said about it."""
    old = {tuple(wave.entities): wave for wave in earlier.waves} if earlier else {}
    waves: list[WaveRecord] = []
    for index, names in enumerate(plan.waves):
        entities = [plan.entities[name].kebab for name in names]
        wave = WaveRecord(index=index, entities=entities)
        if not start.todo[index]:
            before = old.get(tuple(entities))
            if before is not None:
                wave = before.model_copy(update={"index": index})
            wave.status = "completed"
        waves.append(wave)
    return waves


def _green(gates: Gates) -> Gates:
    def keep(gate: GateRecord) -> GateRecord:
        return gate if gate.status == "green" else GateRecord()

    return Gates(
        migrate=keep(gates.migrate),
        build=keep(gates.build),
        smoke=keep(gates.smoke),
        test=keep(gates.test),
    )
