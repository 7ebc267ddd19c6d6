"""Plans nobody thought of: many random ones become TypeScript that no tool complains about.

Every plan gets a project of its own beside the others, wired for real; then the compiler, the
linter and prettier look at all of them at once. The plans of `data/` and a small, fixed number of
random ones run always; `make nightly` draws more, from a new seed, and takes some of them and those
of `data/` through the whole job. A failure says the seed, and a nightly one is shrunk.
"""

import hashlib
import json
import os
import random
import re
import subprocess
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings
from tests.command import rockets
from tests.conftest import TEMPLATE
from tests.strategies import plans

from rockets_tools.files import ProjectFiles
from rockets_tools.generate import render_entity
from rockets_tools.integrate import integrate
from rockets_tools.node import find_node
from rockets_tools.plan import read_plan
from rockets_tools.project import new_project
from rockets_tools.validate import validate

pytestmark = pytest.mark.node

Json = dict[str, Any]
Complaints = Mapping[str, list[str]]
"""Key of a plan to the lines the tools said about its files."""

LENIENT = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]
SHOWN = 15
"""Lines shown per plan."""
TOGETHER = 8
"""Plans under one compiler: all of a nightly run would need too much memory."""
DATA = Path(__file__).parent / "data"


@dataclass(frozen=True, slots=True)
class Size:
    """How much to try: `ROCKETS_RANDOM_PLANS`, `ROCKETS_RANDOM_RUNS`, `ROCKETS_RANDOM_SEED`."""

    plans: int
    """Compiled together."""
    runs: int
    """Taken from plan to green report, one after the other."""
    seed: int
    shrink: bool

    def __str__(self) -> str:
        """The command that tries the same again."""
        wanted = {"SEED": self.seed, "PLANS": self.plans, "RUNS": self.runs}
        return " ".join(
            [*(f"ROCKETS_RANDOM_{name}={value}" for name, value in wanted.items()), "make nightly"]
        )

    @classmethod
    def wanted(cls) -> "Size":
        env = {name: os.environ.get(f"ROCKETS_RANDOM_{name}") for name in ("PLANS", "RUNS", "SEED")}
        nightly = any(value is not None for value in env.values())
        number = random.randrange(2**32) if nightly else 1
        return cls(
            plans=int(env["PLANS"] or 6),
            runs=int(env["RUNS"] or 0),
            seed=int(env["SEED"] or number),
            shrink=nightly,
        )


@pytest.fixture(scope="module")
def size() -> Size:
    return Size.wanted()


def test_random_plans_compile_lint_and_are_pretty(
    tmp_path: Path, warm_modules: Path, size: Size
) -> None:
    workshop = Workshop(tmp_path, warm_modules)
    raws = [*given_plans().values(), *drawn(size.plans, size.seed)]
    complaints: dict[str, list[str]] = {}
    for start in range(0, len(raws), TOGETHER):
        complaints |= workshop.complaints(raws[start : start + TOGETHER])
    if complaints and size.shrink:
        shrink(workshop, size, {key(raw): complaints.get(key(raw), []) for raw in raws})
    assert not complaints, report(complaints, workshop, size)


def test_random_plans_end_green(tmp_path: Path, warm_modules: Path, size: Size) -> None:
    if size.runs == 0:
        pytest.skip("only make nightly takes plans through the whole job")
    raws = {f"random{n}": raw for n, raw in enumerate(drawn(size.runs, size.seed, entities=12))}
    failures: list[str] = []
    for name, raw in (given_plans() | raws).items():
        project, spec = tmp_path / name, tmp_path / f"{name}.plan.json"
        new_project(project, "random")
        (project / "node_modules").symlink_to(warm_modules, target_is_directory=True)
        spec.write_text(json.dumps(raw, indent=2, ensure_ascii=False), encoding="utf-8")
        answer = rockets("orchestrate", "--project", project, "--spec", spec, "--sequential")
        if answer.code != 0:
            failures.append(f"{spec}\n{answer.out[:4000]}\n{answer.err[-1000:]}")
    assert not failures, "\n\n".join([f"again with: {size}", *failures])


def given_plans() -> dict[str, Json]:
    """Large ones somebody did think of, by name."""
    return {
        path.name.removesuffix(".plan.json"): json.loads(path.read_text(encoding="utf-8"))
        for path in sorted(DATA.glob("*.plan.json"))
    }


def drawn(count: int, number: int, entities: int = 30) -> list[Json]:
    """The same plans for the same seed."""
    raws: list[Json] = []
    sequence(count, number, raws.append, entities=entities)()
    return raws[:count]


def sequence(
    count: int, number: int, look: Callable[[Json], None], *, entities: int, shrinks: bool = False
) -> Callable[[], None]:
    """A hypothesis test that looks at `count` plans of a seed."""

    @seed(number)
    @settings(
        max_examples=count,
        database=None,
        deadline=None,
        suppress_health_check=LENIENT,
        phases=[Phase.generate, Phase.shrink] if shrinks else [Phase.generate],
    )
    @given(plans(max_entities=entities))
    def test(raw: Json) -> None:
        look(raw)

    return test


