"""Clashes between entities, and with what the SDK brings: routes, tables, classes, resources."""

from collections.abc import Iterator

from rockets_tools.plan import names
from rockets_tools.plan.draft import Drafts, EntityDraft
from rockets_tools.plan.enums import class_names
from rockets_tools.plan.model import FieldType
from rockets_tools.plan.problems import quoted
from rockets_tools.plan.schema import RawNonCrud


def check(drafts: Drafts) -> None:
    """Report every name two entities, or an entity and the SDK, would both take."""
    entities = list(drafts.entities.values())
    _taken(
        drafts,
        "route-taken",
        "route",
        [(e.plural, e.name, _at(e, "pluralName", e.raw.plural_name)) for e in entities],
        reserved=drafts.sdk.routes,
        fix='Write another "pluralName".',
        prefix="/",
    )
    _taken(
        drafts,
        "table-taken",
        "table",
        [(e.table, e.name, _at(e, "tableName", e.raw.table_name)) for e in entities],
        reserved=drafts.sdk.tables,
        fix='Write another "tableName".',
    )
    _taken(
        drafts,
        "folder-taken",
        "folder",
        [
            (e.folders.of(names.kebab(e.name)).shared, e.name, f"{e.pointer}/paths")
            for e in entities
        ],
        fix='Write another "paths.shared" for one of them.',
    )
    _taken(
        drafts,
        "resource-taken",
        "access control resource",
        [
            (f"{names.kebab(e.name)}{suffix}", e.name, f"{e.pointer}/entityName")
            for e in entities
            for suffix in ("", "-list")
        ],
        reserved=drafts.sdk.resources,
        fix="Give one of them another name.",
    )
    _taken(
        drafts,
        "class-taken",
        "TypeScript name",
        list(_exports(entities)),
        any_case=False,
        fix='Give one of them another name; an enum takes "enumName".',
    )
    _enum_types(drafts, entities)


def check_non_crud(drafts: Drafts, index: int, raw: RawNonCrud, seen: dict[str, str]) -> None:
    """A module with behaviour: its name, and that nobody else has it."""
    pointer = f"/nonCrud/{index}/name"
    if not names.is_name(raw.name) or names.is_dangerous(raw.name):
        drafts.problems.error(
            "bad-name",
            pointer,
            f"{quoted(raw.name)} cannot be the name of a module.",
            "Use letters and digits, words separated by case, `_`, `-` or a space, a letter first.",
        )
        return
    entity = drafts.find(raw.name)
    other = seen.setdefault(names.key(raw.name), pointer)
    if entity is not None or other != pointer:
        owner = f"the entity {entity.name}" if entity else "another nonCrud module"
        drafts.problems.error(
            "module-taken",
            pointer,
            f"{quoted(raw.name)} would have the folder of {owner}.",
            "Give it another name.",
        )


def _taken(
    drafts: Drafts,
    code: str,
    what: str,
    uses: list[tuple[str, str, str]],
    *,
    fix: str,
    reserved: frozenset[str] = frozenset(),
    prefix: str = "",
    any_case: bool = True,
) -> None:
    """`uses` are (name, whose it is, pointer); one clash per owner is enough."""
    owners = dict.fromkeys(reserved, "the SDK")
    said: set[str] = set()
    for name, owner, pointer in uses:
        other = owners.setdefault(name.lower() if any_case else name, owner)
        if other is not owner and owner not in said:
            said.add(owner)
            drafts.problems.error(
                code, pointer, f"The {what} {prefix}{name} belongs to {other} already.", fix
            )


def _exports(entities: list[EntityDraft]) -> Iterator[tuple[str, str, str]]:
    for entity in entities:
        for name in class_names(entity.name):
            yield name, entity.name, f"{entity.pointer}/entityName"
    for entity in entities:
        for field in entity.fields:
            if field.enum_name:
                pointer = f"{entity.raw_fields[field.name][1]}/enumName"
                yield field.enum_name, f"{entity.name}.{field.name}", pointer


def _enum_types(drafts: Drafts, entities: list[EntityDraft]) -> None:
    """Postgres types of enum columns share one namespace with tables and each other."""
    seen = {entity.table.lower(): f"the table {entity.table}" for entity in entities}
    for entity in entities:
        for field in entity.fields:
            if field.type is not FieldType.ENUM:
                continue
            owner, name = f"{entity.name}.{field.name}", f"{entity.table}_{field.column}_enum"
            pointer = f"{entity.raw_fields[field.name][1]}/columnName"
            if len(name) + len("_old") > names.MAX_IDENTIFIER:
                drafts.problems.error(
                    "identifier-length",
                    pointer,
                    f"The enum {owner} needs the database type {quoted(name)}, which is too long "
                    "for Postgres.",
                    'Write a shorter "tableName" or "columnName".',
                )
            other = seen.setdefault(name.lower(), owner)
            if other is not owner:
                drafts.problems.error(
                    "type-taken",
                    pointer,
                    f"The database type {name} of {owner} has the name of {other}.",
                    'Write another "columnName".',
                )


def _at(entity: EntityDraft, key: str, written: str | None) -> str:
    return f"{entity.pointer}/{key if written else 'entityName'}"
