"""The team's scripted scenarios: what the project is like, what the models say, how it is run.

The same are recorded once as fixtures (`record.py`) and, fresh, in `test_scenarios.py`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.agents.messages_replies import error, say, use
from tests.agents.messages_server import MessagesServer
from tests.graph.fake_tools import FakeTools
from tests.graph.team.behaviour import BREAKDOWN, FILES, PLAN, prepare, written
from tests.graph.team.conftest import (
    CLEAN,
    MAIN,
    SERVICE,
    STOP,
    TeamProject,
    answers,
    diagnosed,
    edits,
    fixed,
    found,
    repaired,
)

from rockets_agents.tester import Diagnosis
from rockets_graph.options import Options
from rockets_graph.report import Report
from rockets_tools.files import ProjectFiles

BROKEN = "start(); // BROKEN\n"
WAVE_ONE = "review:wave-1:part-1"


@dataclass(frozen=True)
class Scenario:
    """One run, or an interrupted one and the next."""

    script: Callable[[TeamProject, MessagesServer], None]
    ends: tuple[int, ...] = (0,)
    """Exit status of each run."""
    trouble: Mapping[str, str] = field(default_factory=dict)
    options: tuple[Mapping[str, Any], ...] = ({},)
    """Of each run."""

    def play(self, team: TeamProject, server: MessagesServer) -> list[Report]:
        self.script(team, server)
        return [team.run_team(trouble=self.trouble, **options) for options in self.options]

    def tools(self, files: ProjectFiles, _: Options) -> FakeTools:
        """As the recorded run had them."""
        return FakeTools(files, trouble=self.trouble, services=True)


def clean(_: TeamProject, server: MessagesServer) -> None:
    server.on(answers(CLEAN), role="reviewer", always=True)


def fix_round(_: TeamProject, server: MessagesServer) -> None:
    server.on(answers(found(SERVICE)), answers(CLEAN), role="reviewer", task=WAVE_ONE)
    server.on(answers(CLEAN), role="reviewer", always=True)
    mend = edits(SERVICE, "{}", "{ deny(): void {} }")
    server.on(*mend, use("validate", {}), fixed(), role="generator", task="fix:wave-1:round-1")


def rounds_used_up(_: TeamProject, server: MessagesServer) -> None:
    server.on(answers(found(SERVICE)), role="reviewer", always=True)
    server.on(fixed(), role="generator", always=True)
    server.on(answers(STOP), role="lead")


def first_try(team: TeamProject, server: MessagesServer) -> None:
    team.write(MAIN, BROKEN)
    server.on(answers(CLEAN), role="reviewer", always=True)
    server.on(diagnosed(), role="tester")
    server.on(*edits(MAIN, " // BROKEN", ""), use("build", {}), repaired(), role="builder")


def third_try(team: TeamProject, server: MessagesServer) -> None:
    """The second one makes it worse and is rolled back."""
    team.write(MAIN, BROKEN)
    server.on(answers(CLEAN), role="reviewer", always=True)
    server.on(diagnosed(), role="tester", always=True)
    server.on(repaired("Nothing."), role="builder", task="repair:migrate:try-1")
    worse = edits(MAIN, "start();", "start(); // BROKEN\nagain();")
    server.on(*worse, repaired("Worse."), role="builder", task="repair:migrate:try-2")
    right = edits(MAIN, " // BROKEN", "")
    server.on(*right, repaired(), role="builder", task="repair:migrate:try-3")


def three_failures(team: TeamProject, server: MessagesServer) -> None:
    team.write(MAIN, BROKEN)
    server.on(answers(CLEAN), role="reviewer", always=True)
    server.on(diagnosed(), role="tester", always=True)
    rename = edits(MAIN, "start", "begin")
    server.on(*rename, repaired("Renamed."), role="builder", task="repair:migrate:try-1")
    server.on(repaired("Nothing."), role="builder", always=True)
    server.on(answers(STOP), role="lead")


def hopeless(team: TeamProject, server: MessagesServer) -> None:
    team.write(MAIN, BROKEN)
    server.on(answers(CLEAN), role="reviewer", always=True)
    cause = Diagnosis(fixable=False, cause="A package is missing.", requests=())
    server.on(answers(cause), role="tester")
    server.on(answers(STOP), role="lead")


def modules(team: TeamProject, server: MessagesServer) -> None:
    """Two are written beside each other, and both have something to say to the Reviewer."""
    team.write_plan(PLAN)
    server.on(answers(BREAKDOWN), role="lead", task="breakdown")
    for name in FILES:
        note = use("send_message", {"to": "reviewer", "text": f"Look at {name}."})
        server.on(*written(name, note), role="generator", task=f"module:{name}")
    server.on(answers(CLEAN), role="reviewer", always=True)


def late_notes(team: TeamProject, server: MessagesServer) -> None:
    """The first of two that are written beside each other is slower: its note comes second."""
    team.write_plan(PLAN)
    server.on(answers(BREAKDOWN), role="lead", task="breakdown")
    for name, delay in zip(FILES, (0.3, 0.0, 0.0), strict=True):
        text = f"Look at {name}."
        note = use("send_message", {"to": "reviewer", "text": text}, delay=delay)
        server.on(*written(name, note), role="generator", task=f"module:{name}")
    server.on(answers(CLEAN), role="reviewer", always=True)


def module_review(team: TeamProject, server: MessagesServer) -> None:
    prepare(team, server)
    refund = answers(found(FILES["refund"]))
    server.on(refund, answers(CLEAN), role="reviewer", says="refund.module.ts")
    server.on(answers(CLEAN), role="reviewer", always=True)
    server.on(fixed(), role="generator", task="fix:wave-4:round-1")


def unusable(_: TeamProject, server: MessagesServer) -> None:
    server.on(say("All fine, trust me."), role="reviewer", always=True)
    server.on(say("done"), role="generator", always=True)
    server.on(answers(STOP), role="lead")


def refused_key(_: TeamProject, server: MessagesServer) -> None:
    server.on(error(401), always=True)


def unreachable(_: TeamProject, server: MessagesServer) -> None:
    server.on(error(529), always=True)


def reviews_later(_: TeamProject, server: MessagesServer) -> None:
    server.on(answers(CLEAN), role="reviewer", task=WAVE_ONE)
    server.on(error(529), role="reviewer", task="review:wave-2:part-1")
    server.on(answers(CLEAN), role="reviewer", always=True)


SCENARIOS: Mapping[str, Scenario] = {
    "clean": Scenario(clean),
    "fix-round": Scenario(fix_round),
    "rounds-used-up": Scenario(rounds_used_up, ends=(1,)),
    "first-try": Scenario(first_try),
    "third-try": Scenario(third_try),
    "three-failures": Scenario(three_failures, ends=(1,)),
    "hopeless": Scenario(hopeless, ends=(1,)),
    "modules": Scenario(modules),
    "late-notes": Scenario(late_notes),
    "module-review": Scenario(module_review),
    "unusable-answers": Scenario(unusable, ends=(1,)),
    "smoke-red": Scenario(
        clean, ends=(1,), trouble={"smoke-red": "yes"}, options=({"mode": "sequential"},)
    ),
    "machine": Scenario(clean, ends=(3,), trouble={"migrate": "machine"}),
    "refused-key": Scenario(refused_key, ends=(3,)),
    "unreachable": Scenario(unreachable),
    "reviews-later": Scenario(reviews_later, ends=(0, 0), options=({}, {"resume": True})),
    "budget": Scenario(clean, ends=(1,), options=({"max_tokens": 100},)),
    "budget-raised": Scenario(
        clean, ends=(1, 0), options=({"max_tokens": 100}, {"resume": True, "max_tokens": 10**6})
    ),
    "sequential": Scenario(clean, options=({"mode": "sequential"},)),
    "many-workers": Scenario(clean, options=({"mode": "sequential", "workers": 8},)),
}
