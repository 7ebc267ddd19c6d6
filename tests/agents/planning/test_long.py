"""A document of 200 pages: read part by part, merged by code, settled once."""

import json
from pathlib import Path
from typing import Any

import pytest
from tests.agents.conftest import Client
from tests.agents.messages_replies import Reply, say
from tests.agents.messages_server import MessagesServer
from tests.agents.planning.reading import draft, loose, outside_fences, said, says
from tests.effort import at_most
from tests.tools.documents.office import page, pdf

from rockets_agents.errors import AnswerUnusableError
from rockets_agents.planning import Drafted, estimate_planning
from rockets_tools.documents import Prose, open_document
from rockets_tools.documents.sections import Section, halves, sections
from rockets_tools.plan import read_plan

PAGES = 200
LINES = 45
PARTS = 9


@pytest.fixture(scope="module")
def manual(tmp_path_factory: pytest.TempPathFactory) -> Prose:
    """A PDF whose page N is chapter N."""
    file = tmp_path_factory.mktemp("long") / "manual.pdf"
    words = "Of every item the clerk keeps the weight, the day it came and who is to have it"
    pages = [
        page(f"{n} Chapter", *(f"{words} ({n}.{k})." for k in range(LINES)))
        for n in range(1, PAGES + 1)
    ]
    file.write_bytes(pdf(pages))
    found = open_document(file)
    assert isinstance(found, Prose)
    return found


def thing(name: str, line: int, **more: Any) -> dict[str, Any]:
    source = str(line)
    grant = {"operations": ["read", "create"], "x-source": source}
    return {
        "entityName": name,
        "x-source": source,
        "fields": [{"name": "weight", "type": "float", "x-source": source}],
        "acl": {"clerk": grant},
        **more,
    }


def part(number: int, section: Section) -> dict[str, Any]:
    """Chapter N refers to the one before, and adds a field to the ledger all of them share."""
    line = section.first + 2
    source = str(line)
    relations = [{"targetEntity": f"Item{number - 1}", "x-source": source}] if number > 1 else []
    ledger = thing("Ledger", line)
    ledger["fields"] = [
        {"name": f"total{number}", "type": "float", "x-source": source},
        {"name": "note", "type": "text" if number == 3 else "string", "x-source": source},
    ]
    question = {
        "id": "who",
        "about": [f"Item{number}.weight"],
        "text": "Who weighs it?",
        "options": [],
        "assumption": "The clerk.",
    }
    return {
        "plan": {"entities": [thing(f"Item{number}", line, relations=relations), ledger]},
        "questions": [question],
    }


def replies(manual: Prose) -> list[Reply]:
    return [says(part(n, s)) for n, s in enumerate(sections(manual), 1)]


def settle(take: str) -> Reply:
    return says({"choices": [{"number": 0, "take": take, "why": "Chapter 50 corrects it."}]})


def test_two_hundred_pages_become_one_plan(
    manual: Prose, client: Client, server: MessagesServer
) -> None:
    parts = sections(manual)
    with at_most(30):
        found = draft(client, server, *replies(manual), settle("second"), document=manual)
    server.assert_complete()
    assert len(manual.text) > 700_000
    assert len(parts) == len(server.calls) - 1 == PARTS

    plan = read_plan(json.dumps(found.plan)).plan
    assert len(plan.entities) == PARTS + 1
    ledger = plan.entities["Ledger"]
    assert {f.name for f in ledger.fields} == {"note", *(f"total{n}" for n in range(1, PARTS + 1))}
    assert next(f for f in ledger.fields if f.name == "note").type == "text"
    pages = [manual.page(s.first) for s in found.provenance["/entities/1"]]
    assert pages == [manual.page(s.first + 2) for s in parts]
    assert [q.id for q in found.questions] == ["who", *(f"who-{n}" for n in range(2, PARTS + 1))]
    assert found.assumptions[-1].text == "The document contradicts itself: Chapter 50 corrects it."


def test_a_part_whose_plan_does_not_fit_is_read_in_smaller_ones(
    manual: Prose, client: Client, server: MessagesServer
) -> None:
    """Asked for again in less room, the Lead would leave things out."""
    first, *others = sections(manual)
    pieces = halves(manual, first)
    parts = [*pieces, *others]
    assert len(pieces) == 2
    assert [p.first for p in parts] == [1, *(p.last + 1 for p in parts[:-1])]
    cut = say('{"plan": {"entities": [', stop_reason="max_tokens", output_tokens=64_000)
    answers = [says(part(n, s)) for n, s in enumerate(parts, 1)]
    unusable = say("no plan", output_tokens=7)
    found = draft(client, server, unusable, cut, *answers, settle("first"), document=manual)
    server.assert_complete()
    assert len(loose(found.plan)["entities"]) == len(parts) + 1
    assert f"This is part 2 of {len(parts)} of the document" in outside_fences(server.calls[3])
    assert found.usage.output_tokens > 64_000
    assert found.usage == found.budget.spent["lead"].usage


