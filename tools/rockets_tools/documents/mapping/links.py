"""Foreign keys led to their tables, and those a document only hints at."""

from collections.abc import Iterable

from rockets_tools.documents.findings import Findings
from rockets_tools.documents.mapping import keys, words
from rockets_tools.documents.mapping.draft import Link
from rockets_tools.documents.schema import Column, ForeignKey, Ref, Schema, Table, Unique
from rockets_tools.plan import names
from rockets_tools.plan.model import FieldType
from rockets_tools.plan.problems import did_you_mean, quoted

DEFAULT_SCHEMAS = frozenset({"", "public", "dbo", "main"})


class Tables:
    """Finds a table by the name another place uses for it."""

    def __init__(self, tables: Iterable[Table]) -> None:
        self._by_name: dict[str, list[Table]] = {}
        for table in tables:
            for name in {table.name.casefold(), (table.entity or table.name).casefold()}:
                self._by_name.setdefault(name, []).append(table)

    def find(self, ref: Ref, near: Table | None = None) -> Table | None:
        """Exact schema first, then the schema of the table that asks, then the default one."""
        named = self._by_name.get(ref.name.casefold(), [])
        if len(named) <= 1 and (ref.schema is None or not named):
            return named[0] if named else None
        wanted = [ref.schema] if ref.schema else [near.schema if near else None, None]
        for schema in wanted:
            low = (schema or "").casefold()
            for table in named:
                have = (table.schema or "").casefold()
                if have == low or {have, low} <= DEFAULT_SCHEMAS:
                    return table
        return named[0] if named and ref.schema is None else None

    @property
    def names(self) -> list[str]:
        return [str(tables[0].ref) for tables in self._by_name.values()]


def link(schema: Schema, found: Findings) -> dict[int, list[Link]]:
    """Per table (by identity) its foreign keys with their targets; guessed ones last."""
    for table in schema.tables:
        _spell_alike(table, schema, found)
    tables = Tables(schema.tables)
    guess = _Guess(schema, found)
    return {id(t): [*_written(t, tables, schema, found), *guess.links(t)] for t in schema.tables}


