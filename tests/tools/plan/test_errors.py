"""Every way a plan can be wrong: its code, its pointer and its line, and nothing else."""

from typing import Any

import pytest
from tests.tools.plan.documents import entity, field, line_of, plan, printed, relation

from rockets_tools.errors import InputError
from rockets_tools.plan import read_plan

LONG = "a" * 64

E0, F0, R0 = "/entities/0", "/entities/0/fields/0", "/entities/0/relations/0"


def with_field(**keys: Any) -> dict[str, Any]:
    return plan(entity(fields=[{"name": "title", **keys}]))


def with_relation(target: str = "Author", **keys: Any) -> dict[str, Any]:
    return plan(entity(relations=[relation(target, **keys)]), entity("Author"))


def own(**keys: Any) -> dict[str, Any]:
    acl = {"user": {"possession": "own", "operations": ["read"]}}
    return entity(acl=acl, **keys)


SHAPES = [
    ("not-an-object", "", None),
    ("not-an-object", "", []),
    ("not-an-object", "", "plan"),
    ("missing-key", "", {}),
    ("no-entities", "/entities", plan()),
    ("wrong-type", "/entities", {"entities": {}}),
    ("wrong-type", "/entities", {"entities": "all"}),
    ("wrong-type", "/entities/0", plan(3)),
    ("wrong-type", "/entities/0", plan(None)),
    ("unknown-key", "/entitys", {**plan(entity()), "entitys": []}),
    ("unknown-key", f"{E0}/field", plan(entity(field=[]))),
    ("unknown-key", f"{E0}/paths/modules", plan(entity(paths={"modules": "src"}))),
    ("unknown-key", f"{F0}/lenght", with_field(lenght=3)),
    (
        "unknown-key",
        f"{R0}/target",
        plan(entity(relations=[{"targetEntity": "User", "target": "User"}])),
    ),
    ("missing-key", F0, plan(entity(fields=[{"type": "text"}]))),
    ("missing-key", R0, plan(entity(relations=[{"type": "manyToOne"}]))),
    ("missing-key", f"{E0}/acl/user", plan(entity(acl={"user": {"possession": "any"}}))),
    ("wrong-type", f"{F0}/required", with_field(required="yes")),
    ("wrong-type", f"{F0}/minLength", with_field(minLength=1.5)),
    ("wrong-type", f"{F0}/min", with_field(type="number", min="1")),
    ("wrong-type", f"{F0}/enumValues/1", with_field(type="enum", enumValues=["a", 2])),
    ("wrong-type", f"{E0}/uniqueConstraint", plan(entity(uniqueConstraint=3))),
    ("out-of-limits", f"{F0}/minLength", with_field(minLength=-1)),
    ("out-of-limits", f"{F0}/name", plan(entity(fields=[{"name": "n" * 101}]))),
    ("out-of-limits", f"{F0}/pattern", with_field(pattern="a" * 1001)),
    ("out-of-limits", f"{E0}/fields", plan(entity(fields=[field(f"f{i}") for i in range(501)]))),
    ("unknown-field-type", f"{F0}/type", with_field(type="money")),
    ("unknown-field-type", f"{F0}/type", with_field(type="varchar2")),
    ("unknown-field-type", f"{F0}/type", with_field(type={})),
    ("unknown-relation-type", f"{R0}/type", with_relation(type="belongsTo")),
    ("unknown-value", f"{R0}/onDelete", with_relation(onDelete="cascade")),
    ("unknown-value", f"{R0}/joinType", with_relation(joinType="OUTER")),
    ("unknown-operation", f"{E0}/operations/0", plan(entity(operations=["readAll"]))),
    (
        "unknown-action",
        f"{E0}/acl/user/operations/0",
        plan(entity(acl={"user": {"operations": ["*"]}})),
    ),
    (
        "unknown-possession",
        f"{E0}/acl/user/possession",
        plan(entity(acl={"user": {"possession": "all", "operations": []}})),
    ),
]

