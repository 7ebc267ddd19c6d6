"""What a plan means: every default, every name, both sides of every relation."""

import json
from pathlib import Path
from typing import Any

import pytest
from tests.tools.plan.documents import entity, field, plan, relation

from rockets_tools.plan import Plan, load_plan, read_plan
from rockets_tools.plan.model import (
    Action,
    CutEdge,
    Entity,
    FieldType,
    Grant,
    OnDelete,
    Operation,
    Owner,
    Possession,
    RelationType,
)

EXAMPLES = Path(__file__).parents[3] / "examples"
ALL = frozenset(Action)
CRUD = ["create", "read", "update", "delete"]


def resolved(*entities: Any, **keys: Any) -> Plan:
    return read_plan(json.dumps(plan(*entities, **keys))).plan


def warnings(*entities: Any, **keys: Any) -> list[tuple[str, str | None]]:
    checked = read_plan(json.dumps(plan(*entities, **keys)))
    return [(w.code.removeprefix("plan-"), w.pointer) for w in checked.warnings]


def only(**keys: Any) -> Entity:
    return resolved(entity(**keys)).entities["Book"]


def relations(entity: Entity) -> dict[str, tuple[Any, ...]]:
    return {r.name: (r.type.value, r.target, r.foreign_key, r.inverse) for r in entity.relations}


def test_the_shop_of_the_seed() -> None:
    shop = load_plan(EXAMPLES / "shop.plan.json")
    assert shop.warnings == ()
    assert shop.plan.waves == (("Category", "Tag"), ("Product",), ("ProductTag", "Review"))
    assert shop.plan.roles == ("admin", "user")
    product, tags = shop.plan.entities["Product"], shop.plan.entities["ProductTag"]
    assert relations(shop.plan.entities["Category"]) == {
        "parent": ("manyToOne", "Category", "parentId", "children"),
        "children": ("oneToMany", "Category", None, "parent"),
        "products": ("oneToMany", "Product", None, "category"),
    }
    assert product.relation("category").on_delete is OnDelete.RESTRICT
    assert tags.unique == (("productId", "tagId"),)
    assert tags.soft_delete is False
    assert all(not r.nullable for r in tags.owning_relations)
    review = shop.plan.entities["Review"]
    assert review.owner == Owner(path=(), column="userId")
    assert review.unique == (("productId", "userId"),)


def test_chinook_by_hand() -> None:
    chinook = load_plan(EXAMPLES / "chinook.plan.json")
    assert chinook.warnings == ()
    assert chinook.plan.waves == (
        ("Artist", "Employee", "Genre", "MediaType", "Playlist"),
        ("Album", "Customer"),
        ("Invoice", "Track"),
        ("InvoiceLine", "PlaylistTrack"),
    )
    assert len(chinook.plan.entities) == 11
    assert relations(chinook.plan.entities["Employee"]) == {
        "reportsTo": ("manyToOne", "Employee", "reportsToId", "reports"),
        "reports": ("oneToMany", "Employee", None, "reportsTo"),
        "customers": ("oneToMany", "Customer", None, "supportRep"),
    }
    assert chinook.plan.entities["InvoiceLine"].owner == Owner(
        path=("invoice", "customer"), column="userId", targets=("Invoice", "Customer")
    )
    assert chinook.plan.entities["PlaylistTrack"].unique == (("playlistId", "trackId"),)


def test_defaults_of_an_entity() -> None:
    book = only(fields=[field()])
    assert (book.kebab, book.camel, book.constant) == ("book", "book", "BOOK")
    assert (book.plural, book.table) == ("books", "book")
    assert (book.paths.entity, book.paths.module) == ("src/modules/book", "src/modules/book")
    assert book.paths.shared == "src/shared/book"
    assert book.operations == frozenset(Operation)
    assert book.soft_delete
    assert book.owner is None
    assert book.unique == ()
    (title,) = book.fields
    assert (title.column, title.type, title.required) == ("title", FieldType.STRING, True)
    assert (title.precision, title.scale) == (10, 2)
    assert (title.creatable, title.updatable, title.expose) == (True, True, True)


