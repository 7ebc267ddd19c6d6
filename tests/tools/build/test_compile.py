"""Building with the project's real compiler."""

import json
import os
from pathlib import Path

import pytest

from rockets_tools.build import build
from rockets_tools.errors import GateError, MachineError
from rockets_tools.files import ProjectFiles
from rockets_tools.node import NodeTools, find_node

CONFIG = {
    "compilerOptions": {
        "target": "ES2022",
        "module": "node16",
        "rootDir": "src",
        "outDir": "dist",
        "strict": True,
        "types": [],
        "sourceMap": True,
        "incremental": True,
        "tsBuildInfoFile": "dist/.tsbuildinfo",
    },
    "include": ["src"],
}


@pytest.fixture(scope="module")
def node() -> NodeTools:
    return find_node()


@pytest.fixture
def files(tmp_path: Path, warm_modules: Path) -> ProjectFiles:
    (tmp_path / "node_modules").symlink_to(warm_modules, target_is_directory=True)
    files = ProjectFiles(tmp_path)
    files.write("package.json", "{}")
    files.write("tsconfig.json", json.dumps(CONFIG))
    files.write("src/main.ts", "export const main: number = 1;\n")
    files.write("src/parts/old.ts", "export const old = 'old';\n")
    return files


def compiled(files: ProjectFiles) -> set[str]:
    dist = files.root / "dist"
    return {path.relative_to(dist).as_posix() for path in dist.rglob("*.js*")}


pytestmark = pytest.mark.node


def test_every_error_is_itemised(files: ProjectFiles, node: NodeTools) -> None:
    wrong = "".join(f"export const v{i}: number = 'text {i}';\n" for i in range(300))
    files.write("src/a (copy)/many.ts", wrong)
    files.write("src/missing.ts", "import { x } from './nowhere';\nexport const y = x;\n")
    files.write(
        "src/long.ts",
        "type A = { a: { b: { c: string } } };\n"
        "export const f: (x: A) => void = (x: { a: string }) => x;\n",
    )
    result = build(files, node)
    assert not result.passed
    assert [e.line for e in result.errors if e.file == "src/a (copy)/many.ts"] == list(
        range(1, 301)
    )
    missing = next(e for e in result.errors if e.file == "src/missing.ts")
    assert (missing.line, missing.column, missing.code) == (1, 19, "TS2307")
    long = next(e for e in result.errors if e.file == "src/long.ts" and e.line == 2)
    assert "\n" in long.message
    with pytest.raises(GateError) as caught:
        result.require()
    assert len(caught.value.problems) == len(result.errors)


def test_an_error_without_a_place_is_not_lost(files: ProjectFiles, node: NodeTools) -> None:
    config = {**CONFIG, "compilerOptions": {**CONFIG["compilerOptions"], "baseUrl": "."}}
    files.write("tsconfig.json", json.dumps(config))
    result = build(files, node)
    assert [error.code for error in result.errors] == ["TS5102"]
    files.write("tsconfig.json", json.dumps({**CONFIG, "include": ["nothing"]}))
    result = build(files, node)
    assert (result.passed, result.errors[0].file) == (False, None)


def test_what_has_no_source_cannot_run(files: ProjectFiles, node: NodeTools) -> None:
    assert build(files, node).passed
    assert compiled(files) == {"main.js", "main.js.map", "parts/old.js", "parts/old.js.map"}
    files.delete("src/parts/old.ts")
    files.write("src/new.ts", "export const fresh = 1;\n")
    files.write("dist/asset.json", "{}")
    assert build(files, node).passed
    assert compiled(files) == {"main.js", "main.js.map", "new.js", "new.js.map", "asset.json"}


def test_deleted_outputs_come_back(files: ProjectFiles, node: NodeTools) -> None:
    assert build(files, node).passed
    (files.root / "dist/parts/old.js").unlink()
    assert build(files, node).passed
    assert "parts/old.js" in compiled(files)
    for path in (files.root / "dist").rglob("*.js"):
        path.unlink()
    assert build(files, node).passed
    assert {"main.js", "parts/old.js"} <= compiled(files)


def test_a_change_is_compiled_and_a_mistake_mended(files: ProjectFiles, node: NodeTools) -> None:
    assert build(files, node).passed
    files.write("src/main.ts", "export const main: number = 'x';\n")
    assert not build(files, node).passed
    assert not build(files, node).passed
    files.write("src/main.ts", "export const main: number = 2;\n")
    assert build(files, node).passed
    assert "main = 2" in (files.root / "dist/main.js").read_text()


def test_outputs_beside_sources_are_left_alone(files: ProjectFiles, node: NodeTools) -> None:
    options = {k: v for k, v in CONFIG["compilerOptions"].items() if k not in {"outDir", "rootDir"}}
    files.write("tsconfig.json", json.dumps({**CONFIG, "compilerOptions": options}))
    files.write("src/handmade.js", "module.exports = 1;\n")
    assert build(files, node).passed
    assert files.exists("src/handmade.js")


def test_an_output_folder_outside_is_not_swept(
    files: ProjectFiles, node: NodeTools, tmp_path_factory: pytest.TempPathFactory
) -> None:
    outside = tmp_path_factory.mktemp("outside")
    (outside / "precious.js").write_text("1")
    options = {**CONFIG["compilerOptions"], "outDir": os.path.relpath(outside, files.root)}
    files.write("tsconfig.json", json.dumps({**CONFIG, "compilerOptions": options}))
    build(files, node)
    assert (outside / "precious.js").exists()


def test_no_compiler_says_so(files: ProjectFiles, node: NodeTools) -> None:
    (files.root / "node_modules").unlink()
    with pytest.raises(MachineError) as caught:
        build(files, node)
    assert caught.value.problems[0].code == "packages-missing"


def test_a_compiler_that_crashes_is_a_failed_build(files: ProjectFiles, node: NodeTools) -> None:
    (files.root / "node_modules").unlink()
    compiler = files.root / "node_modules/typescript/bin/tsc"
    compiler.parent.mkdir(parents=True)
    compiler.write_text("console.error('panic: nil'); process.exit(2);")
    result = build(files, node)
    assert [(error.code, error.message) for error in result.errors] == [("tsc", "panic: nil")]


def test_a_disk_that_refuses_is_no_error_of_the_source(
    files: ProjectFiles, node: NodeTools
) -> None:
    (files.root / "dist").write_text("in the way")
    with pytest.raises(MachineError) as caught:
        build(files, node)
    [problem] = caught.value.problems
    assert problem.code == "disk"
    assert (problem.file or "").startswith("dist")
    assert str(files.root) not in problem.message
