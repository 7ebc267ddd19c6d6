"""Which requests the smoke test makes of modules with behaviour, and what it expects."""

from dataclasses import replace
from pathlib import Path

import pytest
from tests.behaviour_modules import MODULES, answered, orders, orders_project

from rockets_tools.files import ProjectFiles
from rockets_tools.integrate import integrate_modules
from rockets_tools.smoke.handlers import NOT_HIS, UNKNOWN, handler_scenes

CONTROLLER = "src/modules/order-fulfilment/order-fulfilment.controller.ts"
Asked = tuple[str | None, str, str, tuple[int, ...]]


@pytest.fixture
def files(tmp_path: Path) -> ProjectFiles:
    files = orders_project(tmp_path / "orders")
    integrate_modules(files, [answered(name) for name in MODULES])
    return files


def asked(files: ProjectFiles) -> dict[str, list[Asked]]:
    """By module: who asks what, with the id in a path put back to `:id`."""
    return {
        scene.entity: [
            (step.person, step.method, case.operation.partition(" ")[2], step.status)
            for case in scene.cases
            for step in case.steps
        ]
        for scene in handler_scenes(files, orders())
    }


def test_nobody_and_every_role_without_the_grant_is_refused(files: ProjectFiles) -> None:
    path = "/order-fulfilment/:id"
    assert asked(files) == {
        "OrderFulfilment": [
            (None, "GET", path, (401,)),
            ("smoke-stranger.a", "GET", path, (403,)),
            ("user.a", "GET", path, NOT_HIS),
            (None, "PATCH", path, (401,)),
            ("user.a", "PATCH", path, (403,)),
            ("smoke-stranger.a", "PATCH", path, (403,)),
        ],
        "OrderReminder": [
            (None, "POST", "/order-reminders", (401,)),
            ("user.a", "POST", "/order-reminders", (403,)),
            ("smoke-stranger.a", "POST", "/order-reminders", (403,)),
        ],
    }


def test_a_parameter_is_given_an_id(files: ProjectFiles) -> None:
    paths = {
        step.path
        for scene in handler_scenes(files, orders())
        for c in scene.cases
        for step in c.steps
    }
    assert len(paths) == 2
    assert not any(":" in path for path in paths)


def test_a_handler_without_a_grant_must_refuse_who_holds_nothing(files: ProjectFiles) -> None:
    text = (files.read(CONTROLLER) or "").replace(
        "  @AccessControlUpdateOne(OrderFulfilmentResource.One)\n", ""
    )
    files.write(CONTROLLER, text)
    patches = [one for one in asked(files)["OrderFulfilment"] if one[1] == "PATCH"]
    assert [(person, status) for person, _, _, status in patches] == [
        (None, (401,)),
        ("smoke-stranger.a", (403,)),
    ]


def test_grants_are_those_that_were_integrated_whatever_the_rules_say_now(
    files: ProjectFiles,
) -> None:
    acl = files.read("src/app.acl.ts") or ""
    files.write(
        "src/app.acl.ts",
        acl + "acRules.grant(AppRole.User).resource(AppResource.OrderReminder).createAny();\n",
    )
    assert ("user.a", "POST", "/order-reminders", (403,)) in asked(files)["OrderReminder"]


def test_a_route_that_cannot_be_told_cannot_pass(files: ProjectFiles) -> None:
    text = (files.read(CONTROLLER) or "").replace("@Get(':id')", "@Get(path())")
    files.write(CONTROLLER, text)
    (scene, _) = handler_scenes(files, orders())
    unknown = [c for c in scene.cases if c.operation == "GET show"]
    assert {step.path for case in unknown for step in case.steps} == {UNKNOWN}
    assert all(404 not in step.status for c in unknown[:2] for step in c.steps)


def test_a_project_without_such_modules_has_no_scene(tmp_path: Path) -> None:
    assert list(handler_scenes(orders_project(tmp_path / "plain"), orders())) == []


def test_a_module_that_grants_nothing_is_closed_to_every_role(tmp_path: Path) -> None:
    files = orders_project(tmp_path / "closed")
    integrate_modules(files, [replace(answered("order-reminder"), grants=())])
    people = [person for person, *_ in asked(files)["OrderReminder"]]
    assert people == [None, "admin.a", "support.a", "user.a", "smoke-stranger.a"]
