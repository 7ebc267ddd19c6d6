from tests.tools.smoke.plans import plan_of

from rockets_tools.plan.model import Plan
from rockets_tools.smoke.model import Row
from rockets_tools.smoke.sql import look, name, set_scene, text

ALL = {"admin": {"possession": "any", "operations": ["create", "read", "update", "delete"]}}


def staff() -> Plan:
    return plan_of(
        {
            "entityName": "Store",
            "fields": [{"name": "name", "columnName": "the_name"}],
            "relations": [{"name": "manager", "targetEntity": "Staff"}],
            "acl": ALL,
        },
        {
            "entityName": "Staff",
            "fields": [{"name": "name"}],
            "relations": [{"targetEntity": "Store", "nullable": False}],
            "acl": ALL,
        },
    )


def row(entity: str, row_id: str, **values: str | None) -> Row:
    return Row(entity=entity, id=row_id, values=values, person="admin.a")


def test_quoting_lets_nothing_out() -> None:
    assert name('a"b') == '"a""b"'
    assert text("it's; DROP TABLE x --") == "'it''s; DROP TABLE x --'"
    assert text("back\\") == "'back\\'"


def test_parents_come_first_and_what_leads_back_last() -> None:
    plan = staff()
    sql = set_scene(
        plan,
        [
            row("Store", "s1", name="x", staffId="p1"),
            row("Staff", "p1", name="y", storeId="s1"),
        ],
        ["Store", "Staff"],
    )
    lines = sql.split(";\n")
    store, staff_table = (name(plan.entities[n].table) for n in ("Store", "Staff"))
    heads = [line.split(" (")[0] for line in lines]
    words = [head.replace(store, "Store").replace(staff_table, "Staff") for head in heads]
    assert words == [
        'UPDATE Store SET "staffId" = NULL',
        "DELETE FROM Staff",
        "DELETE FROM Store",
        "INSERT INTO Store",
        "INSERT INTO Staff",
        "UPDATE Store SET \"staffId\" = 'p1' WHERE id = 's1'",
    ]
    assert "staffId" not in lines[3]
    assert '"the_name": "x"' in lines[3]


def test_values_travel_as_one_literal() -> None:
    sql = set_scene(staff(), [row("Store", "s1", name='it\'s "so"\n\\', staffId=None)], [])
    assert "'it''s" not in sql
    assert "it''s \\\"so\\\"\\n\\\\" in sql


def test_looking_names_each_entity() -> None:
    sql = look(staff(), ["Store", "Staff"])
    assert sql.count("SELECT 'Store' AS entity") == 1
    assert " UNION ALL SELECT 'Staff' AS entity" in sql


def test_no_column_and_no_type_is_taken_for_the_row() -> None:
    """`json_agg(t)` would be the column t, and `NULL::"date"` the database's own type."""
    plan = plan_of({"entityName": "Date", "fields": [{"name": "t"}, {"name": "row"}], "acl": ALL})
    assert 'json_agg("a row")' in look(plan, ["Date"])
    inserted = set_scene(plan, [row("Date", "d1", t="x", row="y")], [])
    assert '(SELECT "a row" FROM "date" AS "a row" WHERE false)' in inserted
