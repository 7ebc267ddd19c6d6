"""Plans for the tests of migrations that are written without a database."""

import json
from typing import Any

from rockets_tools.plan import Plan, read_plan

Json = dict[str, Any]

HARD = ["readMany", "readOne", "createOne", "updateOne", "deleteOne"]
SOFT = [*HARD, "recoverOne"]

HOSTILE = (
    "it's",
    '\'; DROP TABLE "user"; --',
    "`; process.exit(1); `",
    "${process.env.HOME}",
    'say "hi" \\" twice',
    "back\\slash\\",
    "\\'; DROP TABLE x; --",
    "$$ %s {{ braces }}",
    "two\r\nlines\rand a\n\ttab",
    "a::b::'c'",
    "tschüß 日本 🚀",
)


def plan_of(*entities: Json) -> Plan:
    return read_plan(json.dumps({"entities": entities})).plan


def entity(name: str, *fields: Json, soft: bool = False, **more: object) -> Json:
    operations = SOFT if soft else HARD
    return {"entityName": name, "fields": fields, "operations": operations, **more}


def field(name: str, type_: str = "string", **more: object) -> Json:
    return {"name": name, "type": type_, **more}


def to(target: str, **more: object) -> Json:
    return {"targetEntity": target, **more}


def everything() -> Plan:
    """Every kind of column, constraint and relation, with awkward names and hostile values."""
    kinds = [
        field("short", maxLength=3, unique=True),
        field("text", "text", required=False),
        field("number", "number", default=-7),
        field("price", "float", precision=12, scale=4, default=1.5),
        field("whole", "float", default=3),
        field("yes", "boolean", default=True),
        field("no", "boolean", default=False),
        field("at", "date", default="now()"),
        field("since", "date", default="2020-02-29T10:00:00.000Z"),
        field("day", "date", default="2021-03-01", required=False),
        field("token", "uuid", unique=True, default="7c9e6679-7425-40de-944b-e07fc1f90ae7"),
        field("object", "json", default={"z": 1, "a": ["it's", None, True, 1.5, {"b": "\\"}]}),
        field("list", "json", default=[]),
        field("word", "json", default='it\'s "so" \\'),
        field("flag", "json", default=False),
        field("huge", "json", default={"10": 1e21, "9": 1e-7, "z": -0.0, "n": None}),
        field("select", "enum", enumValues=["a", "B", "it's", 'say "x"', "back\\", "${x}", "`"]),
        field("Order By", "enum", enumValues=["one", "two"], default="two"),
        field("quoted", "enum", enumValues=["it's", "its"], default="it's"),
        field("hidden", expose=False, columnName="SECRET_Column"),
        field("ownedBy", "uuid", required=False),
        field("a" * 63, required=False),
    ]
    hostile = [
        field(f"text{index}", kind, default=text)
        for kind in ("string", "text")
        for index, text in enumerate(HOSTILE, start=0 if kind == "string" else len(HOSTILE))
    ]
    return plan_of(
        entity("Group", *kinds, tableName="group", uniqueConstraint=["short", "number"]),
        entity("Order", *kinds, tableName="ORDER_Table", soft=True, uniqueConstraint=["yes", "no"]),
        entity("Class", *hostile, tableName="class"),
        entity(
            "From",
            field("where", unique=True),
            relations=[
                to("Group", onDelete="CASCADE", nullable=False),
                to("Order", type="oneToOne", onDelete="SET NULL"),
                to("User", name="owner", foreignKey="userId", onDelete="RESTRICT"),
                to("Role"),
                to("From", name="parent", columnName="parent_id", onDelete="SET NULL"),
                to("Class", name="first"),
                to("Class", name="second", nullable=False, onDelete="RESTRICT"),
            ],
            uniqueConstraint=["where", "groupId", "parentId"],
        ),
        entity(
            "Soft",
            field("where", unique=True),
            field("firstId", "uuid", unique=True),
            soft=True,
            relations=[
                to("Order", type="oneToOne", nullable=False),
                to("Class", name="first"),
                to("Group", type="manyToMany"),
            ],
            uniqueConstraint=["where", "firstId"],
        ),
        entity(
            "Hard",
            field("firstId", "uuid", unique=True),
            relations=[to("Class", name="first")],
        ),
    )


LEAVES = entity("Leaves", field("name"), relations=[to("Target")])


