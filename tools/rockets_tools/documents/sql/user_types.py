"""Types that a script makes itself: enums, domains, names for other types."""

from rockets_tools.documents.findings import Findings
from rockets_tools.documents.schema import Ref, Span
from rockets_tools.documents.sql.cursor import Cursor
from rockets_tools.documents.sql.expressions import default, text_of
from rockets_tools.documents.sql.script import Statement
from rockets_tools.documents.sql.settle import Domain
from rockets_tools.documents.sql.tokens import Kind
from rockets_tools.documents.sql.type_names import type_name
from rockets_tools.plan.problems import quoted


class Types:
    """What is created so far, by lower-case name."""

    def __init__(self, text: str, found: Findings) -> None:
        self._text, self._found = text, found
        self.domains: dict[str, Domain] = {}

    def create(self, statement: Statement, cursor: Cursor) -> None:
        """CREATE TYPE: an enum, a name for another type, or a composite."""
        ref = cursor.ref()
        span = Span(statement.line, statement.last_line)
        if ref is None:
            return
        if cursor.take("AS", "ENUM"):
            values = tuple(t.text for t in cursor.group() or [] if t.kind is Kind.STRING)
            self.domains[ref.name.lower()] = Domain(span=span, enum=values)
        elif cursor.take("FROM"):  # T-SQL: a name for a type
            kind, _ = type_name(cursor)
            required = cursor.take("NOT", "NULL")
            self.domains[ref.name.lower()] = Domain(span=span, type=kind, required=required)
        else:
            self.domains[ref.name.lower()] = Domain(span=span, composite=True)
            self._leave_out(statement, "composite-type", ref)

    def create_domain(self, statement: Statement, cursor: Cursor) -> None:
        """CREATE DOMAIN, with its checks and default."""
        ref = cursor.ref()
        cursor.take("AS")
        if ref is None:
            return
        kind, _ = type_name(cursor)
        domain = Domain(span=Span(statement.line, statement.last_line), type=kind)
        while not cursor.done:
            if cursor.take("NOT", "NULL"):
                domain.required = True
            elif cursor.take("CHECK"):
                domain.checks.append(text_of(cursor.group() or [], self._text))
            elif cursor.take("DEFAULT"):
                domain.default = default(cursor, self._text)
            else:
                cursor.step()
        self.domains[ref.name.lower()] = domain

    def alter(self, statement: Statement) -> None:
        """ALTER TYPE … ADD VALUE, RENAME; every other change is told."""
        cursor = Cursor(statement.tokens)
        cursor.at = 2
        ref = cursor.ref()
        domain = self.domains.get(ref.name.lower()) if ref else None
        if domain is not None and cursor.take("RENAME", "VALUE"):
            old, _, new = (cursor.step() for _ in range(3))
            if old is not None and new is not None:
                domain.enum = tuple(new.text if v == old.text else v for v in domain.enum)
                domain.renamed[old.text] = new.text
            return
        if domain is not None and cursor.take("RENAME", "TO"):
            self.domains[(cursor.name() or "").lower()] = domain
            return
        if domain is not None and cursor.take("ADD", "VALUE"):
            cursor.take("IF", "NOT", "EXISTS")
            token = cursor.step()
            if token is not None and token.text not in domain.enum:
                domain.enum = (*domain.enum, token.text)
            return
        if cursor.peek() not in ("OWNER", "SET"):
            self._leave_out(statement, "change-of-the-type", ref)

    def _leave_out(self, statement: Statement, what: str, ref: Ref | None) -> None:
        self._found.notice(
            f"sql-{what}",
            statement.line,
            f"The {what.replace('-', ' ')} {quoted(str(ref))} has no plan form.",
            "Add it in a migration of your own if you need it.",
        )
