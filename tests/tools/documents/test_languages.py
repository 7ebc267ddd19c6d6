"""What is particular to DBML, Prisma, JDL, Mermaid, OpenAPI and Markdown."""

from tests.tools.documents.told import OWN, accepted, entity, field, notices, relation

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
    assert (order.nullable, order.inverse) == (False, "order")
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
