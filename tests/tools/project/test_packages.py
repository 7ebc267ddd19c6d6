"""A shared package that the project does not have is told before anything is written."""

import json
from pathlib import Path

import pytest

from rockets_tools.errors import InputError
from rockets_tools.files import ProjectFiles
from rockets_tools.plan import read_plan
from rockets_tools.plan.model import Plan
from rockets_tools.project import require_shared_packages


def plan(specifier: str | None) -> Plan:
    entity = {"entityName": "Tag", "sharedPackage": specifier}
    return read_plan(json.dumps({"entities": [entity]}), file="plan.json").plan


def project(
    folder: Path, dependencies: dict[str, str], paths: dict[str, list[str]]
) -> ProjectFiles:
    (folder / "package.json").write_text(json.dumps({"dependencies": dependencies}))
    (folder / "tsconfig.json").write_text(json.dumps({"compilerOptions": {"paths": paths}}))
    return ProjectFiles(folder)


@pytest.mark.parametrize(
    ("specifier", "dependencies", "paths"),
    [
        (None, {}, {}),
        ("@acme/shared", {"@acme/shared": "1.0.0"}, {}),
        ("@acme/shared/tag", {"@acme/shared": "1.0.0"}, {}),
        ("shared", {"shared": "file:../shared"}, {}),
        ("@acme/shared", {}, {"@acme/shared": ["../shared/src"]}),
        ("@acme/shared/tag", {}, {"@acme/shared/*": ["../shared/src/*"]}),
    ],
)
def test_known_packages_pass(
    tmp_path: Path, specifier: str | None, dependencies: dict[str, str], paths: dict[str, list[str]]
) -> None:
    require_shared_packages(project(tmp_path, dependencies, paths), plan(specifier))


@pytest.mark.parametrize("specifier", ["@acme/shared", "shared", "@acme/other/tag"])
def test_an_unknown_package_is_an_input_error(tmp_path: Path, specifier: str) -> None:
    files = project(tmp_path, {"@acme/sharedness": "1.0.0"}, {"@acme/share": ["x"]})
    with pytest.raises(InputError) as caught:
        require_shared_packages(files, plan(specifier))
    (problem,) = caught.value.problems
    assert problem.code == "shared-package-missing"
    assert problem.pointer == "/entities/0/sharedPackage"
