"""`--resume`: what is proven stays, what is not is done again, and nothing is believed blindly."""

import json
from typing import Any

import pytest
from tests.graph.conftest import ADMIN, FIELD, SHOP, Project, plan_of

from rockets_tools.errors import InputError


def with_field(plan: dict[str, Any], entity: str) -> dict[str, Any]:
    """The plan, where one entity has one more field."""
    changed = json.loads(json.dumps(plan))
    for item in changed["entities"]:
        if item["entityName"] == entity:
            item["fields"].append({"name": "note", "type": "text", "required": False})
    return changed


def rendered(project: Project) -> list[str]:
    return [
        name
        for call in project.calls()
        if call.startswith("render ")
        for name in call.removeprefix("render ").split(",")
    ]


def test_finished_run_says_so_and_changes_no_byte(project: Project) -> None:
    first = project.run()
    before, _ = project.tree(state=True), project.calls()
    again = project.run(resume=True, spec=False)
    assert (again.exit_code, again.success) == (0, True)
    assert any("nothing to do" in note for note in project.notes())
    assert project.calls() == []
    assert project.tree(state=True) == before
    ours, theirs = again.as_json(), first.as_json()
    assert ours | {"timings": 0} == theirs | {"timings": 0}


def test_second_run_without_resume_changes_no_byte(project: Project) -> None:
    project.run()
    before = project.tree()
    assert project.run().success
    assert project.tree() == before


def test_failed_entity_is_done_again_after_the_plan_was_fixed(project: Project) -> None:
    """Defect 13: it stayed failed for ever."""
    project.run(trouble={"render": "Product"})
    project.calls()
    project.write_plan(with_field(SHOP, "Product"))
    report = project.run(resume=True)
    assert report.success
    assert (report.completed, report.failed) == (4, 0)
    assert project.state()["failedEntities"] == []
    assert rendered(project) == ["Product", "ProductTag"]


def test_entities_of_a_red_gate_are_not_done(project: Project) -> None:
    """Defect 14: they were recorded as completed, and skipped for ever after."""
    project.run(trouble={"validate-all": "yes"})
    assert project.state()["completedEntities"] == []
    project.calls()
    report = project.run(resume=True, spec=False)
    assert report.success
    assert rendered(project) == ["Category", "Tag", "Product", "ProductTag"]


@pytest.mark.parametrize(
    ("trouble", "again"),
    [
        ({"migrate": "gate"}, ["migrate", "validate all True", "build", "smoke"]),
        ({"build-red": "yes"}, ["build", "smoke"]),
        ({"smoke-red": "yes"}, ["build", "smoke"]),
    ],
)
def test_only_gates_that_were_not_green_are_looked_at_again(
    project: Project, trouble: dict[str, str], again: list[str]
) -> None:
    project.run(trouble=trouble)
    project.calls()
    assert project.run(resume=True, spec=False).success
    assert project.calls() == again


def test_skipped_gate_is_looked_at_when_it_is_no_longer_skipped(project: Project) -> None:
    project.run(skip_smoke=True)
    project.calls()
    report = project.run(resume=True, spec=False)
    assert project.calls() == ["build", "smoke"]
    assert report.as_json()["summary"]["smokeTestPassed"] is True


def test_resume_with_another_plan_does_only_what_changed(project: Project) -> None:
    project.run()
    project.calls()
    project.write_plan(with_field(SHOP, "Tag"))
    report = project.run(resume=True)
    assert report.success
    # ProductTag is related to Tag, so its files may depend on it.
    assert rendered(project) == ["Tag", "ProductTag"]
    assert any("another" in note for note in project.notes())


def test_plan_edited_in_place_is_seen(project: Project) -> None:
    project.run()
    project.calls()
    path = project.root / ".rockets/plan.json"
    path.write_text(json.dumps(with_field(SHOP, "Tag")), encoding="utf-8")
    assert project.run(resume=True, spec=False).success
    assert rendered(project) == ["Tag", "ProductTag"]


