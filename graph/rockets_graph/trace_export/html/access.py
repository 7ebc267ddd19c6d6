"""The access matrix that the smoke test proved."""

from collections.abc import Sequence

from pydantic import JsonValue

from rockets_graph.trace_export.html.story import Access, AccessCell, AccessRow
from rockets_graph.trace_export.html.texts import field

OPERATIONS = (
    "readMany",
    "readOne",
    "createOne",
    "createMany",
    "updateOne",
    "deleteOne",
    "recoverOne",
)
GRANTS = frozenset({"any", "own", "none", "absent"})


def access(matrix: Sequence[JsonValue], details: JsonValue) -> Access | None:
    """Of `Checked.matrix` and `Checked.details` of the smoke test."""
    rows: dict[tuple[str, str], dict[str, AccessCell]] = {}
    for row in matrix:
        granted, passed = str(field(row, "granted")), field(row, "passed") is True
        place = (str(field(row, "entity")), str(field(row, "role")))
        rows.setdefault(place, {})[str(field(row, "operation"))] = AccessCell(
            style="broken" if not passed else granted if granted in GRANTS else "",
            text=granted if passed else f"FAILED {granted}",
        )
    if not rows:
        return None
    tried = {operation for cells in rows.values() for operation in cells}
    operations = [operation for operation in OPERATIONS if operation in tried]
    operations += sorted(tried - set(operations))
    nothing = AccessCell(style="", text="")
    counts = {name: field(details, name) for name in ("cells", "attacks", "passed", "failed")}
    return Access(
        summary=", ".join(f"{n:,} {name}" for name, n in counts.items() if isinstance(n, int)),
        operations=tuple(operations),
        rows=tuple(
            AccessRow(
                entity=entity,
                role=role,
                cells=tuple(cells.get(operation, nothing) for operation in operations),
            )
            for (entity, role), cells in rows.items()
        ),
    )
