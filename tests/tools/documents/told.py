"""Looks at what an import says: shared by the tests of this folder."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from rockets_tools.documents import Imported, read_document
from rockets_tools.documents.findings import Findings
from rockets_tools.documents.kinds import Kind, detect
from rockets_tools.documents.mapping import words
from rockets_tools.documents.readers import reader
from rockets_tools.plan import CheckedPlan, read_plan

HERE = Path(__file__).resolve().parent
SAMPLES = HERE.parents[1] / "data/samples"
OWN = HERE / "schemas"
DOCUMENTS = sorted(
    [p for p in SAMPLES.iterdir() if p.suffix not in (".md", ".LICENSE")] + [*OWN.iterdir()]
)


def sql(text: str) -> Imported:
    return read_document(text, file="schema.sql")


def accepted(imported: Imported) -> CheckedPlan:
    """The plan, which the plan's own check takes without a warning."""
    assert imported.blockers == ()
    checked = read_plan(json.dumps(imported.plan))
    assert checked.warnings == ()
    return checked


def entity(imported: Imported, name: str) -> dict[str, Any]:
    entities: Any = imported.plan["entities"]
    return next(e for e in entities if e["entityName"] == name)


def field(imported: Imported, entity_name: str, name: str) -> dict[str, Any]:
    return next(f for f in entity(imported, entity_name)["fields"] if f["name"] == name)


def relation(imported: Imported, entity_name: str, key: str) -> dict[str, Any]:
    """By its name, or by its target where it has the default name."""
    found = entity(imported, entity_name)["relations"]
    return next(r for r in found if r.get("name", r["targetEntity"]) == key)


def notices(imported: Imported, code: str) -> list[tuple[int | None, str]]:
    return [(n.line, n.message) for n in imported.notices if n.code == f"document-{code}"]


def untold_columns(text: str, file: str) -> Iterator[str]:
    """Columns that are neither in the plan nor in a notice or blocker: there may be none."""
    imported = read_document(text, file=file)
    kind = detect(text, file)
    assert kind is not None
    schema = reader(Kind(kind))(text, Findings(file))
    said = "\n".join(p.message for p in (*imported.notices, *imported.blockers))
    sources: set[str | None] = set()
    entities: Any = imported.plan["entities"]
    for made in entities:
        for part in (*made.get("fields", ()), *made.get("relations", ())):
            sources |= {part.get("columnName"), part.get("name"), part.get("foreignKey")}
            if "targetEntity" in part:
                sources.add(f"{part.get('name', part['targetEntity'])}Id")
    plain = {re.sub(r"\W|_", "", str(name)).lower() for name in sources if name}
    for table in schema.tables:
        for column in table.columns.values():
            low = words.plain(column.property or column.name).replace("_", "").lower()
            if low not in plain and column.name not in said:
                yield f"{table.name}.{column.name}"
