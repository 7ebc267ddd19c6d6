"""Sets the stage of one scene: rows with their parents, and bodies that would be accepted."""

import hashlib
import uuid
from collections import Counter
from collections.abc import Mapping

from pydantic import JsonValue

from rockets_tools.plan.model import Entity, Plan, Relation
from rockets_tools.plan.values import sample
from rockets_tools.smoke.model import Case, People, Row, Scene
from rockets_tools.smoke.uniqueness import (
    distinct_keys,
    is_cut,
    most_rows,
    one_per_owner,
    owner_column,
    strides,
)


class Stage:
    """Rows of one scene, made as they are asked for; the same calls make the same rows."""

    def __init__(self, plan: Plan, people: People) -> None:
        self.plan = plan
        self.people = people
        self._rows: list[Row] = []
        self._ordinals: Counter[str] = Counter()
        self._parents: dict[tuple[str, str], Row] = {}
        self._taken: dict[tuple[str, str], set[str]] = {}

    def empty(self) -> "Stage":
        """Another stage of the same plan and people, without rows."""
        return Stage(self.plan, self.people)

    def scene(self, entity: Entity, title: str, *cases: Case) -> Scene:
        """The rows made so far and these cases."""
        order = {name: position for position, name in enumerate(self.plan.entities)}
        rows = sorted(self._rows, key=lambda row: order[row.entity])
        return Scene(entity=entity.name, title=title, rows=tuple(rows), cases=cases)

    @property
    def rows(self) -> tuple[Row, ...]:
        return tuple(self._rows)

    def rows_of(self, entity: Entity) -> tuple[Row, ...]:
        return tuple(row for row in self._rows if row.entity == entity.name)

    def row(
        self,
        entity: Entity,
        person: str,
        *,
        deleted: bool = False,
        values: Mapping[str, JsonValue] | None = None,
    ) -> Row:
        """A new row of this person; `values` take the place of made ones."""
        made = self.values(entity, person) | dict(values or {})
        number = sum(1 for row in self._rows if row.entity == entity.name)
        row = Row(
            entity=entity.name,
            id=stable_id(f"{entity.name}/{number}"),
            values=made,
            person=person,
            deleted=deleted,
        )
        self._rows.append(row)
        if not deleted and one_per_owner(self.plan, entity):
            self._parents.setdefault((entity.name, person), row)  # there can be no other
        return row

    def parent(self, target: Entity, person: str) -> Row:
        """A row others may point to, always the same for a person."""
        found = self._parents.get((target.name, person))
        if found is None and not self.has_room(target):
            found = next(row for row in self._rows if row.entity == target.name)
        if found is None:
            found = self._parents[target.name, person] = self.row(target, person)
        return found

    def has_room(self, entity: Entity) -> bool:
        """Another row of it can be told from those there are."""
        live = sum(1 for row in self._rows if row.entity == entity.name and not row.deleted)
        return live < most_rows(entity)

    def values(self, entity: Entity, person: str) -> dict[str, JsonValue]:
        """A value for every column the plan names, unlike those of all rows made before.

        Self relations and cut edges stay empty (`back_references` has values for them).
        """
        ordinal = self._ordinals[entity.name]
        self._ordinals[entity.name] += 1
        owner = owner_column(entity)
        stride = strides(entity)
        values: dict[str, JsonValue] = {
            field.name: sample(field, ordinal // stride.get(field.name, 1))
            for field in entity.fields
            if field.name != owner
        }
        distinct = distinct_keys(entity)
        for relation in entity.owning_relations:
            name = relation.foreign_key
            if name is not None and name != owner:
                values[name] = (
                    None
                    if is_cut(self.plan, entity, relation)
                    else self.target_id(entity, relation, person, fresh=name in distinct)
                )
        if owner is not None:
            values[owner] = self.people.users[person]
        return values

    def target_id(
        self, entity: Entity, relation: Relation, person: str, *, fresh: bool
    ) -> str | None:
        """The id of a row, user or role that a foreign key may hold; None where it may be empty
        and nobody is left."""
        taken = self._taken.setdefault((entity.name, relation.foreign_key or ""), set())
        if relation.sdk_target:
            ids = self._outside_ids(relation, person)
            if fresh and relation.nullable and taken.issuperset(ids):
                return None
            return _first_free(ids, taken) if fresh else ids[0]
        target = self.plan.entities[relation.target]
        if not fresh:
            return self.parent(target, person).id
        if relation.nullable and not self.has_room(target):
            return None
        if not one_per_owner(self.plan, target):
            return self.row(target, person).id
        people = (person, *(other for other in self.people.users if other != person))
        return self.parent(target, _first_free(people, taken)).id

    def back_references(self, entity: Entity, person: str) -> dict[str, JsonValue]:
        """Values for the self relations and cut edges that `values` leaves empty."""
        return {
            relation.foreign_key: self.target_id(
                entity, relation, person, fresh=relation.foreign_key in distinct_keys(entity)
            )
            for relation in entity.owning_relations
            if relation.foreign_key is not None and is_cut(self.plan, entity, relation)
        }

    def _outside_ids(self, relation: Relation, person: str) -> tuple[str, ...]:
        """Ids of users, the person's own first, or of roles."""
        if relation.target == "Role":
            return tuple(self.people.roles.values())
        own = self.people.users[person]
        return (own, *(user for user in self.people.users.values() if user != own))


def _first_free(candidates: tuple[str, ...], taken: set[str]) -> str:
    """The first that is not taken, which then is; the first of all when everyone is."""
    chosen = next((one for one in candidates if one not in taken), candidates[0])
    taken.add(chosen)
    return chosen


def stable_id(name: str) -> str:
    """A UUID that is the same in every run."""
    return str(uuid.UUID(bytes=hashlib.sha256(name.encode()).digest()[:16], version=4))
