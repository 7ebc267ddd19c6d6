"""A migration written from plans alone: its text, and that values stay values."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from tests.tools.migrate.static_plans import (
    after,
    back_again,
    before,
    entity,
    everything,
    field,
    plan_of,
    to,
)

from rockets_tools.migrate.files import Statements, render
from rockets_tools.migrate.static import static_migration
from rockets_tools.plan import Plan
from rockets_tools.plan.model import FieldType

FIRST = Path(__file__).with_name("static_first.sql")


def test_the_first_migration() -> None:
    plan = plan_of(
        entity("Order", field("colour", "enum", enumValues=["red", "it's"], default="red")),
        entity(
            "Item",
            field("name", maxLength=40, unique=True),
            soft=True,
            relations=[to("Order", nullable=False, onDelete="CASCADE"), to("User")],
        ),
    )
    up, down = FIRST.read_text().split("\n\n")
    statements = static_migration(plan)
    assert statements.up == tuple(up.splitlines())
    assert statements.down == tuple(down.splitlines())


def changed(old: list[dict[str, object]], new: list[dict[str, object]]) -> Statements:
    one, two = (plan_of(entity("A", *fields)) for fields in (old, new))
    return static_migration(two, [one])


def test_an_enum_gets_a_new_type_and_keeps_its_values() -> None:
    old = field("kind", "enum", enumValues=["a"], default="a")
    new = field("kind", "enum", enumValues=["b", "a"], default="b")
    statements = changed([old], [new])
    column = 'ALTER TABLE "a" ALTER COLUMN "kind"'
    assert statements.up == (
        'ALTER TYPE "public"."a_kind_enum" RENAME TO "a_kind_enum_old"',
        """CREATE TYPE "public"."a_kind_enum" AS ENUM('b', 'a')""",
        f"{column} DROP DEFAULT",
        f'{column} TYPE "public"."a_kind_enum" USING "kind"::"text"::"public"."a_kind_enum"',
        f"{column} SET DEFAULT 'b'",
        'DROP TYPE "public"."a_kind_enum_old"',
    )
    assert statements.down == (
        """CREATE TYPE "public"."a_kind_enum_old" AS ENUM('a')""",
        f"{column} DROP DEFAULT",
        (
            f'{column} TYPE "public"."a_kind_enum_old" '
            'USING "kind"::"text"::"public"."a_kind_enum_old"'
        ),
        f"{column} SET DEFAULT 'a'",
        'DROP TYPE "public"."a_kind_enum"',
        'ALTER TYPE "public"."a_kind_enum_old" RENAME TO "a_kind_enum"',
    )


@pytest.mark.parametrize(
    ("old", "new", "up"),
    [
        (field("x"), field("x", required=False), 'ALTER COLUMN "x" DROP NOT NULL'),
        (field("x", required=False), field("x"), 'ALTER COLUMN "x" SET NOT NULL'),
        (field("x"), field("x", default="it's"), "ALTER COLUMN \"x\" SET DEFAULT 'it''s'"),
        (field("x", default="a"), field("x"), 'ALTER COLUMN "x" DROP DEFAULT'),
        (field("x"), field("x", maxLength=9), 'ALTER COLUMN "x" TYPE character varying(9)'),
        (field("x"), field("y"), 'RENAME COLUMN "x" TO "y"'),
        (
            field("x"),
            field("x", unique=True),
            'ADD CONSTRAINT "UQ_0834d3f24e1655099f22555eb65" UNIQUE ("x")',
        ),
    ],
)
def test_a_column_changes_and_keeps_its_values(
    old: dict[str, object], new: dict[str, object], up: str
) -> None:
    assert changed([old], [new]).up == (f'ALTER TABLE "a" {up}',)
    assert len(changed([new], [old]).up) == 1
    assert changed([old], [new]).down == changed([new], [old]).up


def test_a_column_of_another_type_is_made_anew() -> None:
    assert changed([field("x")], [field("x", "number")]).up == (
        'ALTER TABLE "a" DROP COLUMN "x"',
        'ALTER TABLE "a" ADD "x" integer NOT NULL',
    )


def test_soft_delete_makes_a_constraint_partial() -> None:
    hard = plan_of(entity("A", field("x", unique=True)))
    soft = plan_of(entity("A", field("x", unique=True), soft=True))
    constraint = 'CONSTRAINT "UQ_0834d3f24e1655099f22555eb65"'
    index = '"IDX_6e8b5c2059cc775deea8d7fae5"'
    create = f'CREATE UNIQUE INDEX {index} ON "a" ("x") WHERE "dateDeleted" IS NULL'
    to_soft, to_hard = static_migration(soft, [hard]), static_migration(hard, [soft])
    assert to_soft.up == (f'ALTER TABLE "a" DROP {constraint}', create)
    assert to_hard.up == (
        f'DROP INDEX "public".{index}',
        f'ALTER TABLE "a" ADD {constraint} UNIQUE ("x")',
    )
    assert (to_soft.down, to_hard.down) == (to_hard.up, to_soft.up)


def test_a_table_nobody_wants_any_more_stays_and_is_known_when_it_comes_back() -> None:
    both, one = before(), plan_of(entity("Target", field("name")))
    assert static_migration(one, [both]) == Statements(up=(), down=())
    assert static_migration(both, [both, one]) == Statements(up=(), down=())
    up = static_migration(back_again(), [before(), one]).up
    assert {sql.split('"')[1] for sql in up} == {"leaves"}
    assert not any(sql.startswith("CREATE TABLE") for sql in up)


@pytest.mark.parametrize("plan", [everything(), before(), after()])
def test_the_same_plan_changes_nothing(plan: Plan) -> None:
    assert static_migration(plan, [plan]) == Statements(up=(), down=())
    assert static_migration(plan) == static_migration(plan)


QUOTED = re.compile(r"""'(?:[^']|'')*'|"(?:[^"]|"")*\"""")


