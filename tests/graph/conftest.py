"""A project of ours in its smallest form, and runs on it with tools that a test can steer."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from tests.graph.fake_tools import FakeTools

from rockets_graph.events import Event, Note
from rockets_graph.options import Options
from rockets_graph.orchestrate import orchestrate
from rockets_graph.report import Report

FIELD = {"name": "title", "type": "string"}
ADMIN = {"admin": {"possession": "any", "operations": ["create", "read", "update", "delete"]}}


def plan_of(**parents: list[str]) -> dict[str, Any]:
    """A plan from `Entity=[entities it needs]`."""
    return {
        "entities": [
            {
                "entityName": name,
                "fields": [FIELD],
                "acl": ADMIN,
                "relations": [{"targetEntity": p, "nullable": False} for p in needs],
            }
            for name, needs in parents.items()
        ]
    }


SHOP = plan_of(Category=[], Tag=[], Product=["Category"], ProductTag=["Product", "Tag"])


@dataclass
class Project:
    """A folder with a plan beside it."""

    root: Path
    events: list[Event] = field(default_factory=list)

    @property
    def spec(self) -> Path:
        return Path(f"{self.root}.plan.json")

    def write_plan(self, plan: dict[str, Any]) -> None:
        self.spec.write_text(json.dumps(plan, indent=1), encoding="utf-8")

    def state(self) -> dict[str, Any]:
        return json.loads((self.root / ".rockets/state.json").read_text(encoding="utf-8"))

    def calls(self) -> list[str]:
        """What the tools were asked since the last look."""
        log = Path(f"{self.root}.calls")
        lines = log.read_text(encoding="utf-8").splitlines() if log.exists() else []
        log.unlink(missing_ok=True)
        return lines

    def notes(self) -> list[str]:
        return [event.text for event in self.events if isinstance(event, Note)]

    def tree(self, *, state: bool = False) -> dict[str, str]:
        """Hash of every file outside `.rockets/`, or with `state` of that, too."""
        return {
            path.relative_to(self.root).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
            for path in sorted(self.root.rglob("*"))
            if path.is_file()
            and (state or ".rockets" not in path.parts)
            and "dist" not in path.parts
        }

    def run(
        self,
        *,
        spec: bool = True,
        trouble: Mapping[str, str] | None = None,
        generator: str = "fake 1",
        **options: Any,
    ) -> Report:
        self.events.clear()
        return orchestrate(
            Options(
                project=self.root,
                spec=self.spec if spec else None,
                **{"mode": "sequential", **options},
            ),
            self.events.append,
            make_tools=lambda files, _: FakeTools(
                files, trouble=trouble or {}, generator=generator
            ),
            environment={},
        )


def make_project(root: Path, plan: dict[str, Any]) -> Project:
    root.mkdir()
    manifest = {"name": "shop", "dependencies": {"@concepta/nestjs-crud": "5.0.0-alpha.4"}}
    (root / "package.json").write_text(json.dumps(manifest), encoding="utf-8")
    project = Project(root)
    project.write_plan(plan)
    return project


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return make_project(tmp_path / "shop", SHOP)
