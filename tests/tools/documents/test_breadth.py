"""What other databases, notations and languages write, and what becomes of it."""

import json
import random

import pytest
from tests.tools.documents.told import (
    OWN,
    accepted,
    entity,
    field,
    notices,
    relation,
    sql,
    untold_columns,
)

from rockets_tools.documents import load_document, read_document


def test_a_table_is_a_table_whatever_stands_before_the_word() -> None:
    for word in ("TRANSIENT", "COLUMN", "MULTISET", "GLOBAL MULTISET", "HYBRID", "CACHED"):
        imported = sql(f"create {word} table a (id int primary key, b text);")
        assert [f["name"] for f in entity(imported, "A")["fields"]] == ["b"], word
    imported = sql("create or replace transient table a cluster by (b) (id int, b text);")
    assert field(imported, "A", "b")
    imported = sql("create table a on cluster main (id int, b text) engine = MergeTree order by b;")
    assert field(imported, "A", "b")


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("SUPER", {"type": "json"}),
        ("Nullable(Int32)", {"type": "number"}),
        ("LowCardinality(Nullable(String))", {}),
        ("Enum8('a' = 1, 'b' = 2)", {"type": "enum", "enumValues": ["a", "b"]}),
        ("DateTime64(3, 'UTC')", {"type": "date"}),
        ("STRUCT<a INT64, b ARRAY<STRING>>", {"type": "json"}),
        ("ARRAY<STRING>", {"type": "json"}),
        ("DECFLOAT(34)", {"type": "float", "precision": 15, "scale": 6}),
        ("VARGRAPHIC(30)", {"maxLength": 30}),
        ("CHAR(10) FOR BIT DATA", {"maxLength": 10}),
        ("CLOB(1M) LOGGED NOT COMPACT", {"type": "text"}),
        ("BLOB SUB_TYPE TEXT SEGMENT SIZE 80", {"type": "text"}),
        ("TIMESTAMPTZ SORTKEY", {"type": "date"}),
        ("VARCHAR(9) ENCODE lzo DISTKEY", {"maxLength": 9}),
        ("UInt8", {"type": "number", "min": 0}),
        ("BYTEINT", {"type": "number"}),
    ],
)
def test_types_of_other_databases(written: str, expected: dict[str, object]) -> None:
    imported = sql(f"create table a (id int primary key, b {written}, c int);")
    accepted(imported)
    found = field(imported, "A", "b")
    ignored = ("name", "x-guess", "required")
    assert {k: v for k, v in found.items() if k not in ignored} == expected
    assert field(imported, "A", "c")["type"] == "number"


def test_indexes_and_families_inside_a_table_are_no_columns() -> None:
    imported = sql(
        "create table a (id int primary key, b text, c text[],"
        " INDEX i (b) STORING (c), INVERTED INDEX v (c), UNIQUE INDEX u (b),"
        ' FAMILY "primary" (id, b), PROJECTION p (SELECT b), INDEX k b TYPE minmax GRANULARITY 4);'
    )
    accepted(imported)
    assert [f["name"] for f in entity(imported, "A")["fields"]] == ["b", "c"]
    assert field(imported, "A", "b")["unique"]
    assert len(notices(imported, "sql-index")) == 3
    assert len(notices(imported, "sql-constraint")) == 2


def test_columns_that_only_one_database_computes() -> None:
    imported = sql(
        "create table a (id int primary key, b int, c computed by (b * 2),"
        ' d Date MATERIALIZED f(b), e STRING OPTIONS(description="said"));'
    )
    accepted(imported)
    assert [f["name"] for f in entity(imported, "A")["fields"]] == ["b", "e"]
    assert field(imported, "A", "e")["apiDescription"] == "said"
    assert len(notices(imported, "computed")) == 2


def test_tidying_up_before_the_tables_stops_nothing() -> None:
    imported = sql(
        "alter table if exists a drop constraint if exists fk;"
        "create table a (id int primary key, b int);"
    )
    accepted(imported)
    blocked = sql("alter table a add column x int; create table a (id int primary key, b int);")
    assert [b.code for b in blocked.blockers] == ["document-sql-unknown-table"]


def test_a_table_attached_as_a_partition_is_none() -> None:
    imported = sql(
        "create table a (id int, b int) partition by range (b); create table a1 (id int, b int);"
        "alter table only a attach partition a1 for values from (0) to (9);"
    )
    assert set(accepted(imported).plan.entities) == {"A"}
    assert '"a1"' in notices(imported, "sql-partition")[-1][1]


