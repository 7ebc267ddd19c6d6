"""The plan as pictures and tables."""

import json
import shutil
import stat
from pathlib import Path
from typing import Any

import pytest
from tests.tools.plan.documents import entity, field, plan, relation

from rockets_tools.errors import MachineError
from rockets_tools.plan import Plan, load_plan, read_plan
from rockets_tools.plan.show import acl_rows, dot, draw_svg, mermaid, wave_rows

EXAMPLES = Path(__file__).parents[3] / "examples"


def resolved(*entities: Any) -> Plan:
    return read_plan(json.dumps(plan(*entities))).plan


def awkward() -> Plan:
    return resolved(
        entity(
            "class",
            fields=[field("fk"), field("style", apiDescription='"} --> x')],
            relations=[
                relation("User", type="oneToOne"),
                relation("Class", name="parent"),
                relation("End", nullable=False),
            ],
        ),
        entity("end"),
    )


def test_mermaid() -> None:
    assert mermaid(awkward()) == "\n".join(
        [
            "erDiagram",
            '  "End" {',
            "    uuid id PK",
            "  }",
            '  "Class" {',
            "    uuid id PK",
            "    string fk_",
            "    string style",
            "    uuid userId FK",
            "    uuid parentId FK",
            "    uuid endId FK",
            "  }",
            '  "User" |o--o| "Class" : "user"',
            '  "Class" |o--o{ "Class" : "parent"',
            '  "End" ||--o{ "Class" : "end"',
        ]
    )


def test_waves_and_access_as_rows() -> None:
    shop = load_plan(EXAMPLES / "shop.plan.json").plan
    assert wave_rows(shop) == [
        (0, "Category", "category", "/categories", ""),
        (0, "Tag", "tag", "/tags", ""),
        (1, "Product", "product", "/products", "Category"),
        (2, "ProductTag", "product_tag", "/product-tags", "Product, Tag"),
        (2, "Review", "review", "/reviews", "Product"),
    ]
    assert acl_rows(shop) == [
        ("Category", "CRUD any", "R any"),
        ("Tag", "CRD any", "R any"),
        ("Product", "CRUD any", "R any"),
        ("ProductTag", "CRD any", "R any"),
        ("Review", "CRUD any", "CRUD own"),
    ]


def test_a_cut_edge_is_no_need() -> None:
    ring = resolved(entity("A", relations=[relation("B")]), entity("B", relations=[relation("A")]))
    assert [row[-1] for row in wave_rows(ring)] == ["", "A"]


def test_svg_needs_graphviz(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(MachineError) as caught:
        draw_svg(awkward(), tmp_path / "plan.svg")
    assert caught.value.problems[0].code == "graphviz-missing"
    assert not (tmp_path / "plan.svg").exists()


def test_svg_is_what_graphviz_answers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "dot"
    program.write_text("#!/bin/sh\n/bin/cat\n")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", str(tmp_path))
    draw_svg(awkward(), tmp_path / "plan.svg")
    assert (tmp_path / "plan.svg").read_text() == dot(awkward())
    program.write_text("#!/bin/sh\nexit 3\n")
    with pytest.raises(MachineError, match="Graphviz did not draw"):
        draw_svg(awkward(), tmp_path / "plan.svg")


@pytest.mark.skipif(shutil.which("dot") is None, reason="Graphviz is not installed")
def test_real_graphviz_draws(tmp_path: Path) -> None:
    draw_svg(awkward(), tmp_path / "plan.svg")
    assert "<svg" in (tmp_path / "plan.svg").read_text()
