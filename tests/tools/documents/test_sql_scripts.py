"""SQL as tools write it: dumps of Postgres and SQLite, migrations laid one after the other."""

import pytest
from tests.tools.documents.told import accepted, entity, field, notices, relation, sql

from rockets_tools.documents import Imported


def test_a_dump_names_sequences_and_views_as_tables() -> None:
    imported = sql(
        "CREATE SEQUENCE public.crew_id_seq START WITH 1 NO MINVALUE CACHE 1;\n"
        "ALTER TABLE public.crew_id_seq OWNER TO postgres;\n"
        "CREATE TABLE public.crew (id integer NOT NULL, name text);\n"
        "CREATE VIEW public.crews AS SELECT * FROM public.crew;\n"
        "ALTER TABLE public.crews OWNER TO postgres;\n"
        "ALTER TABLE storage.objects ENABLE ROW LEVEL SECURITY;\n"
        "ALTER TABLE ONLY public.crew ALTER COLUMN id SET DEFAULT nextval('crew_id_seq'::regclass);"
        "ALTER TABLE ONLY public.crew ADD CONSTRAINT crew_pkey PRIMARY KEY (id);"
    )
    assert set(accepted(imported).plan.entities) == {"Crew"}


def test_a_dump_may_clean_up_before_it_creates() -> None:
    imported = sql(
        "ALTER TABLE ONLY public.crew DROP CONSTRAINT crew_ship_fk;\n"
        "ALTER TABLE public.crew ALTER COLUMN id DROP DEFAULT;\n"
        "ALTER TABLE IF EXISTS public.crew ALTER COLUMN id SET DEFAULT 1;\n"
        "DROP TABLE public.crew;\n"
        "CREATE TABLE public.crew (id serial PRIMARY KEY, name text);"
    )
    assert set(accepted(imported).plan.entities) == {"Crew"}


@pytest.mark.parametrize("action", ["add column b int", "with check add unique (a)", "rename to b"])
def test_a_change_of_a_table_nobody_creates_stops(action: str) -> None:
    imported = sql(f"create table a (id int primary key);\nalter table ghost {action};")
    assert [b.line for b in imported.blockers] == [2]


def test_keys_and_columns_that_blocks_add_count() -> None:
    imported = sql(
        'create table "ship" ("id" uuid primary key default gen_random_uuid());\n'
        'create table "crew" ("id" serial primary key, "ship" uuid not null, gone int);\n'
        "do $$ begin\n"
        ' alter table "crew" add constraint "f" foreign key ("ship") references "public"."ship"'
        '("id") on delete cascade on update no action;\n'
        "exception when duplicate_object then null;\nend $$;\n"
        "do $$ begin\n"
        " if not exists (select 1 from pg_type) then alter table crew add column ship text;"
        " alter table crew add column rank int; alter table crew drop column gone;"
        " alter table crew drop column never; end if;\nend $$;"
    )
    accepted(imported)
    assert relation(imported, "Crew", "Ship")["onDelete"] == "CASCADE"
    assert [f["name"] for f in entity(imported, "Crew")["fields"]] == ["rank"]


def test_a_dump_of_sqlite_has_tables_of_its_own() -> None:
    imported = sql(
        "PRAGMA foreign_keys=OFF;\n"
        "CREATE TABLE 'note' ('id' INTEGER PRIMARY KEY AUTOINCREMENT, 'title' TEXT NOT NULL,"
        " 'up' INTEGER REFERENCES 'note'('id'), UNIQUE('title', 'up'));\n"
        "INSERT INTO sqlite_schema(type,name,tbl_name,rootpage,sql)VALUES('table','note_fts',"
        "'note_fts',0,'CREATE VIRTUAL TABLE note_fts using fts5(title)');\n"
        "CREATE TABLE IF NOT EXISTS 'note_fts_data'(id INTEGER PRIMARY KEY, block BLOB);\n"
        "CREATE VIRTUAL TABLE other USING fts5(title);\n"
        "CREATE TABLE other_content(id INTEGER PRIMARY KEY, c0);\n"
        "CREATE TABLE third_content(id INTEGER PRIMARY KEY, c0);\n"
        "CREATE TABLE sqlite_sequence(name,seq);\n"
        'CREATE TABLE "schema_migrations" ("version" varchar NOT NULL);\n'
    )
    assert set(accepted(imported).plan.entities) == {"Note", "ThirdContent"}
    assert entity(imported, "Note")["uniqueConstraint"] == ["title", "upId"]
    assert [line for line, _ in notices(imported, "sql-bookkeeping")] == [4, 6, 8, 9]


