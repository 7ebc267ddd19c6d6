"""What is particular to DBML, Prisma, JDL, Mermaid, OpenAPI and Markdown."""

import pytest
from tests.tools.documents.told import OWN, accepted, entity, field, notices, relation, sql

from rockets_tools.documents import load_document, read_document


def test_dbml_settings_indexes_partials_and_references() -> None:
    imported = load_document(OWN / "clinic.dbml")
    plan = accepted(imported).plan
    assert plan.entities["Doctor"].table == "core_doctors"
    assert field(imported, "Doctor", "rate") | {"x-guess": 0} == {
        "name": "rate",
        "type": "float",
        "required": False,
        "precision": 8,
        "scale": 2,
        "min": 0.01,
        "default": 10.5,
        "x-guess": 0,
    }
    speciality = ["general", "surgery", "ear nose"]
    assert field(imported, "Doctor", "speciality")["enumValues"] == speciality
    assert entity(imported, "Visit")["uniqueConstraint"] == ["doctorId", "patientId", "at"]
    assert relation(imported, "Visit", "Doctor")["onDelete"] == "CASCADE"
    assert relation(imported, "Patient", "User")["type"] == "oneToOne"
    assert relation(imported, "Patient", "Drug")["type"] == "manyToMany"
    assert {code for code in ("index", "comment", "left-out") if notices(imported, code)} == {
        "index",
        "comment",
        "left-out",
    }


def test_prisma_maps_native_types_and_both_sides() -> None:
    imported = load_document(OWN / "invoices.prisma")
    plan = accepted(imported).plan
    invoice = plan.entities["Invoice"]
    assert invoice.table == "invoices"
    assert invoice.unique == (("companyId", "number"),)
    assert invoice.relation("company").inverse == "invoices"
    assert invoice.relation("company").column == "company_id"
    assert invoice.owner is not None
    assert invoice.owner.dotted == "authorId"
    assert plan.entities["InvoiceTag"].is_junction
    assert plan.entities["CompanyProfile"].relation("company").unique
    assert plan.entities["LineNote"].relation("line").target == "InvoiceLine"
    assert field(imported, "Company", "vat")["apiDescription"] == "VAT number"
    assert field(imported, "Company", "name")["default"] == 'ACME "x"'
    assert field(imported, "Invoice", "status")["enumValues"] == ["DRAFT", "SENT", "PAID"]


def test_dbml_names_may_be_used_before_they_are_defined() -> None:
    imported = read_document(
        "Table trips {\n ~stamps\n id int [pk]\n bus int [ref: > B.id]\n depot_id int\n"
        " note text [not null]\n kind a.kind\n other b.kind\n}\n"
        "Table buses as B {\n id int [pk]\n}\nTable city.depots as D {\n id int [pk]\n}\n"
        "Ref: trips.depot_id > city.D.id\n"
        "TablePartial stamps {\n seen timestamp\n note int\n}\n"
        "Enum a.kind { 1st 2nd }\nEnum b.kind { third }",
        file="a.dbml",
    )
    trip = accepted(imported).plan.entities["Trip"]
    assert [(r.name, r.target) for r in trip.relations] == [("bus", "Bus"), ("depot", "Depot")]
    assert field(imported, "Trip", "note")["type"] == "text", "the table's own column wins"
    assert field(imported, "Trip", "kind")["enumValues"] == ["1st", "2nd"]
    assert field(imported, "Trip", "other")["enumValues"] == ["third"]


def test_dbml_types_of_several_words_and_defaults_in_sql() -> None:
    imported = read_document(
        "Table meters {\n id int [pk]\n 2nd_reading double precision\n at timestamp with time zone"
        " [not null, default: `current_timestamp`]\n ticks int(10) unsigned [not null]\n"
        " code character varying(9)\n on bool [default: `false`]\n"
        " tags text[] [default: `'{a,b}'::text[]`]\n state text [default: `'new'::text`]\n}",
        file="a.dbml",
    )
    fields = {f.name: f for f in accepted(imported).plan.entities["Meter"].fields}
    assert field(imported, "Meter", "field2ndReading")["type"] == "float"
    assert (fields["at"].type.value, fields["at"].default) == ("date", "now()")
    assert fields["ticks"].min == 0
    assert fields["code"].max_length == 9
    assert [fields[n].default for n in ("on", "tags", "state")] == [False, ["a", "b"], "new"]


