import json
import os
import sys
import textwrap
import time
from pathlib import Path

import pytest

from rockets_tools.errors import InputError
from rockets_tools.files import ProjectFiles
from rockets_tools.scripts import ScriptError, ScriptMissingError, Scripts
from rockets_tools.validate import Severity

GENERATE = """
import json, sys
given = json.load(sys.stdin)
name = given["entity"]["entityName"].lower()
json.dump({
    "files": [{"path": f"src/modules/{name}/{name}.txt", "content": json.dumps(given)}],
    "wiring": {"module": name},
    "config": given["entity"],
}, sys.stdout)
"""
INTEGRATE = """
import json, pathlib, sys
given = json.load(sys.stdin)
root = pathlib.Path(sys.argv[sys.argv.index("--project") + 1])
for file in given["files"]:
    path = root / file["path"]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(file["content"])
actions = [f"wrote {file['path']}" for file in given["files"]] + [{"wired": given["wiring"]}]
json.dump({"success": True, "actions": actions, "warnings": ["w"]}, sys.stdout)
"""
VALIDATE = """
import json, pathlib, sys
root = pathlib.Path(sys.argv[sys.argv.index("--project") + 1])
issues = [
    {"severity": "error", "rule": "no-text", "message": "A text file.",
     "file": str(path.relative_to(root)), "line": None}
    for path in root.rglob("*.txt")
]
json.dump({"passed": not issues, "issues": issues}, sys.stdout)
sys.exit(1 if issues else 0)
"""


def write(folder: Path, name: str, body: str) -> Path:
    path = folder / name
    path.write_text(f"#!{sys.executable}\n{textwrap.dedent(body)}")
    path.chmod(0o755)
    return path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    scripts = tmp_path / "scripts"
    scripts.mkdir()
    return scripts


@pytest.fixture
def project(tmp_path: Path) -> Path:
    root = tmp_path / "project"
    root.mkdir()
    return root


def test_three_programs_that_speak_the_contract(folder: Path, project: Path) -> None:
    for name, body in (("generate", GENERATE), ("integrate", INTEGRATE), ("validate", VALIDATE)):
        write(folder, name, body)
    scripts = Scripts.find(folder)

    assert scripts.validate(project).passed
    generated = scripts.generate(
        {"entity": {"entityName": "Tag"}, "context": {}}, ProjectFiles(project)
    )
    assert [file.path for file in generated.files] == ["src/modules/tag/tag.txt"]
    assert generated.wiring == {"module": "tag"}
    assert list(project.iterdir()) == []

    done = scripts.integrate(generated.as_json(), project)
    assert done.success
    assert done.actions == ("wrote src/modules/tag/tag.txt", '{"wired": {"module": "tag"}}')
    assert done.warnings == ("w",)

    verdict = scripts.validate(project)
    assert not verdict.passed
    (issue,) = verdict.issues
    assert (issue.severity, issue.rule, issue.file, issue.line) == (
        Severity.HIGH,
        "no-text",
        "src/modules/tag/tag.txt",
        1,
    )


@pytest.mark.node
def test_a_javascript_program(folder: Path, project: Path) -> None:
    (folder / "generate.js").write_text(
        """
        let text = '';
        process.stdin.on('data', (part) => { text += part; }).on('end', () => {
          const { entity } = JSON.parse(text);
          process.stdout.write(JSON.stringify({
            files: [{ path: 'src/a.ts', content: `// ${entity.entityName}\\n` }],
            wiring: {}, config: entity, extra: 1,
          }));
        });
        """
    )
    scripts = Scripts.find(folder)
    generated = scripts.generate({"entity": {"entityName": "Tag"}}, ProjectFiles(project))
    assert generated.files[0].content == "// Tag\n"
    assert not scripts.has("integrate")


def test_an_empty_folder_is_the_users_mistake(folder: Path) -> None:
    with pytest.raises(ScriptMissingError) as caught:
        Scripts.find(folder)
    assert isinstance(caught.value, InputError)
    assert caught.value.problems[0].code == "script-missing"
    with pytest.raises(ScriptMissingError):
        Scripts.find(folder / "nowhere")


def test_a_program_that_is_not_executable(folder: Path) -> None:
    write(folder, "validate", VALIDATE).chmod(0o644)
    with pytest.raises(ScriptMissingError) as caught:
        Scripts.find(folder)
    assert caught.value.problems[0].code == "script-not-executable"
    assert caught.value.script.name == "validate"


