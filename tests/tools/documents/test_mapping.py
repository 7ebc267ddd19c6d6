"""What tables, columns and keys become in the plan, and what is said about it."""

import pytest
from tests.tools.documents.told import (
    accepted,
    entity,
    field,
    notices,
    relation,
    sql,
)

from rockets_tools.documents import read_document


def test_names_are_typescript_and_the_database_keeps_its_own() -> None:
    imported = sql(
        "create table order_items (id serial primary key, unit_price numeric(10,2) not null,"
        ' "Line Note" text);'
    )
    item = entity(imported, "OrderItem")
    assert item["tableName"] == "order_items"
    assert field(imported, "OrderItem", "unitPrice")["columnName"] == "unit_price"
    assert field(imported, "OrderItem", "lineNote")["columnName"] == "Line_Note".lower()
    plan = accepted(imported).plan
    assert plan.entities["OrderItem"].table == "order_items"


def test_a_surrogate_key_becomes_the_id() -> None:
    imported = sql("create table a (a_id int primary key, n text);")
    assert [f["name"] for f in entity(imported, "A")["fields"]] == ["n"]
    assert notices(imported, "key") == [(1, "a.a_id is the key and becomes A.id, a uuid.")]


def test_a_natural_key_stays_required_and_unique() -> None:
    imported = sql(
        "create table country (code char(2) primary key, name text);"
        "create table city (id int primary key, country_code char(2) not null references country);"
    )
    code = field(imported, "Country", "code")
    assert code["unique"]
    assert "required" not in code
    assert entity(imported, "Country")["x-source"] == {"key": ["code"]}
    to_country = relation(imported, "City", "Country")
    assert to_country["columnName"] == "country_code"
    accepted(imported)


def test_a_composite_key_becomes_a_unique_constraint() -> None:
    imported = sql(
        "create table orders (id int primary key);"
        "create table line (order_id int references orders, pos int, what text not null,"
        " primary key (order_id, pos));"
        "create table note (id int primary key, order_id int, pos int, body text,"
        " foreign key (order_id, pos) references line (order_id, pos));"
    )
    assert entity(imported, "Line")["uniqueConstraint"] == ["orderId", "pos"]
    assert relation(imported, "Line", "Order")["nullable"] is False
    assert [f["name"] for f in entity(imported, "Note")["fields"]] == ["body"]
    assert "stands for order_id, pos" in notices(imported, "composite-reference")[0][1]
    accepted(imported)


def test_a_key_shared_with_its_parent_is_one_to_one() -> None:
    imported = sql(
        "create table person (id int primary key);"
        "create table employee (person_id int primary key references person(id), since date);"
    )
    assert relation(imported, "Employee", "Person")["type"] == "oneToOne"
    accepted(imported)


def test_a_table_of_two_references_is_a_junction() -> None:
    imported = sql(
        "create table tag (id int primary key); create table post (id int primary key);"
        "create table post_tag (post_id int references post on delete cascade, tag_id int"
        " references tag, created_at timestamp, primary key (post_id, tag_id));"
        "create table tag_price (post_id int references post, tag_id int references tag,"
        " paid int, primary key (post_id, tag_id));"
        "create table loose (id int primary key, post_id int not null references post,"
        " tag_id int not null references tag);"
    )
    plan = accepted(imported).plan
    assert plan.entities["PostTag"].is_junction
    assert plan.entities["PostTag"].unique == (("postId", "tagId"),)
    assert not plan.entities["TagPrice"].is_junction
    assert plan.entities["TagPrice"].unique == (("postId", "tagId"),)
    assert not plan.entities["Loose"].is_junction


def test_relation_names_do_not_clash() -> None:
    imported = sql(
        "create table person (id int primary key);"
        "create table book (id int primary key, author text, author_id int references person,"
        " editor int references person, person_id int references person, translatorId int"
        " references person);"
    )
    names = [r.name for r in accepted(imported).plan.entities["Book"].relations]
    assert names == ["authorPerson", "editor", "person", "translator"]


def test_two_references_to_one_target_and_one_to_itself() -> None:
    imported = sql(
        "create table team (id int primary key, parent_id int references team);"
        "create table game (id int primary key, home_id int not null references team,"
        " guest_id int not null references team on delete cascade);"
    )
    plan = accepted(imported).plan
    assert [(r.name, r.foreign_key, r.column) for r in plan.entities["Game"].relations] == [
        ("home", "homeId", "home_id"),
        ("guest", "guestId", "guest_id"),
    ]
    assert plan.entities["Team"].relations[0].self_reference


