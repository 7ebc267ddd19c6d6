"""The tables a script has made so far."""

from rockets_tools.documents.findings import Findings
from rockets_tools.documents.schema import Ref
from rockets_tools.documents.sql.home import Home
from rockets_tools.documents.sql.tables import SqlTable
from rockets_tools.plan.problems import quoted

FIX_LATER = "Add it in a migration of your own if you need it."


class Catalogue:
    """Tables by name, and what is said of everything that is none."""

    def __init__(self, home: Home, found: Findings) -> None:
        self.home = home
        self._found = found
        self.tables: list[SqlTable] = []
        self._by_name: dict[str, list[SqlTable]] = {}
        self._others: set[str] = set()
        """What is no table of the plan, lower case: partitions, temporary ones, views, …"""

    def find(self, ref: Ref | None) -> SqlTable | None:
        """By its exact schema, else by its name alone."""
        if ref is None:
            return None
        named = self._by_name.get(ref.name.lower(), [])
        schema = (self.home.of(ref) or "").lower()
        exact = [t for t in named if (t.schema or "").lower() == schema]
        return next(iter(exact or named), None)

    def put(self, table: SqlTable) -> None:
        """Add a table; the first one of a name counts."""
        same = [
            t
            for t in self._by_name.get(table.name.lower(), [])
            if (t.schema or "").lower() == (table.schema or "").lower()
        ]
        if same:
            self._found.notice(
                "sql-twice",
                table.span,
                f"The table {quoted(table.name)} was created before, at line "
                f"{same[0].span.first}; the first one counts.",
                "Remove one of the two.",
            )
            return
        self.tables.append(table)
        self._by_name.setdefault(table.name.lower(), []).append(table)

    def remove(self, table: SqlTable) -> None:
        """It is no table of the plan any more."""
        self.tables.remove(table)
        self._by_name[table.name.lower()].remove(table)
        self._others.add(table.name.lower())

    def cut_off(self, table: SqlTable) -> None:
        """`DROP … CASCADE` takes along the keys of others that lead to a table."""
        for other in self.tables:
            other.foreign_keys = [
                key for key in other.foreign_keys if self.find(key.target) is not table
            ]

    def rename(self, table: SqlTable, before: str, name: str) -> None:
        """Give a table its new name, and those that refer to it."""
        table.name = name
        self._by_name[before.lower()].remove(table)
        self._by_name.setdefault(name.lower(), []).append(table)
        for key in (key for other in self.tables for key in other.foreign_keys):
            if key.target.name.lower() == before.lower() and self.find(key.target) is None:
                key.target = Ref(name=name, schema=key.target.schema)

    def note(self, ref: Ref | None) -> None:
        """Something of this name is no table of the plan; an ALTER TABLE may name it."""
        self._others.add(ref.name.lower() if ref else "")

    def is_other(self, ref: Ref | None) -> bool:
        """The name belongs to something that is no table of the plan."""
        return ref is not None and ref.name.lower() in self._others

    def leave_out(self, line: int, what: str, ref: Ref | None) -> None:
        """Tell what has no plan form."""
        self._found.notice(
            f"sql-{what.replace(' ', '-')}",
            line,
            f"The {what} {quoted(str(ref))} has no plan form.",
            FIX_LATER if what != "policy" else "Write who may see which rows as acl in the plan.",
        )

    def describe(self, name: str, text: str, line: int) -> None:
        """Tell the description of a whole table, which a plan has no place for."""
        self._found.notice(
            "sql-comment",
            line,
            f"The comment on {name} has no place in the plan: {quoted(text)}.",
            "Nothing to do.",
        )