NAMES = [
    ("bad-name", f"{E0}/entityName", plan(entity("../../x"))),
    ("bad-name", f"{E0}/entityName", plan(entity("Foo{}; console.log('pwn'); class X"))),
    ("bad-name", f"{E0}/entityName", plan(entity("3dModel"))),
    ("bad-name", f"{E0}/entityName", plan(entity("__proto__"))),
    ("bad-name", f"{E0}/entityName", plan(entity("Bücher"))),
    ("bad-name", f"{E0}/entityName", plan(entity("Book\u202e"))),
    ("bad-name", f"{E0}/entityName", plan(entity("Book\n"))),
    ("bad-name", f"{E0}/entityName", plan(entity("a\\b"))),
    ("bad-name", f"{E0}/entityName", plan(entity("-"))),
    ("reserved-name", f"{E0}/entityName", plan(entity("Constructor"))),
    ("reserved-name", f"{E0}/entityName", plan(entity("to_string"))),
    ("sdk-entity", f"{E0}/entityName", plan(entity("User"))),
    ("sdk-entity", f"{E0}/entityName", plan(entity("user_role"))),
    ("sdk-entity", f"{E0}/entityName", plan(entity("UserEntity"))),
    ("sdk-entity", f"{E0}/entityName", plan(entity("FEDERATED"))),
    ("duplicate-entity", "/entities/1/entityName", plan(entity("Book"), entity("Book"))),
    ("duplicate-entity", "/entities/1/entityName", plan(entity("dupThing"), entity("DupThing"))),
    ("duplicate-entity", "/entities/1/entityName", plan(entity("BlogPost"), entity("blog_post"))),
    ("duplicate-entity", "/entities/1/entityName", plan(entity("BlogPost"), entity("Blogpost"))),
    ("duplicate-entity", "/entities/1/entityName", plan(entity("Car"), entity("CarEntity"))),
    ("bad-name", f"{E0}/pluralName", plan(entity(pluralName="../books"))),
    ("bad-name", f"{E0}/pluralName", plan(entity(pluralName=":id"))),
    ("bad-name", f"{F0}/name", plan(entity(fields=[field("a'; drop table x; --")]))),
    ("bad-name", f"{F0}/name", plan(entity(fields=[field("__proto__")]))),
    ("bad-name", f"{F0}/name", plan(entity(fields=[field("$ref")]))),
    ("bad-name", f"{F0}/name", plan(entity(fields=[field("1st")]))),
    ("reserved-name", f"{F0}/name", plan(entity(fields=[field("constructor")]))),
    ("reserved-name", f"{F0}/name", plan(entity(fields=[field("prototype")]))),
    ("reserved-name", f"{F0}/name", plan(entity(fields=[field("toString")]))),
    ("reserved-name", f"{F0}/name", plan(entity(fields=[field("has-own-property")]))),
    *[
        ("inherited-field", f"{F0}/name", plan(entity(fields=[field(name)])))
        for name in ("id", "dateCreated", "date_updated", "DATE_DELETED", "version")
    ],
    (
        "duplicate-field",
        "/entities/0/fields/1/name",
        plan(entity(fields=[field("title"), field("title")])),
    ),
    (
        "duplicate-field",
        "/entities/0/fields/1/name",
        plan(entity(fields=[field("firstName"), field("first_name")])),
    ),
    (
        "duplicate-field",
        "/entities/0/fields/1/name",
        plan(entity(fields=[field("firstName"), field("firstname")])),
    ),
    ("bad-name", f"{R0}/name", with_relation(name="a b;")),
    ("reserved-name", f"{R0}/name", with_relation(name="constructor")),
    ("bad-name", f"{R0}/foreignKey", with_relation(foreignKey="author id;")),
    ("reserved-name", f"{R0}/inverseSide", with_relation(inverseSide="valueOf")),
    ("bad-name", f"{R0}/inverseSide", with_relation(inverseSide="books.x")),
    ("bad-name", f"{R0}/mappedBy", with_relation(type="oneToMany", mappedBy="(x) => x")),
    ("bad-name", f"{R0}/name", with_relation(type="manyToMany", name="!")),
    ("bad-name", f"{F0}/enumName", with_field(type="enum", enumValues=["a"], enumName="a-b!")),
    ("bad-name", f"{F0}/enumName", with_field(type="enum", enumValues=["a"], enumName="Date")),
    ("bad-name", "/nonCrud/0/name", plan(entity(), nonCrud=[{"name": "../x"}])),
    ("module-taken", "/nonCrud/0/name", plan(entity(), nonCrud=[{"name": "book"}])),
    (
        "module-taken",
        "/nonCrud/1/name",
        plan(entity(), nonCrud=[{"name": "Billing"}, {"name": "billing"}]),
    ),
]

