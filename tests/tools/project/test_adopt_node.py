"""Adopted projects for real: they compile, and a plan ends in a green smoke test."""

import json
import shutil
from pathlib import Path

import pytest

from rockets_graph.options import Options
from rockets_graph.orchestrate import orchestrate
from rockets_tools.build import build, needs_install
from rockets_tools.files import ProjectFiles
from rockets_tools.node import find_node
from rockets_tools.project.adopt import adopt, renew_lock

pytestmark = pytest.mark.node
EXISTING = Path(__file__).with_name("existing")
BASE = {"target": "ES2022", "module": "node16", "strict": True, "skipLibCheck": True}
ANY = {"possession": "any", "operations": ["create", "read", "update", "delete"]}
PLAN = {
    "entities": [
        {
            "entityName": "Patient",
            "fields": [{"name": "fullName"}, {"name": "notes", "type": "json", "required": False}],
            "relations": [{"targetEntity": "User", "nullable": False}],
            "acl": {"admin": ANY, "user": {**ANY, "possession": "own"}},
        },
        {
            "entityName": "Visit",
            "fields": [{"name": "price", "type": "float"}],
            "relations": [
                {"targetEntity": "Patient", "nullable": False, "onDelete": "CASCADE"},
                {"targetEntity": "User", "name": "vet"},
            ],
            "acl": {"admin": ANY, "vet": {"possession": "any", "operations": ["read", "update"]}},
        },
    ]
}


def adopted(shape: str, folder: Path, modules: Path) -> ProjectFiles:
    """The project with its packages: those of a fresh one, with the compiler that it has itself."""
    shutil.copytree(EXISTING / shape, folder)
    files = ProjectFiles(folder)
    adopt(files)
    packages = folder / "node_modules"
    packages.mkdir()
    for package in modules.iterdir():
        if package.name not in {"typescript-7", ".cache", ".package-lock.json"}:
            (packages / package.name).symlink_to(package)
    base = packages / "@tsconfig/node20/tsconfig.json"
    base.parent.mkdir(parents=True)
    base.write_text(json.dumps({"compilerOptions": BASE}))
    return files


@pytest.mark.parametrize("shape", ["bare", "scattered"])
def test_it_compiles(shape: str, tmp_path: Path, warm_modules: Path) -> None:
    files = adopted(shape, tmp_path / shape, warm_modules)
    result = build(files, find_node())
    assert result.passed, result.errors
    assert files.exists("dist/main.js")
    assert files.exists("dist/ormconfig.js")


def test_a_plan_ends_green_in_a_project_with_users_of_its_own(
    tmp_path: Path, warm_modules: Path
) -> None:
    files = adopted("own", tmp_path / "own", warm_modules)
    spec = tmp_path / "plan.json"
    spec.write_text(json.dumps(PLAN))
    report = orchestrate(Options(project=files.root, spec=spec, mode="sequential"), environment={})
    assert report.success, report.as_json()
    assert report.smoke is not None


def test_the_lock_follows_package_json(tmp_path: Path) -> None:
    files = ProjectFiles(tmp_path)
    files.write("package.json", '{"name": "shop", "version": "1.0.0", "overrides": {"a": "1.0.0"}}')
    renew_lock(files, find_node())
    lock = json.loads(files.read("package-lock.json") or "")
    assert lock["packages"][""]["name"] == "shop"
    assert needs_install(files)
