"""The smoke test from beginning to end."""

import contextlib
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from rockets_tools.database import ScratchDatabases
from rockets_tools.files import ProjectFiles
from rockets_tools.node import NodeTools
from rockets_tools.plan.model import Plan
from rockets_tools.smoke.application import HOST, Deployment, require_build
from rockets_tools.smoke.attacks.application import application_scene
from rockets_tools.smoke.cast import cast
from rockets_tools.smoke.client import Client
from rockets_tools.smoke.database import Queries
from rockets_tools.smoke.execute import Player
from rockets_tools.smoke.handlers import handler_scenes
from rockets_tools.smoke.model import Cell, People, Scene
from rockets_tools.smoke.people import enrol
from rockets_tools.smoke.result import SmokeResult
from rockets_tools.smoke.scenes import entity_scenes
from rockets_tools.smoke.tables import SqlTables, Tables


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """Where the test is."""

    title: str
    """`boot`, `people`, or an entity's name."""
    done: int
    """Entities proven so far."""
    total: int
    failed: int
    """Cases failed so far."""


OnProgress = Callable[[Progress], None]


def smoke(
    files: ProjectFiles,
    plan: Plan,
    *,
    node: NodeTools,
    databases: ScratchDatabases | None = None,
    database_url: str | None = None,
    on_progress: OnProgress | None = None,
    on_line: Callable[[str], None] | None = None,
) -> SmokeResult:
    """Boot the built application on an empty database and prove the plan over HTTP.

    `databases` (entered) is shared with other steps; else the test has its own: beside
    `database_url`, or embedded. `on_line` gets the application's output. Raises `GateError` when
    the application cannot be migrated, booted or signed up to, `MachineError` when there is no
    database. When it returns or raises, no process and no database of it is left.
    """
    started = time.monotonic()
    require_build(files)
    tell = _teller(on_progress, len(plan.entities))
    with contextlib.ExitStack() as stack:
        if databases is None:
            databases = stack.enter_context(ScratchDatabases(files, node, database_url))
        tell("boot", 0, 0)
        database = stack.enter_context(databases.empty())
        deployment = Deployment(files, node, database)
        deployment.prepare()
        app = stack.enter_context(deployment.running(on_line))
        client = stack.enter_context(
            contextlib.closing(Client(HOST, app.port, secret=deployment.secret))
        )
        tell("people", 0, 0)
        people = enrol(client, cast(plan))
        queries = stack.enter_context(Queries(files, node, database))
        tables = SqlTables(plan, queries)
        cells = prove(plan, people, client, tables, tell, more=handler_scenes(files, plan))
        failed = any(not cell.passed for cell in cells)
        return SmokeResult(
            cells=tuple(cells),
            seconds=time.monotonic() - started,
            output=app.output() if failed else "",
        )


def prove(
    plan: Plan,
    people: People,
    client: Client,
    tables: Tables,
    tell: Callable[[str, int, int], None],
    *,
    more: Iterable[Scene] = (),
) -> list[Cell]:
    """Play all scenes of a plan, and then `more`, against an application that is there."""
    cells: list[Cell] = []
    with contextlib.closing(Player(plan, client, tables)) as player:

        def play(scenes: Iterable[Scene]) -> None:
            for scene in scenes:
                cells.extend(player.play(scene))

        play([application_scene(people)])
        for number, entity in enumerate(plan.entities.values()):
            tell(entity.name, number, sum(not cell.passed for cell in cells))
            play(entity_scenes(plan, people, entity))
        play(more)
    return cells


def _teller(on_progress: OnProgress | None, total: int) -> Callable[[str, int, int], None]:
    def tell(title: str, done: int, failed: int) -> None:
        if on_progress is not None:
            on_progress(Progress(title=title, done=done, total=total, failed=failed))

    return tell
