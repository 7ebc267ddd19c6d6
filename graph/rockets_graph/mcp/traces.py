"""The tools that look at recorded runs."""

from itertools import islice
from pathlib import Path
from typing import Annotated

from pydantic import Field, JsonValue

from rockets_graph.mcp.root import Root
from rockets_graph.mcp.tools import Document, ProjectPath
from rockets_tools.errors import InputError, Problem
from rockets_tools.files import ProjectFiles

MOST = 200
"""Rows in one answer."""


class Traces:
    """Recorded runs of projects below one root."""

    def __init__(self, root: Root) -> None:
        self.root = root

    def trace_list(self, project: ProjectPath) -> Document:
        """The recorded runs of a project, the oldest first: outcome, duration, tokens, cost."""
        from rockets_graph.trace.errors import TraceError
        from rockets_graph.trace.runs import summaries

        runs: list[JsonValue] = []
        errors: list[JsonValue] = []
        for found in summaries(self.root.project(project)):
            if isinstance(found, TraceError):
                errors.extend({**problem.as_json()} for problem in found.problems)
            else:
                runs.append(found.as_json())
        return {"success": True, "runs": runs, "errors": errors}

    def trace_show(
        self,
        project: ProjectPath,
        run: Annotated[
            str, Field(description="A run's id as trace_list gives it, or last.")
        ] = "last",
        role: Annotated[
            str | None,
            Field(description="Only what lead, generator, reviewer, tester or builder did."),
        ] = None,
        wave: Annotated[int | None, Field(ge=1, description="Only this wave, from 1.")] = None,
        skip: Annotated[int, Field(ge=0, description="Rows to leave out at the beginning.")] = 0,
    ) -> Document:
        """What happened in a run, as a tree: nodes, jobs, model and tool calls, messages, gates.
        At most 200 rows an answer; `next` is the `skip` of the following ones. Use it to find out
        why a gate failed."""
        from rockets_graph.trace.reader import open_trace
        from rockets_graph.trace.view import Filter, rows

        wanted = Filter(
            roles=() if role is None else (role,), waves=() if wave is None else (wave - 1,)
        )
        wanted.refuse_unknown()
        with open_trace(run_folder(self.root.project(project), run)) as trace:
            found = list(islice(rows(trace, wanted, "tree"), skip, skip + MOST + 1))
            return {
                "success": True,
                "run": trace.header.run_id,
                "rows": [
                    {
                        "event": row.event.seq,
                        "depth": row.depth,
                        "seconds": round(row.seconds, 3),
                        "text": row.text,
                    }
                    for row in found[:MOST]
                ],
                "next": skip + MOST if len(found) > MOST else None,
                "problem": trace.problem,
            }


def run_folder(files: ProjectFiles, run: str) -> Path:
    """The folder of a recorded run by its id; no path, so that none can lead elsewhere."""
    from rockets_graph.trace.retention import run_folders
    from rockets_graph.trace.writer import RUNS, TRACE_FILE

    names = [f.name for f in run_folders(files) if files.exists(f"{RUNS}/{f.name}/{TRACE_FILE}")]
    chosen = names[-1:] if run == "last" else [name for name in names if name == run]
    if not chosen:
        raise InputError(
            Problem(
                code="trace-unknown",
                message=f"The project has no recorded run {run!r}.",
                fix="Take an id from trace_list.",
                file=RUNS,
            )
        )
    return files.path(f"{RUNS}/{chosen[0]}")