def test_prisma_pulled_from_a_database_reads_as_if_written() -> None:
    """`prisma db pull` calls models like tables, and relations after both of them."""
    imported = read_document(
        "model users {\n id Int @id\n email String @unique\n teams teams[]\n}\n"
        "model teams {\n id Int @id\n owner_id Int\n users users @relation(fields: [owner_id], "
        "references: [id])\n"
        ' matches_matches_home_idToteams matches[] @relation("matches_home_idToteams")\n'
        ' matches_matches_away_idToteams matches[] @relation("matches_away_idToteams")\n}\n'
        "model matches {\n id Int @id\n home_id Int\n away_id Int?\n"
        ' teams_matches_home_idToteams teams @relation("matches_home_idToteams", '
        "fields: [home_id], references: [id])\n"
        ' teams_matches_away_idToteams teams? @relation("matches_away_idToteams", '
        "fields: [away_id], references: [id])\n}\n",
        file="a.prisma",
    )
    entities = accepted(imported).plan.entities
    assert set(entities) == {"Team", "Match"}
    assert entities["Team"].table == "teams"
    assert [(r.name, r.inverse, r.on_delete) for r in entities["Match"].relations] == [
        ("home", "matchesHome", None),
        ("away", "matchesAway", "SET NULL"),
    ]
    assert entities["Team"].relation("owner").target == "User"


def test_prisma_tables_are_found_by_their_models() -> None:
    imported = read_document(
        'model Member {\n id Int @id\n loans Loan[]\n @@map("loan")\n @@schema("lib")\n}\n'
        "model Loan {\n id Int @id\n memberId Int\n member Member @relation(fields: [memberId], "
        'references: [id])\n @@map("member")\n @@schema("lib")\n}\n',
        file="a.prisma",
    )
    entities = accepted(imported).plan.entities
    assert [(e.name, e.table) for e in entities.values()] == [
        ("Member", "lib_loan"),
        ("Loan", "lib_member"),
    ]
    assert entities["Loan"].relation("member").target == "Member"


def test_prisma_defaults_and_types_of_the_database() -> None:
    imported = read_document(
        "model Gauge {\n id String @id @default(dbgenerated(\"prefixed('g'::text)\"))\n"
        " tags String[] @default([])\n levels Int[] @default([1, -2])\n"
        " live Boolean @default(dbgenerated(\"b'0'\"))\n"
        ' seen DateTime @default(dbgenerated("CURRENT_TIMESTAMP"))\n'
        " touched DateTime @updatedAt\n body String @db.NVarChar(Max)\n"
        ' flag Int @db.TinyInt(1)\n spot Unsupported("point")?\n'
        ' words Unsupported("tsvector")?\n total totals?\n'
        " /// @zod.max(5)\n /// What it shows.\n shown String?\n"
        "}\nview totals {\n id Int @unique\n}\n",
        file="a.prisma",
    )
    fields = {f.name: f for f in accepted(imported).plan.entities["Gauge"].fields}
    defaults = {name: f.default for name, f in fields.items() if f.default is not None}
    assert defaults == {
        "tags": [],
        "levels": [1, -2],
        "live": False,
        "seen": "now()",
        "touched": "now()",
    }
    kinds = {name: fields[name].type.value for name in ("body", "flag", "spot")}
    assert kinds == {"body": "text", "flag": "number", "spot": "json"}
    assert "words" not in fields
    assert field(imported, "Gauge", "shown")["apiDescription"] == "What it shows."
    assert [line for line, _ in notices(imported, "left-out")] == [7, 11, 12, 17]


