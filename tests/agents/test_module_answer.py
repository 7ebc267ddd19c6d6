"""What the Generator says of a module it wrote is looked at before anybody believes it."""

from pathlib import Path

import pytest
from tests.behaviour_modules import DATA, MODULES, orders_project, write

from rockets_agents.generator import (
    FixBrief,
    FixSummary,
    ModuleAccess,
    ModuleBrief,
    ModuleInWork,
    ModuleWritten,
    check_fixes,
    check_module,
)
from rockets_agents.lead import Handler, ModuleSpec, ModuleTask
from rockets_tools.files import ProjectFiles


@pytest.fixture
def files(tmp_path: Path) -> ProjectFiles:
    files = ProjectFiles(tmp_path)
    write(files)
    return files


def brief(name: str, *roles: str) -> ModuleBrief:
    handler = Handler(method="GET", path="/x", roles=roles, does="It.")
    task = ModuleTask(
        module=name,
        kind="other",
        blocked_by=(),
        uses=(),
        handlers=(handler,),
        instructions="",
        test_cases=(),
    )
    own = (f"src/modules/{name}/", f"test/{name}.test.mjs")
    return ModuleBrief(module=ModuleSpec(name=name), task=task, entities=(), files=own)


def answer(name: str) -> ModuleWritten:
    return ModuleWritten.model_validate_json((DATA / name / "answer.json").read_text())


@pytest.mark.parametrize("name", MODULES)
def test_a_complete_module_is_believed(name: str, files: ProjectFiles) -> None:
    assert list(check_module(answer(name), brief(name, "support", "user"), files)) == []


def test_each_thing_that_does_not_hold_is_told(files: ProjectFiles) -> None:
    good = answer("order-reminder")
    grant = good.grants[0]
    changes: dict[str, dict[str, object]] = {
        "is missing in `files`": {"files": good.files[:2]},
        "is no member of `AppResource`": {"resources": ("order-reminder",), "grants": ()},
        "is granted to admin more than once": {"grants": (grant, grant)},
        "which is no resource of this module": {"resources": ()},
        "is not a file of this module": {"files": (*good.files, "src/main.ts")},
    }
    for told, change in changes.items():
        wrong = good.model_copy(update=change)
        said = list(check_module(wrong, brief("order-reminder", "support"), files))
        assert any(told in sentence for sentence in said), (told, said)


def test_nobody_is_granted_what_the_task_does_not_name(files: ProjectFiles) -> None:
    said = list(check_module(answer("order-fulfilment"), brief("order-fulfilment"), files))
    assert said == [
        "OrderFulfilment is granted to support, for whom the task has no handler.",
        "OrderFulfilment is granted to user, for whom the task has no handler.",
    ]


def test_no_file_is_kept_from_the_review(files: ProjectFiles) -> None:
    hidden = "src/modules/order-reminder/back-door.ts"
    files.write(hidden, "export const open = true;\n")
    said = list(check_module(answer("order-reminder"), brief("order-reminder", "support"), files))
    assert said == [f"{hidden} is there, too: name it in `files`, so that it is reviewed."]


def test_what_integrate_would_refuse_is_told_at_once(tmp_path: Path) -> None:
    files = orders_project(tmp_path / "shop")
    name = "order-reminder"
    asked = brief(name, "support", "clerk")
    assert list(check_module(answer(name), asked, files)) == []
    given = answer(name)
    clerk = given.grants[0].model_copy(update={"role": "clerk"})
    taken = given.model_copy(update={"resources": ("Order",), "grants": ()})
    for wrong, told in (
        (given.model_copy(update={"grants": (clerk,)}), "a role that the project has not"),
        (taken, "which is of the entity order"),
    ):
        said = list(check_module(wrong, asked, files))
        assert any(told in sentence for sentence in said), said


def test_what_a_fix_says_anew_of_a_module_holds_like_its_first_answer(tmp_path: Path) -> None:
    files = orders_project(tmp_path / "shop")
    name = "order-reminder"
    asked = ModuleInWork(module=name, task=brief(name, "support").task, written=answer(name))
    fix = FixBrief(round=1, rounds=3, files=(), requests=(), modules=(asked,))

    def said(*access: ModuleAccess) -> list[str]:
        return list(check_fixes(FixSummary(fixes=(), access=access, summary=""), fix, files))

    given = answer(name)
    same = ModuleAccess(module=name, resources=given.resources, grants=given.grants)
    clerk = given.grants[0].model_copy(update={"role": "clerk"})
    assert said() == said(same) == []
    for access, told in (
        ((same, same), "more than once"),
        ((same.model_copy(update={"module": "order"}),), "order is no module in work"),
        ((same.model_copy(update={"grants": (clerk,)}),), "for whom the task has no handler"),
        ((same.model_copy(update={"resources": ("Order",), "grants": ()}),), "of the entity order"),
    ):
        (sentence,) = said(*access)
        assert told in sentence
