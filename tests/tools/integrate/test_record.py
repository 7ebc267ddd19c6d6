"""What is remembered: killed runs, torn files, and records that cannot be trusted."""

import json
import os
import pickle
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from rockets_tools.errors import InputError
from rockets_tools.files import ProjectFiles
from rockets_tools.generate.result import Rendered
from rockets_tools.integrate import IntegrateResult, Records, integrate, orphans
from rockets_tools.tree import tree_hash

Build = Callable[..., Rendered]
MODULE = "src/modules/product/product.module.ts"
RECORD = ".rockets/generated/product.json"
NEXT = ".rockets/generated/product.next.json"


class KilledError(BaseException):
    """The process ends here."""


class DyingDisk(ProjectFiles):
    """Dies in its n-th write: before it, half way through it (`torn`), or after it."""

    def __init__(self, root: Path, steps: int, *, torn: bool) -> None:
        super().__init__(root)
        self.left = steps
        self.torn = torn

    def _step(self) -> bool:
        self.left -= 1
        if self.left == 0 and not self.torn:
            raise KilledError
        return self.left == 0

    def create(self, relative: str, data: bytes) -> None:
        dying = self._step()
        super().create(relative, data[: len(data) // 2] if dying else data)
        if dying:
            raise KilledError

    def write(self, relative: str, text: str) -> None:
        dying = self._step()
        super().write(relative, text)
        if dying:
            raise KilledError

    def move(self, source: str, target: str) -> None:
        dying = self._step()
        super().move(source, target)
        if dying:
            raise KilledError


def copy(files: ProjectFiles, folder: Path) -> ProjectFiles:
    subprocess.run(["cp", "-a", f"{files.root}/.", str(folder)], check=True)
    return ProjectFiles(folder)


def edited(files: ProjectFiles) -> None:
    text = files.read(MODULE)
    assert text is not None
    files.write(MODULE, text.replace("last = 3;\n", "last = 3;\n  mine(): void {}\n"))


@pytest.mark.parametrize("torn", [False, True])
@pytest.mark.parametrize("update", [False, True])
def test_killed_at_every_write_then_run_again(
    project: ProjectFiles,
    rendered: Build,
    tmp_path_factory: pytest.TempPathFactory,
    torn: bool,
    update: bool,
) -> None:
    """First run, or an update over a user's edit: the same tree and the same records."""
    if update:
        integrate(project, [rendered("Product"), rendered("Tag")])
        edited(project)
    wave = [rendered("Product", version="two", user="own:read"), rendered("Tag")]
    whole = copy(project, tmp_path_factory.mktemp("whole"))
    integrate(whole, wave)
    records = {p.name: p.read_bytes() for p in (whole.root / ".rockets/generated").iterdir()}
    deaths = 0
    for step in range(1, 100):
        folder = tmp_path_factory.mktemp("killed")
        copy(project, folder)
        try:
            integrate(DyingDisk(folder, step, torn=torn), wave)
        except KilledError:
            deaths += 1
        again = ProjectFiles(folder)
        result = integrate(again, wave)
        assert not result.conflicts
        assert not result.warnings
        assert tree_hash(again) == tree_hash(whole)
        found = {p.name: p.read_bytes() for p in (folder / ".rockets/generated").iterdir()}
        assert found == records
        assert integrate(again, wave) == IntegrateResult()
        if deaths < step:
            break
    assert deaths >= (6 if update else 12)


def test_killed_then_the_plan_changed(project: ProjectFiles, rendered: Build) -> None:
    integrate(project, [rendered("Product")])
    edited(project)
    for step in range(1, 6):
        with pytest.raises(KilledError):
            integrate(
                DyingDisk(project.root, step, torn=True), [rendered("Product", version=f"v{step}")]
            )
        result = integrate(ProjectFiles(project.root), [rendered("Product", version=f"w{step}")])
        assert not result.conflicts
        text = project.read(MODULE)
        assert text is not None
        assert "mine(): void" in text
        assert f"'w{step}'" in text


@pytest.mark.parametrize("content", ["", "// src", "all"])
def test_a_file_cut_off_by_a_kill_is_written_again(
    content: str, project: ProjectFiles, rendered: Build
) -> None:
    """`DyingDisk` cuts in the middle; these are the other places, a split character among them."""
    with pytest.raises(KilledError):
        integrate(DyingDisk(project.root, 3, torn=True), [rendered("Product")])
    full = rendered("Product").files[1].content.encode()
    cut = full.index("é".encode()) + 1 if content == "all" else len(content)
    path = project.root / rendered("Product").files[1].path
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(full[:cut])
    assert not integrate(ProjectFiles(project.root), [rendered("Product")]).conflicts
    assert path.read_bytes() == full


def test_a_file_written_by_the_user_meanwhile_stays(project: ProjectFiles, rendered: Build) -> None:
    with pytest.raises(KilledError):
        integrate(DyingDisk(project.root, 2, torn=False), [rendered("Product")])
    project.write(MODULE, "// mine\n")
    result = integrate(project, [rendered("Product")])
    assert [conflict.file for conflict in result.conflicts] == [MODULE]
    assert project.read(MODULE) == "// mine\n"


CHILD = """
import pickle, sys
from pathlib import Path
from rockets_tools.files import ProjectFiles
from rockets_tools.integrate import integrate
waves = pickle.loads(Path(sys.argv[2]).read_bytes())
print("ready", flush=True)
for wave in waves:
    integrate(ProjectFiles(Path(sys.argv[1])), wave)
"""


def test_sigkill_at_random_moments(
    project: ProjectFiles, rendered: Build, tmp_path_factory: pytest.TempPathFactory
) -> None:
    waves = [[rendered(f"Thing{a}{b}") for b in "ABCDEFGHIJ"] for a in "ABCD"]
    folder = tmp_path_factory.mktemp("kill")
    plan = folder / "waves"
    plan.write_bytes(pickle.dumps(waves))
    whole = copy(project, tmp_path_factory.mktemp("whole"))
    started = time.perf_counter()
    for wave in waves:
        integrate(whole, wave)
    span = time.perf_counter() - started
    chance = random.Random(5)
    for number in range(6):
        files = copy(project, tmp_path_factory.mktemp(f"run{number}"))
        with subprocess.Popen(
            [sys.executable, "-c", CHILD, str(files.root), str(plan)],
            stdout=subprocess.PIPE,
            text=True,
        ) as child:
            assert child.stdout is not None
            child.stdout.readline()
            time.sleep(chance.random() * span)
            os.kill(child.pid, signal.SIGKILL)
        for wave in waves:
            assert not integrate(ProjectFiles(files.root), wave).conflicts
        assert tree_hash(files) == tree_hash(whole)


def valid(**changes: object) -> dict[str, object]:
    reference = {"name": "ProductEntity", "file": MODULE}
    return {
        "format": 1,
        "generator": "0",
        "entity": "product",
        "classes": [reference, reference, reference],
        "resources": [],
        "files": {},
        **changes,
    }


HOSTILE = {
    "empty": b"",
    "no JSON": b"{",
    "not UTF-8": b"\xff\xfe",
    "null": b"null",
    "an array": b"[]",
    "deep": b"[" * 200_000,
    "of another entity": json.dumps(valid(entity="tag")).encode(),
    "older format": json.dumps(valid(format=0)).encode(),
    "path outside": json.dumps(
        valid(files={"../../etc/passwd": {"sha256": "", "base": ""}})
    ).encode(),
    "absolute path": json.dumps(valid(files={"/etc/passwd": {"sha256": "", "base": ""}})).encode(),
    "forbidden folder": json.dumps(
        valid(files={"node_modules/x": {"sha256": "", "base": ""}})
    ).encode(),
    "wrong types": json.dumps(valid(files={"a": {"sha256": 1, "base": []}})).encode(),
    "class outside": json.dumps(valid(classes=[{"name": "A", "file": "../x"}] * 3)).encode(),
    "two classes": json.dumps(valid(classes=[{"name": "A", "file": "x"}] * 2)).encode(),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_record_that_cannot_be_trusted(name: str, project: ProjectFiles, rendered: Build) -> None:
    integrate(project, [rendered("Product")])
    edited(project)
    mine = project.read(MODULE)
    (project.root / RECORD).write_bytes(HOSTILE[name])
    result = integrate(project, [rendered("Product", version="two")])
    (warning,) = result.warnings
    assert (warning.code, warning.file) == ("record-corrupt", RECORD)
    assert {conflict.code for conflict in result.conflicts} == {"file-not-generated"}
    assert project.read(MODULE) == mine
    assert isinstance(orphans(project, []), list)


@pytest.mark.parametrize("name", HOSTILE)
def test_a_next_record_that_cannot_be_trusted_is_ignored(
    name: str, project: ProjectFiles, rendered: Build
) -> None:
    """It is written before any file, so a torn one says that no file was touched."""
    integrate(project, [rendered("Product")])
    edited(project)
    (project.root / NEXT).write_bytes(HOSTILE[name])
    result = integrate(ProjectFiles(project.root), [rendered("Product", version="two")])
    assert not result.conflicts
    assert not project.exists(NEXT)
    assert "'two'" in (project.read(MODULE) or "")


def test_a_record_of_a_newer_version_is_refused(project: ProjectFiles, rendered: Build) -> None:
    project.write(RECORD, json.dumps(valid(format=2)))
    with pytest.raises(InputError) as caught:
        integrate(project, [rendered("Product")])
    (problem,) = caught.value.problems
    assert (problem.code, problem.file) == ("record-newer", RECORD)
    assert not project.exists(MODULE)


def test_the_record_names_hash_base_and_generator(project: ProjectFiles, rendered: Build) -> None:
    integrate(project, [rendered("Product")])
    recalled = Records(project).recall("product")
    assert recalled.record is not None
    assert recalled.record.generator
    assert recalled.record.files[MODULE].base == rendered("Product").files[1].content
    assert sorted(recalled.record.files) == sorted(f.path for f in rendered("Product").files)
    assert Records(project).entities() == ["product"]
