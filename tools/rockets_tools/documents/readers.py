"""The reader of each kind of document, loaded only when it is needed."""

from collections.abc import Callable
from importlib import import_module

from rockets_tools.documents.findings import Findings
from rockets_tools.documents.kinds import Kind
from rockets_tools.documents.schema import Schema

Reader = Callable[[str, Findings], Schema]


_MODULES = {
    Kind.SQL: ("sql.read", "read_sql"),
    Kind.DBML: ("dbml.read", "read_dbml"),
    Kind.PRISMA: ("prisma.read", "read_prisma"),
    Kind.JDL: ("jdl.read", "read_jdl"),
    Kind.MERMAID: ("mermaid", "read_mermaid"),
    Kind.OPENAPI: ("openapi", "read_openapi"),
    Kind.MARKDOWN: ("markdown", "read_markdown"),
}


def reader(kind: Kind) -> Reader:
    """What reads documents of a kind."""
    module, name = _MODULES[kind]
    found: Reader = getattr(import_module(f"rockets_tools.documents.{module}"), name)
    return found