def before(leaves: Json = LEAVES) -> Plan:
    """What `after` grew from."""
    return plan_of(
        entity("Target", field("name")),
        entity("Other", field("name")),
        entity(
            "Columns",
            field("removed", unique=True),
            field("removedEnum", "enum", enumValues=["x"], default="x"),
            field("longer", maxLength=10, default="it's", unique=True),
            field("toText", default="a", unique=True),
            field("toNumber"),
            field("toEnum"),
            field("fromEnum", "enum", enumValues=["a", "b"], default="a"),
            field("precise", "float", precision=8, scale=2, default=1.25),
            field("values", "enum", enumValues=["a", "b"], default="a"),
            field("valuesOnly", "enum", enumValues=["a", "b"]),
            field("valuesLose", "enum", enumValues=["a", "b"], default="a", unique=True),
            field("valuesGain", "enum", enumValues=["a", "b"], required=False),
            field("default", default="old"),
            field("defaultGoes", "number", default=1),
            field("defaultComes", "boolean"),
            field("document", "json", default={"a": 1}),
            field("becomesRequired", required=False),
            field("becomesOptional"),
            field("becomesUnique"),
            field("staysUnique", unique=True),
            field("noLongerUnique", unique=True),
            uniqueConstraint=["longer", "precise"],
        ),
        entity(
            "Relations",
            field("becomesKey", "uuid"),
            field("wasText"),
            relations=[
                to("Target", name="removed"),
                to("Target", name="key", foreignKey="keyBecomesField"),
                to("Target", name="action", onDelete="CASCADE"),
                to("Target", name="required"),
                to("Target", name="moved", onDelete="SET NULL"),
                to("Target", name="pair", type="oneToOne"),
                to("User", name="owner"),
            ],
        ),
        entity(
            "ToSoft",
            field("name", unique=True),
            relations=[to("Target", type="oneToOne"), to("Other")],
            uniqueConstraint=["name", "otherId"],
        ),
        entity(
            "ToHard",
            field("name", unique=True),
            relations=[to("Target", type="oneToOne"), to("Other")],
            uniqueConstraint=["name", "otherId"],
            soft=True,
        ),
        entity(
            "SoftColumns",
            field("retyped", unique=True),
            field("removed"),
            field("name"),
            uniqueConstraint=["name", "removed"],
            soft=True,
        ),
        entity("RenamedField", field("old", unique=True), field("same")),
        entity("RenamedEnum", field("old", "enum", enumValues=["a", "b"], default="a")),
        entity("RenamedKey", relations=[to("Target", name="old")]),
        entity("RenamedPair", relations=[to("Target", name="old", type="oneToOne")]),
        entity("RenamedTable", field("name", unique=True), relations=[to("Target")]),
        leaves,
    )


def after() -> Plan:
    """`before` with every kind of change."""
    return plan_of(
        entity("Target", field("name")),
        entity("Other", field("name")),
        entity("New", field("kind", "enum", enumValues=["a"]), relations=[to("Columns")]),
        entity(
            "Columns",
            field("added", required=False, unique=True),
            field("addedEnum", "enum", enumValues=["x", "it's"], default="it's"),
            field("longer", maxLength=20, default="it's", unique=True),
            field("toText", "text", default="a", unique=True),
            field("toNumber", "number"),
            field("toEnum", "enum", enumValues=["a"]),
            field("fromEnum", default="a"),
            field("precise", "float", precision=12, scale=4, default=1.25),
            field("values", "enum", enumValues=["c", "b", "a"], default="c"),
            field("valuesOnly", "enum", enumValues=["a", "b", "c"]),
            field("valuesLose", "enum", enumValues=["a", "c"], unique=True),
            field("valuesGain", "enum", enumValues=["a", "c"], default="c"),
            field("default", default="new"),
            field("defaultGoes", "number"),
            field("defaultComes", "boolean", default=True),
            field("document", "json", default={"a": 2}),
            field("becomesRequired"),
            field("becomesOptional", required=False),
            field("becomesUnique", unique=True),
            field("staysUnique", unique=True, required=False),
            field("noLongerUnique"),
            uniqueConstraint=["longer", "toText"],
        ),
        entity(
            "Relations",
            field("keyBecomesField", "uuid", required=False),
            relations=[
                to("Target", name="added", onDelete="CASCADE"),
                to("Target", name="field", foreignKey="becomesKey", nullable=False),
                to("Target", name="text", foreignKey="wasText"),
                to("Target", name="action", onDelete="RESTRICT"),
                to("Target", name="required", nullable=False),
                to("Other", name="moved", onDelete="SET NULL"),
                to("Target", name="pair"),
                to("Other", name="newPair", type="oneToOne"),
                to("User", name="owner", onDelete="CASCADE"),
            ],
        ),
        entity(
            "ToSoft",
            field("name", unique=True),
            relations=[to("Target", type="oneToOne"), to("Other")],
            uniqueConstraint=["name", "otherId"],
            soft=True,
        ),
        entity(
            "ToHard",
            field("name", unique=True),
            relations=[to("Target", type="oneToOne"), to("Other")],
            uniqueConstraint=["name", "otherId"],
        ),
        entity(
            "SoftColumns",
            field("retyped", "text", unique=True),
            field("name"),
            field("added"),
            uniqueConstraint=["name", "added"],
            soft=True,
        ),
        entity("RenamedField", field("new", unique=True), field("same")),
        entity("RenamedEnum", field("new", "enum", enumValues=["a", "c"], default="a")),
        entity("RenamedKey", relations=[to("Target", name="new")]),
        entity("RenamedPair", relations=[to("Target", name="new", type="oneToOne")]),
        entity(
            "RenamedTable",
            field("name", unique=True),
            relations=[to("Target")],
            tableName="another_table",
        ),
    )


def back_again() -> Plan:
    """`before` once more, with the entity that had left changed."""
    return before(leaves=entity("Leaves", field("name", "text"), relations=[to("Other")]))
