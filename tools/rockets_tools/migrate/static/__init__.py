"""The migration of a plan without a database: the SQL TypeORM would write, from plans alone."""

from collections.abc import Mapping, Sequence

from rockets_tools.migrate.files import Statements
from rockets_tools.migrate.static.difference import Difference, difference
from rockets_tools.migrate.static.tables import tables_of
from rockets_tools.plan.model import Entity, Plan


def static_migration(plan: Plan, previous: Sequence[Plan] = ()) -> Statements:
    """What leads from the tables that the migrations so far have made to those of `plan`.

    `previous` are the plans of those migrations, oldest first: names of constraints depend on
    how a table came about, not only on how it is. The table of an entity that left the plan
    stays, as with TypeORM, where its class stays registered. Nothing to change: no statements.
    """
    step = Difference()
    entities: Mapping[str, Entity] = {}
    for each in (*previous, plan):
        entities = {**entities, **each.entities}
        step = difference(step.tables, tables_of(entities))
    return Statements(
        up=tuple(change.up for change in step.changes),
        down=tuple(change.down for change in reversed(step.changes)),
    )
