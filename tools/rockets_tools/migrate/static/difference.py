"""From the tables there are to the tables wanted, step by step in TypeORM's order."""

from dataclasses import dataclass, field

from rockets_tools.migrate.static.changes import Change, add_foreign_key, create_table
from rockets_tools.migrate.static.evolution import Evolution
from rockets_tools.migrate.static.model import Schema, Table

BEFORE_NEW_TABLES = (
    Evolution.drop_foreign_keys,
    Evolution.drop_indexes,
    Evolution.drop_composites,
    Evolution.rename,
)
AFTER_NEW_TABLES = (
    Evolution.drop_columns,
    Evolution.add_columns,
    Evolution.change_columns,
    Evolution.create_indexes,
    Evolution.create_composites,
    Evolution.create_foreign_keys,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """What leads from one schema to another."""

    changes: tuple[Change, ...] = ()
    """In the order they are made."""
    tables: Schema = field(default_factory=dict[str, Table])
    """What is there afterwards."""


def difference(before: Schema, wanted: Schema) -> Difference:
    """What leads from `before` to `wanted`; a table that nobody wants any more stays."""
    kept = [Evolution(before[name], table) for name, table in wanted.items() if name in before]
    new = [table for name, table in wanted.items() if name not in before]
    changes = [change for step in BEFORE_NEW_TABLES for table in kept for change in step(table)]
    changes += [change for table in new for change in create_table(table)]
    changes += [change for step in AFTER_NEW_TABLES for table in kept for change in step(table)]
    changes += [
        add_foreign_key(table.name, name, key)
        for table in new
        for name, key in table.foreign_keys.items()
    ]
    evolved = {table.name: table for table in [*(each.result for each in kept), *new]}
    return Difference(changes=tuple(changes), tables={**before, **evolved})
