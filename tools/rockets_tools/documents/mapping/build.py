"""A schema becomes a plan."""

from collections.abc import Mapping
from dataclasses import dataclass

from pydantic import JsonValue

from rockets_tools.documents.findings import Findings
from rockets_tools.documents.mapping import access, words
from rockets_tools.documents.mapping.draft import (
    USER,
    EntityDraft,
    JoinDraft,
    RelationDraft,
)
from rockets_tools.documents.mapping.entities import Registry, drop_prefix, user_table
from rockets_tools.documents.mapping.links import Tables, link
from rockets_tools.documents.mapping.members import Members
from rockets_tools.documents.mapping.user import UserReader
from rockets_tools.documents.mapping.write import write
from rockets_tools.documents.schema import ManyToMany, Ref, Schema, Span, Table
from rockets_tools.plan import names


@dataclass(frozen=True, slots=True)
class Built:
    """The plan as JSON, and the lines each of its elements comes from."""

    plan: dict[str, JsonValue]
    spans: Mapping[str, Span]
    """By JSON pointer into the plan."""


def build(schema: Schema, found: Findings) -> Built:
    """The plan of a schema; what is assumed or left out is in `found`."""
    return _Build(schema, found).build()


class _Build:
    def __init__(self, schema: Schema, found: Findings) -> None:
        self._schema, self._found = schema, found
        drop_prefix(schema, found)
        self._registry = Registry(schema, found)
        self._user = user_table(schema)
        self._entities: list[EntityDraft] = []
        self._by_table: dict[int, EntityDraft] = {}

    def build(self) -> Built:
        links = link(self._schema, self._found)
        for table in self._schema.tables:
            if table is not self._user:
                entity = self._registry.entity(table)
                self._entities.append(entity)
                self._by_table[id(table)] = entity
        entity_of = {table: entity.name for table, entity in self._by_table.items()}
        for user in (self._user, self._schema.outside_user):
            entity_of[id(user)] = USER
        members = Members(self._schema, self._found, entity_of)
        for entity in self._entities:
            members.fill(entity, links[id(entity.table)])
        if self._user is not None:
            reader = UserReader(self._schema, self._found, members)
            profile = reader.profile(self._user, links[id(self._user)], self._registry)
            if profile is not None:
                self._entities.append(profile)
        for many in self._schema.many_to_many:
            self._many_to_many(many)
        self._inverses()
        access.junctions(self._entities, keys_are_written=not self._schema.implicit_keys)
        access.break_cycles(self._entities, self._found)
        access.owners(self._entities, self._found)
        plan, spans = write(self._entities)
        return Built(plan=plan, spans=spans)

    def _many_to_many(self, many: ManyToMany) -> None:
        tables = Tables(self._schema.tables)
        source, target = (self._end(tables, ref) for ref in (many.source, many.target))
        if source is None or target is None:
            self._found.blocker(
                "unknown-target",
                many.span,
                f"A relation joins {many.source} and {many.target}, of which the document does "
                "not define both.",
                f"Add the missing {self._schema.table_word}, or remove the relation.",
            )
            return
        users = (self._user, self._schema.outside_user)
        if source in users and target not in users:
            many = ManyToMany(
                source=many.target,
                target=many.source,
                span=many.span,
                name=many.inverse,
                inverse=many.name,
            )
            source, target = target, source
        entity = self._by_table.get(id(source))
        if self._schema.vague and self._is_drawn(source, target, many):
            return
        far = USER if target in users else self._by_table[id(target)].name
        name = words.camel(many.name or far, fallback=names.camel(far))
        if entity is None:
            self._junction(USER, far, name, many, source)
            return
        joined = f"{entity.name}{far}"
        if entity.name == far or not self._registry.free(joined) or entity.taken(name):
            self._junction(entity.name, far, name, many, source)
            return
        self._registry.reserve(joined)
        entity.properties.add(name.lower())
        entity.joins.append(JoinDraft(name=name, target=far, span=many.span))

    def _is_drawn(self, source: Table, target: Table, many: ManyToMany) -> bool:
        """A sketch may draw the join and its table, too: one entity of just the two references."""
        ends = {self._name(source), self._name(target)}
        drawn = [
            entity
            for entity in self._entities
            if len(ends) == len(entity.relations) == 2
            and {relation.target for relation in entity.relations} == ends
            and not (entity.fields or entity.joins)
            and not any(relation.one_to_one for relation in entity.relations)
        ]
        if len(drawn) != 1:
            return False
        for relation in drawn[0].relations:
            relation.nullable = False
        drawn[0].unique = [tuple(relation.foreign_key for relation in drawn[0].relations)]
        self._found.notice(
            "twice",
            many.span,
            f"That {many.source} and {many.target} are many to many is what {drawn[0].table.name} "
            "stores: it joins them.",
            "Nothing to do.",
        )
        return True

    def _name(self, table: Table) -> str:
        entity = self._by_table.get(id(table))
        return entity.name if entity else USER

    def _end(self, tables: Tables, ref: Ref) -> Table | None:
        found = tables.find(ref)
        outside = names.key(words.pascal(words.singular(ref.name), fallback="x")) == "user"
        return self._schema.outside_user if found is None and outside else found

    def _junction(
        self, source: str, target: str, name: str, many: ManyToMany, table: Table
    ) -> None:
        """The join as an entity of its own, where the plan's manyToMany cannot name it."""
        own = Table(name=many.name or table.name, span=many.span)
        capital = name[0].upper() + name[1:]
        entity = self._registry.made((f"{source}{capital}", f"{source}{target}Link"), own)
        near = names.camel(source)
        far = name if name != near else f"related{target}"
        entity.relations = [
            RelationDraft(
                name=relation,
                foreign_key=f"{relation}Id",
                target=end,
                span=many.span,
                columns=(),
                on_delete="CASCADE",
            )
            for relation, end in ((near, source), (far, target))
        ]
        entity.unique = [(f"{near}Id", f"{far}Id")]
        self._entities.append(entity)

    def _inverses(self) -> None:
        """Other sides the document names, where the name is free on the target."""
        by_name: Mapping[str, EntityDraft] = {entity.name: entity for entity in self._entities}
        for entity in self._entities:
            for relation in entity.relations:
                if relation.inverse is None:
                    continue
                target = by_name.get(relation.target)
                wanted = words.camel(relation.inverse, fallback="others")
                if target is None:
                    self._lost_inverse(relation, "User has no other sides in the plan")
                    relation.inverse = None
                elif target.taken(wanted):
                    self._lost_inverse(relation, f"{target.name} has a {wanted} already")
                    relation.inverse = None
                else:
                    target.properties.add(wanted.lower())
                    relation.inverse = wanted

    def _lost_inverse(self, relation: RelationDraft, reason: str) -> None:
        self._found.notice(
            "inverse",
            relation.span,
            f"The other side {relation.inverse} of a relation to {relation.target} is left out: "
            f"{reason}.",
            "Nothing to do: the list is there as a filter on this side.",
        )
