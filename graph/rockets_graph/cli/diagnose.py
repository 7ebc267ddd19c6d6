"""`rockets doctor`."""

import os
import shutil
import sys
from dataclasses import dataclass

import click

from rockets_graph.cli.output import print_json, printable, wants_json
from rockets_tools.errors import MachineError


@dataclass(frozen=True, slots=True)
class Check:
    """One thing a run may need."""

    name: str
    ok: bool
    required: bool
    detail: str
    fix: str = ""


@click.command(
    short_help="What this machine has and lacks, with the fix.",
    epilog="\b\nExamples:\n  rockets doctor\n  rockets doctor --json",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON even on a terminal.")
def doctor(*, as_json: bool) -> None:
    """Say what this machine has and lacks, with the fix for each.

    Exit status 3 when something a sequential run needs is missing.
    """
    checks = [python_check(), *node_checks(), database_check(), key_check(), dot_check()]
    success = all(check.ok for check in checks if check.required)
    if wants_json(forced=as_json):
        print_json(
            {
                "success": success,
                "checks": [
                    {
                        "name": check.name,
                        "ok": check.ok,
                        "required": check.required,
                        "detail": check.detail,
                        "fix": check.fix or None,
                    }
                    for check in checks
                ],
            }
        )
    else:
        for check in checks:
            mark = "ok     " if check.ok else ("MISSING" if check.required else "absent ")
            click.echo(f"{mark}  {check.name:<12} {printable(check.detail)}")
            if not check.ok:
                click.echo(f"         {'':<12} fix: {check.fix}")
    if not success:
        raise click.exceptions.Exit(3)


def python_check() -> Check:
    """Which Python runs this."""
    version = ".".join(map(str, sys.version_info[:3]))
    return Check("python", ok=True, required=True, detail=f"{version} at {sys.executable}")


def node_checks() -> list[Check]:
    """Node and npm, and where they come from."""
    from rockets_tools.node import find_node

    try:
        tools = find_node()
    except MachineError as error:
        problem = error.problems[0]
        return [
            Check("node", ok=False, required=True, detail=problem.message, fix=problem.fix),
            Check("npm", ok=False, required=True, detail="comes with Node.", fix=problem.fix),
        ]
    return [
        Check(
            "node",
            ok=True,
            required=True,
            detail=f"{tools.version} from {tools.origin}: {tools.node}",
        ),
        Check("npm", ok=True, required=True, detail=" ".join(map(str, tools.npm))),
    ]


def database_check() -> Check:
    """The server of DATABASE_URL if it is set, else the embedded one."""
    url = os.environ.get("DATABASE_URL")
    if not url:
        detail = "embedded Postgres (PGlite, part of each project); DATABASE_URL is not set."
        return Check("database", ok=True, required=True, detail=detail)
    from rockets_tools.database import reachable, redacted

    if reachable(url):
        return Check("database", ok=True, required=True, detail=f"DATABASE_URL {redacted(url)}")
    return Check(
        "database",
        ok=False,
        required=True,
        detail=f"DATABASE_URL {redacted(url)} does not answer.",
        fix="Start that server, correct DATABASE_URL, or unset it to use the embedded one.",
    )


def key_check() -> Check:
    """Whether the team could run; the key itself is never shown."""
    if os.environ.get("ANTHROPIC_API_KEY"):
        return Check("api-key", ok=True, required=False, detail="ANTHROPIC_API_KEY is set.")
    return Check(
        "api-key",
        ok=False,
        required=False,
        detail="ANTHROPIC_API_KEY is not set; sequential runs do not need it.",
        fix="Set ANTHROPIC_API_KEY to run the team.",
    )


def dot_check() -> Check:
    """Graphviz, for pictures."""
    dot = shutil.which("dot")
    if dot:
        return Check("graphviz", ok=True, required=False, detail=dot)
    return Check(
        "graphviz",
        ok=False,
        required=False,
        detail="dot is not installed; only pictures (PNG, SVG) need it.",
        fix="Install Graphviz, e.g. apt-get install graphviz.",
    )
