"""What a single file must not contain, and migrations."""

from collections.abc import Callable, Mapping

import pytest

Found = Callable[..., list[tuple[str, int]]]
Texts = Mapping[str, str]

FILE = "src/modules/product/product.helper.ts"
ENTITY = "src/modules/product/entities/product.entity.ts"
MIGRATION = "src/migrations/1700000000001-First.ts"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("import { A } from '@concepta/nestjs-crud/dist/crud';\n", 1),
        ("export { A } from '../../../dist/a';\n", 1),
        ("\nconst a = require('../dist');\n", 2),
        ("\nconst a = await import('x/dist/y');\n", 2),
        ('import type { A } from "pkg/dist/a";\n', 1),
    ],
)
def test_dist_imports(found: Found, text: str, line: int) -> None:
    assert found({FILE: text}) == [("dist-import", line)]


@pytest.mark.parametrize(
    "text",
    [
        "// import { A } from '@concepta/nestjs-crud/dist/crud';\n",
        "export const folder = '/srv/dist/';\n",
        "import { A } from '../distance/dist-a';\n",
    ],
)
def test_no_dist_import(found: Found, text: str) -> None:
    assert found({FILE: text}) == []


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("export class {{ name }} {}\n", 1),
        ("\n{% if owner %}\nexport const a = 1;\n{% endif %}\n", 2),
        ("export const a = 1; {# gone #}\n", 1),
        ("export const a = <%= name %>;\n", 1),
    ],
)
def test_template_leftovers(found: Found, text: str, line: int) -> None:
    assert ("template-leftover", line) in found({FILE: text})


@pytest.mark.parametrize(
    "text",
    [
        "export const a = 'Dear {{ name }}, {% raw %}';\n",
        "export const a = `{{ name }}`;\n",
        "// {{ name }}\nexport const a = 1;\n",
        "export const a = /{{1}}/;\n",
        "export const a = { b: { c: {} } };\n",
    ],
)
def test_no_leftover(found: Found, text: str) -> None:
    assert found({FILE: text}) == []


def test_a_sqlite_base_in_a_postgres_project(found: Found, texts: Texts) -> None:
    text = texts[ENTITY].replace("CommonPostgresEntity", "CommonSqliteEntity")
    assert found({ENTITY: text}) == [("sqlite-base-class", 5)]
    settings = "src/config/typeorm.settings.ts"
    sqlite = texts[settings].replace("'postgres'", "'better-sqlite3'")
    assert found({ENTITY: text, settings: sqlite}) == []


def up(sql: str) -> str:
    return (
        "export class M implements MigrationInterface {\n"
        f"  async up(queryRunner: QueryRunner) {{\n    {sql}\n  }}\n"
        "  async down(queryRunner: QueryRunner) {\n    await queryRunner.query(`CREATE TABLE "
        '"product" ()`);\n  }\n}\n'
    )


@pytest.mark.parametrize(
    "sql",
    [
        'await queryRunner.query(`CREATE TABLE "product" ("id" uuid)`);',
        'await queryRunner.query(\'CREATE TABLE IF NOT EXISTS "public"."product" ()\');',
        'await queryRunner.query("create table product (id uuid)");',
        'await queryRunner.query(`CREATE TABLE "a" (); CREATE TABLE "product" ()`);',
        "await queryRunner.createTable(new Table({ name: 'product', columns: [] }), true);",
        (
            'await queryRunner.query(`CREATE TABLE "old" ()`); '
            'await queryRunner.query(`ALTER TABLE "old" RENAME TO "product"`);'
        ),
    ],
)
def test_a_table_with_a_migration(found: Found, sql: str) -> None:
    assert found({MIGRATION: up(sql)}) == []


@pytest.mark.parametrize(
    "sql",
    [
        "",
        'await queryRunner.query(`CREATE TABLE "user_otp" ("product" uuid)`);',
        'await queryRunner.query(`CREATE TABLE "product_tag" ()`);',
        'await queryRunner.query(`CREATE INDEX "x" ON "product" ("id")`);',
        '// await queryRunner.query(`CREATE TABLE "product" ()`);',
        "await queryRunner.createTable(new Table({ name: 'products' }));",
        (
            'await queryRunner.query(`CREATE TABLE "product" ()`); '
            'await queryRunner.query(`DROP TABLE "product"`);'
        ),
    ],
)
def test_a_table_without_one(found: Found, sql: str) -> None:
    """Defect 50: a quoted name anywhere counted."""
    assert found({MIGRATION: up(sql)}) == [("table-migrated", 5)]
    assert found({MIGRATION: up(sql)}, migrations=False) == []


def test_migrations_run_in_the_order_of_their_stamps(found: Found) -> None:
    drop = up('await queryRunner.query(`DROP TABLE "product"`);')
    create = up('await queryRunner.query(`CREATE TABLE "product" ()`);')
    later = {MIGRATION: drop, "src/migrations/1700000000002-B.ts": create}
    assert found(later) == []
    earlier = {
        "src/migrations/1700000000002-B.ts": None,
        "src/migrations/999-B.ts": create,
    }
    (rule,) = found({**earlier, MIGRATION: drop, "src/migrations/1700000000002-B.ts": drop})
    assert rule == ("table-migrated", 5)


@pytest.mark.parametrize(
    ("head", "table"),
    [
        ("@Entity({ name: 'product' })", "product"),
        ("@Entity(`product`)", "product"),
        ("/* @Entity('other') */ @Entity('product')", "product"),
        ("@Entity()", "product_entity"),
        ("@Entity({ name: 'a', schema: 'b' })", "a"),
    ],
)
def test_the_table_an_entity_names(found: Found, texts: Texts, head: str, table: str) -> None:
    text = texts[ENTITY].replace("@Entity('product')", head)
    sql = f'await queryRunner.query(`CREATE TABLE "{table}" ()`);'
    assert found({ENTITY: text, MIGRATION: up(sql)}) == []
    assert [rule for rule, _ in found({ENTITY: text, MIGRATION: up("")})] == ["table-migrated"]
