"""Two modules with behaviour as the Generator writes them, and a project they fit into."""

import json
import shutil
from collections.abc import Iterable
from pathlib import Path

from rockets_tools.files import ProjectFiles
from rockets_tools.generate import render_entity
from rockets_tools.generate.result import ClassReference
from rockets_tools.integrate import BehaviourModule, ModuleGrant, integrate
from rockets_tools.plan import Plan, load_plan
from rockets_tools.plan.model import Action, Grant, Possession
from rockets_tools.project import new_project

DATA = Path(__file__).parent / "data/behaviour"
MODULES = ("order-fulfilment", "order-reminder")
"""A state machine, and a notification with its audit record."""


def orders() -> Plan:
    """The plan they belong to."""
    return load_plan(DATA / "orders.plan.json").plan


def answered(name: str) -> BehaviourModule:
    """What the Generator says of a module."""
    answer = json.loads((DATA / name / "answer.json").read_text())
    return BehaviourModule(
        name=name,
        module=ClassReference(**answer["module"]),
        files=tuple(answer["files"]),
        resources=tuple(answer["resources"]),
        grants=tuple(
            ModuleGrant(
                resource=given["resource"],
                role=given["role"],
                grant=Grant(
                    possession=Possession(given["possession"]),
                    actions=frozenset(map(Action, given["operations"])),
                ),
            )
            for given in answer["grants"]
        ),
    )


def write(files: ProjectFiles, names: Iterable[str] = MODULES) -> None:
    """Put the files of modules where the Generator puts them."""
    for name in names:
        for folder in ("src", "test"):
            shutil.copytree(DATA / name / folder, files.root / folder, dirs_exist_ok=True)


def orders_project(root: Path) -> ProjectFiles:
    """A fresh project with the plan's entities, and the files of the modules, not yet wired."""
    new_project(root)
    files = ProjectFiles(root)
    plan = orders()
    for wave in plan.waves:
        integrate(files, [render_entity(plan.entities[name], plan.entities) for name in wave])
    write(files)
    return files
