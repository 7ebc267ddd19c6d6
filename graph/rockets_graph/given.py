"""The input of a run: found, read and checked before anything is written."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import JsonValue

from rockets_graph.ledger import PLAN_FILE
from rockets_graph.mode import choose_mode
from rockets_graph.options import Options
from rockets_graph.state import Mode
from rockets_tools.errors import InputError, Problem
from rockets_tools.files import ProjectFiles
from rockets_tools.plan.model import Plan

if TYPE_CHECKING:
    from rockets_graph.crew.staff import Staff


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """A checked plan for a project of ours."""

    options: Options
    files: ProjectFiles
    project: str
    """`name` of the project's package.json."""
    plan: Plan
    plan_text: str
    """The plan as it was given, byte for byte."""
    mode: Mode = "sequential"
    why: str | None = None
    """One line on the mode, when nobody asked for it."""
    warnings: tuple[Problem, ...] = ()
    staff: "Staff | None" = None
    """Who plays which role; None in sequential mode."""
    spent: Mapping[str, JsonValue] = field(default_factory=dict[str, JsonValue])
    """What planning has spent before the run, `BudgetState` as JSON."""


def read_given(options: Options, environment: Mapping[str, str]) -> Given:
    """Read and check all of the input; raises InputError with every problem found."""
    from rockets_tools.plan import read_plan

    files = project_files(options.project)
    text, shown = read_plan_text(files, options.spec)
    checked = read_plan(text, file=shown)
    if options.approved_hash not in {None, checked.plan.hash}:
        raise InputError(
            Problem(
                code="plan-not-approved",
                message="The plan is not the one that was approved.",
                fix="Look at the plan again and approve it.",
                file=shown,
            )
        )
    mode, why = choose_mode(options.mode, environment, len(checked.plan.entities))
    return Given(
        options=options,
        files=files,
        project=project_name(files),
        plan=checked.plan,
        plan_text=text,
        mode=mode,
        why=why,
        warnings=checked.warnings,
        staff=staff_of(files, options) if mode == "team" else None,
        spent=options.spent,
    )


def staff_of(files: ProjectFiles, options: Options) -> "Staff":
    """Settings of the team, checked before anything is written."""
    from rockets_graph.crew.staff import read_staff

    return read_staff(files, options)


def project_files(project: Path) -> ProjectFiles:
    """The door to the project; InputError when it is not a Rockets project."""
    from rockets_tools.project import require_target

    files = ProjectFiles(project)
    require_target(files)
    return files


def require_files(files: ProjectFiles, paths: Sequence[str]) -> None:
    """Raises `InputError` for a path with no file: nothing to find in it would read as passed."""
    if missing := [path for path in paths if files.read(path) is None]:
        raise InputError(
            tuple(
                Problem(
                    code="file-not-found",
                    message=f"The project has no file {path}.",
                    fix="Name it from the root of the project, e.g. src/app.module.ts.",
                    file=path,
                )
                for path in missing
            )
        )


def read_plan_text(files: ProjectFiles, spec: Path | None) -> tuple[str, str]:
    """The plan given, else the one in force, and how to call it in a message."""
    if spec is None:
        text = files.read(PLAN_FILE)
        if text is None:
            raise InputError(
                Problem(
                    code="plan-missing",
                    message="The project has no plan in force.",
                    fix="Name a plan with --spec FILE.",
                    file=PLAN_FILE,
                )
            )
        return text, PLAN_FILE
    try:
        with open(spec, encoding="utf-8", newline="") as stream:
            return stream.read(), str(spec)
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
        raise InputError(
            Problem(
                code="plan-unreadable",
                message=f"The plan {spec} cannot be read: {reason}.",
                fix="Check the path given with --spec.",
                file=str(spec),
            )
        ) from error


def project_name(files: ProjectFiles) -> str:
    """What the project calls itself; tells its state file from that of another project."""
    try:
        manifest: JsonValue = json.loads((files.read("package.json") or "").removeprefix("\ufeff"))
    except ValueError:
        return ""
    name = manifest.get("name") if isinstance(manifest, dict) else None
    return name if isinstance(name, str) else ""
