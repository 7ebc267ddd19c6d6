"""A run's context, made by hand, for tests that look at the graph itself."""

from tests.graph.conftest import Project
from tests.graph.fake_tools import FakeTools

from rockets_graph.begin import Start, new_state
from rockets_graph.context import Context
from rockets_graph.given import Given
from rockets_graph.ledger import Ledger
from rockets_graph.logs import run_logger
from rockets_graph.options import Options
from rockets_graph.resume import beginning
from rockets_tools.files import ProjectFiles
from rockets_tools.plan import config_hashes, load_plan


def context_of(project: Project) -> Context:
    """As for a run of the project's plan from its beginning."""
    files = ProjectFiles(project.root)
    tools = FakeTools(files)
    plan = load_plan(project.spec).plan
    options = Options(project=project.root)
    given = Given(options=options, files=files, project="shop", plan=plan, plan_text="{}")
    start = Start(progress=beginning(plan), changed={})
    return Context(
        files=files,
        plan=plan,
        plan_text=project.spec.read_text(encoding="utf-8"),
        options=options,
        tools=tools,
        ledger=Ledger(files, new_state(given, tools, start.progress, None)),
        todo=plan.waves,
        configs=config_hashes(plan),
        changed={},
        log=run_logger("r"),
        emit=project.events.append,
    )
