"""Structural checks of what a single file must not contain."""

import re
from collections.abc import Iterator

from rockets_tools.integrate.layout import TYPEORM
from rockets_tools.validate.project import Project
from rockets_tools.validate.references import property_values
from rockets_tools.validate.result import Issue, Severity
from rockets_tools.validate.rule import FileCheck, Rule
from rockets_tools.validate.shared import Shared
from rockets_tools.validate.source import Source
from rockets_tools.validate.syntax import line_of, string_value, unwrap

DIST_IMPORT = Rule(
    id="dist-import",
    severity=Severity.HIGH,
    summary="Nothing is imported from a package's or the project's dist folder.",
    help="A dist path is not part of a package's interface and may name a second copy of a class, "
    "which Nest cannot inject. Import from the package's name, or from the source file.",
)
TEMPLATE_LEFTOVER = Rule(
    id="template-leftover",
    severity=Severity.HIGH,
    summary="No file has the marks of a template in its code.",
    help="`{{ … }}`, `{% … %}` or `<% … %>` outside a string means that a generator stopped half "
    "way. Generate the file again.",
)
SQLITE_BASE = Rule(
    id="sqlite-base-class",
    severity=Severity.HIGH,
    summary="No entity of a Postgres project extends a SQLite base class.",
    help="The SQLite bases declare column types Postgres does not have. Extend "
    "CommonPostgresEntity, UserPostgresEntity, …",
)

_MARKS = re.compile(r"\{\{[^{}\n]*\}\}|\{%[^\n]*?%\}|\{#[^\n]*?#\}|<%[^\n]*?%>")
_TEXTS = frozenset({"string", "template_string", "regex", "comment"})
_SQLITE_DRIVERS = frozenset({"sqlite", "better-sqlite3", "sqljs", "expo", "cordova"})


def _dist(source: Source, _: Shared) -> Iterator[Issue]:
    for specifier, node in source.module.specifiers:
        if "dist" in specifier.split("/"):
            message = f"{specifier} is a dist path: import the package or the source file."
            yield DIST_IMPORT.at(source.path, line_of(node), message)


def _leftovers(source: Source, _: Shared) -> Iterator[Issue]:
    for found in _MARKS.finditer(source.text):
        start = len(source.text[: found.start()].encode("utf-8", "surrogatepass"))
        node = source.module.root.descendant_for_byte_range(start, start + 1)
        above = node
        while above is not None and above.type not in _TEXTS:
            above = above.parent
        if above is None and node is not None:
            message = f"{found[0][:40]} is left over from a template: generate the file again."
            yield TEMPLATE_LEFTOVER.at(source.path, line_of(node), message)


def _sqlite(source: Source, shared: Shared) -> Iterator[Issue]:
    for owner in source.module.classes:
        if owner.base is not None and "Sqlite" in owner.base and not _is_sqlite(shared.project):
            message = f"{owner.name} extends {owner.base}, but the project's database is Postgres."
            yield SQLITE_BASE.at(source.path, line_of(owner.node), message)


def _is_sqlite(project: Project) -> bool:
    """Only where the settings say so: the target's database is Postgres."""
    for path in TYPEORM:
        settings = project.source(path)
        for node in () if settings is None else property_values(settings, "type"):
            if string_value(unwrap(node)) in _SQLITE_DRIVERS:
                return True
    return False


CHECKS = (
    FileCheck(
        rules=(DIST_IMPORT,),
        applies=lambda _kind: True,
        tokens=("/dist/", "/dist'", '/dist"'),
        check=_dist,
    ),
    FileCheck(
        rules=(TEMPLATE_LEFTOVER,),
        applies=lambda _kind: True,
        tokens=("{{", "{%", "{#", "<%"),
        check=_leftovers,
    ),
    FileCheck(rules=(SQLITE_BASE,), applies=lambda _kind: True, tokens=("Sqlite",), check=_sqlite),
)
