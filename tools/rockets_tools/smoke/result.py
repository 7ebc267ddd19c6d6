"""What a smoke test found, for people, for CI and for the run's report."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from pydantic import JsonValue

from rockets_tools.smoke.model import Cell, Kind


@dataclass(frozen=True, kw_only=True)
class SmokeResult:
    """Every case and how it went."""

    cells: tuple[Cell, ...]
    """In the plan's order; not only cells of the matrix, see `Cell.kind`."""
    seconds: float
    output: str = ""
    """The last of what the application printed; empty when everything passed."""

    @property
    def passed(self) -> bool:
        return self.failed_count == 0

    @cached_property
    def passed_count(self) -> int:
        return sum(cell.passed for cell in self.cells)

    @property
    def failed_count(self) -> int:
        return len(self.cells) - self.passed_count

    @property
    def failures(self) -> tuple[Cell, ...]:
        return tuple(cell for cell in self.cells if not cell.passed)

    def summary(self) -> dict[str, JsonValue]:
        """For the run's report: `cells` and `attacks` together are `passed` and `failed`."""
        attacks = sum(cell.kind == Kind.ATTACK for cell in self.cells)
        return {
            "cells": len(self.cells) - attacks,
            "passed": self.passed_count,
            "failed": self.failed_count,
            "attacks": attacks,
        }

    def as_json(self) -> dict[str, JsonValue]:
        value: dict[str, JsonValue] = {
            "passed": self.passed,
            "summary": self.summary(),
            "seconds": round(self.seconds, 3),
            "matrix": list[JsonValue](matrix(self)),
            "cells": [cell.as_json() for cell in self.cells],
        }
        if self.output:
            value["output"] = self.output
        return value


def matrix(result: SmokeResult) -> Iterator[dict[str, JsonValue]]:
    """The access matrix as it was proven: a row for each entity, role and operation."""
    rows: dict[tuple[str, str, str], list[Cell]] = {}
    for cell in result.cells:
        if cell.kind == Kind.CELL:
            rows.setdefault((cell.entity, cell.role, cell.operation), []).append(cell)
    for (entity, role, operation), cells in rows.items():
        yield {
            "entity": entity,
            "role": role,
            "operation": operation,
            "granted": _granted(cells),
            "passed": all(cell.passed for cell in cells),
        }


def _granted(cells: list[Cell]) -> str:
    """`any`, `own`, `none`, or `absent` where there is no route."""
    scopes = {cell.ownership for cell in cells}
    for scope in ("any", "own", "other"):
        if scope in scopes:
            return "own" if scope == "other" else scope
    return "absent" if all(cell.expected == "404" for cell in cells) else "none"


OPERATIONS = (
    "readMany",
    "readOne",
    "createOne",
    "createMany",
    "updateOne",
    "deleteOne",
    "recoverOne",
)


def table(result: SmokeResult) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    """Head and rows of the matrix for a terminal: a row for each entity and role, e.g. `own`, and
    `FAILED own` where it did not hold; the last two columns count all that was tried."""
    cells: dict[tuple[str, str], dict[str, str]] = {}
    for row in matrix(result):
        mark = str(row["granted"]) if row["passed"] else f"FAILED {row['granted']}"
        place = cells.setdefault((str(row["entity"]), str(row["role"])), {})
        place[str(row["operation"])] = mark
    rows: list[tuple[str, ...]] = []
    for (entity, role), marks in cells.items():
        asked = [c for c in result.cells if (c.entity, c.role) == (entity, role)]
        failed = sum(not cell.passed for cell in asked)
        rows.append(
            (
                entity,
                role,
                *(marks.get(operation, "") for operation in OPERATIONS),
                str(len(asked) - failed),
                str(failed),
            )
        )
    return ("entity", "role", *OPERATIONS, "passed", "failed"), tuple(rows)