def test_the_owner_is_guessed_and_said() -> None:
    imported = sql(
        "create table users (id int primary key, email text);"
        "create table orders (id int primary key, user_id int not null references users);"
        "create table order_lines (id int primary key, order_id int not null references orders);"
        "create table product (id int primary key, approved_by int references users);"
    )
    plan = accepted(imported).plan
    order = plan.entities["Order"]
    assert order.owner is not None
    assert order.owner.dotted == "userId"
    assert order.acl["user"].possession == "own"
    assert order.acl["admin"].possession == "any"
    line = plan.entities["OrderLine"]
    assert line.owner is not None
    assert line.owner.dotted == "order.userId"
    assert list(plan.entities["Product"].acl) == ["admin"]
    assert [line for line, _ in notices(imported, "guess-owner")] == [1, 1]
    assert "only admin may use Product" in notices(imported, "guess-no-owner")[0][1]
    assert any("userId" in guess for guess in entity(imported, "Order")["x-guess"])


def test_users_become_the_user_and_a_profile() -> None:
    imported = sql(
        "create table company (id int primary key);"
        "create table users (id serial primary key, username varchar(20) unique, email text not"
        " null, password_hash text, reset_token text, is_active boolean, phone varchar(20),"
        " role text default 'x', company_id int references company, created_at timestamp);"
    )
    profile = entity(imported, "UserProfile")
    assert [f["name"] for f in profile["fields"]] == ["phone", "role"]
    assert [r["targetEntity"] for r in profile["relations"]] == ["User", "Company"]
    assert {message.split(" ")[0] for _, message in notices(imported, "user-secret")} == {
        "users.password_hash",
        "users.reset_token",
    }
    assert len(notices(imported, "user-column")) == 5
    assert notices(imported, "user-rights")
    plan = accepted(imported).plan
    assert plan.entities["UserProfile"].relation("user").unique
    assert plan.entities["UserProfile"].acl["user"].possession == "own"


def test_inherited_columns_are_matched_or_renamed() -> None:
    imported = sql(
        "create table doc (id int primary key, created_at timestamp, modified_on timestamp,"
        " deleted_at timestamp, version int, date_created text);"
        "create table page (id int primary key, doc_id int references doc, version int not null,"
        " unique (doc_id, version));"
    )
    assert [f["name"] for f in entity(imported, "Doc")["fields"]] == ["dateCreatedValue"]
    assert len(notices(imported, "inherited")) == 4
    assert field(imported, "Page", "versionValue")["columnName"] == "version_value"
    assert entity(imported, "Page")["uniqueConstraint"] == ["docId", "versionValue"]
    accepted(imported)


def test_names_the_sdk_or_javascript_has_are_renamed_and_said() -> None:
    imported = sql(
        "create table role (id int primary key, constructor text);"
        "create table user_role (id int primary key, x int);"
        "create table invitation (id int primary key, x int);"
        "create table migrations (id int primary key, x int);"
    )
    plan = accepted(imported).plan
    assert {"RoleRecord", "UserRoleRecord", "InvitationRecord", "Migration"} == set(plan.entities)
    assert plan.entities["RoleRecord"].table == "role_record"
    assert plan.entities["RoleRecord"].fields[0].name == "constructorValue"
    assert len(notices(imported, "renamed")) >= 5


def test_columns_that_differ_only_by_case() -> None:
    imported = sql('create table a (id int primary key, "Id" int, name text, "Name" text);')
    assert len(accepted(imported).plan.entities["A"].fields) == 3


def test_several_schemas_are_flattened() -> None:
    imported = sql(
        "create table sales.orders (id int primary key, total int);"
        "create table hr.orders (id int primary key, sales_order int references sales.orders);"
        "create table plain (id int primary key, hr_order int references hr.orders);"
    )
    plan = accepted(imported).plan
    assert {e.name: e.table for e in plan.entities.values()} == {
        "Order": "sales_orders",
        "HrOrder": "hr_orders",
        "Plain": "plain",
    }
    assert plan.entities["Plain"].relations[0].target == "HrOrder"


def test_required_circles_are_opened_and_said() -> None:
    imported = sql(
        "create table store (id int primary key, manager_id int not null);"
        "create table staff (id int primary key, store_id int not null references store,"
        " boss_id int not null references staff);"
        "alter table store add foreign key (manager_id) references staff (id);"
    )
    accepted(imported)
    assert len(notices(imported, "guess-optional")) == 2


