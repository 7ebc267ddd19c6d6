"""Roles, resources and grants into the access rules: whole texts."""

from collections.abc import Callable

import pytest

from rockets_tools.generate.result import Wiring
from rockets_tools.integrate.wiring.acl import add_rules, wire_acl
from rockets_tools.integrate.wiring.source import Source, WiringError

FILE = "src/app.acl.ts"
IMPORT = "import { AccessControl } from 'accesscontrol';\n"
ROLES = "export enum AppRole {\n  Admin = 'admin',\n  User = 'user',\n}\n"
RESOURCES = "export enum AppResource {\n  User = 'user',\n}\n"
RESOURCES_AFTER = (
    "export enum AppResource {\n  User = 'user',\n  Product = 'product',\n"
    "  ProductList = 'product-list',\n}\n"
)
RULES = "export const acRules = new AccessControl();\n"
ADMIN = (
    "acRules\n  .grant(AppRole.Admin)\n"
    "  .resource([AppResource.Product, AppResource.ProductList])\n"
    "  .createAny()\n  .readAny()\n  .updateAny()\n  .deleteAny();\n"
)
USER = (
    "acRules.grant(AppRole.User)"
    ".resource([AppResource.Product, AppResource.ProductList]).readOwn();\n"
)
REMOVE = "acRules.removeResources([AppResource.Product, AppResource.ProductList]);\n"
BLANKET = (
    "const allResources = Object.values(AppResource);\n"
    + RULES
    + "acRules.grant([AppRole.Admin]).resource(allResources).createAny().readAny();\n"
    "acRules.grant([AppRole.User]).resource(allResources).createOwn().readOwn();\n"
)


def product(wiring: Callable[..., Wiring]) -> Wiring:
    return wiring("Product", admin="any:create,read,update,delete", user="own:read")


BASE = IMPORT + ROLES + RESOURCES + RULES
CHANGES = {
    "an action more and one less": ({"user": "own:create,read"}, {"user": "own:read,delete"}),
    "another possession": ({"user": "own:read"}, {"user": "any:read"}),
    "a role more": (
        {"user": "own:read"},
        {"admin": "any:read", "user": "own:read", "vip": "any:read"},
    ),
    "a role less": ({"admin": "any:read", "user": "own:read"}, {"user": "own:read"}),
    "another role": ({"admin": "any:read"}, {"user": "own:read"}),
    "nobody any more": ({"admin": "any:read", "user": "own:read"}, {}),
    "somebody again": ({}, {"user": "own:read"}),
    "no action": ({"user": "own:read"}, {"user": "own:"}),
}


@pytest.mark.parametrize("name", CHANGES)
@pytest.mark.parametrize("start", ["plain", "blanket"])
def test_a_changed_acl_gives_what_a_fresh_run_gives(
    name: str, start: str, wiring: Callable[..., Wiring]
) -> None:
    """Apart from enum members, which stay: a role may be in use elsewhere."""
    before, after = CHANGES[name]
    base = BASE if start == "plain" else IMPORT + ROLES + RESOURCES + BLANKET

    def run(text: str, **acl: str) -> str:
        wirings = [
            wiring("Tag", admin="any:read"),
            wiring("Product", **acl),
            wiring("Zoo", user="own:read"),
        ]
        return wire_acl(text, wirings, file=FILE) or text

    def statements(text: str) -> str:
        return text[text.index(RULES) :]

    first = run(base, **before)
    assert "\n\n\n" not in first
    second = run(first, **after)
    assert "\n\n\n" not in second
    fresh = statements(run(base, **after))
    if before:
        assert sorted(statements(second).splitlines()) == sorted(fresh.splitlines())
    if before and after:
        assert statements(second) == fresh
    assert run(second, **after) == second


def test_a_blanket_added_later_is_overtaken(wiring: Callable[..., Wiring]) -> None:
    first = wire_acl(BASE, [product(wiring)], file=FILE) or ""
    blanket = "acRules.grant(AppRole.User).resource(Object.values(AppResource)).readAny();\n"
    second = wire_acl(first + "\n" + blanket, [product(wiring)], file=FILE)
    assert (
        second
        == IMPORT + ROLES + RESOURCES_AFTER + RULES + "\n" + blanket + "\n" + REMOVE + ADMIN + USER
    )
    assert wire_acl(second, [product(wiring)], file=FILE) is None


def test_a_grant_by_hand_on_the_entity_is_overruled_and_told(wiring: Callable[..., Wiring]) -> None:
    hand = "acRules.grant(AppRole.User).resource(AppResource.Product).readAny();\n"
    text = IMPORT + ROLES + RESOURCES_AFTER + RULES + hand
    source = Source(text, FILE)
    add_rules(source, [product(wiring)])
    assert source.result() == text + "\n" + REMOVE + ADMIN + USER
    (note,) = source.notes
    assert (note.code, note.line) == ("acl-overruled", 12)


def test_statements_of_ours_in_another_layout_are_recognised(wiring: Callable[..., Wiring]) -> None:
    text = (
        IMPORT + ROLES + RESOURCES_AFTER + RULES + "acRules.grant('admin') /* ours */\n"
        "  .resource([AppResource['Product'], 'product-list'])\n"
        "  .deleteAny().create().readAny().updateAny();\n"
        "acRules\n    .grant(AppRole.User)\n    .resource([ AppResource.Product,\n"
        "      AppResource.ProductList, ])\n    .readOwn()\n"
    )
    assert wire_acl(text, [product(wiring)], file=FILE) is None


