"""A SQL script cut into statements; what a client program reads itself is set aside."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from rockets_tools.documents.findings import Findings
from rockets_tools.documents.sql.dialect import Dialect
from rockets_tools.documents.sql.tokens import BrokenSqlError, Kind, Token, tokens

_ROUTINES = frozenset({"PROCEDURE", "PROC", "FUNCTION", "TRIGGER", "PACKAGE", "EVENT"})
_OBJECTS = frozenset(
    {"TABLE", "VIEW", "INDEX", "TYPE", "DOMAIN", "SEQUENCE", "SCHEMA", "DATABASE", "(", "USER"}
)
_CLIENT_WORDS = frozenset({"REM", "REMARK", "PROMPT", "SPOOL", "WHENEVER", "ACCEPT", "DEFINE"})
_SQL_PLUS = frozenset(
    {
        "SET", "CONN", "CONNECT", "DISCONNECT", "HOST", "PAUSE", "COL", "COLUMN", "EXIT", "QUIT",
        "SHOW", "DESC", "DESCRIBE", "CLEAR", "UNDEFINE", "TTITLE", "BTITLE", "TIMING",
    }
)  # fmt: skip
_CONTINUES_END = frozenset({"IF", "LOOP", "WHILE", "REPEAT", "FOR"})
_NEW_TSQL = frozenset(
    {"CREATE", "ALTER", "INSERT", "EXEC", "EXECUTE", "IF", "PRINT", "USE", "DROP"}
)
_BEFORE_RIGHT = frozenset({"GRANT", "REVOKE", "DENY", "AUDIT", "NOAUDIT", ","})
"""After one of these CREATE TABLE is the name of a right."""
_GO = re.compile(r"[^\S\n]*+go[^\S\n]*+(?:\d++)?+[^\S\n]*+;?+[^\S\n]*+(?=\n|\Z)", re.IGNORECASE)
_CLIENT_FIX = "Nothing to do: only the database's own client reads it."


@dataclass(frozen=True, slots=True)
class Statement:
    tokens: list[Token]
    goes_on: bool = False
    """Nothing ends it: the next one starts where it stops."""

    @property
    def line(self) -> int:
        return self.tokens[0].line

    @property
    def last_line(self) -> int:
        return self.tokens[-1].line

    def words(self, count: int) -> list[str]:
        return [token.upper for token in self.tokens[:count]]


class Script:
    """Reads statements one after the other."""

    def __init__(self, text: str, dialect: Dialect, found: Findings) -> None:
        self._text, self._dialect, self._found = text, dialect, found
        self._delimiter = ";"
        self._position, self._line = 0, 1

    def statements(self) -> Iterator[Statement]:
        """Every statement; a quote that never closes ends the script with a blocker."""
        while True:
            try:
                found = self._next()
            except BrokenSqlError as error:
                self._found.blocker(
                    "sql-unclosed",
                    error.line,
                    f"The script opens {error.what} at this line and never closes it.",
                    "Close it; the rest of the script cannot be read.",
                )
                return
            if found is None:
                return
            if found.tokens:
                yield found

    def _next(self) -> Statement | None:
        taken: list[Token] = []
        body = _Body(self._dialect)
        depth = last_line = 0
        for token in tokens(self._text, self._dialect, self._position, self._line):
            first_on_line = token.line > last_line
            last_line = token.line
            if not taken and self._client_line(token, first_on_line=first_on_line):
                return Statement([])
            if self._ends_here(token, body, first_on_line=first_on_line):
                self._after_end(taken, depth)
                return Statement(taken)
            head = self._before_delimiter(token)
            if head is not None:
                taken.append(head)
                self._after_end(taken, depth)
                return Statement(taken)
            if (
                taken
                and depth <= 0
                and self._starts_anew(token, taken, body, first_on_line=first_on_line)
            ):
                self._move(token.start, token.line)
                return Statement(taken, goes_on=True)
            depth += (token.upper == "(") - (token.upper == ")")
            taken.append(token)
            body.see(token, taken)
        self._move(len(self._text), last_line or self._line)
        return Statement(taken) if taken else None

    def _ends_here(self, token: Token, body: "_Body", *, first_on_line: bool) -> bool:
        """The token ends the statement and is moved past."""
        if first_on_line and self._ends_batch(token, routine=body.inside):
            self._after_line(token)
            return True
        if self._delimiter != ";":
            ends = self._text.startswith(self._delimiter, token.start)
            end = token.start + len(self._delimiter)
        else:
            ends, end = token.upper == ";" and body.may_end(), token.end
        if ends:
            self._move(end, token.line)
        return ends

    def _before_delimiter(self, token: Token) -> Token | None:
        """The `END` of `END$$`: a word runs into a delimiter that a name could have, too."""
        at = token.text.find(self._delimiter) if token.kind is Kind.WORD else -1
        if at <= 0:
            return None
        end = token.start + at
        self._move(end + len(self._delimiter), token.line)
        return token._replace(text=token.text[:at], upper=token.upper[:at], end=end)

    def _after_end(self, taken: list[Token], depth: int) -> None:
        if depth > 0 and taken[0].upper in ("CREATE", "ALTER"):
            self._found.blocker(
                "sql-unclosed",
                taken[0].line,
                "The statement at this line ends inside of a parenthesis.",
                "Close it.",
            )
        self._skip_copied_rows(taken)

    def _move(self, position: int, line: int) -> None:
        self._position, self._line = position, line

    def _after_line(self, token: Token) -> None:
        end = self._text.find("\n", token.start)
        if end < 0:
            self._move(len(self._text), token.line)
        else:
            self._move(end + 1, token.line + 1)

    def _client_line(self, token: Token, *, first_on_line: bool) -> bool:
        """A line for psql, mysql or SQL*Plus; moved past, and said."""
        word = token.upper
        if word == "DELIMITER":
            end = self._text.find("\n", token.end)
            written = self._text[token.end : end if end >= 0 else None].strip()
            self._delimiter = written[:10] or ";"
        elif not (
            word in ("\\", "@")
            or (word in _CLIENT_WORDS and first_on_line)
            or (word in _SQL_PLUS and self._dialect is Dialect.ORACLE)
        ):
            return False
        self._found.repeated(
            "client-command",
            token.line,
            "Lines for the database's client are left out",
            _CLIENT_FIX,
        )
        self._after_line(token)
        return True

    def _ends_batch(self, token: Token, *, routine: bool) -> bool:
        if token.upper == "GO":
            return _GO.match(self._text, token.start) is not None
        if token.upper == "/" and (routine or self._dialect is Dialect.ORACLE):
            end = self._text.find("\n", token.start)
            return not self._text[token.end : end if end >= 0 else None].strip()
        return False

    def _starts_anew(
        self, token: Token, taken: list[Token], body: "_Body", *, first_on_line: bool
    ) -> bool:
        """T-SQL needs no semicolon between statements, and other scripts forget some."""
        if body.inside or token.upper not in _NEW_TSQL or taken[-1].upper in _BEFORE_RIGHT:
            return False
        following = self._text[token.end : token.end + 40].split(None, 1)
        table = bool(following) and following[0].upper() == "TABLE"
        changes_table = table and token.upper in ("CREATE", "ALTER")
        if self._dialect is not Dialect.TSQL:
            return first_on_line and changes_table
        if not first_on_line:  # IF … CREATE TABLE
            return changes_table and taken[0].upper in ("IF", "ELSE", "BEGIN")
        return changes_table or token.upper != "ALTER"

    def _skip_copied_rows(self, taken: list[Token]) -> None:
        """psql's `COPY t FROM stdin;` is followed by rows up to a line with `\\.`."""
        if not taken or taken[0].upper != "COPY" or taken[-1].upper == "PROGRAM":
            return
        if not any(token.upper == "STDIN" for token in taken):
            return
        end = self._text.find("\n\\.", self._position)
        stop = len(self._text) if end < 0 else end + 3
        lines = self._text.count("\n", self._position, stop)
        self._move(stop, self._line + lines)