def test_moments_of_sqlite_are_dates() -> None:
    imported = sql(
        "create table a (id integer primary key autoincrement, created_at text not null,"
        " sent text default (datetime('now')), seen_at text, at text, format text);"
    )
    accepted(imported)
    assert [(f["name"], f["type"]) for f in entity(imported, "A")["fields"]] == [
        ("sent", "date"),
        ("seenAt", "date"),
        ("at", "text"),
        ("format", "text"),
    ]
    assert field(imported, "A", "sent")["default"] == "now()"
    assert notices(imported, "inherited")


def test_a_column_that_is_dropped_takes_its_keys_along() -> None:
    imported = sql(
        "create table a (id int primary key);"
        "create table b (id serial primary key, a_id int references a, code text, n int);"
        "alter table b add unique (a_id, code);"
        "alter table b drop column a_id, drop column if exists never;"
    )
    accepted(imported)
    assert [f["name"] for f in entity(imported, "B")["fields"]] == ["code", "n"]
    assert notices(imported, "unique") == []


def test_an_enum_and_its_values_may_be_renamed() -> None:
    imported = sql(
        "create type mood as enum ('sad', 'ok');"
        "create table a (id int primary key, m mood default 'ok');"
        "alter type mood rename value 'ok' to 'fine'; alter type mood rename to feeling;"
        "create table b (id int primary key, m feeling not null default 'fine'::feeling);"
    )
    accepted(imported)
    for name in ("A", "B"):
        assert field(imported, name, "m")["enumValues"] == ["sad", "fine"]
        assert field(imported, name, "m")["default"] == "fine"


def test_what_a_domain_checks_is_told_once() -> None:
    imported = sql(
        "create domain hash as bytea check (octet_length(value) = 20);\n"
        "create table a (id int primary key, b hash, c hash);"
    )
    accepted(imported)
    assert [line for line, _ in notices(imported, "sql-check")] == [1]


def test_like_copies_what_it_includes() -> None:
    imported = sql(
        "create table job (job_id serial primary key, n int not null unique,"
        " pay int default 5);"
        "create table past (like job);"
        "create table kept (like job including all, x int);"
    )
    accepted(imported)
    assert field(imported, "Past", "n") == {"name": "n", "type": "number"}
    assert "default" not in field(imported, "Past", "pay")
    assert relation(imported, "Past", "Job")["x-guess"]
    assert field(imported, "Kept", "n")["unique"]
    assert field(imported, "Kept", "pay")["default"] == 5


def test_an_index_over_rows_that_are_not_deleted_is_unique() -> None:
    imported = sql(
        "create table a (id int primary key, b int, c text, d int, deleted_at timestamptz, x int);"
        "create unique index on a (b) where deleted_at is null;"
        "create unique index on a (c, d) where (deleted_at is null) and (c is not null);"
        "create unique index on a (d) where x is null;"
    )
    accepted(imported)
    assert field(imported, "A", "b")["unique"]
    assert "unique" not in field(imported, "A", "d")
    assert entity(imported, "A")["uniqueConstraint"] == ["c", "d"]
    assert len(notices(imported, "unique")) == 1


def test_a_table_may_be_built_anew_or_dropped_with_its_keys() -> None:
    imported = sql(
        "create table a (id integer primary key autoincrement, n int);"
        "create table old (id int primary key, n int);"
        "create table b (id int primary key, a_id int references a, o int references old);"
        "create table a_new (id integer primary key autoincrement, n text, m int);"
        "insert into a_new select * from a; drop table a; alter table a_new rename to a;"
        "drop table if exists old cascade;"
    )
    plan = accepted(imported).plan
    assert set(plan.entities) == {"A", "B"}
    assert [r.target for r in plan.entities["B"].relations] == ["A"]
    assert field(imported, "A", "n")["type"] == "text"
    assert field(imported, "B", "o")["type"] == "number"


def test_a_default_that_migrations_would_stumble_over_is_left_out() -> None:
    imported = sql(
        "create type kind as enum ('Shop::Web', 'Shop::Retail');"
        "create table a (id int primary key, k kind not null default 'Shop::Web'::kind);"
    )
    accepted(imported)
    assert "default" not in field(imported, "A", "k")
    assert "TypeORM" in notices(imported, "constraint")[0][1]


