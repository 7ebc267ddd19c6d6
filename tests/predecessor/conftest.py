"""One plan with every form the predecessor got wrong, run end to end once and then asked."""

import contextlib
import json
import os
import uuid
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock
from tests.command import Answer, fresh_project, rockets, write_plan

from rockets_tools.database import ScratchDatabases
from rockets_tools.files import ProjectFiles
from rockets_tools.node import find_node
from rockets_tools.plan import load_plan
from rockets_tools.smoke.application import HOST, Deployment
from rockets_tools.smoke.cast import cast
from rockets_tools.smoke.client import Client
from rockets_tools.smoke.model import People, Step
from rockets_tools.smoke.people import enrol

HOSTILE_NAME = "it's $(touch INJECTED); `touch INJECTED` & [shop]"
"""A folder name that is a program for whoever gives it to a shell."""
MOTTO = """it's "so" ${easy} \\n `now` -- ; /* no */"""

ALL = ["create", "read", "update", "delete"]
ADMIN = {"admin": {"possession": "any", "operations": ALL}}
READERS = {**ADMIN, "user": {"possession": "any", "operations": ["read"]}}
READ_ONLY = {
    "operations": ["readMany", "readOne"],
    "acl": {"user": {"possession": "any", "operations": ["read"]}},
}

ENTITIES: list[dict[str, Any]] = [
    # Before the tables it refers to, and before Tag, whose name ends its own.
    {
        "entityName": "Product",
        "fields": [
            {"name": "name", "maxLength": 80},
            {"name": "price", "type": "float", "min": 0},
            {"name": "stock", "type": "number", "default": 0},
            {"name": "soldAt", "type": "date", "required": False},
            {"name": "attributes", "type": "json", "required": False},
            {
                "name": "condition",
                "type": "enum",
                "enumValues": ["as new", "it's used", 'in "parts"'],
                "default": "it's used",
            },
            {"name": "motto", "default": MOTTO, "apiDescription": "First line.\nSecond */ line."},
        ],
        "relations": [
            {"targetEntity": "category", "nullable": False, "inverseSide": "products"},
            {"targetEntity": "Category", "name": "fallback", "onDelete": "SET NULL"},
            {"targetEntity": "Tag", "type": "manyToMany", "name": "tags"},
        ],
        "acl": {**READERS, "manager": {"possession": "any", "operations": ["read", "update"]}},
    },
    {
        "entityName": "Category",
        "fields": [{"name": "name", "unique": True, "maxLength": 40}],
        "relations": [{"targetEntity": "Category", "name": "parent", "inverseSide": "children"}],
        "acl": READERS,
    },
    {"entityName": "Tag", "fields": [{"name": "label", "maxLength": 40}], "acl": READERS},
    {
        "entityName": "Detail",
        "fields": [{"name": "text", "type": "text"}],
        "relations": [{"targetEntity": "Product", "type": "oneToOne", "nullable": False}],
        "acl": ADMIN,
    },
    {
        "entityName": "Review",
        "fields": [{"name": "stars", "type": "number", "min": 1, "max": 5}],
        "relations": [{"targetEntity": "User", "onDelete": "CASCADE"}],
        "acl": {**ADMIN, "user": {"possession": "own", "operations": ALL}},
    },
    {"entityName": "Setting", "fields": [{"name": "value"}], "operations": ["readMany"]},
    *[
        {"entityName": name, "fields": [{"name": "note", "required": False}], **READ_ONLY}
        for name in ("Shelf", "News", "App", "CrudEntity")
    ],
]


@dataclass(frozen=True)
class Verified:
    """The project of the plan above after `rockets orchestrate`."""

    project: Path
    spec: Path
    answer: Answer

    @property
    def report(self) -> Any:
        return self.answer.json


def warm(folder: Path, modules: Path) -> Path:
    """A fresh project that has its packages."""
    fresh_project(folder)
    (folder / "node_modules").symlink_to(modules, target_is_directory=True)
    return folder


@pytest.fixture(scope="session")
def verified(tmp_path_factory: pytest.TempPathFactory, warm_modules: Path) -> Verified:
    """The one run; with several workers the first that comes makes it and the others wait."""
    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "verified"
    project, spec, done = folder / HOSTILE_NAME, folder / "plan.json", folder / "answer.json"
    with FileLock(f"{folder}.lock"):
        if not done.exists():
            warm(project, warm_modules)
            leave_a_stale_build(project)
            write_plan(spec, *ENTITIES)
            run = ("orchestrate", "--project", project, "--spec", spec)
            answer = rockets(*run, cwd=folder, timeout=600)
            done.write_text(json.dumps(asdict(answer)), encoding="utf-8")
    answer = Answer(**json.loads(done.read_text(encoding="utf-8")))
    return Verified(project=project, spec=spec, answer=answer)


def leave_a_stale_build(project: Path) -> None:
    """Whoever works on what an earlier build left meets this."""
    stale = project / "dist/migrations/1600000000000-Stale.js"
    stale.parent.mkdir(parents=True)
    stale.write_text("throw new Error('a stale build was used');\n")


@dataclass(frozen=True)
class Api:
    """The built project, booted on an empty database; everybody of the smoke test is signed up."""

    client: Client
    people: People

    def ask(self, person: str | None, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        step = Step(person=person, method=method, path=path, body=body, status=())
        response = self.client.send(step)
        return response.status, response.body

    def make(self, person: str, path: str, **body: Any) -> Any:
        """A row that may be made."""
        status, row = self.ask(person, "POST", path, body)
        assert status == 201, row
        return row

    def category(self, name: str) -> str:
        return str(self.make("admin.a", "/categories", name=name)["id"])

    def product(self, name: str, **body: Any) -> Any:
        category = self.category(f"of {uuid.uuid4()}"[:40])
        return self.make(
            "admin.a", "/products", **{"name": name, "price": 1.5, "categoryId": category, **body}
        )


@pytest.fixture(scope="session")
def api(verified: Verified) -> Iterator[Api]:
    assert verified.answer.code == 0, json.dumps(verified.report, indent=1) + verified.answer.err
    files, node = ProjectFiles(verified.project), find_node()
    plan = load_plan(verified.spec).plan
    with contextlib.ExitStack() as stack:
        databases = stack.enter_context(ScratchDatabases(files, node))
        deployment = Deployment(files, node, stack.enter_context(databases.empty()))
        deployment.prepare()
        app = stack.enter_context(deployment.running())
        client = stack.enter_context(
            contextlib.closing(Client(HOST, app.port, secret=deployment.secret))
        )
        yield Api(client=client, people=enrol(client, cast(plan)))