def test_prisma_defines_each_name_once() -> None:
    imported = read_document(
        "model A {\n id Int @id\n id Int\n}\nmodel A {\n id Int @id\n}", file="a.prisma"
    )
    assert [(b.code, b.line) for b in imported.blockers] == [
        ("document-twice", 3),
        ("document-twice", 5),
    ]


def test_a_join_whose_table_has_no_room_for_both_names_gets_a_shorter_one() -> None:
    one, other = "Warehouse" * 4, "Consignment" * 3
    imported = read_document(
        f"model {one} {{\n id Int @id\n parts {other}[]\n}}\n"
        f"model {other} {{\n id Int @id\n places {one}[]\n}}",
        file="a.prisma",
    )
    joins = [e for e in accepted(imported).plan.entities.values() if e.is_junction]
    assert len(joins) == 1
    assert all(len(e.table) <= 63 for e in joins)


def test_prisma_relations_of_one_side_stop() -> None:
    imported = read_document(
        "model A {\n id Int @id\n bs B[]\n}\nmodel B {\n id Int @id\n}", file="a.prisma"
    )
    assert [(b.code, b.line) for b in imported.blockers] == [("document-one-sided", 3)]


def test_jdl_validations_constants_and_relationships() -> None:
    imported = load_document(OWN / "store.jdl")
    plan = accepted(imported).plan
    product = {made.name: made for made in plan.entities["Product"].fields}
    assert product["name"].pattern == r"^[A-Za-z ,\/-]*$"
    assert (product["name"].min_length, product["name"].max_length) == (2, 60)
    assert product["size"].enum_values == ("S", "M", "L")
    assert product["code"].pattern is None
    assert "(?<bad" in notices(imported, "constraint")[-1][1]
    order = plan.entities["ProductOrder"].relation("customer")
    assert (order.nullable, order.inverse) == (False, "orders")
    assert plan.entities["Customer"].relation("user").unique
    assert plan.entities["ProductRelated"].is_junction
    two = read_document("entity A { a String required b Integer, c UUID }", file="a.jdl")
    assert [f.name for f in accepted(two).plan.entities["A"].fields] == ["a", "b", "c"]
    wrong = read_document("entity A { a String }\nentty B { b String }", file="a.jdl")
    assert [b.line for b in wrong.blockers] == [2]


def test_mermaid_cardinalities() -> None:
    imported = load_document(OWN / "school.mmd")
    plan = accepted(imported).plan
    assert plan.entities["Pupil"].relation("class").nullable is False
    assert plan.entities["PupilCourse"].is_junction
    assert plan.entities["Teacher"].relation("user").unique
    assert plan.entities["Address"].relation("person").nullable is False
    assert [f.required for f in plan.entities["Pupil"].fields] == [True, False, True, True]
    assert notices(imported, "guess-required")


def test_openapi_tells_entities_from_messages() -> None:
    imported = load_document(OWN / "platform.openapi.yaml")
    plan = accepted(imported).plan
    assert "Base" not in plan.entities
    told = [message for _, message in notices(imported, "schema-left-out")]
    names = [message.split('"')[1] for message in told]
    assert names == ["Visibility", "Base", "TaskList", "Error"]
    assert "a form of Task" in told[2]
    project = plan.entities["Project"]
    assert [f.name for f in project.fields] == [
        "name", "website", "budget", "visibility", "secretKey",
    ]  # fmt: skip
    assert project.owner is not None
    assert project.owner.dotted == "ownerId"
    task = plan.entities["Task"]
    assert task.relation("project").inverse == "tasks"
    assert task.relation("parent").self_reference
    pets = load_document(OWN / "petstore.json")
    assert accepted(pets).plan.entities["Order"].relation("pet").nullable