def test_each_part_knows_what_is_planned_and_where_it_is(
    manual: Prose, client: Client, server: MessagesServer
) -> None:
    draft(client, server, *replies(manual), settle("first"), document=manual)
    third = said(server.calls[2])
    assert "Item2: weight float; item1 -> Item1; @clerk any read create" in third
    assert "Item3" not in third
    assert "200 Chapter" in third, "the outline is of the whole document"
    assert f"This is part 3 of {PARTS} of the document" in outside_fences(server.calls[2])
    assert all(len(said(call)) < 170_000 for call in server.calls)
    assert not [call for call in server.calls if str(Path(manual.file).parent) in str(call.body)]
    last = said(server.calls[-1])
    assert '"about": "Ledger.note"' in last
    assert len(last) < 30_000, "of the document only the passages that contradict each other"


def test_a_part_is_checked_against_what_came_before(
    manual: Prose, client: Client, server: MessagesServer
) -> None:
    """A target of a later part, lines of another one: told at once, so that nothing piles up."""
    good = replies(manual)
    wrong = part(2, sections(manual)[1])
    wrong["plan"]["entities"][0]["relations"][0]["targetEntity"] = "Item7"
    wrong["plan"]["entities"][0]["x-source"] = "5"
    draft(client, server, good[0], says(wrong), *good[1:], settle("first"), document=manual)
    feedback = said(server.calls[2])
    assert "Item2.Item7" in feedback
    assert "x-source of Item2 names lines 5-5" in feedback


@pytest.mark.parametrize("plan", [{"entities": {}}, {"nonCrud": [{}]}, {"entities": [[]]}])
def test_a_part_without_the_shape_of_a_plan_takes_nothing_away(
    plan: dict[str, Any], manual: Prose, client: Client, server: MessagesServer
) -> None:
    good = replies(manual)
    bad = says({"plan": plan})
    found = draft(client, server, good[0], bad, *good[1:], settle("first"), document=manual)
    assert len(loose(found.plan)["entities"]) == PARTS + 1
    assert "cannot be used" in said(server.calls[2])
    null = says({"plan": {"entities": None, "nonCrud": None}})
    nothing = says({"plan": {}})
    found = draft(client, server, good[0], null, *[nothing] * (PARTS - 2), document=manual)
    assert len(loose(found.plan)["entities"]) == 2


def test_a_part_can_take_back_what_an_earlier_one_said(
    manual: Prose, client: Client, server: MessagesServer
) -> None:
    answers = [part(n, s) for n, s in enumerate(sections(manual), 1)]
    answers[4]["removed"] = ["Ledger.note"]
    for answer in answers[4:]:
        del answer["plan"]["entities"][1]["fields"][1]
    found = draft(client, server, *map(says, answers), settle("second"), document=manual)
    assert [f["name"] for f in loose(found.plan)["entities"][1]["fields"]] == [
        f"total{n}" for n in range(1, PARTS + 1)
    ]


def test_parts_without_anything_are_fine_and_a_document_of_them_is_refused(
    manual: Prose, client: Client, server: MessagesServer
) -> None:
    good = replies(manual)
    nothing = says({"plan": {}})
    refused = says({"plan": {}, "refusal": "Only a glossary."})
    found = draft(
        client, server, good[0], nothing, refused, *[nothing] * (PARTS - 3), document=manual
    )
    assert found.blockers == ()
    assert len(loose(found.plan)["entities"]) == 2
    found = draft(client, server, refused, *[nothing] * (PARTS - 1), document=manual)
    assert "Only a glossary." in found.blockers[0].message


def test_a_settlement_must_be_whole(manual: Prose, client: Client, server: MessagesServer) -> None:
    none = says({"choices": []})
    with pytest.raises(AnswerUnusableError):
        draft(client, server, *replies(manual), none, none, none, document=manual)


def test_what_it_will_cost_is_known_before(manual: Prose) -> None:
    estimate = estimate_planning(manual, model_id="claude-opus-5-5")
    assert estimate.calls == PARTS
    assert 200_000 < estimate.prompt_tokens < 400_000
    assert estimate.cost is not None
    assert 2 < estimate.cost < 6


def test_many_parts_are_no_slower_than_their_number(client: Client, server: MessagesServer) -> None:
    """Merging and checking the whole again after each part, 120 entities in the end."""
    text = "".join(f"# Chapter {n}\n\n{'An item. ' * 200}\n\n" for n in range(1, 61))
    prose = Prose(file="x.md", text=text)
    parts = sections(prose, 2000)
    assert len(parts) == 60
    answers = [
        says({"plan": {"entities": [thing(f"A{n}", s.first), thing(f"B{n}", s.first)]}})
        for n, s in enumerate(parts, 1)
    ]
    with at_most(40):
        found: Drafted = draft(client, server, *answers, document=prose, section_size=2000)
    assert len(loose(found.plan)["entities"]) == 120


def test_the_folder_stays_clean(tmp_path: Path, manual: Prose) -> None:
    assert list(tmp_path.iterdir()) == []
    assert [p.name for p in Path(manual.file).parent.iterdir()] == ["manual.pdf"]