IDENTIFIERS = [
    ("bad-identifier", f"{E0}/tableName", plan(entity(tableName="sales.orders"))),
    ("bad-identifier", f"{E0}/tableName", plan(entity(tableName='x"; drop table "user'))),
    ("bad-identifier", f"{E0}/tableName", plan(entity(tableName="../x"))),
    ("identifier-length", f"{E0}/tableName", plan(entity(tableName="t" * 64))),
    ("identifier-length", f"{E0}/entityName", plan(entity("T" + "t" * 63))),
    ("system-name", f"{E0}/entityName", plan(entity("PgClass"))),
    ("system-name", f"{E0}/tableName", plan(entity(tableName="pg_user"))),
    ("system-name", f"{F0}/name", plan(entity(fields=[field("xmin")]))),
    ("system-name", f"{F0}/columnName", with_field(columnName="ctid")),
    ("system-name", R0, with_relation(foreignKey="xmax")),
    ("bad-identifier", f"{F0}/columnName", with_field(columnName="a b")),
    ("identifier-length", f"{F0}/columnName", with_field(columnName=LONG)),
    ("identifier-length", f"{F0}/name", plan(entity(fields=[field(LONG)]))),
    ("bad-identifier", f"{R0}/columnName", with_relation(columnName="a;b")),
    ("identifier-length", f"{R0}/columnName", with_relation(columnName=LONG)),
    ("identifier-length", R0, with_relation(foreignKey=LONG)),
    (
        "identifier-length",
        f"{F0}/columnName",
        plan(entity(tableName="t" * 40, fields=[field("s" * 20, type="enum", enumValues=["a"])])),
    ),
    (
        "column-clash",
        "/entities/0/fields/1/columnName",
        plan(entity(fields=[field("a"), field("b", columnName="A")])),
    ),
    ("column-clash", f"{F0}/columnName", with_field(columnName="dateCreated")),
    (
        "column-clash",
        f"{R0}/columnName",
        plan(
            entity(fields=[field()], relations=[relation("Author", columnName="title")]),
            entity("Author"),
        ),
    ),
]

PATHS = [
    *[
        ("bad-path", "/paths/module", plan(entity(), paths={"module": path}))
        for path in (
            "../outside", "/etc", "src/../..", "src\\modules", "C:/x", "modules", "src//x",
            "src/.git", "src/node_modules/x", "src/a b", "src/a;b", "src/a\n", "~/x", "src/'x",
        )
    ],
    ("bad-path", f"{E0}/paths/shared", plan(entity(paths={"shared": "src/../x"}))),
    ("bad-path", f"{E0}/paths/entity", plan(entity(paths={"entity": "/abs"}))),
    *[
        ("bad-path", f"{E0}/sharedPackage", plan(entity(sharedPackage=path)))
        for path in ("../shared", "/x", "a/../b", "@shop", "x'; import 'y", "a\\b", "file:///x")
    ],
]  # fmt: skip

TAKEN = [
    ("route-taken", "/entities/1/entityName", plan(entity("Category"), entity("Categorie"))),
    (
        "route-taken",
        "/entities/1/pluralName",
        plan(entity("Book"), entity("Tome", pluralName="Books")),
    ),
    *[
        ("route-taken", f"{E0}/pluralName", plan(entity(pluralName=route)))
        for route in (
            "user", "role", "role-assignment", "auth", "token", "signup", "me", "api", "api-json",
            "apiYaml",
        )
    ],
    ("table-taken", "/entities/1/tableName", plan(entity("A"), entity("B", tableName="A"))),
    *[
        ("table-taken", f"{E0}/tableName", plan(entity(tableName=table)))
        for table in ("user", "role", "user_role", "migrations", "User")
    ],
    ("resource-taken", "/entities/1/entityName", plan(entity("Book"), entity("BookList"))),
    ("resource-taken", f"{E0}/entityName", plan(entity("RoleAssignment"))),
    (
        "folder-taken",
        "/entities/1/paths",
        plan(
            entity("Book", paths={"shared": None}),
            entity("Shared", paths={"shared": "src/modules/book"}),
        ),
    ),
    ("class-taken", "/entities/1/entityName", plan(entity("Product"), entity("ProductCreate"))),
    (
        "class-taken",
        f"{F0}/enumName",
        with_field(type="enum", enumValues=["a"], enumName="BookDto"),
    ),
    (
        "class-taken",
        "/entities/1/fields/0/enumName",
        plan(
            *[
                entity(name, fields=[field("kind", type="enum", enumValues=["a"], enumName="K")])
                for name in ("A", "B")
            ]
        ),
    ),
    (
        "type-taken",
        "/entities/1/fields/0/columnName",
        plan(
            entity("A", fields=[field("bC", columnName="b_c", type="enum", enumValues=["x"])]),
            entity("AB", tableName="a_b", fields=[field("c", type="enum", enumValues=["x"])]),
        ),
    ),
    (
        "type-taken",
        f"{F0}/columnName",
        plan(
            entity("A", fields=[field("b", type="enum", enumValues=["x"])]),
            entity("B", tableName="a_b_enum"),
        ),
    ),
]  # fmt: skip

