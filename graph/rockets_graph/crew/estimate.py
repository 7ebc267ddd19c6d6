"""What a team run will spend, before the first token: a range, from the prompts themselves."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from pydantic import JsonValue

from rockets_agents.lead import BREAKDOWN, BreakdownBrief
from rockets_agents.model import ModelRequest, RoleName, Text, Usage, user
from rockets_agents.model.estimate import estimate_prompt
from rockets_agents.model.prices import PRICES_AS_OF, cost_of
from rockets_agents.reviewer import REVIEW, ReviewBrief, ReviewedFile
from rockets_agents.role import AnswerT, BriefT, Job
from rockets_agents.toolset import numbered
from rockets_graph.crew.briefs import (
    access_of,
    in_parts,
    module_spec,
    usable_entities,
    worth_reading,
)
from rockets_graph.crew.staff import Staff
from rockets_tools.plan.model import NonCrud, Plan

SHORT_ANSWER, LONG_ANSWER = 100, 4_000
"""Tokens of an answer that finds nothing, and of one with thought in it."""
MODULE_LOW = Usage(cache_write_tokens=15_000, cache_read_tokens=30_000, output_tokens=6_000)
MODULE_HIGH = Usage(cache_write_tokens=80_000, cache_read_tokens=1_600_000, output_tokens=50_000)
"""Of writing one module with behaviour: four turns from 5,000 tokens on, or forty that end with
80,000. What a turn adds is written to the cache once and read in every turn after it."""


@dataclass(frozen=True, slots=True)
class Expected:
    """One job that a clean run has done."""

    role: RoleName
    low: Usage
    high: Usage


def estimate(
    plan: Plan,
    staff: Staff,
    *,
    todo: Sequence[Sequence[str]] | None = None,
    modules: Sequence[NonCrud] | None = None,
) -> dict[str, JsonValue]:
    """Calls, tokens and US dollars of a run in which every gate is green at once.

    `todo` and `modules` are what is left of the waves and of the modules with behaviour; by
    default all of the plan.
    What is found and fixed comes on top. Costs are null where a model's price is not known.
    """
    waves = plan.waves if todo is None else todo
    left = plan.non_crud if modules is None else modules
    jobs = [*_reviews(plan, waves, staff), *_modules(plan, left, staff)]
    by_role: dict[str, JsonValue] = {
        role: {
            "jobs": len(own),
            "tokens": _range(*(sum(u.total_tokens for u in side) for side in _sides(own))),
            "cost": _costs(own, staff.models),
        }
        for role in sorted({job.role for job in jobs})
        if (own := [job for job in jobs if job.role == role])
    }
    return {
        "jobs": len(jobs),
        "tokens": _range(*(sum(u.total_tokens for u in side) for side in _sides(jobs))),
        "cost": _costs(jobs, staff.models),
        "byRole": by_role,
        "pricesAsOf": PRICES_AS_OF,
    }


def _reviews(plan: Plan, waves: Sequence[Sequence[str]], staff: Staff) -> Iterator[Expected]:
    """One or more a wave, of files that are rendered for it here and now."""
    from rockets_tools.generate import render_entity

    for index, wave in enumerate(waves):
        rendered = {
            file.path: file.content
            for name in wave
            for file in render_entity(plan.entities[name], plan.entities).files
        }
        files = [
            ReviewedFile(path=path, numbered=numbered(rendered[path]))
            for path in worth_reading(rendered, ())
        ]
        entities = tuple(access_of(plan.entities[name]) for name in wave)
        for part in in_parts(files):
            brief = ReviewBrief(wave=index + 1, entities=entities, files=part)
            yield _job(REVIEW, brief, staff)


def _modules(plan: Plan, modules: Sequence[NonCrud], staff: Staff) -> Iterator[Expected]:
    if not modules:
        return
    brief = BreakdownBrief(entities=usable_entities(plan), modules=tuple(map(module_spec, modules)))
    yield _job(BREAKDOWN, brief, staff)
    for _ in modules:
        yield Expected("generator", MODULE_LOW, MODULE_HIGH)


def _job(job: Job[BriefT, AnswerT], brief: BriefT, staff: Staff) -> Expected:
    system, message = job.messages(brief)
    request = ModelRequest(
        role=job.role.name,
        task="estimate",
        model=staff.models[job.role.name],
        system=(Text(text=system),),
        messages=(user(message),),
        output_schema=job.schema() if job.constrained else None,
        max_tokens=job.max_tokens,
    )
    most = estimate_prompt(request)
    # The estimate counts two bytes a token, text has up to four.
    low = Usage(input_tokens=most // 2, output_tokens=SHORT_ANSWER)
    return Expected(job.role.name, low, Usage(input_tokens=most, output_tokens=LONG_ANSWER))


def _sides(jobs: list[Expected]) -> tuple[list[Usage], list[Usage]]:
    return [job.low for job in jobs], [job.high for job in jobs]


def _costs(jobs: list[Expected], models: Mapping[RoleName, str]) -> dict[str, JsonValue] | None:
    low = [cost_of(models[job.role], job.low) for job in jobs]
    high = [cost_of(models[job.role], job.high) for job in jobs]
    if None in low or None in high:
        return None
    return _range(*(float(sum((c for c in side if c), Decimal(0))) for side in (low, high)))


def _range(low: float, high: float) -> dict[str, JsonValue]:
    digits = 4 if isinstance(low, float) else None
    return {"low": round(low, digits), "high": round(high, digits)}