class _Body:
    """How deep in the BEGIN … END of a routine; a semicolon there ends nothing."""

    def __init__(self, dialect: Dialect) -> None:
        self._dialect = dialect
        self.inside = False
        self._decided = False
        self._depth = 0
        self._begun = False
        self._after_end = False

    def see(self, token: Token, taken: list[Token]) -> None:
        word = token.upper
        if len(taken) == 1:
            block = word == "BEGIN" and self._dialect is Dialect.ORACLE
            self.inside = block or (word == "DECLARE" and self._dialect is not Dialect.TSQL)
            self._decided = self.inside or word not in ("CREATE", "ALTER")
        elif not self._decided:
            self.inside = word in _ROUTINES
            self._decided = self.inside or word in _OBJECTS
        if not self.inside:
            return
        if self._after_end and word in _CONTINUES_END:
            self._depth += 1
        elif word in ("BEGIN", "CASE") and not self._after_end:
            self._depth += 1
            self._begun |= word == "BEGIN"
        self._after_end = word == "END"
        if self._after_end:
            self._depth -= 1

    def may_end(self) -> bool:
        if not self.inside:
            return True
        if self._dialect is Dialect.TSQL:
            return False  # a routine has its batch to itself
        if self._dialect is Dialect.ORACLE and not self._begun and self._depth == 0:
            return False
        return self._depth <= 0
