"""What is installed can do what the checkout can: the template tree is in the wheel, whole."""

import subprocess
import sys
import zipfile
from pathlib import Path

ROOT = Path(__file__).parents[3]
TARGETS = "rockets_tools/targets/"


def test_the_wheel_has_every_template_file(tmp_path: Path) -> None:
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", tmp_path],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    (wheel,) = tmp_path.glob("*.whl")
    packed = {name for name in zipfile.ZipFile(wheel).namelist() if name.startswith(TARGETS)}
    sources = ROOT / "tools" / TARGETS
    kept = {
        f"{TARGETS}{path.relative_to(sources).as_posix()}"
        for path in sources.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert f"{TARGETS}concepta_5/project/.gitignore" in kept
    assert packed == kept
