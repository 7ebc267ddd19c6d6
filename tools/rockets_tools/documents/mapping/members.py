"""Columns and foreign keys of one table, as fields and relations of one entity.

Every column ends in exactly one of: a field, a relation, a notice that says what it is instead,
a blocker.
"""

from collections import Counter
from collections.abc import Mapping, Sequence

from rockets_tools.documents.findings import Findings
from rockets_tools.documents.mapping import keys
from rockets_tools.documents.mapping.draft import EntityDraft, Link
from rockets_tools.documents.mapping.fields import Fields
from rockets_tools.documents.mapping.relations import Relations
from rockets_tools.documents.schema import Schema, Span, Table
from rockets_tools.plan.schema import MAX_MEMBERS


class Members:
    """Fills entities from their tables."""

    def __init__(self, schema: Schema, found: Findings, entity_of: Mapping[int, str]) -> None:
        """`entity_of`: table (by identity) to the entity it became."""
        self._schema, self._found = schema, found
        self._fields = Fields(schema, found)
        self._relations = Relations(schema, found, entity_of, self._fields)

    def fill(
        self, entity: EntityDraft, links: Sequence[Link], *, matched: frozenset[str] | None = None
    ) -> None:
        """Fields, relations and unique constraints.

        `matched`: columns that the SDK's User has; the entity is its profile.
        """
        table = entity.table
        if len(table.columns) + len(links) > MAX_MEMBERS:
            self._found.blocker(
                "too-large",
                table.span,
                f"{table.name} has {len(table.columns)} {self._schema.column_word}s and "
                f"{len(links)} references; an entity has at most {MAX_MEMBERS}.",
                "Split it.",
            )
            return
        done = set(matched or ())
        single = [link for link in links if len(link.key.columns) <= 1]
        composite = [link for link in links if len(link.key.columns) > 1]
        held = {name for link in single for name in link.key.columns}
        replaced = self._replaced(table, composite, held)
        if matched is None:
            self._key(entity, held | replaced, done)
        held -= done
        for column in table.columns.values():
            low = column.name
            if low not in done and low not in held and low not in replaced:
                self._fields.column(entity, column)
        for link in links:
            if not any(name in done for name in link.key.columns):
                self._relations.relation(entity, link)
        self._relations.composites(entity, composite, replaced)
        self._uniques(entity, matched or frozenset())
        self._fields.unique(entity)

    def _say(self, code: str, place: Span, message: str, fix: str = "Nothing to do.") -> None:
        self._found.notice(code, place, message, fix)

    @staticmethod
    def _replaced(table: Table, composite: Sequence[Link], held: set[str]) -> set[str]:
        """Columns that only serve one composite foreign key: its relation stands for them.

        One that a key of the table has without the others stays, or the key would mean another.
        """
        uses = Counter(name for link in composite for name in link.key.columns)
        keys = [set(table.primary_key), *(set(unique.columns) for unique in table.uniques)]
        return {
            name
            for link in composite
            for name in link.key.columns
            if uses[name] == 1
            and name not in held
            and all(key.issuperset(link.key.columns) for key in keys if name in key)
        }

    # -- keys ---------------------------------------------------------------------------------

    def _key(self, entity: EntityDraft, held: set[str], done: set[str]) -> None:
        table = entity.table
        name = keys.key_column(table)
        candidates = [name] if name else list(table.primary_key)
        for candidate in candidates:
            column = table.column(candidate)
            if column is None or column.name in held | done:
                continue
            alone = len(candidates) == 1
            made = keys.is_surrogate(table, column, vague=self._schema.vague)
            if made and (alone or column.auto):
                done.add(column.name)
                entity.property_of[column.name] = "id"
                self._say(
                    "key",
                    column.span,
                    f"{table.name}.{column.name} is the key and becomes {entity.name}.id, a uuid.",
                )
                if not alone:
                    table.primary_key = (column.name,)
                return
        counted = keys.counted(table)
        if counted is not None and counted.name not in held | done:
            done.add(counted.name)
            entity.property_of[counted.name] = "id"
            self._say(
                "key",
                counted.span,
                f"{table.name}.{counted.name} is counted by the database and becomes "
                f"{entity.name}.id, a uuid.",
            )
            if not table.primary_key:
                table.primary_key = (counted.name,)
                return
        if table.primary_key:
            entity.key = table.primary_key
            self._say(
                "natural-key",
                table.span,
                f"{table.name} is keyed by {', '.join(table.primary_key)}: {entity.name} gets a "
                "uuid id, and the old key stays, required and unique.",
            )
        elif not name and not self._schema.implicit_keys:
            self._say(
                "no-key", table.span, f"{table.name} has no key; {entity.name} gets a uuid id."
            )

    # -- unique -------------------------------------------------------------------------------

    def _uniques(self, entity: EntityDraft, matched: frozenset[str]) -> None:
        """Composite constraints by the properties their columns became."""
        table = entity.table
        sets = [(table.primary_key, table.span), *((u.columns, u.span) for u in table.uniques)]
        for columns, span in sets:
            lost = [name for name in columns if name not in entity.property_of]
            if lost and len(lost) == len(columns) and all(n in matched for n in lost):
                continue
            if lost:
                if columns and columns is not table.primary_key:
                    self._say(
                        "unique",
                        span,
                        f"{table.name} cannot be unique by {', '.join(columns)}: {lost[0]} is no "
                        "field of the plan.",
                        "Add a migration of your own if you need it.",
                    )
                continue
            became = list(dict.fromkeys(entity.property_of[name] for name in columns))
            if not became or "id" in became:
                continue
            if len(became) == 1:
                self._one_unique(entity, became[0])
            elif all(set(became) != set(known) for known in entity.unique):
                entity.unique.append(tuple(became))

    @staticmethod
    def _one_unique(entity: EntityDraft, name: str) -> None:
        for made in entity.fields:
            if made.name == name:
                made.unique = True
        for relation in entity.relations:
            if relation.foreign_key == name:
                relation.one_to_one = True
