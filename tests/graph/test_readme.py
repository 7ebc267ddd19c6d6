"""The README shows the state machine as it is."""

from pathlib import Path

from rockets_graph.picture import mermaid

README = Path(__file__).resolve().parents[2] / "README.md"


def test_readme_shows_the_compiled_graph() -> None:
    block = README.read_text(encoding="utf-8").split("```mermaid\n")[1].split("```")[0]
    assert block.strip() == mermaid("team").strip()
