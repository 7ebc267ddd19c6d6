"""One whole module as a customer sees it, word for word."""

import os
from collections.abc import Callable
from pathlib import Path

from rockets_tools.generate.result import Rendered
from rockets_tools.plan.model import Action, Possession

GOLDEN = Path(__file__).parent / "golden"
UPDATE = "UPDATE_GOLDEN"
"""Set this variable to write the files anew, then read the difference."""


def test_a_module_word_for_word(rendered: Callable[[str], dict[str, Rendered]]) -> None:
    product = rendered("seed")["Product"]
    if os.environ.get(UPDATE):
        for file in product.files:
            path = GOLDEN / f"{file.path}.txt"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(file.content, encoding="utf-8")
    expected = {
        path.relative_to(GOLDEN).as_posix().removesuffix(".txt"): path.read_text(encoding="utf-8")
        for path in GOLDEN.rglob("*.txt")
    }
    assert {file.path: file.content for file in product.files} == expected


def test_the_sixteen_files(rendered: Callable[[str], dict[str, Rendered]]) -> None:
    module, shared = "src/modules/product-tag/", "src/shared/product-tag/"
    assert sorted(file.path for file in rendered("seed")["ProductTag"].files) == sorted(
        [
            f"{module}constants/product-tag.constants.ts",
            f"{module}entities/product-tag.entity.ts",
            f"{module}product-tag-access-query.service.ts",
            f"{module}product-tag-model.service.ts",
            f"{module}product-tag-typeorm-crud.adapter.ts",
            f"{module}product-tag.crud.controller.ts",
            f"{module}product-tag.crud.service.ts",
            f"{module}product-tag.module.ts",
            f"{shared}dtos/product-tag-create.dto.ts",
            f"{shared}dtos/product-tag-paginated.dto.ts",
            f"{shared}dtos/product-tag-update.dto.ts",
            f"{shared}dtos/product-tag.dto.ts",
            f"{shared}index.ts",
            f"{shared}interfaces/product-tag-creatable.interface.ts",
            f"{shared}interfaces/product-tag-updatable.interface.ts",
            f"{shared}interfaces/product-tag.interface.ts",
        ]
    )


def test_what_there_is_to_wire(rendered: Callable[[str], dict[str, Rendered]]) -> None:
    wiring = rendered("seed")["ProductTag"].wiring
    assert (wiring.entity.name, wiring.entity.file) == (
        "ProductTagEntity",
        "src/modules/product-tag/entities/product-tag.entity.ts",
    )
    assert wiring.module.name == "ProductTagModule"
    assert wiring.query_service.name == "ProductTagAccessQueryService"
    assert [(r.member, r.value) for r in wiring.resources] == [
        ("ProductTag", "product-tag"),
        ("ProductTagList", "product-tag-list"),
    ]
    assert [role for role, _ in wiring.grants] == ["admin", "user"]
    assert wiring.grants[1][1].possession is Possession.OWN
    assert wiring.grants[1][1].actions == {Action.CREATE, Action.READ, Action.DELETE}