@pytest.mark.parametrize(
    ("body", "code", "said"),
    [
        (
            "import sys; sys.exit('no disk\\nsecond line')",
            "script-exit",
            ("no disk", "second line"),
        ),
        ("import sys; print('{}'); sys.exit(3)", "script-exit", ()),
        ("print('hello')", "script-not-json", ()),
        ('print(\'{"passed": true, "issues": []} trailing\')', "script-not-json", ()),
        ('print(\'{"passed": NaN, "issues": []}\')', "script-not-json", ()),
        ("print('[' * 100000)", "script-not-json", ()),
        ("pass", "script-not-json", ()),
        ("print('[]')", "script-shape", ()),
        ('print(\'{"passed": "yes", "issues": []}\')', "script-shape", ()),
        ("print('{\"passed\": true}')", "script-shape", ()),
        (
            'print(\'{"passed": true, "issues": [{"severity": "odd", "rule": "r"}]}\')',
            "script-shape",
            (),
        ),
        (
            'import sys; print(\'{"passed": true, "issues": []}\'); sys.exit(1)',
            "script-exit",
            (),
        ),
    ],
)
def test_an_answer_that_is_none(
    folder: Path, project: Path, body: str, code: str, said: tuple[str, ...]
) -> None:
    script = write(folder, "validate", body)
    with pytest.raises(ScriptError) as caught:
        Scripts.find(folder).validate(project)
    error = caught.value
    assert error.problems[0].code == code
    assert error.script == script
    assert error.stderr[: len(said)] == said
    assert "validate" in error.problems[0].message


def test_a_failing_issue_outweighs_passed(folder: Path, project: Path) -> None:
    answer = {"passed": True, "issues": [{"severity": "critical", "rule": "r", "message": "m"}]}
    write(folder, "validate", f"print({json.dumps(json.dumps(answer))})")
    assert not Scripts.find(folder).validate(project).passed


def test_a_warning_does_not_fail(folder: Path, project: Path) -> None:
    answer = {"passed": True, "issues": [{"severity": "warning", "rule": "r", "message": "m"}]}
    write(folder, "validate", f"print({json.dumps(json.dumps(answer))})")
    assert Scripts.find(folder).validate(project).passed


@pytest.mark.parametrize("path", ["../out.ts", "/etc/x", "src/../../x", "node_modules/x.js"])
def test_a_generated_path_cannot_leave_the_project(folder: Path, project: Path, path: str) -> None:
    answer = {"files": [{"path": path, "content": ""}], "wiring": {}, "config": {}}
    write(folder, "generate", f"print({json.dumps(json.dumps(answer))})")
    with pytest.raises(InputError) as caught:
        Scripts.find(folder).generate({}, ProjectFiles(project))
    assert caught.value.problems[0].code == "path-outside-project"


def test_a_program_gets_no_secret(
    folder: Path, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ANTHROPIC_API_KEY", "sk-secret")
    monkeypatch.setenv("DATABASE_URL", "postgres://u:p@h/d")
    write(
        folder,
        "integrate",
        """
        import json, os
        print(json.dumps({"success": True, "actions": sorted(os.environ)}))
        """,
    )
    seen = Scripts.find(folder).integrate({}, project).actions
    assert "PATH" in seen
    assert not {"ANTHROPIC_API_KEY", "DATABASE_URL"} & set(seen)


def test_a_program_that_hangs_is_stopped_with_what_it_started(folder: Path, project: Path) -> None:
    write(
        folder,
        "validate",
        """
        import pathlib, subprocess, sys, time
        child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
        pathlib.Path("child.pid").write_text(str(child.pid))
        print("still here", file=sys.stderr, flush=True)
        time.sleep(60)
        """,
    )
    started = time.monotonic()
    with pytest.raises(ScriptError) as caught:
        Scripts.find(folder, timeout=1.5).validate(project)
    assert time.monotonic() - started < 15
    assert caught.value.problems[0].code == "script-timeout"
    assert caught.value.status is None
    assert caught.value.stderr == ("still here",)
    assert not is_running(int((project / "child.pid").read_text()))


def is_running(pid: int) -> bool:
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline:
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        except FileNotFoundError:
            return False
        if state == "Z":
            return False
        time.sleep(0.05)
    return True


def test_a_program_that_floods_its_output(folder: Path, project: Path) -> None:
    write(
        folder,
        "validate",
        """
        import sys
        block = "x" * 2**20
        for _ in range(80):
            sys.stdout.write(block)
        """,
    )
    with pytest.raises(ScriptError) as caught:
        Scripts.find(folder).validate(project)
    assert caught.value.problems[0].code == "script-output"


def test_a_program_without_interpreter(folder: Path, project: Path) -> None:
    script = folder / "validate"
    script.write_bytes(os.urandom(64))
    script.chmod(0o755)
    with pytest.raises(ScriptError) as caught:
        Scripts.find(folder).validate(project)
    assert caught.value.problems[0].code == "script-exit"