def test_a_reference_to_a_unique_column_leads_to_the_id() -> None:
    imported = sql(
        "create table t (id int primary key, slug text unique);"
        "create table u (id int primary key, t_slug text references t (slug));"
    )
    accepted(imported)
    assert "refers to t.slug" in notices(imported, "reference")[0][1]


def test_blobs_dates_and_secrets_are_guesses() -> None:
    imported = sql("create table a (id int primary key, b bytea, d date, api_key text);")
    assert field(imported, "A", "b")["type"] == "text"
    assert field(imported, "A", "b")["x-guess"] == ["binary data is kept as base64 text"]
    assert field(imported, "A", "d")["type"] == "date"
    assert field(imported, "A", "apiKey")["expose"] is False
    assert len(notices(imported, "guess-type")) == 2


def test_a_reference_nobody_declared_is_guessed_and_said() -> None:
    imported = sql(
        "create table customers (id int primary key);"
        "create table bills (id int primary key, customer_id int not null, other_id int);"
    )
    assert relation(imported, "Bill", "Customer")["x-guess"]
    assert field(imported, "Bill", "otherId")["type"] == "number"
    accepted(imported)


def test_an_entity_of_the_sdk_is_never_made_of_two_tables() -> None:
    imported = sql(
        "create table app.users (id int primary key, a text);"
        "create table users (id int primary key, b text);"
    )
    plan = accepted(imported).plan
    assert [f.name for f in plan.entities["UserProfile"].fields] == ["b"]
    assert plan.entities["AppUser"].table == "app_users"


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ("create table a (id int primary key,\n b circus)", "unknown-type", 2),
        ("create table a (id int primary key,\n b int references nowhere)", "unknown-target", 2),
        ("create table a (id int,\n primary key (x))", "unknown-column", 1),
        ("create table a (id int primary key, b int,\n foreign key (c) references a)",
         "unknown-column", 2),
        ("\ncreate table a as select 1", "sql-no-columns", 2),
        ("alter table x add y int", "sql-unknown-table", 1),
        ("create table a (id int primary key,\n b int, b text)", "sql-twice", 2),
        ("create table a (id int primary key, b text default 'x", "sql-unclosed", 1),
        ("create table users (id int primary key)", "nothing-left", 1),
        ("select 1", "no-tables", 1),
    ],
)  # fmt: skip
def test_what_has_no_plan_form_stops_with_its_line(text: str, code: str, line: int) -> None:
    imported = sql(text)
    assert (f"document-{code}", line) in [(b.code, b.line) for b in imported.blockers]


def test_many_to_many_of_other_languages() -> None:
    imported = read_document(
        'model A {\n id Int @id\n bs B[]\n more B[] @relation("more")\n as A[] @relation("x")\n'
        ' of A[] @relation("x")\n users User[]\n}\nmodel B {\n id Int @id\n as A[]\n'
        ' mored A[] @relation("more")\n}\nmodel User {\n id Int @id\n as A[]\n}\n',
        file="m.prisma",
    )
    plan = accepted(imported).plan
    assert len([e for e in plan.entities.values() if e.is_junction]) == 4


def test_names_of_postgres_itself_are_not_taken() -> None:
    imported = sql(
        "create table pg_log (id int primary key, cmax int, xmin int references pg_log);"
    )
    made = accepted(imported).plan.entities["PgLog"]
    assert made.table == "_pg_log"
    assert [field.column for field in made.fields] == ["_cmax"]
    assert [relation.column for relation in made.relations] == ["_xmin"]


def test_a_composite_reference_leaves_the_columns_another_key_needs() -> None:
    imported = sql(
        "create table jobs (area varchar(9), job varchar(9), primary key (area, job));"
        "create table runs (area varchar(9), name varchar(9), job varchar(9) not null,"
        " primary key (area, name), foreign key (area, job) references jobs (area, job));"
    )
    accepted(imported)
    run = entity(imported, "Run")
    assert run["uniqueConstraint"] == ["area", "name"]
    assert [f["name"] for f in run["fields"]] == ["area", "name"]
    assert [r["targetEntity"] for r in run["relations"]] == ["Job"]


@pytest.mark.parametrize("key", ["", ", primary key (code)"])
def test_a_number_the_database_counts_is_the_id(key: str) -> None:
    imported = sql(f"create table a (no int auto_increment, code varchar(9) not null{key});")
    accepted(imported)
    made = entity(imported, "A")
    assert [f["name"] for f in made["fields"]] == ["code"]
    assert made["fields"][0].get("unique", False) is bool(key)
    assert notices(imported, "made-value") == []


