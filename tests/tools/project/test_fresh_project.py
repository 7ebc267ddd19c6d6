"""A fresh project is a product: it builds, is clean, migrates and passes its own tests."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from rockets_tools.node import find_node

pytestmark = pytest.mark.node


def npm(project: Path, *arguments: str) -> str:
    node = find_node()
    done = subprocess.run(
        [*node.npm, *arguments],
        cwd=project,
        env=node.environment({}),
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_it_is_clean_builds_and_passes_its_own_tests(
    warm_project: Callable[[str], Path],
) -> None:
    project = warm_project("shop")
    npm(project, "run", "format:check")
    npm(project, "test")
    npm(project, "run", "lint")


def test_a_person_can_follow_the_readme(warm_project: Callable[[str], Path]) -> None:
    project = warm_project("shop")
    npm(project, "run", "build")
    npm(project, "run", "migration:run")
    account = ["--username", "root", "--email", "root@example.com", "--password", "a good long one"]
    assert "root is now an administrator" in npm(project, "run", "admin", "--", *account)
    assert "root was already an administrator" in npm(project, "run", "admin", "--", *account)
    npm(project, "run", "migration:check")
    npm(project, "run", "migration:revert")
    assert list((project / ".data").glob("*.json")) == []
