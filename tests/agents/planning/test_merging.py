"""Plans of parts become one: joined where they fit, told where they contradict."""

import os
from copy import deepcopy
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.agents.planning.reading import LIBRARY, PLAN, loose

from rockets_agents.planning.checks import check_plan
from rockets_agents.planning.merging import find, merge, pointers, put, replaced, without
from rockets_agents.planning.passages import brief_of
from rockets_agents.planning.said import Noticed, PlanDraft
from rockets_agents.planning.sources import marked, spans, unmarked
from rockets_tools.documents.sections import sections
from rockets_tools.files import ProjectFiles

NOWHERE = ProjectFiles(Path(os.devnull))

ORDER = {
    "entityName": "Order",
    "x-source": "1",
    "fields": [{"name": "total", "type": "float", "x-source": "1"}],
    "acl": {"user": {"possession": "own", "operations": ["read"], "x-source": "1"}},
}


def order(**more: object) -> dict:
    return {"entities": [{"entityName": "order", "x-source": "9", **more}]}


def only(plan: dict) -> dict:
    [entity] = plan["entities"]
    return entity


BASE = {"entities": [ORDER]}


def test_what_one_part_leaves_open_the_other_may_say() -> None:
    part = order(
        fields=[{"name": "Total", "min": 0, "x-source": "9"}, {"name": "note", "x-source": "9"}],
        acl={"user": {"possession": "own", "operations": ["create"], "x-source": "9"}},
        operations=["readMany", "createOne"],
    )
    merged = merge(BASE, part)
    assert merged.clashes == []
    assert only(merged.plan) == {
        **ORDER,
        "x-source": "1, 9",
        "fields": [
            {"name": "total", "type": "float", "min": 0, "x-source": "1, 9"},
            {"name": "note", "x-source": "9"},
        ],
        "acl": {
            "user": {"possession": "own", "operations": ["read", "create"], "x-source": "1, 9"}
        },
        "operations": ["readMany", "createOne"],
    }
    assert BASE == {"entities": [ORDER]}


def test_contradictions_are_told_and_the_first_stays() -> None:
    part = order(
        fields=[{"name": "total", "type": "number", "x-source": "9"}],
        acl={"user": {"possession": "any", "operations": ["read"], "x-source": "9"}},
    )
    merged = merge({"entities": [{**ORDER, "ownerField": "buyerId"}]}, part)
    assert [clash.about for clash in merged.clashes] == ["Order.total", "Order@user"]
    assert only(merged.plan)["acl"]["user"]["possession"] == "own"
    assert merge(
        {"entities": [{**ORDER, "ownerField": "buyerId"}]}, order(ownerField="userId")
    ).clashes[0].about == "Order/ownerField"  # fmt: skip
    for clash in merged.clashes:
        put(merged.plan, clash.about, clash.second)
    assert only(merged.plan)["fields"] == part["entities"][0]["fields"]  # type: ignore[index]
    assert only(merged.plan)["acl"]["user"]["possession"] == "any"


def test_a_grant_never_becomes_wider_by_merging_scopes() -> None:
    """Own reading and any creating are no any reading."""
    wide = order(acl={"user": {"operations": ["create"], "x-source": "9"}})
    merged = merge(BASE, wide)
    assert only(merged.plan)["acl"] == ORDER["acl"]
    assert [clash.about for clash in merged.clashes] == ["Order@user"]


def test_modules_are_one_text_and_uniques_one_list() -> None:
    first = {"nonCrud": [{"name": "bill", "description": "Sends bills.", "x-source": "2"}]}
    second = {"nonCrud": [{"name": "Bill", "description": "At night.", "x-source": "8"}]}
    [module] = loose(merge(first, second).plan)["nonCrud"]
    assert module == {"name": "bill", "description": "Sends bills.\nAt night.", "x-source": "2, 8"}
    plans = order(uniqueConstraint=["a", "b"]), order(uniqueConstraint=[["a", "b"], ["c", "d"]])
    assert only(merge(*plans).plan)["uniqueConstraint"] == [["a", "b"], ["c", "d"]]


def test_parts_are_removed_by_name_in_any_case() -> None:
    left, unknown = without(PLAN, ["loan.To", "Book@admin", "overdue-loans", "Shelf", "Copy"])
    assert unknown == ("Shelf",)
    assert [e["entityName"] for e in loose(left)["entities"]] == ["Book", "Loan"]
    assert [f["name"] for f in loose(left)["entities"][1]["fields"]] == ["from", "status"]
    assert left["nonCrud"] == []


def test_a_revision_replaces_whole_entities() -> None:
    plan = replaced(PLAN, {"entities": [{"entityName": "book"}, {"entityName": "Shelf"}]})
    assert [e["entityName"] for e in loose(plan)["entities"]] == ["book", "Copy", "Loan", "Shelf"]


def test_sources_come_out_of_a_plan_and_go_back_in() -> None:
    clean, provenance = unmarked(PLAN, "a.md")
    assert "x-source" not in str(clean)
    again, same = unmarked(marked(clean, provenance), "a.md")
    assert (again, same) == (clean, provenance)
    assert spans("3, 12-14,12\u201314") == ((3, 3), (12, 14))
    for wrong in ("", "3-", "a", "3;4", None, True, [3], "1" * 2000, "3, "):
        assert spans(wrong) is None  # type: ignore[arg-type]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(
        st.sampled_from(
            ["entities", "entityName", "fields", "relations", "acl", "name", "targetEntity",
             "nonCrud", "operations", "x-source", "x-guess", "uniqueConstraint", "type", "admin"]
        ),
        inner,
        max_size=4,
    ),
    max_leaves=25,
)  # fmt: skip
PARTS = st.dictionaries(st.sampled_from(["entities", "nonCrud", "paths", "x"]), JSON, max_size=3)


@given(PARTS, PARTS)
def test_any_json_can_be_merged_and_nothing_given_is_changed(first: dict, second: dict) -> None:
    before = deepcopy((first, second))
    merge(first, second)
    merge(PLAN, second)
    replaced(PLAN, second)
    without(PLAN, [str(second)])
    assert (first, second) == before


@settings(max_examples=40)
@given(PARTS)
def test_any_answer_is_checked_and_none_breaks_the_check(plan: dict) -> None:
    for so_far in ({}, PLAN):
        [section] = sections(LIBRARY)
        brief = brief_of(LIBRARY, section, 1, 2, so_far)
        draft = PlanDraft(plan=plan, removed=("Loan.to",), noticed=(Noticed(lines="x", text="y"),))
        assert all(isinstance(said, str) for said in check_plan(draft, brief, NOWHERE))


def test_names_find_their_place() -> None:
    known = pointers(PLAN)
    assert find(known, "loan.Reader") == "/entities/2/relations/1"
    assert find(known, " Loan@user ") == "/entities/2/acl/user"
    assert find(known, "Loan.colour") is None
