"""What kind of document this is: by its name, else by what it says."""

import re
from collections.abc import Mapping
from enum import StrEnum
from pathlib import PurePath


class Kind(StrEnum):
    SQL = "sql"
    DBML = "dbml"
    PRISMA = "prisma"
    JDL = "jdl"
    MERMAID = "mermaid"
    OPENAPI = "openapi"
    MARKDOWN = "markdown"


BY_SUFFIX: Mapping[str, Kind] = {
    **dict.fromkeys((".sql", ".ddl", ".psql", ".pgsql", ".mysql", ".tsql", ".dump"), Kind.SQL),
    ".dbml": Kind.DBML,
    ".prisma": Kind.PRISMA,
    **dict.fromkeys((".jdl", ".jh"), Kind.JDL),
    **dict.fromkeys((".mmd", ".mermaid"), Kind.MERMAID),
    **dict.fromkeys((".json", ".yaml", ".yml"), Kind.OPENAPI),
    **dict.fromkeys((".md", ".markdown", ".mdx"), Kind.MARKDOWN),
}

_SAMPLE = 100_000
_CONTENT: tuple[tuple[Kind, str], ...] = (
    (Kind.MERMAID, r"\A\s*+(?:%%[^\n]*+\n\s*+)*+erDiagram\b"),
    (Kind.OPENAPI, r"^\s{0,8}[\"']?(?:openapi|swagger)[\"']?\s{0,4}:"),
    (Kind.MARKDOWN, r"^```|^#{1,6}\s\S|^\|[^\n]{0,500}\|\s{0,9}$"),
    (Kind.SQL, r"^\s{0,9}create\s{1,9}(?:\w{1,20}\s{1,9}){0,3}(?:table|type|domain)\b"),
    (Kind.PRISMA, r"^\s{0,9}(?:model|datasource|generator)\s{1,9}\w{1,80}\s{0,9}\{"),
    (Kind.DBML, r"^\s{0,9}table\s{1,9}[\w.\"]{1,80}[^{(\n]{0,200}\{"),
    (Kind.JDL, r"^\s{0,9}(?:entity\s{1,9}\w{1,80}|relationship\s{1,9}\w{1,20})\s{0,9}[({@\n]"),
)


def of_fence(label: str) -> Kind | None:
    """The kind a fence of Markdown names: ```` ```sql ````."""
    word = label.strip().split(" ", 1)[0].lower().lstrip("{.").rstrip("}")
    if word in ("postgres", "postgresql", "mysql", "sqlite", "tsql", "plsql", "oracle", "ddl"):
        return Kind.SQL
    return next((kind for kind in Kind if kind == word), BY_SUFFIX.get(f".{word}"))


def detect(text: str, file: str) -> Kind | None:
    """The kind of a document, or None when it is none of them."""
    by_name = BY_SUFFIX.get(PurePath(file).suffix.lower())
    if by_name is not None:
        return by_name
    sample = text[:_SAMPLE]
    for kind, marks in _CONTENT:
        if re.search(marks, sample, re.IGNORECASE | re.MULTILINE):
            return kind
    return None