@pytest.mark.parametrize(
    ("column", "default"),
    [
        ("b integer[] default '{}'::integer[]", []),
        ("b text[] default '{x,y}'", ["x", "y"]),
        ("b text[] default ARRAY['x', 'y']::text[]", ["x", "y"]),
        ("b timestamptz default timezone('utc', now())", "now()"),
        ("b timestamptz default (now() at time zone 'utc')", "now()"),
        ("b timestamp default current timestamp", "now()"),
    ],
)
def test_more_defaults(column: str, default: object) -> None:
    imported = sql(f"create table a (id int primary key, {column});")
    accepted(imported)
    assert field(imported, "A", "b")["default"] == default


@pytest.mark.parametrize(
    "column",
    ["b timestamptz default (now() - '00:05:00'::interval)", "b text[] default '{{a},{b}}'",
     "b timestamptz default now() + interval '1 day'"],
)  # fmt: skip
def test_a_default_that_only_looks_like_one_is_told(column: str) -> None:
    imported = sql(f"create table a (id int primary key, {column});")
    accepted(imported)
    assert "default" not in field(imported, "A", "b")
    assert any("default" in n.message.lower() for n in imported.notices)


def test_names_of_other_scripts_are_spelt_in_latin_letters() -> None:
    imported = sql(
        'create table "Клиент" (id int primary key, "имя" text, "город_id" int);'
        'create table "顧客" ("顧客ID" serial primary key, "氏名" text, k int references "Клиент");'
    )
    plan = accepted(imported).plan
    assert set(plan.entities) == {"Klient", "GuKe"}
    assert [f.name for f in plan.entities["Klient"].fields] == ["imya", "gorodId"]
    assert plan.entities["GuKe"].relations[0].target == "Klient"


def test_jdl_table_names_and_deletes() -> None:
    imported = load_document(OWN / "fleet.jdl")
    plan = accepted(imported).plan
    assert plan.entities["Vehicle"].table == "fleet_vehicle"
    assert plan.entities["Driver"].relation("badge").on_delete == "CASCADE"
    assert any("application" in message for _, message in notices(imported, "option"))


def test_openapi_parts_constants_and_lost_references() -> None:
    imported = load_document(OWN / "parcels.openapi.yaml")
    plan = accepted(imported).plan
    assert {"Audited", "Identified"}.isdisjoint(plan.entities)
    assert field(imported, "Parcel", "pin")["expose"] is False
    assert field(imported, "Parcel", "kind")["enumValues"] == ["parcel"]
    animals = accepted(load_document(OWN / "zoo.openapi.json")).plan.entities
    assert {"Animal", "Lion", "Snake"} <= set(animals), "a base that is used is an entity"
    lost = read_document(
        "openapi: 3.1.0\ncomponents:\n schemas:\n"
        "  A: {properties: {b: {$ref: './other.yaml#/B'}, c: {type: string}}}\n",
        file="a.yaml",
    )
    assert [(b.code, b.line) for b in lost.blockers] == [("document-unknown-target", 4)]


def test_lists_of_ids_in_prisma_become_a_join() -> None:
    imported = load_document(OWN / "diary.mongo.prisma")
    plan = accepted(imported).plan
    assert plan.entities["EntryLabel"].is_junction
    assert [f.name for f in plan.entities["Label"].fields] == ["name"]


def test_dbml_notes_are_told_as_written() -> None:
    imported = load_document(OWN / "airline.dbml")
    assert "a note with 'quotes'" in notices(imported, "comment")[0][1]


def test_tables_of_fields_in_german_and_french() -> None:
    german = load_document(OWN / "verein.md")
    plan = accepted(german).plan
    assert plan.entities["Mitglied"].relation("abteilung").nullable is False
    assert field(german, "Mitglied", "mitgliedsnummer")["unique"]
    assert field(german, "Mitglied", "vorname") == {"name": "vorname", "maxLength": 50}
    assert field(german, "Mitglied", "aktiv")["default"] is True
    assert field(german, "Veranstaltung", "art")["enumValues"] == ["Training", "Turnier", "Feier"]
    assert relation(german, "Abteilung", "leiter")["targetEntity"] == "Mitglied"
    french = load_document(OWN / "bibliotheque.md")
    assert accepted(french).plan.entities["LivreGenre"].is_junction
    assert field(french, "Livre", "prix")["default"] == 9.5
    assert field(french, "Auteur", "nom")


