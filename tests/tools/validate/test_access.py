"""Rule 5: deny by default."""

from collections.abc import Callable

import pytest

Found = Callable[..., list[tuple[str, int]]]

PATH = "src/modules/product/product-access-query.service.ts"
RULE = "access-query-deny-by-default"


def service(body: str, *, extends: str = "", more: str = "") -> str:
    return (
        f"export class ProductAccessQueryService{extends} {{\n"
        f"  async canAccess(context: Context): Promise<boolean> {{\n{body}  }}\n{more}}}\n"
    )


OPEN = {
    "always": ("    return true;\n", 3),
    "at the end": ("    if (!user) {\n      return false;\n    }\n    return true;\n", 6),
    "in the last else": (
        "    if (a) {\n      return this.owns();\n    } else {\n      return true;\n    }\n",
        6,
    ),
    "in the default of a switch": (
        (
            "    switch (p) {\n      case 'own':\n        return this.owns();\n      default:\n"
            "        return true;\n    }\n"
        ),
        7,
    ),
    "through a case that falls into the default's neighbour": (
        (
            "    switch (p) {\n      case 'own':\n        return false;\n      default:\n"
            "      case 'any':\n        return true;\n    }\n"
        ),
        8,
    ),
    "when it fails": (
        "    try {\n      return await this.owns();\n    } catch {\n      return true;\n    }\n",
        6,
    ),
    "when a promise fails": ("    return this.owns().catch(() => true);\n", 3),
    "when a promise fails, with a body": (
        "    return this.owns().then((a) => a, () => {\n      return true;\n    });\n",
        4,
    ),
    "finally": (
        "    try {\n      return false;\n    } finally {\n      return true;\n    }\n",
        6,
    ),
    "behind a loop": (
        "    for (const a of b) {\n      return false;\n    }\n    return true;\n",
        6,
    ),
    "in a ternary": ("    return own ? this.owns() : true;\n", 3),
    "by or": ("    return this.owns() || true;\n", 3),
    "by nullish": ("    return this.owns() ?? true;\n", 3),
    "by negation": ("    return !false;\n", 3),
    "as a promise": ("    return Promise.resolve(true);\n", 3),
    "as a cast": ("    return (true as boolean);\n", 3),
    "without a user": (
        "    if (!context.getUser()) {\n      return true;\n    }\n    return false;\n",
        3,
    ),
    "by not answering": ("    if (a) {\n      return true;\n    }\n", 2),
    "by an empty body": ("", 2),
}


@pytest.mark.parametrize("name", OPEN)
def test_open(found: Found, name: str) -> None:
    body, line = OPEN[name]
    assert found({PATH: service(body)}) == [(RULE, line)]


CLOSED = {
    "false at the end": "    if (any) {\n      return true;\n    }\n    return false;\n",
    "a check at the end": "    return this.owns(context);\n",
    "and": "    return query.possession === 'any' && (await super.canAccess(context));\n",
    "a throw": ("    if (any) {\n      return true;\n    }\n    throw new ForbiddenException();\n"),
    "both branches": (
        "    if (any) {\n      return true;\n    } else {\n      return false;\n    }\n"
    ),
    "else if": (
        "    if (any) {\n      return true;\n    } else if (own) {\n"
        "      return this.owns();\n    }\n"
        "    return false;\n"
    ),
    "a switch": (
        "    switch (p) {\n      case 'any':\n        return true;\n      default:\n"
        "        return false;\n    }\n"
    ),
    "a switch that breaks": (
        "    switch (p) {\n      case 'any':\n        return true;\n      default:\n"
        "        break;\n    }\n    return false;\n"
    ),
    "a catch that denies": (
        "    try {\n      return await this.owns();\n    } catch {\n      return false;\n    }\n"
    ),
    "true inside a callback": "    return rows.some((row) => {\n      return true;\n    });\n",
    "a comparison": "    return Promise.resolve(caller?.possession === Possession.ANY);\n",
    "a comment": "    // return true;\n    return false; // not: return true\n",
}


@pytest.mark.parametrize("name", CLOSED)
def test_closed(found: Found, name: str) -> None:
    assert found({PATH: service(CLOSED[name])}) == []


def test_a_rescue_above_a_plain_can_access(found: Found) -> None:
    helper = "  async owns(): Promise<boolean> {\n    return this.a().catch(() => true);\n  }\n"
    text = service("    return Promise.resolve(caller?.possession === Possession.ANY);\n")
    head, brace, rest = text.partition("{\n")
    assert found({PATH: head + brace + helper + rest}) == [(RULE, 3)]


def test_the_check_it_ends_with_must_be_able_to_say_no(found: Found) -> None:
    more = "  private async owns(): Promise<boolean> {\n    return true;\n  }\n"
    assert found({PATH: service("    return this.owns();\n", more=more)}) == [(RULE, 5)]


def test_a_helper_that_says_yes_after_its_checks_is_fine(found: Found) -> None:
    more = (
        "  private async owns(): Promise<boolean> {\n    if (a) {\n      return false;\n    }\n"
        "    return true;\n  }\n"
    )
    assert found({PATH: service("    return this.owns();\n", more=more)}) == []


def test_an_arrow_property(found: Found) -> None:
    text = "export class ProductAccessQueryService {\n  canAccess = async () => true;\n}\n"
    assert found({PATH: text}) == [(RULE, 2)]


def test_a_service_that_inherits_its_answer(found: Found) -> None:
    text = "export class ProductAccessQueryService extends EntityAccessQueryService {}\n"
    assert found({PATH: text}) == []


def test_a_service_without_any_answer(found: Found) -> None:
    assert found({PATH: "export class ProductAccessQueryService {}\n"}) == [(RULE, 1)]


@pytest.mark.parametrize(
    "body",
    [
        "    return " + "a || " * 5_000 + "true;\n",
        "    if (a) {} else " * 5_000 + "return true;\n",
        "    " + "{ " * 5_000 + "return true; " + "} " * 5_000 + "\n",
    ],
)
def test_no_nesting_hides_an_answer(found: Found, body: str) -> None:
    assert [rule for rule, _ in found({PATH: service(body)})] == [RULE]


def test_can_access_in_any_file(found: Found) -> None:
    text = service("    return true;\n").replace("Product", "Shared")
    assert found({"src/common/shared-policy.ts": text}) == [(RULE, 3)]
