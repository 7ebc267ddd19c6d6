import re

import pytest
from anthropic import transform_schema
from tests.agents.briefs import ANSWERS, BRIEFS, JOBS
from tests.agents.desks import make_project

from rockets_agents.errors import RoleMismatchError
from rockets_agents.generator import GENERATOR
from rockets_agents.reviewer import REVIEWER
from rockets_agents.role import Job
from rockets_agents.toolset import TOOLS
from rockets_prompts import load_prompt

NAMES = sorted(JOBS)


@pytest.mark.parametrize("name", NAMES)
def test_every_job_renders_with_real_values(name: str) -> None:
    job, brief = JOBS[name], BRIEFS[name]
    system, message = job.messages(brief)
    assert system == load_prompt(job.role.name).system
    opened = re.findall(r'^<data-(\w{16}) from="', message, re.MULTILINE)
    assert opened
    assert [message.count(f"</data-{tag}>") for tag in opened] == [1] * len(opened)
    assert not message.rstrip().endswith(">"), "what is to be done comes last"


def test_every_job_of_every_prompt_is_there() -> None:
    heads = {
        f"{role}.{job}"
        for role in ("lead", "generator", "reviewer", "tester", "builder")
        for job in load_prompt(role).meta.jobs
    }
    assert heads == set(JOBS) == set(BRIEFS) == set(ANSWERS)


@pytest.mark.parametrize("name", NAMES)
def test_an_answer_that_holds_goes_through_json_and_its_check(name: str, tmp_path) -> None:
    job, answer = JOBS[name], ANSWERS[name]
    files = make_project(tmp_path)
    if name == "generator.write_module":
        files.write("src/modules/refund/refund.module.ts", "export class RefundModule {}\n")
    assert job.answer.model_validate_json(answer.model_dump_json()) == answer
    assert list(job.check(answer, BRIEFS[name], files)) == []


@pytest.mark.parametrize("name", NAMES)
def test_the_decoder_can_follow_the_schema(name: str) -> None:
    """Where the API's decoder takes the schema, nothing of it gets lost but limits of size."""
    job = JOBS[name]
    if job.constrained:
        assert '"additionalProperties": true' not in str(transform_schema(job.schema()))
        assert "patternProperties" not in str(job.schema())
        assert "additionalProperties': {" not in str(job.schema()), "a map cannot be constrained"


def test_a_job_cannot_have_a_tool_its_role_lacks() -> None:
    review = JOBS["reviewer.review"]
    with pytest.raises(RoleMismatchError):
        Job(
            role=REVIEWER,
            name="review",
            brief=review.brief,
            answer=review.answer,
            tools=GENERATOR.tools,
            max_turns=1,
        )


def test_who_may_do_what() -> None:
    """The table of docs/decisions/0012, as it is in the code."""
    tools = {job.role.name: job.role.tools for job in JOBS.values()}
    assert {name for name, held in tools.items() if "edit_file" in held} == {
        "generator",
        "builder",
    }
    assert {name for name, held in tools.items() if "integrate" in held} == {"generator"}
    assert {name for name, held in tools.items() if "migrate" in held} == {"builder"}
    assert {name for name, held in tools.items() if "smoke" in held} == {"tester"}
    assert set().union(*tools.values()) == set(TOOLS)
    assert not JOBS["generator.write_module"].tools & {"generate", "integrate"}, (
        "modules are written side by side: shared files have one writer"
    )