def test_same_plan_in_another_layout_is_the_same_plan(project: Project) -> None:
    project.run()
    before, _ = project.tree(), project.calls()
    project.spec.write_text(json.dumps(SHOP, indent=4), encoding="utf-8")
    assert project.run(resume=True).success
    assert project.calls() == []
    assert project.tree() == before


def test_entity_added_and_entity_gone(project: Project) -> None:
    project.run()
    project.calls()
    plan = plan_of(Category=[], Tag=[], Product=["Category"], Review=["Product"])
    project.write_plan(plan)
    report = project.run(resume=True)
    assert report.success
    assert report.total_entities == 4
    assert "ProductTag" not in rendered(project)
    assert report.orphans == ("src/modules/product-tag/product-tag.txt",)
    assert "product-tag" not in project.state()["completedEntities"]


def test_lost_file_is_made_again_and_the_gates_look_again(project: Project) -> None:
    project.run()
    before, _ = project.tree(), project.calls()
    (project.root / "src/modules/tag/tag.txt").unlink()
    assert project.run(resume=True, spec=False).success
    assert project.tree() == before
    assert "smoke" in project.calls()


def test_edited_file_is_looked_at_once_and_stays(project: Project) -> None:
    project.run()
    project.calls()
    edited = project.root / "src/modules/tag/tag.txt"
    edited.write_text("mine\n", encoding="utf-8")
    assert project.run(resume=True, spec=False).success
    calls = project.calls()
    assert "validate Tag False" in calls
    assert "smoke" in calls
    assert edited.read_text(encoding="utf-8") == "mine\n"
    before = project.tree(state=True)
    assert project.run(resume=True, spec=False).success
    assert project.calls() == []
    assert project.tree(state=True) == before


def test_other_generator_does_everything_again(project: Project) -> None:
    project.run()
    project.calls()
    assert project.run(resume=True, spec=False, generator="fake 2").success
    assert len(rendered(project)) == 4
    assert any("another generator" in note for note in project.notes())


def test_budget_spent_survives(project: Project) -> None:
    project.run(trouble={"smoke-red": "yes"})
    path = project.root / ".rockets/state.json"
    state = json.loads(path.read_text(encoding="utf-8"))
    state["usage"] = {"reviewer": {"tokens": 7, "cost": 0.5}}
    path.write_text(json.dumps(state), encoding="utf-8")
    assert project.run(resume=True, spec=False).success
    assert project.state()["usage"] == {"reviewer": {"calls": 0, "tokens": 7, "cost": 0.5}}


def test_resume_keeps_when_and_which_run_it_was(project: Project) -> None:
    project.run(trouble={"integrate": "interrupt"})
    before = project.state()
    project.run(resume=True, spec=False)
    after = project.state()
    assert [after[key] for key in ("startedAt", "runId")] == [
        before[key] for key in ("startedAt", "runId")
    ]


def test_nothing_to_resume_starts_from_the_first_wave(project: Project) -> None:
    assert project.run(resume=True).success
    assert any("there is no .rockets/state.json" in note for note in project.notes())
    assert len(rendered(project)) == 4


def test_without_resume_an_unfinished_run_is_started_over_and_said(project: Project) -> None:
    project.run(trouble={"smoke-red": "yes"})
    project.calls()
    assert project.run().success
    assert len(rendered(project)) == 4
    assert any("did not finish" in note for note in project.notes())


