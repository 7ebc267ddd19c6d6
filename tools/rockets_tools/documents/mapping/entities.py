"""Which table becomes which entity, under a name, a table and a route that are free."""

from rockets_tools.documents.findings import Findings
from rockets_tools.documents.mapping import words
from rockets_tools.documents.mapping.draft import EntityDraft
from rockets_tools.documents.mapping.links import DEFAULT_SCHEMAS
from rockets_tools.documents.schema import Schema, Table
from rockets_tools.plan import names
from rockets_tools.plan.enums import class_names
from rockets_tools.plan.model import SDK_ENTITIES
from rockets_tools.plan.problems import quoted
from rockets_tools.plan.sdk import CONCEPTA_5

_LONGEST_PREFIX, _MANY_TABLES = 4, 12
"""A longer word that as many tables start with is the application's name as well."""
_SDK_KEYS = frozenset(names.key(name) for name in SDK_ENTITIES)


def user_table(schema: Schema) -> Table | None:
    """The table that is the SDK's User: called `user` or `users`, in the default schema first."""
    called = [
        table
        for table in schema.tables
        if names.key(words.pascal(words.singular(_base(table)), fallback="x")) == "user"
    ]
    called.sort(key=lambda table: (table.schema or "") not in DEFAULT_SCHEMAS)
    return called[0] if called else None


def drop_prefix(schema: Schema, found: Findings) -> None:
    """`wp_posts`, `wp_users`, …: a short word all tables start with is no part of their names."""
    if len(schema.tables) < 3 or any(table.entity for table in schema.tables):
        return
    spelt = [names.words(words.plain(table.name)) for table in schema.tables]
    first, second = ({parts[at : at + 1] for parts in spelt} for at in (0, 1))
    prefix = next(iter(first))[0] if len(first) == 1 and first != {()} else ""
    if not prefix or (len(prefix) > _LONGEST_PREFIX and len(spelt) < _MANY_TABLES):
        return
    parted = all(table.name[len(prefix) : len(prefix) + 1] in ("_", "-") for table in schema.tables)
    if len(second) == 1 and not parted:  # `LiteLLM_…`: the name goes on in all of them
        return
    rests = [table.name[len(prefix) :].lstrip("_-") for table in schema.tables]
    if any(not words.plain(rest)[:1].isalpha() for rest in rests):
        return
    for table, rest in zip(schema.tables, rests, strict=True):
        table.entity = table.entity or words.singular(rest)
    found.notice(
        "prefix",
        schema.tables[0].span,
        f"Every {schema.table_word} starts with {prefix}, which entities are called without.",
        "Give them other names in the plan if you like.",
    )


def _base(table: Table) -> str:
    return table.entity or words.singular(table.name)


class Registry:
    """Hands out names of entities, tables and routes; each once."""

    def __init__(self, schema: Schema, found: Findings) -> None:
        self._schema, self._found = schema, found
        self._classes: set[str] = set()
        self._resources = set(CONCEPTA_5.resources)
        self._keys: set[str] = set()
        self._tables = set(CONCEPTA_5.tables)
        self._routes = set(CONCEPTA_5.routes)
        self._entities: set[str] = set()

    def entity(self, table: Table) -> EntityDraft:
        """An entity for a table, its names said where they are not the obvious ones."""
        wanted = words.pascal(_base(table), fallback="Table")
        schema = "" if (table.schema or "").casefold() in DEFAULT_SCHEMAS else table.schema
        prefixed = words.pascal(f"{schema}_{_base(table)}", fallback="Table")
        name = self._name((wanted, prefixed, f"{wanted}Record"))
        if name != wanted:
            self._found.notice(
                "renamed",
                table.span,
                f"The {self._schema.table_word} {quoted(str(table.ref))} becomes the entity "
                f"{name}: {wanted} is taken, reserved or the SDK's.",
                "Give it another name in the plan if you like.",
            )
        return self._draft(name, table, self._table_name(table, name))

    def made(self, candidates: tuple[str, ...], table: Table) -> EntityDraft:
        """An entity no table of the document stands for alone."""
        name = self._name(candidates)
        return self._draft(name, table, self._free_table(names.snake(name)))

    def free(self, name: str) -> bool:
        """Nobody has an entity, class, resource or table of this name, and Postgres keeps it."""
        table = names.snake(name)
        fits = len(table) <= names.MAX_IDENTIFIER
        return fits and not self._taken(name) and table not in self._tables

    def reserve(self, name: str) -> None:
        """An entity the plan makes itself takes its names."""
        self._claim(name)
        self._tables.add(names.snake(name))
        self._routes.add(names.plural(name))

    def _draft(self, name: str, table: Table, table_name: str) -> EntityDraft:
        route = names.plural(name)
        if route in self._routes:
            route = words.free(
                (f"{names.kebab(name)}-records",), lambda candidate: candidate in self._routes
            )
        self._routes.add(route)
        return EntityDraft(
            name=name,
            table=table,
            table_name=table_name,
            plural_name=None if route == names.plural(name) else route,
        )

    def _name(self, candidates: tuple[str, ...]) -> str:
        name = words.free(candidates, self._taken)
        self._claim(name)
        return name

    def _claim(self, name: str) -> None:
        self._keys.add(names.key(name))
        self._classes.update(class_names(name))
        self._resources |= {names.kebab(name), f"{names.kebab(name)}-list"}

    def _taken(self, name: str) -> bool:
        kebab = names.kebab(name)
        return (
            names.key(name) in self._keys
            or names.key(name) in _SDK_KEYS
            or names.is_dangerous(name)
            or not self._classes.isdisjoint(class_names(name))
            or not self._resources.isdisjoint({kebab, f"{kebab}-list"})
        )

    def _table_name(self, table: Table, entity: str) -> str:
        if not self._schema.maps_names and table.stored_as is None:
            return self._free_table(names.snake(entity))
        flat = (table.schema or "").casefold() not in DEFAULT_SCHEMAS
        stored = table.stored_as or table.name
        written = f"{table.schema}_{stored}" if flat else stored
        made = self._free_table(words.column(written, fallback=names.snake(entity)))
        if made != written:
            self._found.notice(
                "renamed",
                table.span,
                f"The table {quoted(written)} is called {made} in the new database.",
                "Give it another tableName in the plan if you like.",
            )
        elif flat:
            self._found.repeated(
                "schema",
                table.span.first,
                f"Tables of the database schema {quoted(str(table.schema))} are flattened into "
                f"{table.schema}_…",
                "Nothing to do.",
            )
        return made

    def _free_table(self, wanted: str) -> str:
        wanted = wanted[: names.MAX_IDENTIFIER].rstrip("_")
        made = words.free(
            (wanted, f"{wanted[:50]}_record"), lambda name: name.lower() in self._tables
        )
        self._tables.add(made.lower())
        return made