@pytest.mark.parametrize(
    ("written", "name", "table", "route"),
    [
        ("BlogPost", "BlogPost", "blog_post", "blog-posts"),
        ("blog_post", "BlogPost", "blog_post", "blog-posts"),
        ("BLOG-POST", "BlogPost", "blog_post", "blog-posts"),
        ("blog post entity", "BlogPost", "blog_post", "blog-posts"),
        ("CarEntity", "Car", "car", "cars"),
        ("Identity", "Identity", "identity", "identities"),
        ("Entity", "Entity", "entity", "entities"),
        ("HTMLPage", "HtmlPage", "html_page", "html-pages"),
        ("News", "News", "news", "news"),
        ("Shelf", "Shelf", "shelf", "shelves"),
        ("Person", "Person", "person", "people"),
        ("child", "Child", "child", "children"),
        ("OrderStatus", "OrderStatus", "order_status", "order-statuses"),
        ("Order", "Order", "order", "orders"),
        ("class", "Class", "class", "classes"),
        ("group", "Group", "group", "groups"),
        ("default", "Default", "default", "defaults"),
        ("Oauth2Client", "Oauth2Client", "oauth2_client", "oauth2-clients"),
        *[
            (n, n, n.lower(), f"{n.lower()}s")
            for n in ("Event", "Config", "Password", "Crud", "App", "Auth", "Jwt")
        ],
        ("TypeOrm", "TypeOrm", "type_orm", "type-orms"),
    ],
)
def test_names_in_any_case(written: str, name: str, table: str, route: str) -> None:
    (one,) = resolved(entity(written)).entities.values()
    assert (one.name, one.table, one.plural) == (name, table, route)


def test_edges_follow_normalised_names() -> None:
    two = resolved(
        entity("acomment", relations=[relation("zcategory"), relation("blog_postEntity")]),
        entity("ZCategory"),
        entity("blog_post"),
    )
    assert two.waves == (("BlogPost", "ZCategory"), ("Acomment",))


def test_field_names_and_columns() -> None:
    book = only(fields=[field("first_name"), field("IsActive"), field("SKU", columnName="sku_no")])
    assert [(f.name, f.column) for f in book.fields] == [
        ("firstName", "firstName"),
        ("isActive", "isActive"),
        ("sku", "sku_no"),
    ]


def test_constraints_that_mean_nothing_are_dropped_with_a_warning() -> None:
    written = entity(fields=[field("n", type="number", maxLength=3, scale=2), field("s", min=1)])
    assert warnings(written) == [
        ("constraint-ignored", "/entities/0/fields/0/maxLength"),
        ("constraint-ignored", "/entities/0/fields/0/scale"),
        ("constraint-ignored", "/entities/0/fields/1/min"),
    ]
    number, text = resolved(written).entities["Book"].fields
    assert (number.max_length, text.min) == (None, None)


def test_defaults_are_canonical() -> None:
    book = only(
        fields=[
            field("a", type="number", default=1.0, min=1.0),
            field("b", type="date", default="CURRENT_TIMESTAMP"),
            field("c", type="json", default={"it's": ['"']}),
            field("d", type="boolean", default=False),
        ]
    )
    assert [repr(f.default) for f in book.fields] == ["1", "'now()'", "{\"it's\": ['\"']}", "False"]
    assert all(f.has_default for f in book.fields)
    assert repr(book.fields[0].min) == "1"


def test_foreign_key_names() -> None:
    plan_ = resolved(
        entity(
            "Task",
            relations=[
                relation("User", name="author"),
                relation("User", name="reviewer"),
                relation("Project", name="home"),
                relation("Task", name="parent"),
                relation("Team", name="crew", foreignKey="team_ref", columnName="crew_id"),
            ],
        ),
        entity("Project"),
        entity("Team"),
    )
    keys = {r.name: (r.foreign_key, r.column) for r in plan_.entities["Task"].relations}
    assert keys == {
        "author": ("authorId", "authorId"),
        "reviewer": ("reviewerId", "reviewerId"),
        "home": ("projectId", "projectId"),
        "parent": ("parentId", "parentId"),
        "crew": ("teamRef", "crew_id"),
    }


@pytest.mark.parametrize(
    ("of_field", "of_relation", "nullable"),
    [
        ({}, {}, True),
        ({"required": True}, {}, False),
        ({"required": False}, {}, True),
        ({"required": True}, {"nullable": True}, True),
        ({}, {"nullable": False}, False),
    ],
)
def test_a_declared_uuid_is_the_foreign_key(
    of_field: dict[str, Any], of_relation: dict[str, Any], nullable: bool
) -> None:
    book = resolved(
        entity(
            fields=[field("author_id", type="uuid", unique=True, columnName="author", **of_field)],
            relations=[relation("Author", **of_relation)],
        ),
        entity("Author"),
    ).entities["Book"]
    assert book.fields == ()
    (author,) = book.relations
    assert (author.foreign_key, author.column) == ("authorId", "author")
    assert (author.nullable, author.unique) == (nullable, True)


BOTH = (
    {"books": ("oneToMany", "Book", None, "author")},
    {"author": ("manyToOne", "Author", "authorId", "books")},
)


