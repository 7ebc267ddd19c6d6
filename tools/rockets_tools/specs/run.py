"""Run specs with node:test and read what became of each."""

import json
import os
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TypedDict, cast

from rockets_tools.errors import GateError, Problem
from rockets_tools.files import ProjectFiles
from rockets_tools.node import NodeTools
from rockets_tools.process import TimedOutError, run

REPORTER = Path(__file__).with_name("reporter.mjs")
MAIN = "dist/main.js"
FOLDER = "test"
ENDING = ".test.mjs"
SECONDS = 900.0
TEST_SECONDS = 120
"""Until node:test gives one test up."""
AT_ONCE = 2
"""Spec files run beside each other; each boots a database and the application."""
FOLLOWING = frozenset({"subtestsFailed", "cancelledByParent"})
"""Failures that follow from another one."""
LONGEST = 4_000
"""Characters of a failure's message."""

Line = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class SpecFailure:
    """One test that did not pass, or a spec that proves nothing."""

    file: str
    """Relative to the project root."""
    line: int | None
    """1-based: where the check failed in the spec, else where the test begins."""
    name: str
    """With the names of the suites around it: `orders > refuses a late change`."""
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SpecResult:
    """What the specs said."""

    tests: int
    """Tests that ran to their end, suites not counted."""
    failures: tuple[SpecFailure, ...]
    seconds: float

    @property
    def passed(self) -> bool:
        return not self.failures


class _Told(TypedDict):
    """A test, a suite or a file that ended."""

    passed: bool
    name: str
    file: str | None
    line: int | None
    nesting: int
    kind: str
    left: bool
    failure: str | None
    message: str
    stack: str
    printed: str
    """What its file printed last."""


class _Reported(TypedDict, total=False):
    """A line of the reporter has one of these."""

    test: _Told
    printed: str


def run_tests(
    files: ProjectFiles,
    node: NodeTools,
    *,
    only: Sequence[str] = (),
    on_line: Line | None = None,
) -> SpecResult:
    """Run the specs `only` (paths below `test/`), or all of them, against what was built.

    Each spec brings its own database and application (`test/support/api.mjs`). A spec without a
    test, and a test that is skipped or left to do, count as failures: they prove nothing. `on_line`
    gets a line per test and what the specs print. Raises `GateError` when nothing was built, a spec
    is not there, or they do not end in time. No process of theirs is left.
    """
    specs = _specs(files, only)
    if not specs:
        return SpecResult(tests=0, failures=(), seconds=0.0)
    command = node.argv(
        "--test",
        f"--test-reporter={REPORTER}",
        "--test-reporter-destination=stdout",
        f"--test-timeout={TEST_SECONDS * 1000}",
        f"--test-concurrency={AT_ONCE}",
        *specs,
    )
    environment = node.environment()
    show = None if on_line is None else partial(_show, on_line)
    try:
        done = run(command, cwd=files.root, env=environment, timeout=SECONDS, on_line=show)
    except TimedOutError as error:
        raise GateError(
            Problem(
                code="specs-timeout",
                message=f"The specs did not end within {SECONDS:g} seconds: {', '.join(specs)}.",
                fix="Look for a request that is never answered, or a process that is not stopped.",
                file=specs[0],
            )
        ) from error
    told = [test for one in map(_reported, done.stdout.splitlines()) if (test := one.get("test"))]
    failures = [*_failures(files, told), *_idle(files, specs, told)]
    if done.code != 0 and not failures:
        said = done.stderr.strip()[-LONGEST:]
        message = f"node --test ended with status {done.code}: {said}"
        failures.append(SpecFailure(file=specs[0], line=None, name="node --test", message=message))
    tests = sum(1 for one in told if _is_test(files, one))
    return SpecResult(tests=tests, failures=tuple(failures), seconds=done.seconds)


