"""From a document to a green smoke test, with no model and no edit."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from rockets_graph.options import Options
from rockets_graph.orchestrate import orchestrate
from rockets_tools.documents import load_document

SAMPLES = Path(__file__).resolve().parents[2] / "data/samples"


@pytest.mark.node
@pytest.mark.parametrize("name", ["chinook.sql", "ecommerce.dbml"])
def test_a_document_becomes_a_verified_project(
    name: str, tmp_path: Path, warm_project: Callable[[str], Path]
) -> None:
    imported = load_document(SAMPLES / name)
    assert not imported.blockers
    spec = tmp_path / "plan.json"
    spec.write_text(json.dumps(imported.plan), encoding="utf-8")
    report = orchestrate(
        Options(project=warm_project("shop"), spec=spec, mode="sequential"), environment={}
    )
    assert report.success, report.as_json()
    assert report.smoke is not None
