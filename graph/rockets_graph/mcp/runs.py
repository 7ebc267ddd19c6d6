"""The tool that runs: plan.json → verified project, in a process of its own."""

import contextlib
import itertools
import os
import re
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

from mcp.server.mcpserver import Context
from mcp_types import CallToolResult
from pydantic import Field, JsonValue, TypeAdapter, ValidationError

from rockets_graph.mcp.answers import answer, refused
from rockets_graph.mcp.child import Ended, Tell, run
from rockets_graph.mcp.tools import PLAN_IN_FORCE, PlanPath, ProjectPath, Tools, approved
from rockets_tools.errors import RocketsError
from rockets_tools.process import child_environment

HANDED_ON = re.compile(r"DATABASE_URL|ROCKETS_\w+")
"""What a run needs of the server's environment besides what every child gets."""
MODEL = re.compile(r"ANTHROPIC_(API_KEY|AUTH_TOKEN|BASE_URL)")
"""What only a run of the team is handed on."""
REPORT: TypeAdapter[dict[str, JsonValue]] = TypeAdapter(dict[str, JsonValue])


class Runs:
    """`orchestrate` below one root."""

    def __init__(self, tools: Tools) -> None:
        self.tools = tools

    async def orchestrate(
        self,
        ctx: Context,
        project: ProjectPath,
        plan_hash: Annotated[
            str,
            Field(description="The planHash that show gave for the plan the user approved."),
        ],
        plan: Annotated[
            PlanPath | None, Field(description="By default the project's plan in force.")
        ] = None,
        *,
        resume: Annotated[
            bool, Field(description="Go on after a failed gate, a cancelled call or a crash.")
        ] = False,
        dry_run: Annotated[bool, Field(description="Only say what would be done.")] = False,
        skip_build: Annotated[
            bool, Field(description="No build, migration or smoke test; needs no Node.")
        ] = False,
        skip_migration: bool = False,
        skip_smoke: bool = False,
        team: Annotated[
            bool,
            Field(description="Let the team of agents run; costs tokens and needs an API key."),
        ] = False,
        max_cost: Annotated[
            float | None, Field(gt=0, description="With team: most US dollars the run may spend.")
        ] = None,
    ) -> CallToolResult:
        """Generate, integrate, validate, migrate, build and smoke-test the plan in a Rockets
        project (the tool new makes one). Approval comes first: call show, show the page to the
        user, ask, and pass the hash of what was approved; a changed plan has another hash and is
        refused. Takes minutes and reports progress. The answer is the run's report; exitStatus 0:
        all gates green, 1: a gate failed (correct it, then resume), 2: wrong input, nothing was
        written, 3: the machine lacks something, 130: interrupted (resume). Sequential unless team
        is set."""
        flags = {
            "--resume": resume,
            "--dry-run": dry_run,
            "--skip-build": skip_build,
            "--skip-migration": skip_migration,
            "--skip-smoke": skip_smoke,
            "--team" if team else "--sequential": True,
            f"--max-cost={max_cost}": team and max_cost is not None,
        }
        try:
            door = self.tools.root.project(project)
            named = plan or f"{self.tools.root.relative(project)}/{PLAN_IN_FORCE}"
            checked, text, file = self.tools.checked(named)
            approved(checked, plan_hash, file)
            with tempfile.TemporaryDirectory(prefix="rockets-mcp-") as private:
                # What was approved is what runs, whatever happens to the file meanwhile.
                spec = Path(private, "plan.json")
                spec.write_text(text, encoding="utf-8", newline="")
                given = [f"--spec={spec}", *(flag for flag, wanted in flags.items() if wanted)]
                ended = await run(
                    ["orchestrate", f"--project={door.root}", "--json", *given],
                    cwd=door.root,
                    env=run_environment(os.environ, team=team),
                    tell=progress_of(ctx),
                )
        except RocketsError as error:
            return refused(error)
        return reported(ended)


def run_environment(source: Mapping[str, str], *, team: bool) -> dict[str, str]:
    """What a run may know of the server's environment: the key only when models are asked."""
    return child_environment(
        {
            name: value
            for name, value in source.items()
            if HANDED_ON.fullmatch(name) or (team and MODEL.fullmatch(name))
        },
        source=source,
    )


def progress_of(ctx: Context) -> Tell:
    """Tells the client each sentence, numbered, for nobody knows how many there will be."""
    count = itertools.count(1)

    async def tell(line: str) -> None:
        await ctx.report_progress(next(count), message=line)

    return tell


def reported(ended: Ended) -> CallToolResult:
    """The run's own report, or what it said in place of one."""
    report: dict[str, JsonValue] = {"success": False, "errors": []}
    with contextlib.suppress(ValidationError):
        report = REPORT.validate_json(ended.report)
    return answer({**report, "exitStatus": ended.code}, failed=ended.code != 0)
