"""Foreign keys as relations: names that nothing else has, columns, both kinds of one."""

from collections.abc import Mapping, Sequence

from rockets_tools.documents.findings import Findings
from rockets_tools.documents.mapping import keys, words
from rockets_tools.documents.mapping.draft import EntityDraft, Link, RelationDraft
from rockets_tools.documents.mapping.fields import Fields
from rockets_tools.documents.schema import Column, Schema, Span, Table
from rockets_tools.plan import names


class Relations:
    """Makes relations of one document's foreign keys."""

    def __init__(
        self, schema: Schema, found: Findings, entity_of: Mapping[int, str], fields: Fields
    ) -> None:
        self._schema, self._found = schema, found
        self._entity_of, self._fields = entity_of, fields

    def _say(self, code: str, place: Span, message: str, fix: str = "Nothing to do.") -> None:
        self._found.notice(code, place, message, fix)

    def relation(self, entity: EntityDraft, link: Link) -> None:
        """One foreign key becomes one relation."""
        key, table = link.key, entity.table
        columns = [column for name in key.columns if (column := table.column(name))]
        target = self._entity_of[id(link.target)]
        required = key.required
        if required is None:
            pinned = set(table.primary_key)
            required = bool(columns) and all(
                column.required or column.name in pinned for column in columns
            )
        name, foreign_key = self._relation_names(entity, link, target, columns)
        alone = columns[0] if len(columns) == 1 else None
        relation = RelationDraft(
            name=name,
            foreign_key=foreign_key,
            target=target,
            span=key.span,
            columns=key.columns,
            one_to_one=key.unique or self._is_unique(table, [c.name for c in columns]),
            nullable=not required,
            on_delete=key.on_delete,
            inverse=key.inverse,
            description=self._fields.text(
                key.description or (alone.description if alone else None),
                f"{table.name}.{name}",
                key.span,
            ),
        )
        if alone is not None and self._schema.maps_names:
            relation.column_name = self._fields.column_name(
                entity, alone.name, foreign_key, None, alone.span
            )
        else:
            relation.column_name = self._free_column(entity, foreign_key)
        if alone is not None:
            entity.property_of[alone.name] = foreign_key
            if alone.default is not None:
                self._say(
                    "default",
                    alone.span,
                    f"The default of {table.name}.{alone.name} is left out: it is a reference.",
                )
            spelt = names.key(words.plain(alone.name))
            if not self._schema.maps_names and spelt not in (
                names.key(relation.name),
                names.key(foreign_key),
            ):
                self._say(
                    "reference-column",
                    alone.span,
                    f"{table.name}.{alone.name} becomes the reference {relation.name}.",
                )
        if key.guess:
            relation.guesses.append(key.guess)
        if relation.on_delete == "SET NULL" and required:
            relation.on_delete = None
            self._say(
                "on-delete",
                key.span,
                f"{table.name}.{', '.join(key.columns)} is required, so a delete cannot set it to "
                "null; deleting its target is refused instead.",
            )
        self._other_key(link, entity)
        entity.relations.append(relation)

    def _free_column(self, entity: EntityDraft, foreign_key: str) -> str | None:
        made = words.free(
            (foreign_key, names.snake(foreign_key)), lambda name: name.lower() in entity.columns
        )
        entity.columns.add(made.lower())
        return None if made == foreign_key else made

    def _other_key(self, link: Link, entity: EntityDraft) -> None:
        """A reference to something that is not the primary key."""
        written = {name.upper() for name in link.key.target_columns}
        primary = {name.upper() for name in link.target.primary_key}
        if written and primary and written != primary:
            self._say(
                "reference",
                link.key.span,
                f"{entity.table.name}.{', '.join(link.key.columns)} refers to "
                f"{link.target.name}.{', '.join(link.key.target_columns)}; in the plan it refers "
                f"to the id of {self._entity_of[id(link.target)]}.",
            )

    @staticmethod
    def _is_unique(table: Table, columns: Sequence[str]) -> bool:
        wanted = set(columns)
        if not wanted:
            return False
        sets = [table.primary_key, *(unique.columns for unique in table.uniques)]
        if any(set(one) == wanted for one in sets):
            return True
        column = table.column(columns[0]) if len(columns) == 1 else None
        return column is not None and column.unique

    def _relation_names(
        self, entity: EntityDraft, link: Link, target: str, columns: Sequence[Column]
    ) -> tuple[str, str]:
        """(relation, foreign key) that nothing else in the entity is called."""
        far = names.camel(target)
        alone = columns[0] if len(columns) == 1 else None
        written = alone.property or alone.name if alone else None
        if link.key.name:
            base = words.camel(link.key.name, fallback=far)
        elif written is not None:
            base = self._base(written, link, self_reference=link.target is entity.table) or far
        else:
            base = far
        key = words.camel(written, fallback=f"{far}Id") if written else f"{base}Id"
        key = key if key.endswith("Id") else f"{base}Id"
        capital = target[0].upper() + target[1:]
        tries = (base, f"{base}{capital}" if base != far else f"{base}Ref", f"{base}Relation")
        name = words.free(
            dict.fromkeys(tries), lambda n: entity.taken(n) or n.lower() == key.lower()
        )
        entity.properties.add(name.lower())
        key = words.free(dict.fromkeys((key, f"{name}Id", f"{name}RefId")), entity.taken)
        entity.properties.add(key.lower())
        return name, key

    @staticmethod
    def _base(written: str, link: Link, *, self_reference: bool) -> str | None:
        """The column's name without what only says that it is a key."""
        parts = list(names.words(words.plain(written)))
        key = link.key.target_columns or link.target.primary_key
        theirs = names.words(words.plain(key[0])) if len(key) == 1 else ()
        table = names.words(words.plain(link.target.name))
        if not self_reference and tuple(parts) in (theirs, (*table, *theirs)):
            return None
        drop = {"id", "fk", "key", "uuid", "guid", "uid", "ref", "idx", *theirs[-1:]}
        if len(parts) > 1 and parts[-1] in drop:
            parts.pop()
        elif len(parts) > 1 and parts[0] in ("id", "fk"):
            parts.pop(0)
        elif len(parts) == 1:
            alone = parts[0]
            called = keys.spellings(link.target)
            if alone in ("id", "uuid", "guid") or (
                alone.endswith("id") and (alone == "".join(theirs) or alone[:-2] in called)
            ):
                return None
            if len(theirs) == 1 and len(theirs[0]) > 2 and theirs[0].endswith("id"):
                parts = [alone.removesuffix("id") or alone]  # `templateid` where keys are `hostid`
        if len(parts) == 1 and len(parts[0]) == 1 and parts[0] == table[0][:1]:
            return None  # `s_id` of students
        return words.camel("_".join(parts), fallback="ref")

    def composites(
        self, entity: EntityDraft, composite: Sequence[Link], replaced: set[str]
    ) -> None:
        """Say which columns the relation of a foreign key of several stands for."""
        for link in composite:
            gone = [name for name in link.key.columns if name in replaced]
            relation = next((r for r in entity.relations if r.columns == link.key.columns), None)
            if relation is None:
                continue
            for name in gone:
                entity.property_of[name] = relation.foreign_key
            self._say(
                "composite-reference",
                link.key.span,
                f"{entity.table.name}.({', '.join(link.key.columns)}) becomes the one reference "
                f"{entity.name}.{relation.name}"
                + (f"; it stands for {', '.join(gone)}." if gone else "."),
            )