def test_openapi_schemas_that_lead_in_a_circle() -> None:
    imported = read_document(
        "openapi: 3.1.0\ncomponents:\n schemas:\n"
        "  A: {properties: {b: {$ref: '#/components/schemas/B'}, c: {type: string}}}\n"
        "  B: {anyOf: [{$ref: '#/components/schemas/B'}]}\n"
        "  C: {allOf: [{$ref: '#/components/schemas/C'}], properties: {x: {type: string}}}\n",
        file="a.yaml",
    )
    assert set(accepted(imported).plan.entities) == {"A", "C"}


def test_markdown_keeps_the_lines_of_its_fences() -> None:
    imported = load_document(OWN / "requirements.md")
    text = (OWN / "requirements.md").read_text().splitlines()
    plan = accepted(imported).plan
    for entity_made in plan.entities.values():
        source = imported.provenance[entity_made.pointer]
        assert entity_made.name.lower() in " ".join(text[source.first - 4 : source.last]).lower()
    assert plan.entities["Book"].relation("author").nullable is False
    assert plan.entities["Review"].relation("book").target == "Book"
    assert field(imported, "Book", "format")["default"] == "paperback"


def test_markdown_tables_with_constraints_of_sql() -> None:
    imported = read_document(
        "## Users\n|Column|Type|Constraints|\n|-|-|-|\n|id|SERIAL|PRIMARY KEY|\n"
        "|email|VARCHAR(255)|UNIQUE, NOT NULL|\n\n"
        "## Posts Table\n|Column|Type|Constraints|\n|-|-|-|\n|id|SERIAL|PRIMARY KEY|\n"
        "|user_id|INTEGER|NOT NULL REFERENCES users(id) ON DELETE CASCADE|\n"
        "|status|ENUM('draft','live')|DEFAULT 'draft'|\n|tags|Tag[]||\n\n"
        "## Tag\n|Field|Type|\n|-|-|\n|name|string|\n",
        file="a.md",
    )
    plan = accepted(imported).plan
    assert set(plan.entities) == {"Post", "PostTag", "Tag"}
    assert plan.entities["Post"].relation("user").on_delete == "CASCADE"
    assert field(imported, "Post", "status")["default"] == "draft"
    assert field(imported, "Post", "status")["required"] is False


def test_what_follows_a_column_in_its_line_is_not_lost() -> None:
    one = read_document('Table a { id int [pk]; b text; c "double precision" }', file="a.dbml")
    assert [f.name for f in accepted(one).plan.entities["A"].fields] == ["b", "c"]
    two = read_document("Table a {\n id int [pk] b text\n}", file="a.dbml")
    three = read_document("model A {\n id Int @id b String\n}", file="a.prisma")
    for imported in (two, three):
        assert [(b.code, b.line) for b in imported.blockers] == [("document-unreadable", 2)]


def test_attributes_of_a_diagram_need_no_lines_of_their_own() -> None:
    imported = read_document(
        'erDiagram\n SHIP { int id PK string flag UK "{short}" date built }\n'
        ' PORT {\n int id PK\n string code "as in {ISO}"\n string name\n }\n',
        file="a.mmd",
    )
    plan = accepted(imported).plan
    assert [f.name for f in plan.entities["Ship"].fields] == ["flag", "built"]
    assert [f.name for f in plan.entities["Port"].fields] == ["code", "name"]
    broken = read_document("erDiagram\n SHIP { int id PK string }\n", file="a.mmd")
    assert [b.code for b in broken.blockers] == ["document-unreadable"]


def test_jdl_told_twice_or_to_no_use() -> None:
    imported = read_document(
        "@embedded\nentity Ware { name String min(3), price BigDecimal min(0), boxIDs String }\n"
        "entity Shelf { label String }\n"
        "relationship OneToMany { Shelf{ware} to Ware{shelf} }\n"
        "relationship OneToMany { Shelf{ware} to Ware{shelf} }\n"
        "relationship ManyToOne { Ware{keeper} to User, Shelf{keeper} to User }\n",
        file="a.jdl",
    )
    ware = accepted(imported).plan.entities["Ware"]
    assert [f.name for f in ware.fields] == ["name", "price", "boxIds"]
    assert [r.name for r in ware.relations] == ["shelf", "keeper"]
    assert [line for line, _ in notices(imported, "twice")] == [5]
    assert "Ware.name" in notices(imported, "constraint")[0][1]
    assert "@embedded" in notices(imported, "option")[0][1]
    assert [message for _, message in notices(imported, "user")] == [
        "User is not defined here and is taken for the SDK's User (2 times)."
    ]


