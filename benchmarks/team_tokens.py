"""What a team spends on a clean CRUD plan, by size of the plan and state of the prompt cache.

    .venv/bin/python benchmarks/team_tokens.py [--sizes 4 20 100]

A server on loopback answers every review with no findings and counts tokens as the API bills them,
four characters each, so the figures show proportions, not a provider's exact count. Off: what the
cold run would have cost without a cache. Warm: the same plan once more within the cache's five
minutes, on a fresh project.
"""

import argparse
import json
import os
import sys
import tempfile
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
sys.path.insert(0, str(Path(__file__).parents[1]))

from plans import classic
from tests.agents.messages_replies import say
from tests.agents.messages_server import MessagesServer

from rockets_agents.model.aliases import resolve
from rockets_agents.model.budget import BudgetState, Spent
from rockets_agents.model.prices import cost_of
from rockets_agents.model.usage import Usage
from rockets_graph.options import Options
from rockets_graph.orchestrate import orchestrate
from rockets_tools.project import new_project


@dataclass(frozen=True)
class Row:
    entities: int
    cache: str
    spent: Spent


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[4, 20, 100])
    sizes = parser.parse_args().sizes
    os.environ["ANTHROPIC_API_KEY"] = "sk-not-a-key"
    print(
        "| entities | cache | calls | prompt, fresh | read from cache | written | answers | US $ |"
    )
    print("| ---: | --- | ---: | ---: | ---: | ---: | ---: | ---: |")
    for size in sizes:
        for row in measured(size):
            usage = row.spent.usage
            print(
                f"| {row.entities} | {row.cache} | {row.spent.calls} | {usage.input_tokens:,}"
                f" | {usage.cache_read_tokens:,} | {usage.cache_write_tokens:,}"
                f" | {usage.output_tokens:,} | {row.spent.known_cost:.4f} |"
            )


def measured(size: int) -> list[Row]:
    with MessagesServer() as server, tempfile.TemporaryDirectory() as folder:
        server.on(say('{"findings": []}'), role="reviewer", always=True)
        os.environ["ANTHROPIC_BASE_URL"] = server.url
        plan = Path(folder, "plan.json")
        plan.write_text(json.dumps(classic(size)), encoding="utf-8")
        cold = spent(plan, Path(folder, "cold"))
        warm = spent(plan, Path(folder, "warm"))
    return [Row(size, "off", uncached(cold)), Row(size, "cold", cold), Row(size, "warm", warm)]


def uncached(spent: Spent) -> Spent:
    """The same calls, every token of their prompts read fresh."""
    usage = Usage(input_tokens=spent.usage.prompt_tokens, output_tokens=spent.usage.output_tokens)
    cost = cost_of(resolve("haiku"), usage)
    return Spent(calls=spent.calls, usage=usage, known_cost=cost or Decimal(0))


def spent(plan: Path, project: Path) -> Spent:
    """All roles together; only the Reviewer may have spent anything."""
    new_project(project)
    report = orchestrate(Options(project=project, spec=plan, mode="team", skip_build=True))
    assert report.success, report.errors
    state = json.loads((project / ".rockets/state.json").read_text(encoding="utf-8"))
    budget = BudgetState.model_validate(state["budget"])
    assert set(budget.spent) == {"reviewer"}
    return budget.spent["reviewer"]


if __name__ == "__main__":
    main()