def test_types_as_people_write_them() -> None:
    imported = load_document(OWN / "helpdesk.md")
    plan = accepted(imported).plan
    assert field(imported, "Ticket", "subject")["maxLength"] == 120
    assert field(imported, "Ticket", "priority")["enumValues"] == ["low", "normal", "high"]
    score = field(imported, "Ticket", "score")
    assert (score["min"], score["max"]) == (1, 5)
    assert plan.entities["Ticket"].relation("agent").target == "Agent"
    assert plan.entities["TicketTag"].is_junction
    assert plan.entities["Agent"].relation("team").nullable is False
    assert plan.entities["Team"].relation("lead").target == "Agent", "a list under a heading"


def test_a_list_that_is_no_list_of_fields_is_left_to_the_reader() -> None:
    text = (
        "## Entity: Order\n\n- Orders can be cancelled within an hour, unless they are shipped.\n"
        "- name: string\n\n## Entity: Item\n\n| Field | Type |\n|---|---|\n| label | text |\n"
    )
    assert set(accepted(read_document(text, file="a.md")).plan.entities) == {"Item"}


DIALECTS = {
    "postgres": ('"{}"', "integer;varchar(40);timestamptz;jsonb;numeric(8,2);text[]"),
    "mysql": ("`{}`", "int unsigned;varchar(40);datetime(3);json;decimal(8,2);bit(1)"),
    "tsql": ("[{}]", "int;nvarchar(40);datetime2(7);money;uniqueidentifier;bit"),
    "oracle": ('"{}"', "NUMBER(10);VARCHAR2(40 CHAR);DATE;CLOB;NUMBER(8,2);RAW(16)"),
    "sqlite": ('"{}"', "INTEGER;TEXT;DATETIME;NUMERIC;BLOB;REAL"),
}
WORDS = ("order", "Line Item", "größe", "group", "user_note", "2nd", "data", "Stadt", "x", "class")


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("seed", range(3))
def test_any_schema_is_a_plan_and_loses_no_column(dialect: str, seed: int) -> None:
    text = schema_of(dialect, random.Random(f"{dialect}{seed}"))
    imported = read_document(text, file="schema.sql")
    assert imported.blockers == (), text
    checked = accepted(imported)
    assert len(checked.plan.entities) == 70
    assert list(untold_columns(text, "schema.sql")) == []
    assert json.dumps(imported.plan) == json.dumps(read_document(text, file="schema.sql").plan)


def schema_of(dialect: str, draw: random.Random) -> str:
    """A script with cycles, composite keys, several schemas and odd names; the same per seed."""
    quote, written = DIALECTS[dialect]
    types = written.split(";")

    def name(word: str) -> str:
        return quote.format(word)

    tables = [f"{draw.choice(WORDS)} {number}" for number in range(70)]
    schemas = ("",) if dialect in ("sqlite", "mysql") else ("", "sales", "hr")
    full = {t: f"{name(s)}.{name(t)}" if (s := draw.choice(schemas)) else name(t) for t in tables}
    keys: dict[str, tuple[str, ...]] = {}
    lines: list[str] = []
    later: list[str] = []
    for number, table in enumerate(tables):
        keys[table] = ("id",) if draw.random() < 0.8 else ("part a", "part b")
        columns = [f"{name(key)} {types[0]} NOT NULL" for key in keys[table]]
        for index in range(draw.randint(1, 8)):
            null = draw.choice((" NOT NULL", "", " NULL"))
            columns.append(f"{name(f'{draw.choice(WORDS)}_{index}')} {draw.choice(types)}{null}")
        for index in range(draw.randint(0, 3)):
            target = draw.choice(tables[: number + 1] if dialect == "sqlite" else tables)
            known = keys.get(target, ("id",))
            keys.setdefault(target, known)
            held = [name(f"ref {index} {part}") for part in known]
            null = draw.choice((" NOT NULL", ""))
            columns += [f"{column} {types[0]}{null}" for column in held]
            rule = draw.choice((" ON DELETE CASCADE", ""))
            reference = (
                f"FOREIGN KEY ({', '.join(held)}) REFERENCES {full[target]} "
                f"({', '.join(name(part) for part in known)}){rule}"
            )
            if dialect == "sqlite":
                columns.append(reference)
            else:
                later.append(
                    f"ALTER TABLE {full[table]} ADD CONSTRAINT {name(f'fk {number} {index}')} "
                    f"{reference};"
                )
        columns.append(f"PRIMARY KEY ({', '.join(name(key) for key in keys[table])})")
        lines.append(f"CREATE TABLE {full[table]} (\n  " + ",\n  ".join(columns) + "\n);")
    return "\n".join((*lines, *later)) + "\n"