@pytest.mark.parametrize(
    ("of_author", "of_book", "warned"),
    [
        ([], [relation("Author", inverseSide="books")], False),
        (
            [relation("Book", type="oneToMany", name="books")],
            [relation("Author")],
            False,
        ),
        (
            [relation("Book", type="oneToMany", name="books", mappedBy="author")],
            [relation("Author", inverseSide="books")],
            False,
        ),
        (
            [relation("Book", type="oneToMany", name="books", inverseSide="author")],
            [relation("Author")],
            False,
        ),
        (
            [relation("Book", type="oneToMany", name="books", mappedBy="authorId")],
            [relation("Author", foreignKey="authorId")],
            False,
        ),
        ([relation("Book", type="oneToMany", name="books")], [], True),
        ([relation("Book", type="oneToMany", name="books", mappedBy="author")], [], True),
    ],
)
def test_both_sides_are_there_however_they_are_written(
    of_author: list[Any], of_book: list[Any], warned: bool
) -> None:
    written = entity("Author", relations=of_author), entity("Book", relations=of_book)
    both = resolved(*written).entities
    assert (relations(both["Author"]), relations(both["Book"])) == BOTH
    assert bool(warnings(*written)) is warned


def test_the_added_side_takes_what_the_written_one_says() -> None:
    both = resolved(
        entity(
            "Author",
            relations=[
                relation(
                    "Book",
                    type="oneToMany",
                    name="books",
                    onDelete="CASCADE",
                    nullable=False,
                    foreignKey="writerId",
                )
            ],
        ),
        entity("Book"),
    )
    author = both.entities["Book"].relation("author")
    assert author.on_delete is OnDelete.CASCADE
    assert (author.nullable, author.foreign_key) == (False, "writerId")
    assert both.entities["Author"].relation("books").on_delete is None


def test_options_on_the_side_without_the_key_are_warned_about() -> None:
    shelf = entity(
        "Author",
        relations=[relation("Book", type="oneToMany", name="books", onDelete="CASCADE")],
    )
    assert warnings(shelf, entity("Book", relations=[relation("Author")])) == [
        ("inverse-option", "/entities/0/relations/0/onDelete")
    ]


def test_one_to_one() -> None:
    def sides(of_book: dict[str, Any], of_cover: dict[str, Any] | None) -> list[str]:
        both = resolved(
            entity("Book", relations=[relation("Cover", type="oneToOne", **of_book)]),
            entity(
                "Cover",
                relations=[]
                if of_cover is None
                else [relation("Book", type="oneToOne", **of_cover)],
            ),
        )
        for one in both.entities.values():
            for r in one.relations:
                assert r.unique is r.owning
        return [
            f"{e.name}.{r.name}{'*' if r.owning else ''}>{r.inverse}"
            for e in both.entities.values()
            for r in e.relations
        ]

    assert sides({}, None) == ["Book.cover*>None"]
    assert sides({"inverseSide": "book"}, None) == ["Cover.book>cover", "Book.cover*>book"]
    assert sides({}, {"mappedBy": "cover"}) == ["Cover.book>cover", "Book.cover*>book"]
    assert sides({"owner": False}, {}) == ["Book.cover>book", "Cover.book*>cover"]
    assert sides({"mappedBy": "book"}, None) == ["Book.cover>book", "Cover.book*>cover"]
    assert sides({}, {}) == ["Cover.book>cover", "Book.cover*>book"]
    assert sides({}, {"owner": True}) == ["Book.cover>book", "Cover.book*>cover"]


def test_many_to_many_becomes_a_junction() -> None:
    two = resolved(
        entity(
            "Product",
            relations=[
                relation("Tag", type="manyToMany", name="tags"),
                relation("User", name="user"),
            ],
            acl={
                "admin": {"operations": CRUD},
                "editor": {"operations": ["update"]},
                "reader": {"operations": ["read"]},
                "user": {"possession": "own", "operations": ["read", "update"]},
                "writer": {"operations": ["create", "delete"]},
            },
        ),
        entity("Tag"),
    )
    junction = two.entities["ProductTag"]
    assert junction.from_many_to_many
    assert junction.is_junction
    assert two.waves[-1] == ("ProductTag",)
    assert relations(junction) == {
        "product": ("manyToOne", "Product", "productId", None),
        "tag": ("manyToOne", "Tag", "tagId", None),
    }
    assert all(r.on_delete is OnDelete.CASCADE and not r.nullable for r in junction.relations)
    assert junction.operations == {
        Operation.READ_MANY,
        Operation.READ_ONE,
        Operation.CREATE_ONE,
        Operation.DELETE_ONE,
    }
    link = frozenset({Action.CREATE, Action.DELETE})
    assert junction.acl == {
        "admin": Grant(possession=Possession.ANY, actions=link | {Action.READ}),
        "editor": Grant(possession=Possession.ANY, actions=link),
        "reader": Grant(possession=Possession.ANY, actions=frozenset({Action.READ})),
        "user": Grant(possession=Possession.OWN, actions=link | {Action.READ}),
    }
    assert junction.owner == Owner(path=("product",), column="userId", targets=("Product",))
    assert junction.unique == (("productId", "tagId"),)
    assert [r.name for r in two.entities["Product"].relations] == ["user"]


