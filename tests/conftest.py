"""One warm project for the whole run: packages installed and compiled once, then shared."""

import hashlib
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from filelock import FileLock
from hypothesis import settings

ROOT = Path(__file__).resolve().parent.parent
# The same examples every time, so that a red run is red again; a nightly run draws new ones.
settings.register_profile("fixed", derandomize=True, deadline=None)
settings.register_profile("nightly", max_examples=500, deadline=None)
settings.load_profile(os.environ.get("ROCKETS_HYPOTHESIS", "fixed"))

TEMPLATE = ROOT / "tools/rockets_tools/targets/concepta_5/project"


def install_packages(folder: Path) -> None:
    from rockets_tools.build import install
    from rockets_tools.files import ProjectFiles
    from rockets_tools.node import find_node

    install(ProjectFiles(folder), find_node())


@pytest.fixture(scope="session")
def warm_modules() -> Path:
    """A `node_modules` with exactly what the template's lock file names.

    Kept in `.cache/` by the hash of the lock; the first worker that comes installs it.
    """
    lock = (TEMPLATE / "package-lock.json").read_bytes()
    manifest = (TEMPLATE / "package.json").read_bytes()
    folder = ROOT / ".cache" / f"warm-{hashlib.sha256(lock + manifest).hexdigest()[:12]}"
    folder.parent.mkdir(exist_ok=True)
    with FileLock(folder.with_suffix(".lock")):
        if not (folder / "ready").exists():
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
            for name in ("package.json", "package-lock.json", ".npmrc"):
                if (TEMPLATE / name).exists():
                    shutil.copy(TEMPLATE / name, folder / name)
            install_packages(folder)
            (folder / "ready").touch()
    return folder / "node_modules"


@pytest.fixture
def warm_project(tmp_path: Path, warm_modules: Path) -> Callable[[str], Path]:
    """Makes fresh projects that have their packages: `warm_project("shop")` → its folder."""
    from rockets_tools.project import new_project

    def make(name: str = "project") -> Path:
        folder = tmp_path / name
        new_project(folder)
        (folder / "node_modules").symlink_to(warm_modules, target_is_directory=True)
        return folder

    return make