def shrink(workshop: "Workshop", size: Size, known: Complaints) -> None:
    """Draw the same plans again, and let hypothesis make the first bad one small."""

    def look(raw: Json) -> None:
        found = known.get(key(raw))
        if found is None:
            found = [*workshop.complaints([raw]).values()]
        assert not found, f"seed {size.seed}\n{json.dumps(raw, indent=2)}\n{found}"

    sequence(size.plans, size.seed, look, entities=30, shrinks=True)()


def key(raw: Json) -> str:
    """The name of a plan's folder."""
    digest = hashlib.sha256(json.dumps(raw, sort_keys=True).encode()).hexdigest()
    return f"p{digest[:12]}"


def report(complaints: Complaints, workshop: "Workshop", size: Size) -> str:
    lines = [f"{len(complaints)} plans; shrink with: {size}"]
    for name, said in complaints.items():
        lines += [f"{workshop.folder / name / 'plan.json'}:", *said[:SHOWN]]
    return "\n".join(lines)


class Workshop:
    """Projects side by side under one compiler, one linter and one formatter."""

    def __init__(self, folder: Path, modules: Path) -> None:
        self.folder = folder
        (folder / "node_modules").symlink_to(modules, target_is_directory=True)
        for name in (".prettierrc", "package.json"):
            (folder / name).write_bytes((TEMPLATE / name).read_bytes())
        lint = (TEMPLATE / "eslint.config.mjs").read_text(encoding="utf-8")
        (folder / "eslint.config.mjs").write_text(lint.replace("'src/", "'*/src/"))
        config = json.loads((TEMPLATE / "tsconfig.json").read_text(encoding="utf-8"))
        self._options: Json = config["compilerOptions"] | {"rootDir": ".", "noEmit": True}

    def complaints(self, raws: Sequence[Json]) -> Complaints:
        """Generate all, then one run of each tool; a plan without complaint is not in it."""
        found: dict[str, list[str]] = {}
        written: list[str] = []
        folders = {key(raw): raw for raw in raws}
        for name, raw in folders.items():
            paths, issues = self._project(name, raw)
            written += paths
            if issues:
                found[name] = issues
        config = {"compilerOptions": self._options, "include": [f"{name}/src" for name in folders]}
        (self.folder / "tsconfig.json").write_text(json.dumps(config))
        for line in (*self._compiled(), *self._linted(written), *self._formatted(written)):
            name = re.search(r"p[0-9a-f]{12}(?=/)", line)
            found.setdefault(name[0] if name else "all", []).append(line)
        return found

    def _project(self, name: str, raw: Json) -> tuple[list[str], list[str]]:
        """Paths of what was generated or wired, and what our own validation says."""
        folder = self.folder / name
        if not folder.exists():
            new_project(folder, "random")
            (folder / "plan.json").write_text(json.dumps(raw, indent=2), encoding="utf-8")
        files = ProjectFiles(folder)
        plan = read_plan(json.dumps(raw)).plan
        paths = {"src/app.module.ts", "src/app.acl.ts", "src/config/typeorm.settings.ts"}
        for wave in plan.waves:
            rendered = [render_entity(plan.entities[entity], plan.entities) for entity in wave]
            integrate(files, rendered)
            paths |= {file.path for each in rendered for file in each.files}
        issues = validate(files, plan=plan, migrations=False).issues
        return [f"{name}/{path}" for path in sorted(paths)], [f"{name}/{i}" for i in issues]

    def _compiled(self) -> list[str]:
        text = self._run("typescript-7/bin/tsc", "-p", "tsconfig.json", "--pretty", "false")
        return [line for line in text.splitlines() if "error TS" in line]

    def _linted(self, paths: Sequence[str]) -> list[str]:
        answers = json.loads(self._run("eslint/bin/eslint.js", "--format", "json", *paths))
        return [
            f"{answer['filePath']}:{message['line']}: {message['message']} {message['ruleId']}"
            for answer in answers
            for message in answer["messages"]
        ]

    def _formatted(self, paths: Sequence[str]) -> list[str]:
        argv = ("--list-different", "--log-level", "warn", *paths)
        text = self._run("prettier/bin/prettier.cjs", *argv)
        return [f"{line}: prettier would format it" for line in text.splitlines()]

    def _run(self, program: str, *arguments: str) -> str:
        """What a tool says; that it complains is no failure of the tool."""
        done = subprocess.run(
            [find_node().node, self.folder / "node_modules" / program, *arguments],
            cwd=self.folder,
            capture_output=True,
            encoding="utf-8",
            check=False,
            timeout=600,
        )
        assert done.returncode in {0, 1, 2}, done.stderr
        assert not done.stderr, done.stderr
        return done.stdout