@pytest.mark.parametrize(
    ("of_a", "of_b", "junction"),
    [
        ({}, {}, "AB"),
        ({"owner": False}, {}, "BA"),
        ({}, {"owner": True}, "BA"),
        ({"mappedBy": "as"}, {}, "BA"),
        ({}, {"mappedBy": "bs"}, "AB"),
    ],
)
def test_two_declarations_are_one_junction(
    of_a: dict[str, Any], of_b: dict[str, Any], junction: str
) -> None:
    both = resolved(
        entity("A", relations=[relation("B", type="manyToMany", name="bs", **of_a)]),
        entity("B", relations=[relation("A", type="manyToMany", name="as", **of_b)]),
    )
    assert sorted(both.entities) == sorted(["A", "B", junction])


def test_many_to_many_with_itself() -> None:
    friends = resolved(
        entity("Person", relations=[relation("Person", type="manyToMany", name="friends")])
    ).entities["PersonPerson"]
    assert relations(friends) == {
        "person": ("manyToOne", "Person", "personId", None),
        "friend": ("manyToOne", "Person", "friendId", None),
    }
    people = resolved(entity("Person", relations=[relation("Person", type="manyToMany")]))
    assert [r.name for r in people.entities["PersonPerson"].relations] == [
        "person",
        "relatedPerson",
    ]


def test_a_written_junction() -> None:
    ends = [relation("A"), relation("B", nullable=True)]
    ab = resolved(
        entity("Link", isJunction=True, relations=ends), entity("A"), entity("B")
    ).entities["Link"]
    assert [r.nullable for r in ab.relations] == [False, True]
    assert ab.unique == (("aId", "bId"),)
    named = resolved(
        entity("Link", isJunction=True, relations=ends, fields=[field("n")],
               uniqueConstraint=["a", "b", "n"]),
        entity("A"),
        entity("B"),
    ).entities["Link"]  # fmt: skip
    assert named.unique == (("aId", "bId", "n"),)


def test_unique_constraints_by_any_name() -> None:
    book = resolved(
        entity(
            fields=[field("first_name"), field("code", columnName="c_ode")],
            relations=[relation("Author", columnName="writer_fk")],
            uniqueConstraint=[["first_name", "author"], ["c_ode", "writer_fk"], ["authorId"]],
        ),
        entity("Author"),
    ).entities["Book"]
    assert book.unique == (("firstName", "authorId"), ("code", "authorId"), ("authorId",))


def test_access() -> None:
    nobody, default, none_read = (
        only(acl={}),
        resolved({"entityName": "Book", "operations": ["readMany"]}),
        only(acl={"user": {"operations": []}}),
    )
    assert nobody.acl == {}
    assert default.entities["Book"].acl == {
        "admin": Grant(possession=Possession.ANY, actions=frozenset({Action.READ}))
    }
    assert none_read.acl == {}
    assert resolved(entity(acl={"user": {"operations": []}})).roles == ("admin", "user")


def test_an_inner_join_never_hides_a_row() -> None:
    inner = {"targetEntity": "User", "joinType": "INNER"}
    maybe = entity(relations=[{**inner, "name": "maybe"}])
    assert resolved(maybe).entities["Book"].relation("maybe").join_type == "LEFT"
    assert warnings(maybe) == [("inner-join", "/entities/0/relations/0/joinType")]
    always = entity(relations=[{**inner, "name": "always", "nullable": False}])
    assert resolved(always).entities["Book"].relation("always").join_type == "INNER"
    assert warnings(always) == []


