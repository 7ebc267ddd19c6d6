"""The state machine as a picture: Mermaid text, or a file drawn by Graphviz on this machine."""

import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

from rockets_graph.state import Mode
from rockets_tools.errors import InputError, MachineError, Problem
from rockets_tools.files import disk_error

if TYPE_CHECKING:
    from langchain_core.runnables.graph import Graph

FORMATS = frozenset({"png", "svg"})
ROLES: tuple[str, ...] = (
    "reviewer",
    "generator",
    "noncrud",
    "tester",
    "builder",
    "lead_report",
)
"""Nodes that ask a model in the team cast."""
UNUSED: tuple[str, ...] = ("generator", "builder")
"""Nodes that no route of the sequential cast leads to."""
DRAW_SECONDS = 60


def mermaid(cast: Mode) -> str:
    """The compiled graph; marked is who has a model (team), or who has no part (sequential)."""
    text = _graph().draw_mermaid().rstrip("\n")
    if cast == "team":
        look, nodes = "model fill:#fde68a", ROLES
    else:
        look, nodes = "unused fill:#ffffff,stroke-dasharray:4", UNUSED
    return f"{text}\n\tclassDef {look}\n\tclass {','.join(nodes)} {look.split()[0]};\n"


def drawn_form(path: Path) -> str:
    """`png` or `svg`, by the ending of the file's name; InputError for any other."""
    form = path.suffix.removeprefix(".").lower()
    if form not in FORMATS:
        raise InputError(
            Problem(
                code="picture-format",
                message=f"{path.name} is neither .png nor .svg.",
                fix="Give the file one of these two endings.",
            )
        )
    return form


def draw(cast: Mode, path: Path) -> None:
    """Draw to a .png or .svg file; MachineError when Graphviz is not here."""
    form = drawn_form(path)
    dot = shutil.which("dot")
    if dot is None:
        raise MachineError(
            Problem(
                code="graphviz-missing",
                message="Drawing needs Graphviz, and there is no dot program on this machine.",
                fix="Install Graphviz (Debian: apt-get install graphviz), or use the Mermaid text.",
            )
        )
    try:
        drawn = subprocess.run(
            [dot, f"-T{form}"],
            input=dot_text(cast).encode(),
            capture_output=True,
            check=True,
            timeout=DRAW_SECONDS,
        )
        path.write_bytes(drawn.stdout)
    except OSError as error:
        raise disk_error(error, str(path)) from error
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as error:
        raise MachineError(
            Problem(
                code="graphviz-failed",
                message=f"Graphviz failed: {error}.",
                fix="Try dot by hand, or use the Mermaid text.",
            )
        ) from error


def dot_text(cast: Mode) -> str:
    """The same graph for Graphviz."""
    graph = _graph()
    marked = ROLES if cast == "team" else UNUSED
    look = "filled" if cast == "team" else "dashed"
    lines = ["digraph rockets {", '  node [shape=box style=rounded fontname="sans-serif"]']
    for name in graph.nodes:
        ends = " shape=oval" if name in {"__start__", "__end__"} else ""
        mark = f' style="rounded,{look}" fillcolor="#fde68a"' if name in marked else ""
        lines.append(f'  "{name}" [label="{name.strip("_")}"{ends}{mark}]')
    for edge in graph.edges:
        style = " [style=dashed]" if edge.conditional else ""
        lines.append(f'  "{edge.source}" -> "{edge.target}"{style}')
    return "\n".join([*lines, "}", ""])


def _graph() -> "Graph":
    from rockets_graph.build import build_graph

    return build_graph().get_graph()
