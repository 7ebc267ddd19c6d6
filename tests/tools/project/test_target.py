"""Which SDK target a project is on, from its package.json and nothing else."""

import json
from pathlib import Path

import pytest

from rockets_tools.errors import InputError
from rockets_tools.files import ProjectFiles
from rockets_tools.project import detect_target, new_project, require_target
from rockets_tools.targets import TARGETS


def project(root: Path, manifest: object) -> ProjectFiles:
    text = manifest if isinstance(manifest, str) else json.dumps(manifest)
    (root / "package.json").write_text(text, encoding="utf-8")
    return ProjectFiles(root)


def test_a_fresh_project_is_on_the_target_it_was_made_for(tmp_path: Path) -> None:
    new_project(tmp_path / "shop")
    assert require_target(ProjectFiles(tmp_path / "shop")).id == "concepta-5"


@pytest.mark.parametrize(
    "version", ["5.0.0-alpha.4", "^5.0.0", "~5.1", "5", "npm:@acme/crud@5.0.0"]
)
@pytest.mark.parametrize("section", ["dependencies", "devDependencies"])
def test_concepta_5(tmp_path: Path, version: str, section: str) -> None:
    files = project(tmp_path, {section: {"@concepta/nestjs-crud": version}})
    assert require_target(files).id == "concepta-5"


def test_rockets_1_is_recognised_and_refused_in_a_sentence(tmp_path: Path) -> None:
    dependencies = {"@concepta/nestjs-crud": "7.0.0-alpha.10", "@bitwild/rockets": "1.0.0-alpha.7"}
    files = project(tmp_path, {"dependencies": dependencies})
    assert detect_target(files).id == "rockets-1"
    with pytest.raises(InputError) as error:
        require_target(files)
    problem = error.value.problems[0]
    assert problem.code == "project-unsupported-target"
    assert "Rockets 1" in problem.message
    assert "concepta-5" in problem.fix


@pytest.mark.parametrize(
    "dependencies",
    [
        {},
        {"express": "4.0.0"},
        {"@concepta/nestjs-crud": "7.0.0-alpha.10"},
        {"@concepta/nestjs-crud": "50.0.0"},
        {"@concepta/nestjs-crud": "latest"},
        {"@concepta/nestjs-crud": 5},
        {"@bitwild/rockets": "2.0.0"},
    ],
)
def test_other_projects_are_told_what_is_expected(
    tmp_path: Path, dependencies: dict[str, object]
) -> None:
    with pytest.raises(InputError) as error:
        detect_target(project(tmp_path, {"dependencies": dependencies}))
    problem = error.value.problems[0]
    assert problem.code == "project-unknown-target"
    assert "concepta-5" in problem.fix
    for name, version in dependencies.items():
        if name.startswith(("@concepta", "@bitwild")) and isinstance(version, str):
            assert f"{name} {version}" in problem.message


def test_a_directory_without_manifest_is_no_project(tmp_path: Path) -> None:
    with pytest.raises(InputError) as error:
        detect_target(ProjectFiles(tmp_path))
    assert error.value.problems[0].code == "project-not-found"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ('{\n"dependencies": {,}}', 2),
        ("", 1),
        ("[]", None),
        ("null", None),
        ('{"dependencies": []}', None),
        ('{"devDependencies": "x"}', None),
        ("[" * 100_000, None),
        ('{"a": ' + "1" * 5000 + "}", None),
    ],
)
def test_a_malformed_manifest_is_one_clear_error(
    tmp_path: Path, text: str, line: int | None
) -> None:
    with pytest.raises(InputError) as error:
        detect_target(project(tmp_path, text))
    problem = error.value.problems[0]
    assert (problem.code, problem.file, problem.line) == ("project-malformed", "package.json", line)


def test_a_byte_order_mark_is_no_error(tmp_path: Path) -> None:
    text = '\ufeff{"dependencies": {"@concepta/nestjs-crud": "5.0.0"}}'
    assert detect_target(project(tmp_path, text)).id == "concepta-5"


def test_every_supported_target_has_its_templates() -> None:
    for target in TARGETS:
        if target.folder is None:
            with pytest.raises(LookupError):
                _ = target.templates
        else:
            assert (target.templates / "project/package.json").is_file()
