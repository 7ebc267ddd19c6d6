"""The recorded scenarios and the code of today: a change of a prompt or a brief is seen here."""

from pathlib import Path

import pytest
from tests.graph.replay.record import FOLDER, parts, recording
from tests.graph.replay.scenarios import SCENARIOS

from rockets_graph.cli.replay import divergence_lines


@pytest.mark.parametrize("name", SCENARIOS)
def test_recording_and_code_do_the_same(name: str, tmp_path: Path) -> None:
    found = parts(name, tmp_path / "again")
    if found is not None:
        lines = "\n".join(divergence_lines(found))
        pytest.fail(f"{lines}\nIf that is meant: make record", pytrace=False)


def test_there_is_one_recording_of_each() -> None:
    assert {path.name for path in FOLDER.iterdir()} == {recording(n).name for n in SCENARIOS}