def test_nobody_owns_what_gives_rights() -> None:
    imported = sql(
        "create table users (id int primary key, name text);"
        "create table roles (id int primary key, name text);"
        "create table notes (id int primary key, user_id int not null references users, t text);"
        "create table user_roles (user_id int references users, role_id int references roles,"
        " primary key (user_id, role_id));"
    )
    accepted(imported)
    assert set(entity(imported, "Note")["acl"]) == {"admin", "user"}
    assert set(entity(imported, "UserRoleRecord")["acl"]) == {"admin"}
    assert len(notices(imported, "guess-rights")) == 2


def test_a_key_that_ends_in_uid_names_its_relation() -> None:
    imported = sql(
        "create table users (id int primary key, name text);"
        "create table feeds (id int primary key, owner_uid int not null references users);"
    )
    accepted(imported)
    assert relation(imported, "Feed", "owner")["columnName"] == "owner_uid"
    assert set(entity(imported, "Feed")["acl"]) == {"admin", "user"}


@pytest.mark.parametrize(("tables", "name"), [(5, "CargoPort0"), (12, "Port0")])
def test_a_long_prefix_is_dropped_where_many_tables_have_it(tables: int, name: str) -> None:
    made = (f"create table cargo_port{n} (id int primary key, x int);" for n in range(tables))
    assert name in accepted(sql("".join(made))).plan.entities


def test_columns_in_another_order_are_unique_once() -> None:
    imported = sql(
        "create table a (id int primary key, b int, c int, unique (b, c));"
        "create unique index i on a (c, b);"
    )
    accepted(imported)
    assert entity(imported, "A")["uniqueConstraint"] == ["b", "c"]


def test_the_column_called_username_is_the_username() -> None:
    imported = sql(
        "create table users (id int primary key, nickname text, user_name text, email text);"
    )
    accepted(imported)
    assert [f["name"] for f in entity(imported, "UserProfile")["fields"]] == ["nickname"]


def test_a_key_called_like_another_table_refers_to_it() -> None:
    imported = sql(
        "create table job (jobid int primary key, n int);"
        "create table pa (id int primary key, n int);"
        "create table step (id int primary key, jobid int not null, paid int);"
        "create table result (job_id int primary key, n int);"
        "create table log (job_id serial primary key, n int);"
    )
    accepted(imported)
    assert relation(imported, "Step", "Job")["x-guess"]
    assert field(imported, "Step", "paid")["type"] == "number"
    assert relation(imported, "Result", "Job")["type"] == "oneToOne"
    assert "relations" not in entity(imported, "Log")


def test_a_table_for_a_single_row_may_hold_more() -> None:
    imported = sql(
        "create table lock (x char(1) not null default 'X' unique check (x = 'X'), pos int);"
        "create table conf (only_one int unique check (only_one = 1), t text);"
    )
    accepted(imported)
    assert len(notices(imported, "single-row")) == 2
    assert "unique" not in field(imported, "Lock", "x")


@pytest.mark.parametrize(
    "column", ["auth_pass text", "new_password1 text", "newpassword text", "push_token text",
               "access_key varchar(9)", "privpassphrase text", "password int"],
)  # fmt: skip
def test_what_looks_secret_is_never_answered(column: str) -> None:
    imported = sql(
        f"create table a (id int primary key, {column}, token int, passes int, password_size int,"
        " password_reset boolean, password_changed date);"
    )
    accepted(imported)
    hidden = [f.get("expose", True) for f in entity(imported, "A")["fields"]]
    assert hidden == [False, True, True, True, True, True]


def test_the_default_schema_is_no_part_of_a_name() -> None:
    imported = sql("create table public.roles (id int primary key, x int);")
    assert set(accepted(imported).plan.entities) == {"RoleRecord"}


def test_a_reference_called_like_table_and_key_is_called_like_the_target() -> None:
    imported = sql(
        "create table shops (id_shop int primary key, n text);"
        "create table sales (id int primary key, shops_id_shop int not null references shops);"
    )
    accepted(imported)
    assert relation(imported, "Sale", "Shop")["columnName"] == "shops_id_shop"


def test_a_guessed_reference_whose_default_is_zero_is_optional() -> None:
    imported = sql(
        "create table goods (id int primary key, n text);"
        "create table racks (id int primary key, goods_id int not null default 0);"
        "create table boxes (id int primary key, goods_id int not null);"
    )
    accepted(imported)
    assert entity(imported, "Rack")["relations"][0]["nullable"] is True
    assert entity(imported, "Box")["relations"][0]["nullable"] is False


