"""Modules with behaviour: what is wired, what is remembered, and what is refused."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from tests.behaviour_modules import MODULES, answered, orders_project, write
from tests.effort import at_most

from rockets_tools.errors import InputError
from rockets_tools.files import ProjectFiles
from rockets_tools.generate.result import ClassReference
from rockets_tools.integrate import (
    BehaviourModule,
    ModuleGrant,
    integrate_modules,
    module_written,
    orphan_modules,
)
from rockets_tools.plan.model import Action, Grant, Possession

ACL, APP_MODULE = "src/app.acl.ts", "src/app.module.ts"
FOLDER = "src/modules/order-fulfilment"
MACHINE, REMINDER = map(answered, MODULES)


@pytest.fixture
def files(tmp_path: Path) -> ProjectFiles:
    return orders_project(tmp_path / "orders")


def grant(resource: str, role: str, *actions: Action) -> ModuleGrant:
    held = Grant(possession=Possession.ANY, actions=frozenset(actions))
    return ModuleGrant(resource=resource, role=role, grant=held)


def snapshot(files: ProjectFiles) -> dict[str, bytes]:
    found = sorted(path for path in files.root.rglob("*") if path.is_file())
    return {str(path.relative_to(files.root)): path.read_bytes() for path in found}


def refused(files: ProjectFiles, *modules: BehaviourModule) -> list[str]:
    """The codes of the problems, after a look that nothing was written."""
    before = snapshot(files)
    with pytest.raises(InputError) as caught:
        integrate_modules(files, modules)
    assert snapshot(files) == before
    assert all(problem.message and problem.fix for problem in caught.value.problems)
    return [problem.code for problem in caught.value.problems]


def test_class_resources_and_grants_are_wired(files: ProjectFiles) -> None:
    result = integrate_modules(files, [MACHINE, REMINDER])
    assert [action.file for action in result.actions] == [APP_MODULE, ACL]
    root, acl = files.read(APP_MODULE) or "", files.read(ACL) or ""
    for name, path in (("OrderFulfilment", MODULES[0]), ("OrderReminder", MODULES[1])):
        assert f"import {{ {name}Module }} from './modules/{path}/{path}.module';" in root
        assert f"    {name}Module,\n" in root
        assert f"  {name} = '{path}',\n" in acl
    assert acl.endswith(
        "acRules.grant(AppRole.Admin).resource([AppResource.OrderFulfilment]).readAny().updateAny();\n"
        "acRules.grant(AppRole.Support).resource([AppResource.OrderFulfilment]).readAny().updateAny();\n"
        "acRules.grant(AppRole.User).resource([AppResource.OrderFulfilment]).readOwn();\n\n"
        "acRules.grant(AppRole.Admin).resource([AppResource.OrderReminder]).createAny();\n"
        "acRules.grant(AppRole.Support).resource([AppResource.OrderReminder]).createAny();\n"
    )


def test_a_second_call_changes_no_byte(files: ProjectFiles) -> None:
    integrate_modules(files, [MACHINE, REMINDER])
    before = snapshot(files)
    assert integrate_modules(files, [MACHINE, REMINDER]).actions == ()
    assert snapshot(files) == before


def test_one_after_the_other_gives_what_both_at_once_give(tmp_path: Path) -> None:
    one, both = orders_project(tmp_path / "one"), orders_project(tmp_path / "both")
    integrate_modules(one, [MACHINE])
    integrate_modules(one, [REMINDER])
    integrate_modules(both, [MACHINE, REMINDER])
    for path in (ACL, APP_MODULE):
        assert one.read(path) == both.read(path)


def test_edits_around_survive(files: ProjectFiles) -> None:
    acl = files.read(ACL) or ""
    files.write(ACL, acl.replace("export const acRules", "// mine\nexport const acRules"))
    integrate_modules(files, [MACHINE])
    wired = files.read(ACL) or ""
    assert "// mine\nexport const acRules" in wired
    lines = wired.splitlines()
    assert [line for line in acl.splitlines() if line not in lines] == []


def test_grants_are_brought_to_what_is_said_now(files: ProjectFiles) -> None:
    integrate_modules(files, [MACHINE, REMINDER])
    less = replace(REMINDER, grants=(grant("OrderReminder", "support", Action.READ),))
    integrate_modules(files, [less])
    acl = files.read(ACL) or ""
    assert "acRules.grant(AppRole.Support).resource([AppResource.OrderReminder]).readAny();" in acl
    assert "Admin).resource([AppResource.OrderReminder])" not in acl
    integrate_modules(files, [replace(REMINDER, grants=())])
    assert "[AppResource.OrderReminder]" not in (files.read(ACL) or "")


def test_grants_to_nobody_take_away_what_a_blanket_gives(files: ProjectFiles) -> None:
    blanket = "acRules.grant(AppRole.User).resource(Object.values(AppResource)).readAny();\n"
    files.write(ACL, (files.read(ACL) or "") + blanket)
    integrate_modules(files, [replace(REMINDER, grants=())])
    acl = files.read(ACL) or ""
    assert acl.index(blanket) < acl.index("acRules.removeResources([AppResource.OrderReminder]);")


def test_a_resource_that_is_not_needed_any_more_is_granted_to_nobody(files: ProjectFiles) -> None:
    extra = replace(
        REMINDER,
        resources=("OrderReminder", "OrderReminderLog"),
        grants=(*REMINDER.grants, grant("OrderReminderLog", "user", Action.READ)),
    )
    integrate_modules(files, [extra])
    assert "[AppResource.OrderReminderLog]).readAny()" in (files.read(ACL) or "")
    integrate_modules(files, [REMINDER])
    assert "[AppResource.OrderReminderLog]" not in (files.read(ACL) or "")
    written = module_written(files, REMINDER.name)
    assert written is not None
    assert [resource.member for resource in written.retired] == ["OrderReminderLog"]
    integrate_modules(files, [extra])
    assert "[AppResource.OrderReminderLog]).readAny()" in (files.read(ACL) or "")


def test_an_access_query_service_goes_where_the_guard_resolves_it(files: ProjectFiles) -> None:
    path = "src/modules/order-reminder/order-reminder-access-query.service.ts"
    files.write(path, "export class OrderReminderAccessQueryService {}\nclass Helper {}\n")
    integrate_modules(files, [REMINDER])
    root = files.read(APP_MODULE) or ""
    services = root[root.index("queryServices:") : root.index("UserModule.forRootAsync")]
    assert "        OrderReminderAccessQueryService,\n" in services
    assert "Helper" not in root


def test_what_was_written_is_known(files: ProjectFiles) -> None:
    assert module_written(files, MACHINE.name) is None
    extra = f"{FOLDER}/dtos/unnamed.dto.ts"
    files.write(extra, "export class UnnamedDto {}\n")
    integrate_modules(files, [MACHINE])
    written = module_written(files, MACHINE.name)
    assert written is not None
    assert set(written.files) == {*MACHINE.files, extra}
    assert written.changed(files) == {}
    files.write(extra, "export class OtherDto {}\n")
    files.delete(MACHINE.files[0])
    changed = written.changed(files)
    assert changed.keys() == {extra, MACHINE.files[0]}
    assert changed[MACHINE.files[0]] == ""
    assert len(changed[extra]) == 64


def test_a_record_that_is_nonsense_is_told_and_not_believed(files: ProjectFiles) -> None:
    integrate_modules(files, [MACHINE])
    record = ".rockets/modules/order-fulfilment.json"
    good = json.loads(files.read(record) or "")
    bad = good | {"files": {"../../outside.ts": "0" * 64}}
    for text in ("{", "[]", json.dumps(bad), json.dumps(good | {"name": "other"})):
        files.write(record, text)
        assert module_written(files, MACHINE.name) is None
        result = integrate_modules(files, [MACHINE])
        assert [warning.code for warning in result.warnings] == ["record-corrupt"]
        assert module_written(files, MACHINE.name) is not None
    files.write(record, json.dumps(good | {"format": 2}))
    with pytest.raises(InputError, match="newer version"):
        module_written(files, MACHINE.name)


def test_a_lost_record_is_made_again_and_no_resource_is_taken_over(files: ProjectFiles) -> None:
    integrate_modules(files, [MACHINE])
    files.delete(".rockets/modules/order-fulfilment.json")
    assert integrate_modules(files, [MACHINE]).actions == ()
    files.delete(".rockets/modules/order-fulfilment.json")
    more = replace(
        MACHINE, grants=(*MACHINE.grants[:2], grant("OrderFulfilment", "user", Action.UPDATE))
    )
    assert refused(files, more) == ["resource-taken"]


def test_a_run_killed_between_record_and_wiring_is_completed(
    files: ProjectFiles, tmp_path: Path
) -> None:
    whole = orders_project(tmp_path / "whole")
    integrate_modules(whole, [MACHINE])
    record = ".rockets/modules/order-fulfilment.json"
    files.write(record, whole.read(record) or "")
    integrate_modules(files, [MACHINE])
    for path in (ACL, APP_MODULE, record):
        assert files.read(path) == whole.read(path)


def test_a_module_that_left_the_plan_is_told_with_what_mentions_it(files: ProjectFiles) -> None:
    integrate_modules(files, [MACHINE, REMINDER])
    assert orphan_modules(files, MODULES) == []
    (orphan,) = orphan_modules(files, ["order-fulfilment"])
    assert orphan.entity == "order-reminder"
    assert set(orphan.files) == set(REMINDER.files)
    mentioned = {(mention.file, mention.name) for mention in orphan.mentions}
    assert (APP_MODULE, "OrderReminderModule") in mentioned
    assert (ACL, "AppResource.OrderReminder") in mentioned
    problem = orphan.as_problem()
    assert problem.code == "module-left-plan"
    assert "order-reminder is not in the plan any more and has 7 files;" in problem.message


def with_class(name: str) -> BehaviourModule:
    return replace(MACHINE, module=replace(MACHINE.module, name=name))


def with_file(path: str) -> BehaviourModule:
    return replace(MACHINE, files=(*MACHINE.files, path))


def in_folder(folder: str) -> BehaviourModule:
    path = f"{folder}/x.module.ts"
    return replace(MACHINE, module=replace(MACHINE.module, file=path), files=(path,))


REFUSED: dict[str, tuple[BehaviourModule, list[str]]] = {
    "a name that is a path": (replace(MACHINE, name="../x"), ["module-name"]),
    "a name with spaces": (replace(MACHINE, name="order fulfilment"), ["module-name"]),
    "code for a class name": (with_class("X], controllers: [Evil"), ["module-class"]),
    "a class that is not there": (with_class("OtherModule"), ["module-class"]),
    "an empty class name": (with_class(""), ["module-class"]),
    "a file outside the project": (with_file("../../etc/passwd"), ["module-file"]),
    "an absolute file": (with_file("/etc/passwd"), ["module-file"]),
    "a file of the state": (with_file(".rockets/plan.json"), ["module-file"]),
    "a file under another spelling": (
        with_file(f"{FOLDER}/../order/order.module.ts"),
        ["module-file"],
    ),
    "a file of an entity": (with_file("src/modules/order/order.module.ts"), ["module-file"]),
    "the access rules": (with_file(ACL), ["module-file"]),
    "a file that is not there": (with_file(f"{FOLDER}/nothing.ts"), ["module-file"]),
    "the folder of all modules": (in_folder("src/modules"), ["module-folder"]),
    "the whole of the sources": (in_folder("src"), ["module-folder"]),
    "no folder": (in_folder("test"), ["module-folder"]),
    "a resource of an entity": (
        replace(MACHINE, resources=("Order",), grants=()),
        ["resource-taken"],
    ),
    "a list resource of an entity": (
        replace(MACHINE, resources=("OrderList",), grants=()),
        ["resource-taken"],
    ),
    "a resource of the SDK": (
        replace(MACHINE, resources=("User",), grants=()),
        ["resource-taken"],
    ),
    "code for a resource": (
        replace(MACHINE, resources=("X = 'x', Y",), grants=()),
        ["module-resource"],
    ),
    "a resource in lower case": (
        replace(MACHINE, resources=("refund",), grants=()),
        ["module-resource"],
    ),
    "an unknown role": (
        replace(MACHINE, grants=(grant("OrderFulfilment", "root", Action.READ),)),
        ["grant-unknown-role"],
    ),
    "code for a role": (
        replace(MACHINE, grants=(grant("OrderFulfilment", "admin').deleteAny", Action.READ),)),
        ["grant-unknown-role"],
    ),
    "a grant on an entity": (
        replace(MACHINE, grants=(grant("Order", "user", Action.DELETE),)),
        ["grant-foreign-resource"],
    ),
    "a role granted twice": (
        replace(MACHINE, grants=(MACHINE.grants[0], MACHINE.grants[0])),
        ["grant-twice"],
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refused_and_nothing_written(name: str, files: ProjectFiles) -> None:
    module, codes = REFUSED[name]
    assert refused(files, module) == codes


def test_everything_that_is_wrong_is_told_at_once(files: ProjectFiles) -> None:
    wrong = replace(
        REMINDER,
        files=(*REMINDER.files, "src/main.ts"),
        grants=(grant("Order", "nobody", Action.READ),),
    )
    assert refused(files, MACHINE, wrong) == [
        "module-file",
        "grant-foreign-resource",
        "grant-unknown-role",
    ]


def test_two_modules_cannot_have_one_file_or_resource(files: ProjectFiles) -> None:
    shared = "test/order-fulfilment.test.mjs"
    greedy = replace(
        REMINDER, files=(*REMINDER.files, shared), resources=MACHINE.resources, grants=()
    )
    assert refused(files, MACHINE, greedy) == ["path-taken", "resource-taken"]
    integrate_modules(files, [MACHINE])
    assert refused(files, greedy) == ["path-taken", "resource-taken"]
    assert refused(files, MACHINE, MACHINE) == ["module-name"]


def test_a_class_without_module_decorator_or_with_broken_text_is_refused(
    files: ProjectFiles,
) -> None:
    path = MACHINE.module.file
    text = files.read(path) or ""
    for broken, code in (
        (text.replace("@Module({", "@Other({"), "module-class"),
        (text.replace("export class", "class"), "module-class"),
        ("// export class OrderFulfilmentModule {}\n", "module-class"),
        ("export class OrderFulfilmentModule {{\n", "wiring-syntax"),
    ):
        files.write(path, broken)
        assert refused(files, MACHINE) == [code]


def test_a_role_of_the_project_alone_is_known(files: ProjectFiles) -> None:
    acl = files.read(ACL) or ""
    files.write(ACL, acl.replace("  User = 'user',\n", "  User = 'user',\n  Ops = 'ops',\n", 1))
    granted = replace(MACHINE, grants=(grant("OrderFulfilment", "ops", Action.READ),))
    integrate_modules(files, [granted])
    assert "acRules.grant(AppRole.Ops).resource([AppResource.OrderFulfilment]).readAny();" in (
        files.read(ACL) or ""
    )


def test_a_folder_that_is_a_link_out_of_the_project_is_refused(
    files: ProjectFiles, tmp_path: Path
) -> None:
    outside = tmp_path / "outside"
    (files.root / FOLDER).rename(outside)
    (files.root / FOLDER).symlink_to(outside, target_is_directory=True)
    before = (files.read(ACL), files.read(APP_MODULE))
    with pytest.raises(InputError):
        integrate_modules(files, [MACHINE])
    assert (files.read(ACL), files.read(APP_MODULE)) == before


def test_many_modules_are_wired_in_little_time(files: ProjectFiles) -> None:
    modules: list[BehaviourModule] = []
    for number in range(40):
        name, member = f"flow-{number}", f"Flow{number}"
        path = f"src/modules/{name}/{name}.module.ts"
        files.write(path, f"@Module({{}})\nexport class {member}Module {{}}\n")
        modules.append(
            BehaviourModule(
                name=name,
                module=ClassReference(name=f"{member}Module", file=path),
                files=(path,),
                resources=(member,),
                grants=(grant(member, "admin", Action.READ),),
            )
        )
    with at_most(2):
        integrate_modules(files, modules)
    assert integrate_modules(files, modules).actions == ()


def test_writing_the_files_again_is_noticed(files: ProjectFiles) -> None:
    integrate_modules(files, [MACHINE])
    service = f"{FOLDER}/order-fulfilment-state-machine.service.ts"
    files.write(service, (files.read(service) or "") + "// touched\n")
    known = module_written(files, MACHINE.name)
    assert known is not None
    assert known.changed(files).keys() == {service}
    integrate_modules(files, [MACHINE])
    again = module_written(files, MACHINE.name)
    assert again is not None
    assert again.changed(files) == {}
    write(files)
    assert again.changed(files).keys() == {service}