FIELDS = [
    ("enum-without-values", f"{F0}/type", with_field(type="enum")),
    ("enum-without-values", f"{F0}/enumValues", with_field(type="enum", enumValues=[])),
    (
        "duplicate-enum-value",
        f"{F0}/enumValues/1",
        with_field(type="enum", enumValues=["a", "a"]),
    ),
    ("bad-enum-value", f"{F0}/enumValues/0", with_field(type="enum", enumValues=["a\nb"])),
    ("bad-enum-value", f"{F0}/enumValues/0", with_field(type="enum", enumValues=["ü" * 32])),
    ("contradiction", f"{F0}/minLength", with_field(minLength=5, maxLength=4)),
    ("contradiction", f"{F0}/minLength", with_field(minLength=256)),
    ("contradiction", f"{F0}/min", with_field(type="number", min=5, max=4)),
    ("contradiction", f"{F0}/min", with_field(type="number", min=0.2, max=0.8)),
    ("contradiction", f"{F0}/min", with_field(type="float", precision=3, scale=2, min=10)),
    ("contradiction", f"{F0}/max", with_field(type="float", precision=3, scale=2, max=-10)),
    ("contradiction", f"{F0}/scale", with_field(type="float", precision=2, scale=3)),
    ("contradiction", f"{F0}/isUrl", with_field(isUrl=True, isEmail=True)),
    ("int-range", f"{F0}/max", with_field(type="number", max=2**31)),
    ("int-range", f"{F0}/min", with_field(type="number", min=-(2**31) - 1)),
    ("bad-pattern", f"{F0}/pattern", with_field(pattern="(")),
    ("bad-pattern", f"{F0}/pattern", with_field(pattern="(?P<x>a)")),
    ("bad-pattern", f"{F0}/pattern", with_field(pattern="[b-a]")),
    ("bad-pattern", f"{F0}/pattern", with_field(pattern=r"\p{L}+")),
    ("bad-pattern", f"{F0}/pattern", with_field(pattern="(a{1000}){1000}")),
    ("needs-example", f"{F0}/pattern", with_field(pattern="^a(?!.)b$")),
    ("needs-example", f"{F0}/pattern", with_field(pattern="^a{10}$", maxLength=9)),
    ("needs-example", f"{F0}/type", with_field(isEmail=True, maxLength=5)),
    ("bad-default", f"{F0}/default", with_field(default=3)),
    ("single-row", f"{F0}/unique", with_field(type="enum", enumValues=["a"], unique=True)),
    ("default-misread", f"{F0}/default", with_field(type="json", default={"a": "b::c"})),
    ("default-misread", f"{F0}/default", with_field(type="json", default={"a::b": 1})),
    ("default-misread", f"{F0}/default", with_field(default="a\\b current_timestamp")),
    ("bad-default", f"{F0}/default", with_field(default="abc", maxLength=2)),
    ("bad-default", f"{F0}/default", with_field(default="abc", pattern="^[0-9]+$")),
    ("bad-default", f"{F0}/default", with_field(type="number", default="0")),
    ("bad-default", f"{F0}/default", with_field(type="number", default=1.5)),
    ("bad-default", f"{F0}/default", with_field(type="number", default=True)),
    ("bad-default", f"{F0}/default", with_field(type="number", default=2**31)),
    ("bad-default", f"{F0}/default", with_field(type="float", default=0.123)),
    ("bad-default", f"{F0}/default", with_field(type="float", default=10**9)),
    ("bad-default", f"{F0}/default", with_field(type="boolean", default="true")),
    ("bad-default", f"{F0}/default", with_field(type="date", default="yesterday")),
    ("bad-default", f"{F0}/default", with_field(type="date", default="2024-02-31")),
    ("bad-default", f"{F0}/default", with_field(type="uuid", default="gen_random_uuid()")),
    ("bad-default", f"{F0}/default", with_field(type="enum", enumValues=["a"], default="b")),
    ("bad-default", f"{F0}/default", with_field(isEmail=True, default="nobody")),
    ("bad-default", f"{F0}/default", with_field(isUrl=True, default="no url")),
    ("bad-example", f"{F0}/apiExample", with_field(apiExample="abc", maxLength=2)),
    ("bad-example", f"{F0}/apiExample", with_field(type="number", min=5, apiExample=4)),
    ("unsafe-text", f"{F0}/apiDescription", with_field(apiDescription="a\u202eb")),
    ("unsafe-text", f"{F0}/apiDescription", with_field(apiDescription="a\x1b[31m")),
    ("unsafe-text", f"{F0}/default", with_field(default="a\u2066b")),
    ("unsafe-text", f"{F0}/default", with_field(type="json", default={"a": ["\u2028"]})),
    ("unsafe-text", f"{F0}/enumValues", with_field(type="enum", enumValues=["a\u200b"])),
    (
        "never-set",
        f"{F0}/creatable",
        plan(
            entity(
                fields=[field(creatable=False)],
                acl={"admin": {"operations": ["create"]}},
            )
        ),
    ),
]