def test_keys_that_run_into_their_word_name_relations_without_it() -> None:
    imported = sql(
        "create table hosts (hostid int primary key, n int);"
        "create table grids (id int primary key, n int);"
        "create table items (itemid int primary key, hostid int references hosts,"
        " templateid int references items, grid int references grids);"
    )
    accepted(imported)
    names = [r.get("name", r["targetEntity"]) for r in entity(imported, "Item")["relations"]]
    assert names == ["Host", "template", "Grid"]


def test_entities_are_singular_where_that_is_a_word() -> None:
    made = ("caches", "autoreg_tls", "metadata", "os", "user_ids", "item_rtdata")
    imported = sql("".join(f"create table {name} (id int primary key, n int);" for name in made))
    assert set(accepted(imported).plan.entities) == {
        "Cache", "AutoregTls", "Metadata", "Os", "UserId", "ItemRtdata",
    }  # fmt: skip


def test_types_of_enums_have_names_of_their_own() -> None:
    imported = sql(
        "create type state as enum ('x', 'y');"
        'create table "order" (id int primary key, line_state state, kind state);'
        "create table order_line (id int primary key, state state);"
        "create table order_kind_enum (id int primary key, n int);"
    )
    accepted(imported)
    assert field(imported, "Order", "lineState")["columnName"] == "line_state"
    assert field(imported, "OrderLine", "state")["columnName"] == "state_value"
    assert field(imported, "Order", "kind")["columnName"] == "kind_value"


def test_an_owner_may_be_called_a_user() -> None:
    imported = sql(
        "create table users (id int primary key);"
        "create table post (id int primary key, editor_user_id int references users,"
        " owner_user_id int references users);"
    )
    assert entity(imported, "Post")["ownerField"] == "ownerUserId"
    accepted(imported)


def test_a_default_of_what_is_unique_is_left_out() -> None:
    imported = sql(
        "create table land (code char(3) not null default '' primary key,"
        " slug varchar(9) unique default 'x', name varchar(9) default '');"
    )
    assert "default" not in field(imported, "Land", "code")
    assert "default" not in field(imported, "Land", "slug")
    assert field(imported, "Land", "name")["default"] == ""
    assert len(notices(imported, "default")) == 2
    accepted(imported)


@pytest.mark.parametrize(
    ("table", "key"),
    [("autores", "id_autor"), ("clientes", "idcliente"), ("clientes", "cliente_id")],
)
def test_keys_and_references_may_start_with_id(table: str, key: str) -> None:
    imported = sql(
        f"create table {table} ({key} int primary key, id int, year int);"
        f"create table libro (id_libro int primary key, {key} int not null, idle int, id int);"
        "create table year (year int primary key);"
    )
    name = {"autores": "Autore", "clientes": "Cliente"}[table]
    assert not any("x-source" in entity(imported, e) for e in (name, "Libro"))
    assert entity(imported, "Year")["x-source"] == {"key": ["year"]}
    assert relation(imported, "Libro", name)["columnName"] == key
    assert len(accepted(imported).plan.entities["Libro"].relations) == 1


def test_zero_does_not_stand_for_none_in_a_key() -> None:
    imported = sql(
        "create table tag (tag_id int primary key);"
        "create table mark (object_id int default 0, tag_id int not null default 0,"
        " note text, primary key (object_id, tag_id));"
    )
    assert relation(imported, "Mark", "Tag")["nullable"] is False
    accepted(imported)


def test_references_run_into_their_id_without_being_words_that_end_in_it() -> None:
    imported = sql(
        "create table user (id int primary key); create table pa (id int primary key);"
        "create table course (id int primary key, courseid int);"
        "create table enrolment (id int primary key, courseid int not null, userid int, paid int);"
    )
    assert relation(imported, "Enrolment", "Course")["columnName"] == "courseid"
    assert "name" not in relation(imported, "Enrolment", "User")
    assert entity(imported, "Enrolment")["acl"]["user"]["possession"] == "own"
    assert field(imported, "Enrolment", "paid")
    assert field(imported, "Course", "courseid")
    accepted(imported)


def test_one_letter_is_no_name_of_a_relation() -> None:
    imported = sql(
        "create table student (id int primary key); create table club (id int primary key);"
        "create table visit (s_id int references student, x_id int references club);"
    )
    names = [r.name for r in accepted(imported).plan.entities["Visit"].relations]
    assert names == ["student", "x"]
