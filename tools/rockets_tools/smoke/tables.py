"""The rows behind the application: set before a scene, looked at after it."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Protocol

from pydantic import JsonValue

from rockets_tools.plan.model import Plan
from rockets_tools.smoke.bodies import date_names
from rockets_tools.smoke.compare import differences
from rockets_tools.smoke.database import Queries
from rockets_tools.smoke.model import After, Row, Scene
from rockets_tools.smoke.sql import by_property, look, set_scene

Record = Mapping[str, JsonValue]
"""One row by column, the inherited ones included."""
Snapshot = Mapping[str, Mapping[str, Record]]
"""Entity name to row id to row."""


class Tables(Protocol):
    """Where the rows are."""

    def set(self, rows: Sequence[Row], names: Sequence[str]) -> Snapshot:
        """Empty what was used before and these entities, store the rows, answer what is there."""
        ...

    def look(self, names: Sequence[str]) -> Snapshot:
        """All rows of these entities."""
        ...


class SqlTables:
    """Tables of the scratch database. No request may be on its way during a call."""

    def __init__(self, plan: Plan, queries: Queries) -> None:
        self._plan = plan
        self._queries = queries
        self._dirty: set[str] = set()

    def set(self, rows: Sequence[Row], names: Sequence[str]) -> Snapshot:
        self._dirty.update(names)
        sql = set_scene(self._plan, rows, self._dirty)
        self._dirty = set(names)
        return self._snapshot(f"{sql};\n{look(self._plan, names)}")

    def look(self, names: Sequence[str]) -> Snapshot:
        return self._snapshot(look(self._plan, names))

    def _snapshot(self, sql: str) -> Snapshot:
        snapshot: dict[str, dict[str, Record]] = {}
        for answer in self._queries.run(sql):
            rows = answer["rows"]
            snapshot[str(answer["entity"])] = {
                str(row["id"]): row
                for row in (rows if isinstance(rows, list) else ())
                if isinstance(row, dict)
            }
        return snapshot


def touched(scene: Scene) -> tuple[str, ...]:
    """Entities whose rows a scene has or makes."""
    return tuple(dict.fromkeys((scene.entity, *(row.entity for row in scene.rows))))


def aftermath(
    plan: Plan,
    scene: Scene,
    created: Mapping[str, Record],
    before: Snapshot,
    after: Snapshot,
) -> Iterator[str]:
    """One sentence for each row that is not what the scene should have made of it.

    `created` has, by id, what the application said it stored, by TypeScript property.
    """
    entity = plan.entities[scene.entity]
    stored = after[scene.entity]
    for row_id, wanted in created.items():
        record = stored.get(row_id)
        if record is None:
            yield f"row {row_id} was answered and is not stored"
            continue
        got = by_property(entity, record)
        for problem in differences(wanted, got, date_names(entity)):
            yield f"stored {problem}"
    expected = {ending.row.id: ending for case in scene.cases for ending in case.after}
    for name, rows in before.items():
        for row_id, record in rows.items():
            now = after[name].get(row_id)
            if row_id in expected:
                yield from _ending(plan, expected[row_id], now)
            else:
                yield from (f"{name} {row_id} {what}" for what in _changes(record, now))
        for row_id in after[name].keys() - rows.keys() - created.keys():
            yield f"{name} {row_id} appeared"


def _ending(plan: Plan, ending: After, record: Record | None) -> Iterator[str]:
    name, row_id = ending.row.entity, ending.row.id
    state = "gone" if record is None else "deleted" if record.get("dateDeleted") else "live"
    allowed = {
        "free": {"gone", "deleted", "live"},
        "removed": {"gone", "deleted"},
    }.get(ending.state, {ending.state})
    if state not in allowed:
        yield f"{name} {row_id} is {state}, not {ending.state}"
    elif record is not None and ending.values:
        entity = plan.entities[name]
        got = by_property(entity, record)
        for problem in differences(ending.values, got, date_names(entity)):
            yield f"{name} {row_id}: stored {problem}"


def _changes(before: Record, after: Record | None) -> Iterator[str]:
    if after is None:
        yield "is gone"
        return
    names = [name for name, value in before.items() if after.get(name) != value]
    if names:
        yield f"was changed: {', '.join(names)}"