def test_a_key_may_be_made_by_a_function_of_a_schema() -> None:
    imported = sql(
        "create table a (code uuid default extensions.uuid_generate_v4() primary key, n int);"
    )
    accepted(imported)
    assert [f["name"] for f in entity(imported, "A")["fields"]] == ["n"]


@pytest.mark.parametrize("go", ["", "GO\n"])
def test_a_right_to_create_tables_is_no_table(go: str) -> None:
    imported = sql(
        f"create table crew (id int primary key, name varchar(9));\n{go}GRANT\n  CREATE TABLE,\n"
        f"  CREATE VIEW\nTO captain\n{go}create table ship (id int primary key, name varchar(9));"
    )
    assert set(accepted(imported).plan.entities) == {"Crew", "Ship"}


def tables(imported: Imported) -> dict[str, str]:
    """Table by entity."""
    plan = accepted(imported).plan
    return {name: made.table for name, made in plan.entities.items()}


def test_a_schema_may_be_created_with_its_tables() -> None:
    imported = sql(
        "create schema crew\n  create table person (id serial)\n"
        "  create table badge (id serial, person_id int not null)\n"
        "  create view v as select 1;\n"
        "create table person (id serial, hull int);\n"
        "alter table crew.badge add foreign key (person_id) references crew.person (id);\n"
    )
    assert tables(imported) == {
        "Person": "crew_person", "Badge": "crew_badge", "PersonRecord": "person"
    }  # fmt: skip
    assert relation(imported, "Badge", "Person")["nullable"] is False


@pytest.mark.parametrize(
    "way",
    [
        "set search_path = {}, pg_catalog",
        "set local search_path to '$user', {}",
        "alter session set current_schema = {}",
        "use {}",
    ],
)
def test_names_without_a_schema_are_in_the_one_a_script_went_to(way: str) -> None:
    there = "create table boat (id int primary key); create table oar (id int primary key,"
    imported = sql(
        f"{way.format('north')};\n{there} boat_id int not null references boat);\n"
        f"{way.format('south')};\n{there} boat_id int references boat);\n"
        f"{way.format('north')};\nalter table oar add grip int;\n"
    )
    assert tables(imported) == {
        "Boat": "north_boat", "Oar": "north_oar",
        "SouthBoat": "south_boat", "SouthOar": "south_oar",
    }  # fmt: skip
    assert relation(imported, "SouthOar", "SouthBoat")["nullable"]
    assert field(imported, "Oar", "grip")


@pytest.mark.parametrize("start", ["create database dock;", "use dock;", "use database dock;"])
@pytest.mark.parametrize("before", ["", "dock."])
def test_the_database_is_no_part_of_a_tables_name(start: str, before: str) -> None:
    imported = sql(
        f"{start}\ncreate table {before}quay (id int primary key);\n"
        f"create table {before}crane (id int primary key, quay int references dock.quay (id));\n"
    )
    assert tables(imported) == {"Quay": "quay", "Crane": "crane"}


def test_a_users_own_schema_is_no_part_of_a_tables_name() -> None:
    imported = sql("create schema authorization joe\n  create table quay (id int primary key);\n")
    assert tables(imported) == {"Quay": "quay"}


def test_what_else_a_warehouse_uses_is_no_schema() -> None:
    imported = sql("use role admin;\nuse warehouse big;\ncreate table quay (id int primary key);\n")
    assert tables(imported) == {"Quay": "quay"}


def test_rows_of_a_table_that_a_check_picks_are_a_partition() -> None:
    imported = sql(
        "create table toll (id serial primary key, paid date not null);\n"
        "create table toll_2019 (constraint c check (paid < '2020-01-01')) inherits (toll);\n"
        "create table toll_sea (mile int, check (mile > 0)) inherits (toll);\n"
        "alter table only toll_2019 add primary key (id);\n"
    )
    assert set(accepted(imported).plan.entities) == {"Toll", "TollSea"}
    assert [line for line, _ in notices(imported, "sql-partition")] == [2]


def test_an_identity_of_the_standard_is_not_sql_servers() -> None:
    imported = sql(
        "create table toll (id bigint generated always as identity (start with 1) primary key,\n"
        " paid timestamp(0) default current_timestamp(0) not null);\n"
    )
    assert field(imported, "Toll", "paid") == {"name": "paid", "type": "date", "default": "now()"}
