"""Which SQL a script is written in, told by the marks only one dialect has."""

import re
from enum import StrEnum


class Dialect(StrEnum):
    """Values are sqlglot's names; `ANSI` is what carries no mark at all."""

    POSTGRES = "postgres"
    MYSQL = "mysql"
    SQLITE = "sqlite"
    ORACLE = "oracle"
    TSQL = "tsql"
    ANSI = ""


_MARKS: dict[Dialect, str] = {
    Dialect.POSTGRES: r"\b(?:big|small)?serial\b|::\s*\w|^\\\w|\bjsonb\b|\bbytea\b|\btimestamptz\b"
    r"|\bcreate\s{1,9}(?:domain|extension)\b|\bas\s{1,9}enum\b|\bcharacter\s{1,9}varying\b|\$\$"
    r"|\bowner\s{1,9}to\b|\bfrom\s{1,9}stdin\b|\bnextval\s{0,9}\(|\bgen_random_uuid\b|\btext\[\]",
    Dialect.MYSQL: r"`|\bauto_increment\b|\bengine\s{0,9}=|^delimiter\b|\bunsigned\b|/\*!\d"
    r"|\benum\s{0,9}\(|\btinyint\s{0,9}\(|\bmediumtext\b|\blongtext\b|^#",
    Dialect.SQLITE: r"\bautoincrement\b|\bpragma\b|\bwithout\s{1,9}rowid\b|\bsqlite_\w"
    r"|\binteger\s{1,9}primary\s{1,9}key\b|\bdatetime\s{0,9}\(\s{0,9}'now'|\bstrict\s{0,9};",
    Dialect.ORACLE: r"\bvarchar2\b|\bnvarchar2\b|\bnumber\b\s{0,9}[(,]|\bsysdate\b|^rem\b|^prompt\b"
    r"|^/\s{0,9}$|\btablespace\b|\bclob\b|\.nextval\b|\bfrom\s{1,9}(?:sys\.)?dual\b|:new\.|\bcreate\s{1,9}or\s{1,9}replace\s{1,9}package\b",
    Dialect.TSQL: r"^\s{0,9}go\s{0,9}$|\[\w{1,80}\]\.?\[|\bnvarchar\b"
    r"|\bidentity\s{0,9}\(\s{0,9}-?\d|\buniqueidentifier\b|\bclustered\b|\bgetdate\b|\bdatetime2\b|\bset\s{1,9}ansi_nulls\b"
    r"|\(\[\w{1,80}\]|\bdbo\.",
}
_SAMPLE = 60_000
"""Characters looked at; a dialect shows itself early."""


def detect(text: str) -> Dialect:
    """The dialect with the most distinct marks; ties go to the first of the list above."""
    sample = text[:_SAMPLE]
    scores = {
        dialect: len({m.group().lower()[:20] for m in _compiled(marks).finditer(sample)})
        for dialect, marks in _MARKS.items()
    }
    best = max(scores, key=lambda dialect: scores[dialect])
    return best if scores[best] else Dialect.ANSI


def _compiled(marks: str) -> re.Pattern[str]:
    return re.compile(marks, re.IGNORECASE | re.MULTILINE)