def test_new_roles_become_members(wiring: Callable[..., Wiring]) -> None:
    wired = wire_acl(
        BASE, [wiring("Product", acl={"store-manager": "any:read", "it's": "own:read"})], file=FILE
    )
    assert wired is not None
    assert "  User = 'user',\n  ItS = 'it\\'s',\n  StoreManager = 'store-manager',\n}" in wired
    assert ".grant(AppRole.ItS)" in wired
    assert ".grant(AppRole.StoreManager)" in wired


def test_a_role_name_is_data(wiring: Callable[..., Wiring]) -> None:
    evil = "x'); process.exit(); ('\\\n`${1}"
    wired = wire_acl(BASE, [wiring("Product", acl={evil: "any:read"})], file=FILE)
    assert wired is not None
    assert "XProcessExit1 = 'x\\'); process.exit(); (\\'\\\\\\u{a}`${1}'," in wired
    assert wire_acl(wired, [wiring("Product", acl={evil: "any:read"})], file=FILE) is None


INHERIT = "acRules.grant(AppRole.Admin).extend(AppRole.User);\n"


def test_inheritance_within_the_plan_is_fine(wiring: Callable[..., Wiring]) -> None:
    wired = wire_acl(BASE + INHERIT, [product(wiring)], file=FILE)
    assert wired is not None
    assert wired.endswith(INHERIT + "\n" + ADMIN + USER)


@pytest.mark.parametrize(
    ("statement", "acl", "message"),
    [
        (INHERIT, {"admin": "any:read", "user": "own:create"}, "admin inherits from user"),
        (INHERIT, {"user": "any:read"}, "admin inherits from user"),
        (INHERIT, {"admin": "own:read", "user": "any:read"}, "admin inherits from user"),
        ("acRules.extendRole('admin', 'user');\n", {"user": "any:read"}, "inherits from user"),
        ("acRules.grant(role()).extend(AppRole.User);\n", {"user": "any:read"}, "cannot be told"),
        ("for (const r of x) acRules.grant(r).extend('user');\n", {"user": "any:read"}, "cannot"),
        (
            "acRules.grant('vip').extend('user');\nacRules.grant('admin').extend('vip');\n",
            {"vip": "any:read", "user": "any:read"},
            "admin inherits",
        ),
    ],
)
def test_inheritance_beyond_the_plan_is_refused(
    statement: str, acl: dict[str, str], message: str, wiring: Callable[..., Wiring]
) -> None:
    with pytest.raises(WiringError) as caught:
        wire_acl(BASE + statement, [wiring("Product", **acl)], file=FILE)
    (problem,) = caught.value.problems
    assert problem.code == "wiring-inheritance"
    assert problem.line in {10, 11}
    assert message in problem.message


REFUSED = {
    "no rules": (IMPORT + ROLES, 1, "0 top-level variables"),
    "rules in a function": (
        IMPORT + "export function build() {\n  const ac = new AccessControl();\n  return ac;\n}\n",
        1,
        "0 top-level variables",
    ),
    "two rules": (
        IMPORT + "const a = new AccessControl();\nconst b = new AccessControl();\n",
        3,
        "2 top-level variables",
    ),
    "resources imported": (
        IMPORT + "import { AppResource } from './resource';\n" + ROLES + RULES,
        2,
        "AppResource is imported",
    ),
    "resources from a call": (
        IMPORT + ROLES + "export const AppResource = make();\n" + RULES,
        6,
        "neither an enum nor an object",
    ),
    "resources with a spread": (
        IMPORT + ROLES + "export const AppResource = {\n  ...base,\n};\n" + RULES,
        7,
        "spread",
    ),
    "locked in the granting statement": (
        IMPORT
        + ROLES
        + RESOURCES
        + RULES
        + "acRules.grant('user').resource(Object.values(AppResource)).readAny().lock();\n",
        10,
        "locked in the statement",
    ),
    "locked, then granted": (
        IMPORT + ROLES + RESOURCES + RULES + "acRules.lock();\n"
        "acRules.grant('user').resource(Object.values(AppResource)).readAny();\n",
        10,
        "locked before",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refused_with_the_line(name: str, wiring: Callable[..., Wiring]) -> None:
    text, line, message = REFUSED[name]
    with pytest.raises(WiringError) as caught:
        wire_acl(text, [product(wiring)], file=FILE)
    (problem,) = caught.value.problems
    assert (problem.file, problem.line) == (FILE, line)
    assert message in problem.message
    assert problem.fix


def test_prefixes_of_names_are_not_confused(wiring: Callable[..., Wiring]) -> None:
    tags = wire_acl(BASE, [wiring("ProductTag", admin="any:read")], file=FILE) or ""
    both = wire_acl(tags, [wiring("Tag", admin="any:read"), product(wiring)], file=FILE) or ""
    for member in ("ProductTag", "ProductTagList", "Tag", "TagList", "Product", "ProductList"):
        assert f"  {member} = '" in both
    assert both.count("acRules") == 5
