"""Whole texts before and after: `golden/<shared file>/<case>.ts`, parted by `//// after`."""

from collections.abc import Callable
from pathlib import Path

import pytest

from rockets_tools.generate.result import Wiring
from rockets_tools.integrate.wiring.acl import wire_acl
from rockets_tools.integrate.wiring.app_module import ModuleWiring, wire_module
from rockets_tools.integrate.wiring.typeorm import wire_entities

GOLDEN = Path(__file__).parent / "golden"
CASES = sorted(str(path.relative_to(GOLDEN)) for path in GOLDEN.rglob("*.ts"))
Edit = Callable[[str], str | None]


def edits(wiring: Callable[..., Wiring]) -> dict[str, Edit]:
    """What is wired in the cases of each folder."""
    product = wiring("Product", admin="any:create,read,update,delete", user="own:read")
    both = [product, wiring("Tag")]
    settings, module, acl = "src/config/typeorm.settings.ts", "src/app.module.ts", "src/app.acl.ts"
    wanted = ModuleWiring(
        modules=[each.module for each in both],
        query_services=[each.query_service for each in both],
    )
    return {
        "typeorm": lambda text: wire_entities(text, [each.entity for each in both], file=settings),
        "module": lambda text: wire_module(text, wanted, file=module),
        "acl": lambda text: wire_acl(text, [product], file=acl),
    }


def only_inserted(before: str, after: str) -> bool:
    """Everything of `before` but white space is in `after`, in order."""
    remaining = iter("".join(after.split()))
    return all(char in remaining for char in "".join(before.split()))


@pytest.mark.parametrize("newline", ["\n", "\r\n"], ids=["unix", "windows"])
@pytest.mark.parametrize("case", CASES)
def test_golden(case: str, newline: str, wiring: Callable[..., Wiring]) -> None:
    edit = edits(wiring)[case.partition("/")[0]]
    before, _, after = (GOLDEN / case).read_text().partition("//// after\n")
    old, new = before.replace("\n", newline), after.replace("\n", newline)
    assert edit(old) == (new if new != old else None)
    assert edit(new) is None
    assert only_inserted(before, after)


@pytest.mark.parametrize("case", CASES)
def test_without_a_final_newline(case: str, wiring: Callable[..., Wiring]) -> None:
    edit = edits(wiring)[case.partition("/")[0]]
    before, _, after = (GOLDEN / case).read_text().partition("//// after\n")
    old, new = before.rstrip("\n"), after.rstrip("\n")
    assert edit(old) == (new if new != old else None)
    assert edit(new) is None
