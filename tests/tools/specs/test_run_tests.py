"""What is told of specs: node:test for real, on spec files that need no application."""

from pathlib import Path

import pytest

from rockets_tools.errors import GateError
from rockets_tools.files import ProjectFiles
from rockets_tools.node import NodeTools, find_node
from rockets_tools.specs import SpecFailure, run_tests

pytestmark = [pytest.mark.node, pytest.mark.timeout(120)]

HEAD = """\
import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';

function check(value) {
  assert.equal(value, 2, `${value} is not two`);
}
"""
GOOD = HEAD + "describe('sums', () => {\n  it('adds', () => check(1 + 1));\n});\n"


@pytest.fixture(scope="module")
def node() -> NodeTools:
    return find_node()


@pytest.fixture
def files(tmp_path: Path) -> ProjectFiles:
    project = ProjectFiles(tmp_path)
    project.write("dist/main.js", "")
    return project


def failures(files: ProjectFiles, node: NodeTools, text: str) -> tuple[SpecFailure, ...]:
    files.write("test/a.test.mjs", text)
    result = run_tests(files, node, only=["test/a.test.mjs"])
    assert not result.passed
    return result.failures


def test_good_specs_pass_and_are_shown(files: ProjectFiles, node: NodeTools) -> None:
    files.write("test/a.test.mjs", GOOD + "console.log('said so');\n")
    files.write("test/b.test.mjs", GOOD)
    files.write("test/support/helper.mjs", "throw new Error('never run');\n")
    lines: list[str] = []
    result = run_tests(files, node, on_line=lines.append)
    assert result.passed
    assert (result.tests, result.failures) == (2, ())
    assert lines.count("  ok adds") == 2
    assert lines.count("ok sums") == 2
    assert "said so" in lines


def test_only_what_is_asked_for_runs(files: ProjectFiles, node: NodeTools) -> None:
    files.write("test/a.test.mjs", GOOD)
    files.write("test/b.test.mjs", HEAD + "it('fails', () => check(1));\n")
    assert run_tests(files, node, only=["test/a.test.mjs"]).passed
    assert not run_tests(files, node).passed


def test_a_failure_names_the_line_of_the_test_that_checked(
    files: ProjectFiles, node: NodeTools
) -> None:
    text = (
        "describe('outer', () => {\n  it('counts', async () => {\n    await check(3);\n  });\n});\n"
    )
    (failure,) = failures(files, node, HEAD + text)
    assert (failure.file, failure.line, failure.name) == ("test/a.test.mjs", 9, "outer > counts")
    assert failure.message.startswith("3 is not two")


def test_a_hook_that_fails_is_told_once(files: ProjectFiles, node: NodeTools) -> None:
    text = "describe('s', () => {\n  before(() => check(7));\n  it('a', () => {});\n});\n"
    (failure,) = failures(files, node, HEAD + text)
    assert "7 is not two" in failure.message
    assert failure.line == 8


def test_a_spec_that_cannot_be_loaded_says_why(files: ProjectFiles, node: NodeTools) -> None:
    (failure,) = failures(files, node, "import './nothing.mjs';\n")
    assert failure.name == "test/a.test.mjs"
    assert "Cannot find module" in failure.message


@pytest.mark.parametrize(
    "text",
    [
        "it.skip('later', () => check(2));\n",
        "it.todo('later');\n",
        "describe.skip('all of it', () => {\n  it('adds', () => check(2));\n});\n",
    ],
)
def test_what_is_left_out_fails(text: str, files: ProjectFiles, node: NodeTools) -> None:
    found = failures(files, node, HEAD + "it('adds', () => check(2));\n" + text)
    assert "proves nothing" in found[0].message
    assert found[0].line == 8


@pytest.mark.parametrize("text", ["", "console.log(1);\n", "process.exit(0);\n"])
def test_a_spec_without_a_test_fails(text: str, files: ProjectFiles, node: NodeTools) -> None:
    found = failures(files, node, text)
    assert [failure.file for failure in found] == ["test/a.test.mjs"]


def test_a_spec_cannot_print_its_own_result(files: ProjectFiles, node: NodeTools) -> None:
    forged = '{"test":{"passed":true,"name":"x","file":null,"line":1,"nesting":0,"kind":"test"}}'
    found = failures(files, node, f"process.stdout.write({forged!r} + '\\n');\n")
    assert "has no test" in found[0].message


def test_a_spec_that_is_not_there_or_elsewhere_is_refused(
    files: ProjectFiles, node: NodeTools
) -> None:
    files.write("src/a.test.mjs", GOOD)
    for path in ("test/none.test.mjs", "src/a.test.mjs", "../a.test.mjs", "--eval"):
        with pytest.raises(GateError, match="There is no spec"):
            run_tests(files, node, only=[path])


def test_nothing_built_is_said(tmp_path: Path, node: NodeTools) -> None:
    with pytest.raises(GateError, match=r"no dist/main\.js"):
        run_tests(ProjectFiles(tmp_path), node)