SEED = {
    "startedAt": "2026-02-25T10:00:00Z",
    "waves": [{"index": 0, "entities": ["category", "tag"], "status": "completed"}],
    "completedEntities": ["category", "tag"],
    "failedEntities": [],
    "currentWave": 1,
}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "corrupt"),
        ("{", "corrupt"),
        ("[]", "corrupt"),
        ("null", "corrupt"),
        ('{"startedAt": 1}', "corrupt"),
        (json.dumps({**SEED, "waves": {"0": []}}), "corrupt (waves"),
        (json.dumps({**SEED, "currentWave": "one"}), "corrupt (currentWave"),
        (json.dumps({**SEED, "format": "9"}), "corrupt (format"),
        ("[" * 100_000, "corrupt"),
        ("\ud800".encode("utf-8", "surrogatepass"), "corrupt (not UTF-8 text)"),
        (json.dumps(SEED), "another generator"),
        (json.dumps({**SEED, "completedEntities": ["../../etc", "category"]}), "another generator"),
        (json.dumps({**SEED, "currentWave": -1, "waves": []}), "another generator"),
    ],
)
def test_state_that_proves_nothing_is_told_and_done_again(
    project: Project, text: str | bytes, said: str
) -> None:
    folder = project.root / ".rockets"
    folder.mkdir()
    (folder / "state.json").write_bytes(text if isinstance(text, bytes) else text.encode())
    report = project.run(resume=True)
    assert report.success
    assert any(said in note for note in project.notes()), project.notes()
    assert len(rendered(project)) == 4
    assert project.state()["completedEntities"] == ["category", "tag", "product", "product-tag"]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"project": "another-shop"}, "state-foreign"),
        ({"format": 99}, "state-newer"),
        ({"format": 99, "waves": "in another form"}, "state-newer"),
    ],
)
def test_state_of_another_project_or_a_newer_format_is_refused(
    project: Project, change: dict[str, Any], code: str
) -> None:
    project.run(skip_build=True)
    path = project.root / ".rockets/state.json"
    path.write_text(json.dumps({**project.state(), **change}), encoding="utf-8")
    before, _ = project.tree(state=True), project.calls()
    with pytest.raises(InputError) as caught:
        project.run(resume=True, spec=False)
    assert caught.value.problems[0].code == code
    assert project.tree(state=True) == before
    assert project.calls() == []


def test_claims_of_a_state_file_are_checked_against_plan_and_files(project: Project) -> None:
    """A cloned project can say that all is done and green; then there must be files, too."""
    project.run()
    (project.root / ".rockets/fake-record.json").unlink()
    project.calls()
    assert project.run(resume=True, spec=False).success
    assert len(rendered(project)) == 4


def test_gates_depend_on_the_plan(project: Project) -> None:
    """Nothing to generate does not mean nothing to prove."""
    project.run()
    project.calls()
    project.write_plan({**SHOP, "nonCrud": [{"name": "Checkout"}]})
    assert project.run(resume=True).success
    assert project.calls() == ["migrate", "validate all True", "build", "smoke"]


def test_red_wave_of_a_done_entity_makes_it_undone(project: Project) -> None:
    project.run()
    plan = {"entities": [*with_field(SHOP, "Tag")["entities"]]}
    assert plan["entities"][1] == {
        "entityName": "Tag",
        "fields": [FIELD, plan["entities"][1]["fields"][1]],
        "acl": ADMIN,
        "relations": [],
    }
    project.write_plan(plan)
    report = project.run(resume=True, trouble={"validate-file": "Tag"})
    assert report.exit_code == 1
    state = project.state()
    assert "tag" not in state["completedEntities"]
    assert state["failedEntities"] == ["tag"]
    assert "category" in state["completedEntities"]


def test_a_dry_resume_says_what_stays_and_writes_nothing(project: Project) -> None:
    project.run()
    plan = json.loads(project.spec.read_text(encoding="utf-8"))
    before, _ = project.tree(state=True), project.calls()
    finished = project.run(resume=True, dry_run=True)
    assert (finished.status, finished.completed) == ("planned", len(plan["entities"]))
    assert any("nothing to do" in note for note in project.notes())
    project.write_plan(with_field(plan, "Product"))
    planned = project.run(resume=True, dry_run=True)
    # ProductTag renders what it knows of Product, so it is done again, too.
    assert planned.completed == len(plan["entities"]) - 2
    assert [wave.status for wave in planned.waves] == ["completed", "pending", "pending"]
    assert any("gates that would be looked at: validate, migration" in n for n in project.notes())
    assert not any(call.startswith(("render", "integrate")) for call in project.calls())
    assert project.tree(state=True) == before