def test_access_warnings() -> None:
    assert warnings({"entityName": "Book"}) == [("no-acl", "/entities/0")]
    assert warnings(
        entity(operations=["readOne"], acl={"user": {"operations": ["read", "delete"]}})
    ) == [("grant-without-route", "/entities/0/acl/user/operations")]
    assert warnings(entity(operations=["recoverOne"], acl={"u": {"operations": ["update"]}})) == []
    assert warnings(entity(operations=[])) == [("no-operations", "/entities/0/operations")]
    assert warnings(entity(ownerField="nope")) == [("owner-ignored", "/entities/0/ownerField")]
    assert warnings(entity(ownerField="userId")) == []
    assert warnings(entity(relations=[relation("User", inverseSide="books")])) == [
        ("sdk-inverse-ignored", "/entities/0/relations/0/inverseSide")
    ]


OWN = {"user": {"possession": "own", "operations": ["read"]}}


@pytest.mark.parametrize(
    ("entities", "owner"),
    [
        ([entity(relations=[relation("User")])], Owner(path=(), column="userId")),
        ([entity(fields=[field("userId", type="uuid")])], Owner(path=(), column="userId")),
        (
            [entity(relations=[relation("User", name="author", foreignKey="author_id")],
                    ownerField="authorId")],
            Owner(path=(), column="authorId"),
        ),
        (
            [entity(relations=[relation("Shelf", nullable=False)], ownerField="shelf.userId"),
             entity("Shelf", relations=[relation("User")])],
            Owner(path=("shelf",), column="userId", targets=("Shelf",)),
        ),
        (
            [entity(relations=[relation("Shelf", type="oneToOne", nullable=False)],
                    ownerField="shelf.room.keeperId"),
             entity("Shelf", relations=[relation("Room", nullable=False)]),
             entity("Room", fields=[field("keeperId", type="uuid")])],
            Owner(path=("shelf", "room"), column="keeperId", targets=("Shelf", "Room")),
        ),
    ],
)  # fmt: skip
def test_owners(entities: list[dict[str, Any]], owner: Owner) -> None:
    first = {**entities[0], "acl": OWN}
    assert resolved(first, *entities[1:]).entities["Book"].owner == owner


def test_paths() -> None:
    two = resolved(
        entity("Book"),
        entity("Shelf", paths={"module": "./src/areas/", "shared": None}, sharedPackage="@a/b"),
        entity("Room", paths={"shared": "src/other"}),
        paths={"entity": "src/db", "shared": "src/contracts"},
    )
    book, shelf, room = (two.entities[name].paths for name in ("Book", "Shelf", "Room"))
    assert (book.entity, book.module, book.shared) == (
        "src/db/book", "src/modules/book", "src/contracts/book",
    )  # fmt: skip
    assert (shelf.entity, shelf.module, shelf.shared) == (
        "src/db/shelf", "src/areas/shelf", "src/areas/shelf/shared",
    )  # fmt: skip
    assert room.shared == "src/other/room"
    assert two.entities["Shelf"].shared_package == "@a/b"
    within = resolved(entity("Book"), paths={"module": "src/m", "shared": None})
    assert within.entities["Book"].paths.shared == "src/m/book/shared"


def test_enum_names_are_made_to_differ() -> None:
    kind = field("kind", type="enum", enumValues=["a"])
    two = resolved(
        entity("Product", fields=[field("tagKind", type="enum", enumValues=["a"]),
                                  field("dto", type="enum", enumValues=["a"])]),
        entity("ProductTag", fields=[kind, {**kind, "name": "other", "enumName": "product_state"}]),
    )  # fmt: skip
    names = [f.enum_name for e in two.entities.values() for f in e.fields]
    assert names == ["ProductTagKind", "ProductDtoEnum", "ProductTagKindEnum", "ProductState"]


def test_a_real_cycle_is_cut_at_a_nullable_relation() -> None:
    shop = resolved(
        entity("Store", relations=[relation("Staff", name="manager")]),
        entity("Staff", relations=[relation("Store", nullable=False)]),
    )
    assert shop.cut_edges == (CutEdge(source="Store", relation="manager", target="Staff"),)
    assert shop.waves == (("Store",), ("Staff",))
    assert shop.entities["Store"].relation("manager").foreign_key == "staffId"


def test_non_crud_and_relations_to_the_sdk() -> None:
    some = resolved(
        entity(relations=[relation("role"), relation("UserEntity", sdkManaged=True)]),
        nonCrud=[{"name": "billing_run", "type": "workflow"}],
    )
    (module,) = some.non_crud
    assert (module.name, module.kebab, module.type) == ("BillingRun", "billing-run", "workflow")
    assert [(r.target, r.sdk_target) for r in some.entities["Book"].relations] == [
        ("Role", True),
        ("User", True),
    ]
    assert some.waves == (("Book",),)


def test_relation_types_are_those_of_the_model() -> None:
    assert {t.value for t in RelationType} == {"manyToOne", "oneToMany", "oneToOne"}
