"""Types, checks and defaults of a whole script, once every domain and enum is known."""

from dataclasses import dataclass, field

from rockets_tools.documents.defaults import fit, postgres_list
from rockets_tools.documents.findings import Findings
from rockets_tools.documents.schema import NOW, Column, ColumnType, Schema, Span, Table
from rockets_tools.documents.sql import conditions
from rockets_tools.documents.sql.columns import SqlColumn
from rockets_tools.documents.sql.dialect import Dialect
from rockets_tools.documents.sql.expressions import RawDefault
from rockets_tools.documents.sql.tables import SqlTable
from rockets_tools.documents.types import TypeName, bits, column_type, enum_type
from rockets_tools.plan import names
from rockets_tools.plan.model import FieldType
from rockets_tools.plan.problems import quoted


def _is_moment(sql: SqlColumn) -> bool:
    """A text of SQLite, which has no type for moments: `created_at text`, `default now`."""
    if sql.type.name != "text" or sql.type.array:
        return False
    *_, last = ("", *names.words(sql.name))
    return (last == "at" and len(names.words(sql.name)) > 1) or (
        sql.default is not None and sql.default.value == NOW
    )


@dataclass(slots=True, kw_only=True)
class Domain:
    """A type the script makes itself."""

    span: Span
    type: TypeName | None = None
    enum: tuple[str, ...] = ()
    checks: list[str] = field(default_factory=list[str])
    required: bool = False
    default: RawDefault | None = None
    composite: bool = False
    renamed: dict[str, str] = field(default_factory=dict[str, str])
    """Old values of an enum to the new ones; a default before the change has the old one."""


def settle(
    tables: list[SqlTable], domains: dict[str, Domain], dialect: Dialect, found: Findings
) -> Schema:
    """The schema of tables read from a script."""
    return _Settler(tables, domains, dialect, found).schema()


class _Settler:
    def __init__(
        self,
        tables: list[SqlTable],
        domains: dict[str, Domain],
        dialect: Dialect,
        found: Findings,
    ) -> None:
        self._tables, self._domains = tables, domains
        self._told: set[str] = set()
        """Domains whose checks are told."""
        self._dialect, self._found = dialect, found

    def schema(self) -> Schema:
        return Schema(tables=[self._table(table) for table in self._tables])

    def _table(self, sql: SqlTable) -> Table:
        table = Table(
            name=sql.name,
            schema=sql.schema,
            span=sql.span,
            primary_key=sql.primary_key,
            uniques=sql.uniques,
            foreign_keys=sql.foreign_keys,
        )
        kinds: dict[str, ColumnType] = {}
        for column in sql.columns.values():
            if self._dialect is Dialect.SQLITE and sql.primary_key == (column.name,):
                column.auto |= column.type.name == "integer"  # another name of the row id
            table.columns[column.name] = self._column(sql, column)
            kind = table.columns[column.name].type
            if kind is not None:
                kinds[column.name.lower()] = kind
        for text, span in sql.checks:
            self._check(sql, text, span, kinds)
        for column in sql.columns.values():
            self._default(sql, column, table.columns[column.name])
        return table

    def _column(self, table: SqlTable, sql: SqlColumn) -> Column:
        domain = self._domains.get(sql.type.name)
        kind = self._type(sql, domain)
        column = Column(
            name=sql.name,
            span=sql.span,
            type=kind,
            written_type=sql.written_type,
            required=sql.required or bool(domain and domain.required),
            unique=sql.unique,
            auto=sql.auto or bool(kind and kind.auto),
            computed=sql.computed,
            description=sql.description,
        )
        if kind is not None:
            if domain is not None:
                self._domain_checks(sql.type.name, domain, kind)
            for text in sql.checks:
                if not conditions.apply(text, self._dialect, kind):
                    self._lost_check(f"{table.name}.{sql.name}", text, sql.span)
        return column

    def _domain_checks(self, name: str, domain: Domain, kind: ColumnType) -> None:
        """What a domain checks holds for each column of it; what is lost is told once."""
        lost = [t for t in domain.checks if not conditions.apply(t, self._dialect, kind)]
        if name not in self._told:
            self._told.add(name)
            for text in lost:
                self._lost_check(f"the domain {name}", text, domain.span)

    def _type(self, sql: SqlColumn, domain: Domain | None) -> ColumnType | None:
        if sql.enum is not None and sql.type.name == "enum":
            return enum_type(sql.enum)
        if self._dialect is Dialect.SQLITE and _is_moment(sql):
            return ColumnType(
                type=FieldType.DATE, guess="SQLite keeps moments as text, and this is one"
            )
        if domain is not None:
            return self._of_domain(sql.type, domain, depth=0)
        return self._plain(sql.type)

    def _of_domain(self, written: TypeName, domain: Domain, *, depth: int) -> ColumnType | None:
        if written.array:
            return ColumnType(
                type=FieldType.JSON, guess="a list is kept as a JSON array, unchecked"
            )
        if domain.composite:
            return ColumnType(type=FieldType.JSON, guess="its parts are kept as JSON, unchecked")
        if domain.type is None:
            return enum_type(domain.enum)
        inner = self._domains.get(domain.type.name)
        if inner is not None and inner is not domain and depth < 10:
            return self._of_domain(domain.type, inner, depth=depth + 1)
        return self._plain(domain.type)

    def _plain(self, written: TypeName) -> ColumnType | None:
        if written.name in ("bit", "bit varying", "varbit") and not written.array:
            return bits(written.arguments)
        if not written.name:  # SQLite: no type at all
            return ColumnType(type=FieldType.TEXT, guess="a column without a type is kept as text")
        return column_type(
            written,
            unbounded_text=self._dialect in (Dialect.POSTGRES, Dialect.SQLITE),
            oracle=self._dialect is Dialect.ORACLE,
            tsql=self._dialect is Dialect.TSQL,
        )

    def _check(self, table: SqlTable, text: str, span: Span, kinds: dict[str, ColumnType]) -> None:
        names = conditions.columns(text, self._dialect)
        kind = kinds.get(names[0].lower()) if len(names) == 1 else None
        if kind is None or not conditions.apply(text, self._dialect, kind):
            self._lost_check(table.name, text, span)

    def _lost_check(self, where: str, text: str, span: Span) -> None:
        self._found.notice(
            "sql-check",
            span,
            f"The check on {where} has no plan form, or not all of it: "
            f"{quoted(' '.join(text.split()))}.",
            "Write what matters of it as constraints of the field, or in a service.",
        )

    def _default(self, table: SqlTable, sql: SqlColumn, column: Column) -> None:
        domain = self._domains.get(sql.type.name)
        written = sql.default or (domain.default if domain else None)
        if written is None:
            return
        column.auto |= written.auto
        if written.value is None and (written.known or written.auto):
            return
        kind = column.type
        if domain is not None and isinstance(written.value, str):
            written.value = domain.renamed.get(written.value, written.value)
        if written.value is not None and kind is not None:
            listed = sql.type.array and isinstance(written.value, str)
            value = postgres_list(str(written.value)) if listed else written.value
            column.default = fit(kind, value)
            if written.value == NOW and kind.type is not FieldType.DATE:
                column.default = None
        if column.default is None:
            self._found.notice(
                "sql-default",
                sql.span,
                f"The default of {table.name}.{sql.name} has no plan form: {quoted(written.text)}.",
                "Write a default in the plan, or set the value in a service.",
            )
