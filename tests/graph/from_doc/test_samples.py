"""From a document to a green smoke test with one command, zero tokens and no edit."""

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.command import rockets
from tests.tools.documents.told import SAMPLES

SCHEMAS = Path(__file__).resolve().parents[2] / "tools/documents/schemas"


@pytest.mark.node
@pytest.mark.parametrize(
    "document",
    [SAMPLES / "library.jh", SAMPLES / "blog.prisma", SCHEMAS / "requirements.md"],
    ids=lambda path: path.name,
)
def test_a_document_becomes_a_green_project(
    document: Path, warm_project: Callable[[str], Path]
) -> None:
    answer = rockets(
        "from-doc", document, "--project", warm_project("api"), "--sequential", "--yes"
    )
    assert answer.code == 0, answer.err
    report = answer.json
    assert report["success"] is True
    assert report["migration"]["proven"] is True
    assert report["smoke"]["failed"] == 0
    assert report["smoke"]["attacks"] > 100
