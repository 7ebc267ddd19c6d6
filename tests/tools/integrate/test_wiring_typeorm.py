"""Entities into the TypeORM settings: whole texts of files as people write them."""

from collections.abc import Callable

import pytest

from rockets_tools.generate.result import Wiring
from rockets_tools.integrate.wiring.source import WiringError
from rockets_tools.integrate.wiring.typeorm import wire_entities

FILE = "src/config/typeorm.settings.ts"
P = "import { ProductEntity } from '../modules/product/entities/product.entity';\n"
T = "import { TagEntity } from '../modules/tag/entities/tag.entity';\n"
U = "import { UserEntity } from '../modules/user/entities/user.entity';\n"


REFUSED = {
    "no settings": ("export const x = 1;\n", 1, "no settings object"),
    "object of entities": (
        "export const s = {\n  entities: { UserEntity },\n};\n",
        2,
        "not an array",
    ),
    "call": (
        "import * as e from './e';\nexport const s = { entities: Object.values(e) };\n",
        2,
        "array",
    ),
    "two lists": (
        "const a = { type: 'x', entities: [A] };\nconst b = { type: 'y', entities: [B] };\n",
        2,
        "several lists",
    ),
    "a spread behind": (
        "export const s = {\n  entities: [UserEntity],\n  ...base(),\n};\n",
        3,
        "hide the other",
    ),
    "not TypeScript": ("export const s = {\n  entities: [A\n};\n", 2, "not valid TypeScript"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refused_with_the_line(name: str, wiring: Callable[..., Wiring]) -> None:
    text, line, message = REFUSED[name]
    with pytest.raises(WiringError) as caught:
        wire_entities(text, [wiring("Product").entity], file=FILE)
    (problem,) = caught.value.problems
    assert (problem.file, problem.line) == (FILE, line)
    assert message in problem.message
    assert problem.fix


def test_a_moved_class_keeps_its_import(wiring: Callable[..., Wiring]) -> None:
    old, new = wiring("Product").entity, wiring("Product", module="src/shop").entity
    before = wire_entities("export const s = { entities: [] };\n", [old], file=FILE)
    assert before is not None
    after = wire_entities(before, [new], file=FILE, moved={new.file: old.file})
    assert after == before.replace("../modules/product", "../shop/product")