def test_mermaid_marks_on_either_side_aligned_and_named_by_their_line() -> None:
    imported = read_document(
        "erDiagram\n"
        "  lager               o|--o{ kisten                  : lager_nr\n"
        '  AppUser ||--o{ Parcel : "1:N (SentById)"\n'
        "  AppUser |o--o{ Parcel : checked_by\n"
        "  AppUser ||--o{ AppUserBadge : has\n"
        '  kisten { int id PK\n int lager_nr FK "nullable" }\n'
        '  Parcel { guid id PK\n guid SentById FK\n bool open "default=true"\n'
        '    byte[] photo\n string note "NULL"\n string senha_hash }\n'
        "  AppUserBadge { guid UserId PK, FK\n guid BadgeId PK }\n",
        file="a.mmd",
    )
    plan = accepted(imported).plan
    assert plan.entities["Kisten"].relation("lagerNr").nullable
    parcel = plan.entities["Parcel"]
    assert [(r.name, r.nullable) for r in parcel.relations] == [
        ("sentBy", False), ("checkedBy", True),
    ]  # fmt: skip
    assert field(imported, "Parcel", "open")["default"] is True
    assert field(imported, "Parcel", "photo")["type"] == "text"
    assert "apiDescription" not in field(imported, "Parcel", "note")
    assert field(imported, "Parcel", "senhaHash")["expose"] is False
    badge = plan.entities["AppUserBadge"]
    assert [f.name for f in badge.fields] == ["badgeId"]
    assert badge.relation("user").target == "AppUser"


def test_openapi_forms_of_a_thing_that_has_no_schema_of_its_own() -> None:
    imported = read_document(
        "openapi: 3.1.0\ncomponents:\n schemas:\n"
        "  CrateCreate: {properties: {code: {type: string, maxLength: 9}, pin: {type: string}, "
        "load: {type: integer}}}\n"
        "  CrateRead: {properties: {id: {type: integer}, code: {type: string}, "
        "load: {type: integer, minimum: 0}, port: "
        "{$ref: '#/components/schemas/PortSummary'}}}\n"
        "  CrateListResponse: {properties: {items: {type: array, items: "
        "{$ref: '#/components/schemas/CrateRead'}}}}\n"
        "  Port: {properties: {id: {type: integer}, name: {type: string}, sea: {type: string}}}\n"
        "  PortSummary: {properties: {id: {type: integer}, name: {type: string}}}\n"
        "  PortDetail: {properties: {depth: {type: integer}, tide: {type: string}}}\n"
        "  Ship: {properties: {id: {type: integer}, flag: {type: string}}}\n"
        "  ShipDetail: {allOf: [{$ref: '#/components/schemas/Ship'}, {properties: "
        "{crew: {type: integer}}}]}\n"
        "  LoginResponse: {properties: {id: {type: integer}, token: {type: string}}}\n"
        "  Message: {properties: {message: {type: string}}}\n",
        file="a.yaml",
    )
    plan = accepted(imported).plan
    assert set(plan.entities) == {"Crate", "Port", "PortDetail", "Ship"}
    crate = plan.entities["Crate"]
    assert crate.relation("port").target == "Port"
    assert field(imported, "Crate", "code")["maxLength"] == 9
    assert field(imported, "Crate", "load")["min"] == 0
    told = {m.split('"')[1]: m for _, m in notices(imported, "schema-left-out")}
    assert 'a form of CrateRead, which lacks its "pin"' in told["CrateCreate"]
    assert 'a form of Ship, which lacks its "crew"' in told["ShipDetail"]
    assert {"CrateListResponse", "PortSummary", "LoginResponse", "Message"} < told.keys()


