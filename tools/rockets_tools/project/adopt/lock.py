"""Bring the lock file in step with a package.json that got packages."""

from collections.abc import Callable

from rockets_tools.build.packages import npm
from rockets_tools.files import ProjectFiles
from rockets_tools.node import NodeTools


def renew_lock(
    files: ProjectFiles, node: NodeTools, on_line: Callable[[str], None] | None = None
) -> None:
    """`npm install` of the lock file alone; packages are left to `build.install`.

    Raises `MachineError` (offline, disk) or `GateError`, as `build.install` does.
    """
    npm(files, node, ["install", "--package-lock-only"], on_line)
