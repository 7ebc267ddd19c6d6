"""A generated project passes; with one guard taken away it does not, and the cell is named."""

import contextlib
import re
import signal
import subprocess
import sys
import time
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.tools.smoke.mutations import MUTATIONS, Mutation
from tests.tools.smoke.plans import shop

from rockets_tools.database import ScratchDatabases
from rockets_tools.errors import GateError
from rockets_tools.files import ProjectFiles
from rockets_tools.generate import render_entity
from rockets_tools.integrate import integrate
from rockets_tools.migrate import migrate
from rockets_tools.node import find_node
from rockets_tools.plan.model import Plan
from rockets_tools.project import new_project
from rockets_tools.smoke import smoke, table
from rockets_tools.smoke.application import HOST, Deployment
from rockets_tools.smoke.cast import cast
from rockets_tools.smoke.client import Client
from rockets_tools.smoke.database import Queries
from rockets_tools.smoke.execute import Player
from rockets_tools.smoke.model import Cell, People
from rockets_tools.smoke.people import enrol
from rockets_tools.smoke.scenes import entity_scenes
from rockets_tools.smoke.tables import SqlTables

pytestmark = [pytest.mark.node, pytest.mark.timeout(600)]

PLAN = shop()


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory, warm_modules: Path) -> ProjectFiles:
    """The shop, generated, migrated and built."""
    root = tmp_path_factory.mktemp("smoke") / "shop"
    new_project(root)
    (root / "node_modules").symlink_to(warm_modules, target_is_directory=True)
    files = ProjectFiles(root)
    for wave in PLAN.waves:
        integrate(files, [render_entity(PLAN.entities[n], PLAN.entities) for n in wave])
    migrate(files, PLAN, node=find_node())
    return files


@dataclass
class Stand:
    """A project prepared once, to be started as often as needed."""

    plan: Plan
    files: ProjectFiles
    deployment: Deployment
    people: People
    client: Client
    tables: SqlTables

    def prove(self, entity: str) -> list[Cell]:
        """All about one entity, with the application as it is now on disk."""
        with self.deployment.running() as app:
            client = Client(
                HOST, app.port, tokens=self.client.tokens, secret=self.deployment.secret
            )
            player = Player(self.plan, client, self.tables)
            with contextlib.closing(client), contextlib.closing(player):
                scenes = entity_scenes(self.plan, self.people, self.plan.entities[entity])
                return [cell for scene in scenes for cell in player.play(scene)]

    @contextlib.contextmanager
    def mutated(self, mutation: Mutation) -> Iterator[None]:
        path = self.files.path(f"dist/{mutation.file}")
        text = path.read_text()
        changed, count = re.subn(
            mutation.old, lambda _: mutation.new, text, count=1, flags=re.DOTALL
        )
        assert count == 1, f"{mutation.file} has no {mutation.old}"
        path.write_text(changed)
        try:
            yield
        finally:
            path.write_text(text)


@pytest.fixture(scope="module")
def stand(project: ProjectFiles) -> Generator[Stand]:
    node = find_node()
    with contextlib.ExitStack() as stack:
        databases = stack.enter_context(ScratchDatabases(project, node))
        database = stack.enter_context(databases.empty())
        deployment = Deployment(project, node, database)
        deployment.prepare()
        with deployment.running() as app:
            client = Client(HOST, app.port, secret=deployment.secret)
            people = enrol(client, cast(PLAN))
            client.close()
        queries = stack.enter_context(Queries(project, node, database))
        yield Stand(PLAN, project, deployment, people, client, SqlTables(PLAN, queries))


def test_it_passes(project: ProjectFiles) -> None:
    seen: list[str] = []
    result = smoke(project, PLAN, node=find_node(), on_progress=lambda now: seen.append(now.title))
    failures = [(c.entity, c.title, c.request, c.got) for c in result.failures]
    assert failures == []
    assert result.passed
    assert seen == ["boot", "people", *PLAN.entities]
    summary = result.summary()
    assert summary["failed"] == 0
    assert summary["passed"] == len(result.cells) > 1000
    _, rows = table(result)
    own = next(row for row in rows if row[:2] == ("Product", "user"))
    assert own[2:9] == ("own",) * 7


@pytest.mark.parametrize("name", MUTATIONS)
def test_a_missing_guard_is_found_in_its_cell(stand: Stand, name: str) -> None:
    mutation = MUTATIONS[name]
    with stand.mutated(mutation):
        cells = stand.prove(mutation.cell[0])
    failed = {(c.entity, c.role, c.operation, c.ownership) for c in cells if not c.passed}
    assert mutation.cell in failed


def test_a_project_that_is_not_built_is_told_so(tmp_path: Path, project: ProjectFiles) -> None:
    new_project(tmp_path / "fresh")
    (tmp_path / "fresh" / "node_modules").symlink_to(project.root / "node_modules")
    with pytest.raises(GateError) as caught:
        smoke(ProjectFiles(tmp_path / "fresh"), PLAN, node=find_node())
    assert caught.value.problems[0].code == "smoke-not-built"


def test_an_application_that_does_not_start_says_why(project: ProjectFiles, stand: Stand) -> None:
    broken = Mutation(
        file="main.js",
        old="void bootstrap",
        new="throw new Error('no luck'); void bootstrap",
        cell=("", "", "", ""),
    )
    with stand.mutated(broken), pytest.raises(GateError, match="no luck"):
        smoke(project, PLAN, node=find_node())


def test_ctrl_c_leaves_nothing_behind(project: ProjectFiles) -> None:
    script = (
        "import sys\n"
        "from pathlib import Path\n"
        "from rockets_tools.files import ProjectFiles\n"
        "from rockets_tools.node import find_node\n"
        "from rockets_tools.smoke import smoke\n"
        "from tests.tools.smoke.plans import shop\n"
        "smoke(ProjectFiles(Path(sys.argv[1])), shop(), node=find_node(),\n"
        "      on_progress=lambda now: print(now.title, flush=True))\n"
    )
    others = running_in(project.root)
    child = subprocess.Popen(
        [sys.executable, "-c", script, str(project.root)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[3],
    )
    assert child.stdout is not None
    while child.stdout.readline().strip() != "Category":
        assert child.poll() is None
    child.send_signal(signal.SIGINT)
    child.communicate(timeout=30)
    assert child.returncode in {-signal.SIGINT, 1, 130}
    deadline = time.monotonic() + 5
    while running_in(project.root) != others and time.monotonic() < deadline:
        time.sleep(0.1)
    assert running_in(project.root) == others


def running_in(root: Path) -> dict[str, str]:
    """Processes that work in this folder: id and command line."""
    found: dict[str, str] = {}
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if (process / "cwd").readlink() == root:
                found[process.name] = (process / "cmdline").read_text().replace("\0", " ")
    return found