RELATIONS = [
    ("unknown-target", f"{R0}/targetEntity", plan(entity(relations=[relation("Authr")]))),
    ("unknown-target", f"{R0}/targetEntity", plan(entity(relations=[relation("../x")]))),
    (
        "unknown-target",
        f"{R0}/targetEntity",
        plan(entity(relations=[relation("Nobody", sdkManaged=True)])),
    ),
    ("sdk-target", f"{R0}/targetEntity", plan(entity(relations=[relation("UserOtp")]))),
    ("sdk-target", f"{R0}/targetEntity", plan(entity(relations=[relation("invitation")]))),
    ("sdk-inverse", R0, plan(entity(relations=[relation("User", type="oneToMany")]))),
    (
        "sdk-inverse",
        R0,
        plan(entity(relations=[relation("User", type="oneToOne", mappedBy="book")])),
    ),
    ("set-null-required", f"{R0}/onDelete", with_relation(nullable=False, onDelete="SET NULL")),
    (
        "name-clash",
        "/entities/0/relations/1",
        plan(entity(relations=[relation("User"), relation("User")])),
    ),
    (
        "name-clash",
        R0,
        plan(entity(fields=[field("author")], relations=[relation("Author")]), entity("Author")),
    ),
    ("name-clash", R0, with_relation(name="version")),
    ("name-clash", R0, with_relation(foreignKey="id")),
    ("name-clash", R0, with_relation(name="authorId")),
    (
        "name-clash",
        f"{R0}/inverseSide",
        plan(
            entity(relations=[relation("Author", inverseSide="books")]),
            entity("Author", fields=[field("books")]),
        ),
    ),
    (
        "foreign-key-type",
        f"{F0}/type",
        plan(
            entity(fields=[field("authorId", type="number")], relations=[relation("Author")]),
            entity("Author"),
        ),
    ),
    (
        "inverse-mismatch",
        f"{R0}/inverseSide",
        plan(
            entity(relations=[relation("Author", inverseSide="user")]),
            entity("Author", relations=[relation("User")]),
        ),
    ),
    (
        "inverse-mismatch",
        f"{R0}/mappedBy",
        plan(
            entity(relations=[relation("Author", type="oneToOne", mappedBy="book")]),
            entity("Author", relations=[relation("Book")]),
        ),
    ),
    (
        "ambiguous-inverse",
        "/entities/1/relations/0",
        plan(
            entity(relations=[relation("Author"), relation("Author", name="editor")]),
            entity("Author", relations=[relation("Book", type="oneToMany", name="books")]),
        ),
    ),
    (
        "junction-name-taken",
        R0,
        plan(entity("A", relations=[relation("B", type="manyToMany")]), entity("B"), entity("AB")),
    ),
    (
        "identifier-length",
        R0,
        plan(
            entity("A" + "b" * 30, relations=[relation("C" + "d" * 35, type="manyToMany")]),
            entity("C" + "d" * 35),
        ),
    ),
    (
        "junction-name-taken",
        "/entities/0/relations/1",
        plan(
            entity(
                "A",
                relations=[
                    relation("B", type="manyToMany", name="b1"),
                    relation("B", type="manyToMany", name="b2"),
                ],
            ),
            entity("B"),
        ),
    ),
    (
        "junction-name-taken",
        R0,
        plan(entity("A", relations=[relation("Entity", type="manyToMany")]), entity("Entity")),
    ),
    (
        "junction-relations",
        f"{E0}/isJunction",
        plan(entity(isJunction=True, relations=[relation("Author")]), entity("Author")),
    ),
    (
        "required-cycle",
        R0,
        plan(
            entity("A", relations=[relation("B", nullable=False)]),
            entity("B", relations=[relation("A", nullable=False)]),
        ),
    ),
    ("required-cycle", R0, plan(entity("A", relations=[relation("A", nullable=False)]))),
    (
        "unknown-column",
        f"{E0}/uniqueConstraint/1",
        plan(entity(fields=[field()], uniqueConstraint=["title", "titel"])),
    ),
    (
        "unknown-column",
        f"{E0}/uniqueConstraint/0/0",
        plan(entity(fields=[field()], uniqueConstraint=[["x", "title"]])),
    ),
    (
        "duplicate-column",
        f"{E0}/uniqueConstraint/1",
        plan(entity(fields=[field(columnName="t")], uniqueConstraint=["title", "t"])),
    ),
]