def test_markdown_tables_in_any_language_and_layout() -> None:
    imported = read_document(
        "```sql\nCREATE TYPE grade AS ENUM ('A', 'B');\n```\n"
        "## `cold_stores`\n|컬럼명|타입|제약조건|설명|\n|-|-|-|-|\n"
        "|id|BIGINT|PK, AUTO_INCREMENT|번호|\n|label|VARCHAR(40)|NOT NULL, UNIQUE|이름|\n"
        "|grade|grade|NULL||\n|state|ENUM|NOT NULL|open / shut|\n\n"
        "## `stored_goods`\n|ชื่อ|ชนิด|บันทึก|\n|-|-|-|\n|id|uuid||\n"
        "|cold_store_id|uuid (FK → cold_stores.id)||\n|width, height|decimal(6,1), null||\n"
        "|extra|json, default {}|NOT NULL|\n|timestamps|||\n\n"
        "## Options\n|Option|Type|\n|-|-|\n|verbose|boolean|\n",
        file="a.md",
    )
    plan = accepted(imported).plan
    assert set(plan.entities) == {"ColdStore", "StoredGood"}
    label = field(imported, "ColdStore", "label")
    assert (label["unique"], label["maxLength"], label["apiDescription"]) == (True, 40, "이름")
    assert field(imported, "ColdStore", "grade")["enumValues"] == ["A", "B"]
    assert field(imported, "ColdStore", "grade")["required"] is False
    assert field(imported, "ColdStore", "state")["enumValues"] == ["open", "shut"]
    goods = plan.entities["StoredGood"]
    assert [f.name for f in goods.fields] == ["width", "height", "extra"]
    assert goods.relation("coldStore").target == "ColdStore"
    assert "apiDescription" not in field(imported, "StoredGood", "extra")


def test_markdown_tables_and_a_diagram_complete_each_other() -> None:
    imported = read_document(
        "```mermaid\nerDiagram\n PORT ||--o{ SHIP : home\n SHIP }o--o{ CARGO : loads\n"
        " SHIP ||--o{ TRIP : makes\n CARGO ||--o{ TRIP : on\n PORT ||--o{ CARGO : stores\n"
        ' SHIP { string flag "of the registry" }\n```\n'
        "## Ships\n|Field|Type|Constraints|\n|-|-|-|\n|name|varchar(60)|NOT NULL|\n"
        "|port_id|int|NULL|\n\n"
        "## Trips\n|Field|Type|\n|-|-|\n|ship_id|int|\n|cargo_id|FK → cargo|\n|days|int|\n\n"
        "## Cargo\n|Field|Type|\n|-|-|\n|weight|int|\n",
        file="a.md",
    )
    plan = accepted(imported).plan
    ship = plan.entities["Ship"]
    assert [f.name for f in ship.fields] == ["name", "flag"]
    assert [r.name for r in ship.relations] == ["port"]
    assert ship.relation("port").nullable
    assert relation(imported, "Ship", "Cargo")["type"] == "manyToMany"
    assert [r.name for r in plan.entities["Trip"].relations] == ["cargo", "ship"]
    assert plan.entities["Cargo"].relation("port").target == "Port"
    assert len(notices(imported, "described-twice")) == 3


def test_sketches_that_leave_out_marks_types_or_all_attributes() -> None:
    diagram = read_document(
        "erDiagram\n USER ||--o{ BOOKING : makes\n SLOT ||--o{ BOOKING : has\n"
        " BOOKING { string id\n string slot_id\n string client_id }\n SLOT { int size }\n"
        " ROOM ||--o{ SLOT : in\n",
        file="a.mmd",
    )
    booking = accepted(diagram).plan.entities["Booking"]
    assert [(r.name, r.target) for r in booking.relations] == [("client", "User"), ("slot", "Slot")]
    assert "ROOM" in notices(diagram, "bare")[0][1]
    tables = read_document(
        "## Crane\n|Field|Type|Notes|\n|-|-|-|\n|reach|int?||\n|speed|double|(default 2)|\n"
        "|see the manual|||\n\n## Hook\n|Field|Notes|\n|-|-|\n|load|in tons|\n",
        file="a.md",
    )
    assert set(accepted(tables).plan.entities) == {"Crane"}
    assert field(tables, "Crane", "reach")["required"] is False
    assert field(tables, "Crane", "speed")["default"] == 2
    assert [line for line, _ in notices(tables, "untyped")] == [6]
    assert [line for line, _ in notices(tables, "untyped-table")] == [9]