def _specs(files: ProjectFiles, only: Sequence[str]) -> tuple[str, ...]:
    if not files.exists(MAIN):
        raise GateError(
            Problem(
                code="specs-not-built",
                message=f"The project has no {MAIN}.",
                fix="Build the project first: npm run build.",
                file=MAIN,
            )
        )
    if not only:
        found = (name for name in files.names(FOLDER) if name.endswith(ENDING))
        return tuple(sorted(f"{FOLDER}/{name}" for name in found))
    for path in only:
        if not (path.startswith(f"{FOLDER}/") and path.endswith(ENDING) and files.exists(path)):
            raise GateError(
                Problem(
                    code="spec-missing",
                    message=f"There is no spec {path}.",
                    fix=f"Write it as {FOLDER}/<name>{ENDING}.",
                    file=path,
                )
            )
    return tuple(dict.fromkeys(only))


def _reported(line: str) -> _Reported:
    """Nothing where the line is not the reporter's: node itself said it."""
    try:
        value = json.loads(line)
    except ValueError:
        return {}
    return cast("_Reported", value) if isinstance(value, dict) else {}


def _show(on_line: Line, line: str) -> None:
    reported = _reported(line)
    test = reported.get("test")
    if test is not None:
        mark = "ok" if test["passed"] else "FAILED"
        on_line(f"{'  ' * test['nesting']}{mark} {test['name']}")
        return
    for text in reported.get("printed", line).splitlines():
        on_line(text)


def _is_test(files: ProjectFiles, one: _Told) -> bool:
    """Neither a suite nor a whole file, nor one that was left out."""
    return one["kind"] == "test" and not one["left"] and not _is_file(files, one)


def _is_file(files: ProjectFiles, one: _Told) -> bool:
    """What node:test says of a file whose tests it has not seen."""
    path = _relative(files, one["file"])
    return one["nesting"] == 0 and one["name"] in {path, str(files.root / path)}


def _failures(files: ProjectFiles, told: Sequence[_Told]) -> Iterator[SpecFailure]:
    """A test that failed, or was left out. What failed only because of something inside it or
    around it is not told again."""
    failed = [one for one in told if one["left"] or not one["passed"]]
    explained = {one["file"] for one in failed if not _is_file(files, one)}
    for position, one in enumerate(told):
        is_file = _is_file(files, one)
        if (
            one not in failed
            or one["failure"] in FOLLOWING
            or (is_file and one["file"] in explained)
        ):
            continue
        path = _relative(files, one["file"])
        message = one["printed"].strip() if is_file else one["message"]
        if one["left"]:
            message = "is skipped or left to do, so it proves nothing"
        yield SpecFailure(
            file=path,
            line=_line(path, one),
            name=path if is_file else " > ".join((*_around(told, position), one["name"])),
            message=(message or one["message"])[-LONGEST:],
        )


def _around(told: Sequence[_Told], position: int) -> list[str]:
    """Names of the suites around a test: each is told after what is in it."""
    names: list[str] = []
    depth = told[position]["nesting"]
    for later in told[position + 1 :]:
        if depth > 0 and later["nesting"] == depth - 1 and later["file"] == told[position]["file"]:
            names.insert(0, later["name"])
            depth -= 1
    return names


def _line(path: str, one: _Told) -> int | None:
    """Of the deepest frame in the spec that called what failed; the helper that checks is nearer
    to the failure and tells less."""
    found: list[str] = re.findall(rf"{re.escape(path)}:(\d+):\d+", one["stack"])
    return int(found[-1]) if found else one["line"]


def _idle(
    files: ProjectFiles, specs: Sequence[str], told: Sequence[_Told]
) -> Iterator[SpecFailure]:
    """Specs without a test. One that could not even be loaded has failed already."""
    active = {_relative(files, one["file"]) for one in told if _is_test(files, one)}
    failed = {_relative(files, one["file"]) for one in told if not one["passed"]}
    for path in specs:
        if path not in active | failed:
            message = "has no test, so it proves nothing"
            yield SpecFailure(file=path, line=1, name=path, message=message)


def _relative(files: ProjectFiles, path: str | None) -> str:
    return "" if path is None else os.path.relpath(path, files.root).replace(os.sep, "/")