ACCESS = [
    ("no-owner", f"{E0}/acl/user", plan(own())),
    ("no-owner", f"{E0}/acl/user", plan(own(fields=[field("userId")]))),
    ("no-owner", f"{E0}/acl/user", plan(own(fields=[field("userIdentifier", type="uuid")]))),
    ("no-owner", f"{E0}/ownerField", plan(own(ownerField="ownerId"))),
    (
        "no-owner",
        f"{E0}/ownerField",
        plan(own(ownerField="authorId", relations=[relation("Author")]), entity("Author")),
    ),
    (
        "no-owner",
        f"{E0}/ownerField",
        plan(
            own(ownerField="author.userId", relations=[relation("Author")]),
            entity("Author", relations=[relation("User")]),
        ),
    ),
    (
        "no-owner",
        f"{E0}/ownerField",
        plan(
            own(ownerField="author.userId", relations=[relation("Author", nullable=False)]),
            entity("Author"),
        ),
    ),
    ("no-owner", f"{E0}/ownerField", plan(own(ownerField="../x"))),
    ("no-owner", f"{E0}/ownerField", plan(own(ownerField=".".join("abcdefghijklmnop")))),
    ("bad-role", f"{E0}/acl/a'b", plan(entity(acl={"a'b": {"operations": ["read"]}}))),
    ("bad-role", f"{E0}/acl/x~1~0y", plan(entity(acl={"x/~y": {"operations": ["read"]}}))),
    ("bad-role", f"{E0}/acl/constructor", plan(entity(acl={"constructor": {"operations": []}}))),
    ("bad-role", f"{E0}/acl/__proto__", plan(entity(acl={"__proto__": {"operations": []}}))),
    ("role-spelling", f"{E0}/acl/Admin", plan(entity(acl={"Admin": {"operations": ["read"]}}))),
    (
        "role-spelling",
        f"{E0}/acl/store_manager",
        plan(
            entity(
                acl={
                    "storeManager": {"operations": ["read"]},
                    "store_manager": {"operations": ["read"]},
                }
            )
        ),
    ),
]

CASES = [*SHAPES, *NAMES, *IDENTIFIERS, *PATHS, *TAKEN, *FIELDS, *RELATIONS, *ACCESS]


@pytest.mark.parametrize(
    ("code", "pointer", "document"),
    CASES,
    ids=[f"{index}-{code}" for index, (code, _, _) in enumerate(CASES)],
)
def test_one_mistake_is_one_problem_at_its_place(code: str, pointer: str, document: Any) -> None:
    text, places = printed(document)
    with pytest.raises(InputError) as caught:
        read_plan(text, file="plan.json")
    problems = caught.value.problems
    assert [(p.code, p.pointer) for p in problems] == [(f"plan-{code}", pointer)]
    (problem,) = problems
    assert (problem.file, problem.line) == ("plan.json", line_of(places, pointer))
    for sentence in (problem.message, problem.fix):
        assert sentence.endswith((".", "?", ")")), sentence
        assert sentence.isprintable(), sentence
        assert len(sentence) < 400