def code_of(sql: str) -> str:
    """What a server reads as code, not as a name or a value."""
    return QUOTED.sub("?", sql)


@pytest.mark.parametrize("steps", [[everything()], [before(), after()], [after(), before()]])
def test_values_stay_values(steps: list[Plan]) -> None:
    statements = static_migration(steps[-1], steps[:-1])
    for sql in (*statements.up, *statements.down):
        assert re.fullmatch(r"[A-Za-z0-9_ ?,.:()|]*", code_of(sql)), sql


def test_names_stay_names() -> None:
    """The plan refuses such names; here nobody relies on that."""
    bad = """x"; DROP TABLE "user"; --'`${x}\\"""
    plan = plan_of(
        entity("Order", field("colour", "enum", enumValues=["red"]), field("name", unique=True)),
        entity("Item", relations=[to("Order", type="oneToOne")], soft=True),
    )
    order, item = plan.entities["Order"], plan.entities["Item"]
    hostile = replace(
        plan,
        entities={
            "Order": replace(
                order,
                table=bad,
                fields=tuple(replace(f, column=f"{f.name}{bad}") for f in order.fields),
            ),
            "Item": replace(
                item,
                table=f"i{bad}",
                relations=tuple(replace(r, column=bad) for r in item.owning_relations),
            ),
        },
    )
    for steps in ([hostile], [plan, hostile], [hostile, plan]):
        statements = static_migration(steps[-1], steps[:-1])
        assert statements.up
        for sql in (*statements.up, *statements.down):
            assert re.fullmatch(r"[A-Za-z0-9_ ?,.:()|]*", code_of(sql)), sql


def test_a_carriage_return_survives_the_file() -> None:
    text = render(1700000000000, changed([], [field("x", default="a\r\nb\r")]))
    assert "'a\\r\nb\\r'" in text
    assert "\r" not in text


def test_every_type_of_field_has_a_column() -> None:
    kinds = {each.type for each in everything().entities["Group"].fields}
    assert kinds == set(FieldType)
