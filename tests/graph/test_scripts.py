"""`--scripts DIR`: other programs in the place of generate, integrate and validate."""

import stat
import sys
from pathlib import Path

import pytest
from tests.graph.conftest import SHOP, Project

from rockets_graph.options import Options
from rockets_graph.orchestrate import orchestrate
from rockets_graph.report import Report
from rockets_tools.errors import InputError
from rockets_tools.project import new_project

HEAD = f"#!{sys.executable}\nimport json, pathlib, sys\n"
GENERATE = (
    HEAD
    + """
entity = json.load(sys.stdin)["entity"]["entityName"]
text = f"// {entity}\\n"
files = [{"path": f"src/modules/{entity.lower()}.ts", "content": text}]
json.dump({"files": files, "wiring": {"who": entity}, "config": {}}, sys.stdout)
"""
)
INTEGRATE = (
    HEAD
    + """
project = pathlib.Path(sys.argv[sys.argv.index("--project") + 1])
given = json.load(sys.stdin)
for file in given["files"]:
    path = project / file["path"]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(file["content"])
with open(project / "wired.txt", "a") as stream:
    stream.write(given["wiring"]["who"] + "\\n")
json.dump({"success": True, "actions": ["wrote"], "warnings": ["be careful"]}, sys.stdout)
"""
)
VALIDATE = HEAD + 'json.dump({"passed": True, "issues": []}, sys.stdout)\n'
RED = (
    HEAD
    + """
issue = {"severity": "error", "rule": "theirs", "message": "Bad.", "file": "src/modules/tag.ts"}
json.dump({"passed": False, "issues": [issue]}, sys.stdout)
sys.exit(1)
"""
)


@pytest.fixture
def scripts(tmp_path: Path) -> Path:
    folder = tmp_path / "scripts"
    folder.mkdir()
    for name, text in (("generate", GENERATE), ("integrate", INTEGRATE), ("validate", VALIDATE)):
        put(folder / name, text)
    return folder


def put(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)


def run(project: Project, scripts: Path, *, resume: bool = False, workers: int = 2) -> Report:
    return orchestrate(
        Options(
            project=project.root,
            spec=project.spec,
            scripts=scripts,
            skip_build=True,
            mode="sequential",
            resume=resume,
            workers=workers,
        ),
        project.events.append,
    )


def test_programs_take_the_place_of_ours(project: Project, scripts: Path) -> None:
    report = run(project, scripts)
    assert report.success, report.as_json()
    made = sorted(path.name for path in (project.root / "src/modules").iterdir())
    assert made == ["category.ts", "product.ts", "producttag.ts", "tag.ts"]
    wired = (project.root / "wired.txt").read_text(encoding="utf-8").split()
    assert wired == ["Category", "Tag", "Product", "ProductTag"]
    assert "be careful" in report.warnings


def test_red_program_is_a_red_gate(project: Project, scripts: Path) -> None:
    put(scripts / "validate", RED)
    report = run(project, scripts)
    assert (report.exit_code, report.failed_gate) == (1, "validate")
    assert report.issues[0]["rule"] == "theirs"
    assert project.state()["failedEntities"] == ["tag"]


@pytest.mark.parametrize("name", ["generate", "integrate", "validate"])
def test_program_that_crashes_is_a_red_gate_and_resumable(
    project: Project, scripts: Path, name: str
) -> None:
    good = (scripts / name).read_text(encoding="utf-8")
    put(scripts / name, f"{HEAD}sys.exit('broken on purpose')\n")
    report = run(project, scripts)
    assert (report.exit_code, report.failed_gate) == (1, name)
    assert "broken on purpose" in report.issues[0]["message"]
    assert report.next_command is not None
    assert str(scripts) in report.next_command
    put(scripts / name, good)
    assert run(project, scripts, resume=True).success


def test_program_that_writes_outside_is_refused(project: Project, scripts: Path) -> None:
    put(scripts / "generate", GENERATE.replace("src/modules/", "../outside/"))
    report = run(project, scripts)
    assert (report.exit_code, report.failed_gate) == (1, "generate")
    assert not (project.root.parent / "outside").exists()


def test_changed_program_is_another_generator(project: Project, scripts: Path) -> None:
    assert run(project, scripts).success
    put(scripts / "generate", GENERATE.replace("// ", "/// "))
    assert run(project, scripts, resume=True).success
    assert (project.root / "src/modules/tag.ts").read_text(encoding="utf-8") == "/// Tag\n"


def test_folder_without_programs_is_2(project: Project, tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        run(project, tmp_path / "empty")
    assert caught.value.problems[0].code == "script-missing"
    assert not (project.root / ".rockets").exists()


def test_ours_and_theirs_mixed(tmp_path: Path) -> None:
    """A generate that passes on what ours makes: integrate and validate stay ours."""
    folder = tmp_path / "scripts"
    folder.mkdir()
    code = "from rockets_graph.cli import main; sys.argv = ['rockets', 'generate']; main()"
    put(folder / "generate", f"#!{sys.executable}\nimport sys\n{code}\n")
    trees = []
    for name in ("theirs/shop", "ours/shop"):
        root = tmp_path / name
        new_project(root)
        project = Project(root)
        project.write_plan(SHOP)
        options = Options(
            project=root,
            spec=project.spec,
            skip_build=True,
            mode="sequential",
            scripts=folder if name.startswith("theirs") else None,
        )
        report = orchestrate(options)
        assert report.success, report.issues
        trees.append(project.tree())
    assert trees[0] == trees[1]