def _spell_alike(table: Table, schema: Schema, found: Findings) -> None:
    """Keys name columns as the columns name themselves, whatever their case."""

    def spelt(columns: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(c.name if (c := table.column(name)) else name for name in columns)

    table.primary_key = spelt(table.primary_key)
    lost = [name for name in table.primary_key if name not in table.columns]
    if lost:
        found.blocker(
            "unknown-column",
            table.span,
            f"The key of {table.name} names the {schema.column_word} {quoted(lost[0])}, which it "
            "does not have.",
            did_you_mean(lost[0], table.columns),
        )
        table.primary_key = ()
    for unique in table.uniques:
        unique.columns = spelt(unique.columns)
    table.uniques = [unique for unique in table.uniques if _of_every_row(table, unique, found)]
    for key in table.foreign_keys:
        key.columns = spelt(key.columns)


def _of_every_row(table: Table, unique: Unique, found: Findings) -> bool:
    """Rows that are deleted do not count in a project, either; any other choice is told."""
    alive = table.column(unique.alive) if unique.alive else None
    if unique.alive is None or (alive is not None and keys.inherited(alive) == "dateDeleted"):
        return True
    found.notice(
        "unique",
        unique.span,
        f"{table.name} is unique by {', '.join(unique.columns)} only where {unique.alive} is null, "
        "which has no plan form.",
        "Write uniqueConstraint in the plan if it should hold for every row.",
    )
    return False


def _written(table: Table, tables: Tables, schema: Schema, found: Findings) -> list[Link]:
    links: list[Link] = []
    seen: dict[tuple[str, ...], Table] = {}
    for key in table.foreign_keys:
        target = tables.find(key.target, table) or _outside_user(key, schema, found)
        lost = [name for name in key.columns if name not in table.columns]
        columns = key.columns
        if target is None:
            found.blocker(
                "unknown-target",
                key.span,
                f"{table.name} refers to {quoted(str(key.target))}, which the document does not "
                "define.",
                f"Add that {schema.table_word} to the document, or remove the reference. "
                f"{did_you_mean(str(key.target), tables.names)}",
            )
        elif lost:
            found.blocker(
                "unknown-column",
                key.span,
                f"A foreign key of {table.name} names the {schema.column_word} {quoted(lost[0])}, "
                "which it does not have.",
                did_you_mean(lost[0], table.columns),
            )
        elif columns and columns in seen:
            if seen[columns] is not target:
                found.blocker(
                    "two-targets",
                    key.span,
                    f"{table.name}.{', '.join(key.columns)} refers to two {schema.table_word}s, "
                    f"{seen[columns].ref} and {target.ref}.",
                    f"Keep one of the two, or give each a {schema.column_word} of its own.",
                )
        else:
            if columns:
                seen[columns] = target
            links.append(Link(key=key, target=target))
    return links


def _outside_user(key: ForeignKey, schema: Schema, found: Findings) -> Table | None:
    """`REFERENCES auth.users`, `to User with builtInEntity`: users the SDK keeps."""
    if names.key(words.pascal(words.singular(key.target.name), fallback="x")) != "user":
        return None
    found.repeated(
        "user",
        key.span.first,
        f"{key.target} is not defined here and is taken for the SDK's User",
        "Define it in the document if it is something else.",
    )
    return schema.outside_user


class _Guess:
    """`customer_id` beside a table `customers`, and no foreign key says so."""

    def __init__(self, schema: Schema, found: Findings) -> None:
        self._found = found
        self._vague, self._implicit = schema.vague, schema.implicit_keys
        self._outside_user = None if _has_users(schema) else schema.outside_user
        self._by_word: dict[str, list[Table]] = {}
        self._by_key: dict[str, list[Table]] = {}
        """By a key like `id_autor` of `autores`, in languages with other plurals."""
        for table in schema.tables:
            name = table.entity or table.name
            for word in {names.key(words.plain(one)) for one in (words.singular(name), name)}:
                self._by_word.setdefault(word, []).append(table)
            key = names.key(words.plain("_".join(table.primary_key)))
            stem, spelt = key.removeprefix("id"), names.key(words.plain(name))
            if stem != key and spelt.startswith(stem) and len(spelt) - len(stem) <= _PLURAL:
                self._by_key.setdefault(key, []).append(table)

    def links(self, table: Table) -> list[Link]:
        held = {name for key in table.foreign_keys for name in key.columns}
        named = {names.key(words.plain(key.name)) for key in table.foreign_keys if key.name}
        made: list[Link] = []
        for column in table.columns.values():
            target = self._target(table, column)
            if target is None or column.name in held:
                continue
            if names.key(words.plain(column.name))[:-2] in named:
                continue
            if target is self._outside_user:
                why = "the document defines no users, and the SDK has them"
            else:
                why = "it has its name and the type of its key"
            none = column.default == 0 and column.name not in table.primary_key
            key = ForeignKey(
                columns=(column.name,),
                target=target.ref,
                span=column.span,
                required=False if none else None,
                guess=f"{table.name}.{column.name} is taken for a reference to "
                f"{'User' if target is self._outside_user else target.name}: {why}"
                + (", and 0 stands for none" if none else ""),
            )
            self._found.notice(
                "guess-relation",
                column.span,
                f"{key.guess}.",
                "Declare the foreign key, or change the plan.",
            )
            made.append(Link(key=key, target=target))
        return made

    def _target(self, table: Table, column: Column) -> Table | None:
        parts = names.words(words.plain(column.name))
        low, is_key = "".join(parts), table.primary_key == (column.name,)
        stem = low[2:] if parts[:1] == ("id",) else low.removesuffix("id")
        is_id = low != "id" and (low.startswith("id") or low.endswith("id"))
        if not is_id or column.computed or (is_key and column.auto):
            return None
        if parts == ("user", "id") and self._outside_user and _may_be_key(column):
            return None if is_key else self._outside_user
        tables = self._by_word.get(stem) or self._by_key.get(low, [])
        if len(tables) != 1 or tables[0] is table:
            return None
        return tables[0] if self._fits(column, tables[0]) else None

    def _fits(self, column: Column, table: Table) -> bool:
        """The column is as the table's key is; where a language has none, as a key may be."""
        parts = names.words(words.plain(column.name))
        key = table.primary_key or (("id",) if table.column("id") else ())
        if not key and self._implicit:
            return parts[-1] == "id" and _may_be_key(column)
        target = table.column(key[0]) if len(key) == 1 else None
        if target is None or target.type is None or column.type is None:
            return False
        low = "".join(parts)
        apart = parts[-1] == "id" or (low.endswith("id") and len(low) > _SHORT)
        if not apart and names.key(words.plain(target.name)) != low:
            return False
        return self._vague or _alike(column, target)


_PLURAL = 2
"""Letters that make a plural."""
_SHORT = 5
"""Characters up to which a word may end in `id` by itself: `paid` is no `pa_id`."""
_WHOLE = frozenset({FieldType.NUMBER, FieldType.FLOAT})
_KEYS = _WHOLE | {FieldType.STRING, FieldType.TEXT, FieldType.UUID}


def _may_be_key(column: Column) -> bool:
    return column.type is not None and column.type.type in _KEYS


def _has_users(schema: Schema) -> bool:
    """A table of users by its name (`app_users`), or one that is keyed by `user_id`."""
    return any(
        names.words(words.plain(words.singular(table.entity or table.name)))[-1:] == ("user",)
        or [names.key(words.plain(name)) for name in table.primary_key] == ["userid"]
        for table in schema.tables
    )


def _alike(column: Column, target: Column) -> bool:
    if column.type is None or target.type is None:
        return False
    mine, other = column.type.type, target.type.type
    return mine is other or {mine, other} <= _WHOLE
