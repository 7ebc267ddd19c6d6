"""The generated application over HTTP, on an embedded database: who may do what, and who may not.

The checks are in `http/*.mjs`; each script boots the application, tries everything, and says what
did not hold.
"""

import os
import socket
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from rockets_tools.files import ProjectFiles
from rockets_tools.generate.result import Rendered
from rockets_tools.integrate import integrate

pytestmark = pytest.mark.node

SCRIPTS = Path(__file__).parent / "http"


@pytest.mark.parametrize("name", ["seed", "rules"])
def test_over_http(
    name: str,
    rendered: Callable[[str], dict[str, Rendered]],
    warm_project: Callable[[str], Path],
) -> None:
    project = warm_project(name)
    integrate(ProjectFiles(project), list(rendered(name).values()))
    tsc = ["node", "node_modules/typescript-7/bin/tsc", "-p", "tsconfig.json"]
    subprocess.run(tsc, cwd=project, check=True)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    result = subprocess.run(
        ["node", SCRIPTS / f"{name}.mjs"],
        env={**os.environ, "APP": str(project), "PORT": str(port)},
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert result.returncode == 0, result.stderr[-6000:]