def test_mermaid_keys_by_the_targets_key_and_by_their_order() -> None:
    imported = read_document(
        "erDiagram\n"
        ' "Repair order" ||--o{ Finding : x\n Mechanic ||--o{ Finding : x\n'
        ' Car ||--o{ "Repair order" : x\n Mechanic ||--o{ "Repair order" : x\n'
        ' "Repair order" { bigint nr PK\n bigint kfz FK\n bigint wer FK "nullable" }\n'
        " Finding { int id PK\n bigint nr FK\n bigint who FK }\n"
        " Mechanic { int id PK\n string name\n bigint boss FK }\n Car { string plate }\n",
        file="a.mmd",
    )
    plan = accepted(imported).plan
    assert [(r.name, r.target) for r in plan.entities["Finding"].relations] == [
        ("repairOrder", "RepairOrder"), ("who", "Mechanic"),
    ]  # fmt: skip
    order = plan.entities["RepairOrder"]
    assert [(r.name, r.target, r.nullable) for r in order.relations] == [
        ("kfz", "Car", False), ("wer", "Mechanic", True),
    ]  # fmt: skip
    assert [line for line, _ in notices(imported, "guess-relation")] == [7, 8]
    assert "Mechanic.boss" in notices(imported, "unused-mark")[0][1]


def test_jdl_keys_are_what_id_marks() -> None:
    imported = read_document(
        "entity Wing { @Id wingId Long\n span Double }\n"
        "entity Seat {\n  @Id\n  row Integer\n  @Id\n  letter String maxlength(1)\n}\n"
        "entity Pilot { nick String }\nentity Licence { until Instant }\n"
        "relationship OneToOne { Pilot to @Id Wing, Licence{user} to @Id User }\n"
        "relationship ManyToOne { @OnDelete(CASCADE) Seat{wing} to @Id Wing }\n",
        file="a.jdl",
    )
    plan = accepted(imported).plan
    assert [f.name for f in plan.entities["Wing"].fields] == ["span"]
    assert plan.entities["Seat"].unique == (("row", "letter", "wingId"),)
    assert plan.entities["Seat"].relation("wing").on_delete == "CASCADE"
    assert entity(imported, "Seat")["x-source"] == {"key": ["row", "letter", "wingId"]}
    for name, relation_name in (("Pilot", "wing"), ("Licence", "user")):
        made = plan.entities[name].relation(relation_name)
        assert (made.unique, made.nullable) == (True, False)
    assert not any("@Id" in message for _, message in notices(imported, "option"))


def test_jdl_comments_options_and_patterns() -> None:
    imported = read_document(
        "secure all with roles {\n  ROLE_ADMIN allows (get, put)\n}\n"
        "entity Boat {\n  name String, /** on the bow */\n  kind String pattern(/sail|motor/)\n"
        "  code String pattern(/^(a|b)+$/)\n}\nentity Crew { size Integer }\n"
        "relationship OneToMany {\n  /** who sails */\n  Boat{crew} to\n"
        "  /** on which boat */\n  Crew{boat}\n}\n",
        file="a.jdl",
    )
    plan = accepted(imported).plan
    name, kind, code = plan.entities["Boat"].fields
    assert (name.description, kind.description) == ("on the bow", None)
    assert (kind.pattern, code.pattern) == ("^(?:sail|motor)$", "^(a|b)+$")
    boat = relation(imported, "Crew", "Boat")
    assert (boat["apiDescription"], boat["inverseSide"]) == ("on which boat", "crews")
    assert [line for line, _ in notices(imported, "comment")] == [11]
    assert "secure" in notices(imported, "option")[0][1]


def test_a_reference_by_its_name_where_nothing_declares_keys_or_users() -> None:
    imported = read_document(
        "entity Letter { userId Long required, parcelId Long, paid Long }\n"
        "entity Parcel { weight Double }\n",
        file="a.jdl",
    )
    letter = accepted(imported).plan.entities["Letter"]
    assert [(r.target, r.nullable) for r in letter.relations] == [("User", False), ("Parcel", True)]
    assert [f.name for f in letter.fields] == ["paid"]
    assert entity(imported, "Letter")["acl"]["user"]["possession"] == "own"
    assert [line for line, _ in notices(imported, "guess-relation")] == [1, 1]


@pytest.mark.parametrize(
    "users",
    [
        "",
        "create table app_users (id int primary key);",
        "create table p (user_id int primary key);",
    ],
)
def test_a_user_id_is_the_sdks_user_only_where_no_table_holds_users(users: str) -> None:
    imported = sql(f"create table notes (id int primary key, user_id int not null);{users}")
    targets = [r.target for r in accepted(imported).plan.entities["Note"].relations]
    assert ("User" in targets) is (not users)


def test_dbml_of_other_versions_and_schemas() -> None:
    imported = read_document(
        "Table users { id int [pk] }\nTable crm.users { id int [pk]\n chief int }\n"
        'Table crm.calls { id int [pk]\n meta json [default: `{"a": 1}`]\n who int [not null] }\n'
        "Table schema_migrations { version varchar [pk] }\n"
        "Ref: users.id ?<? crm.users.chief\nRef: crm.calls.who >? crm.users.id\n"
        "Policy {\n  table calls\n  using `true`\n}\nDep: users -> calls\n"
        "Function f {\n  body `begin end`\n}\n",
        file="a.dbml",
    )
    plan = accepted(imported).plan
    assert plan.entities["CrmUser"].relation("chief").target == "User"
    assert plan.entities["Call"].relation("who").target == "CrmUser"
    assert field(imported, "Call", "meta")["default"] == {"a": 1}
    assert len(notices(imported, "left-out")) == 3
    assert [line for line, _ in notices(imported, "bookkeeping")] == [7]
    parted = read_document("use { table a } from './b'\nTable t { id int }", file="a.dbml")
    assert [(b.code, b.line) for b in parted.blockers] == [("document-unknown-file", 1)]


def test_prisma_partial_uniques_and_annotations_of_others() -> None:
    imported = read_document(
        "/// @@allow('read', true)\nmodel Page {\n  id Int @id\n"
        "  slug String @unique(where: { draft: false })\n  /// @email\n  mail String\n"
        "  site String\n  draft Boolean\n  price Decimal @default(9.99)\n  deletedAt DateTime?\n"
        '  @@unique([site], where: raw("draft"))\n'
        "  @@unique([site, mail], where: { deletedAt: null })\n}\n",
        file="a.prisma",
    )
    page = accepted(imported).plan.entities["Page"]
    assert not any(made.unique for made in page.fields)
    assert page.unique == (("site", "mail"),)
    assert [line for line, _ in notices(imported, "unique")] == [4, 11]
    assert field(imported, "Page", "price")["default"] == 9.99
    assert "apiDescription" not in field(imported, "Page", "mail")


def test_a_join_that_a_diagram_draws_twice_is_one() -> None:
    imported = read_document(
        "erDiagram\n  POSTS }o--o{ TAGS : tagged\n  POSTS { int id PK }\n  TAGS { int id PK }\n"
        "  POST_TAGS { int post_id FK\n int tag_id FK }\n",
        file="a.mmd",
    )
    plan = accepted(imported).plan
    assert set(plan.entities) == {"Post", "Tag", "PostTag"}
    assert plan.entities["PostTag"].is_junction
    assert [line for line, _ in notices(imported, "twice")] == [2]
