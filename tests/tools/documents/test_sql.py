"""SQL scripts: statements, types, checks and defaults of five dialects."""

import pytest
from tests.tools.documents.told import OWN, accepted, entity, field, notices, relation, sql

from rockets_tools.documents import load_document
from rockets_tools.documents.sql.dialect import Dialect, detect


@pytest.mark.parametrize(
    ("name", "dialect"),
    [
        ("rental.pg_dump.sql", Dialect.POSTGRES),
        ("rental.mysqldump.sql", Dialect.MYSQL),
        ("works.tsql.sql", Dialect.TSQL),
        ("hr.oracle.sql", Dialect.ORACLE),
        ("tracker.sqlite.sql", Dialect.SQLITE),
        ("traders.northwind.sql", Dialect.POSTGRES),
    ],
)
def test_the_dialect_shows(name: str, dialect: Dialect) -> None:
    assert detect((OWN / name).read_text()) is dialect


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("varchar(20)", {"maxLength": 20}),
        ("character varying(20)", {"maxLength": 20}),
        ("nvarchar(max)", {"type": "text"}),
        ("varchar2(30 char)", {"maxLength": 30}),
        ("char", {"maxLength": 1}),
        ("text", {"type": "text"}),
        ("int", {"type": "number"}),
        ("int(11)", {"type": "number"}),
        ("int unsigned", {"type": "float", "precision": 10, "scale": 0, "min": 0,
                          "max": 4294967295}),
        ("smallint", {"type": "number"}),
        ("bigint", {"type": "float", "precision": 19, "scale": 0}),
        ("numeric(10,2)", {"type": "float", "precision": 10, "scale": 2}),
        ("number(6)", {"type": "number", "min": -999999, "max": 999999}),
        ("decimal(20)", {"type": "float", "precision": 20, "scale": 0}),
        ("double precision", {"type": "float", "precision": 15, "scale": 6}),
        ("money", {"type": "float", "precision": 15, "scale": 4}),
        ("boolean", {"type": "boolean"}),
        ("tinyint(1)", {"type": "boolean"}),
        ("bit", {"type": "boolean"}),
        ("timestamp with time zone", {"type": "date"}),
        ("datetime2(7)", {"type": "date"}),
        ("date", {"type": "date"}),
        ("time", {"maxLength": 24}),
        ("uuid", {"type": "uuid"}),
        ("uniqueidentifier", {"type": "uuid"}),
        ("jsonb", {"type": "json"}),
        ("text[]", {"type": "json"}),
        ("integer array", {"type": "json"}),
        ("enum('a','b')", {"type": "enum", "enumValues": ["a", "b"]}),
        ("set('a','b')", {"type": "json"}),
        ("longblob", {"type": "text"}),
        ("geometry(Point,4326)", {"type": "json"}),
        ("interval day to second", {"maxLength": 100}),
        ("public.citext", {"type": "text"}),
    ],
)  # fmt: skip
def test_types(written: str, expected: dict[str, object]) -> None:
    imported = sql(f"create table a (id int primary key, b {written} not null);")
    accepted(imported)
    found = field(imported, "A", "b")
    assert {k: v for k, v in found.items() if k not in ("name", "x-guess")} == expected


@pytest.mark.parametrize(
    ("column", "expected"),
    [
        ("b int check (b >= 0 and b < 10)", {"min": 0, "max": 9}),
        ("b int check (b between 1 and 5)", {"min": 1, "max": 5}),
        ("b int check (0 < b)", {"min": 1}),
        ("b int check (b in (1, 2, 3))", {"min": 1, "max": 3}),
        ("b numeric(6,2) check (b > 0)", {"min": 0.01, "precision": 6, "scale": 2}),
        ("b text check (length(b) >= 2 and char_length(b) <= 9)", {"minLength": 2, "maxLength": 9}),
        ("b text check (b <> '')", {"minLength": 1}),
        ("b text check (b in ('x', 'y'))", {"enumValues": ["x", "y"]}),
        ("b text check (b = 'x' or b = 'y')", {"enumValues": ["x", "y"]}),
        ("b text check (b = any (array['x'::text, 'y'::text]))", {"enumValues": ["x", "y"]}),
        ("b text, check (b is null or b in ('x'))", {"enumValues": ["x"]}),
        ("b int, check (((b is null) or ((b >= 0) and (b <= '7'::int))))", {"min": 0, "max": 7}),
        ("b int check (b > 1) no inherit", {"min": 2}),
    ],
)
def test_checks_become_constraints(column: str, expected: dict[str, object]) -> None:
    imported = sql(f"create table a (id int primary key, {column});")
    accepted(imported)
    found = field(imported, "A", "b")
    assert expected.items() <= found.items()
    assert notices(imported, "sql-check") == []


@pytest.mark.parametrize(
    "check",
    [
        "b in (1, 5, 9)",
        "b % 2 = 0",
        "b > (select max(x) from y)",
        "b > c",
        "upper(d) = 'X'",
        "d ~ '^[a-z]+$'",
        "(((((",
        "b >= 0 or c >= 0",
    ],
)
def test_a_check_without_a_plan_form_is_told(check: str) -> None:
    imported = sql(f"create table a (id int primary key, b int, c int, d text, check ({check}));")
    assert notices(imported, "sql-check")
    assert "enumValues" not in field(imported, "A", "d")


@pytest.mark.parametrize(
    ("column", "default"),
    [
        ("b int default 5", 5),
        ("b int default '5'", 5),
        ("b int default -5", -5),
        ("b int default ((0))", 0),
        ("b boolean default true", True),
        ("b boolean default 't'", True),
        ("b bit default b'0'", False),
        ("b text default 'it''s'", "it's"),
        ("b varchar(9) default 'x'::character varying", "x"),
        ("b nvarchar(9) default N'x'", "x"),
        ("b timestamp default now()", "now()"),
        ("b timestamp default current_timestamp", "now()"),
        ("b datetime default (getdate())", "now()"),
        ("b timestamp default '2020-01-02 03:04:05'", "2020-01-02T03:04:05Z"),
        ("b json default '{\"a\": [1]}'", {"a": [1]}),
        ("b numeric(5,2) default 1.50", 1.5),
        ("b timestamp default ('now'::text)::timestamp without time zone", "now()"),
        ("b timestamptz default (now())::timestamp(3)", "now()"),
        ("b timestamptz default '2020-01-02 03:04:05+00'::timestamptz", "2020-01-02T03:04:05Z"),
        ("b int default ((1)::smallint)", 1),
        ("b varchar(9) default ('x'::character varying(9))::text", "x"),
    ],
)
def test_defaults(column: str, default: object) -> None:
    imported = sql(f"create table a (id int primary key, {column});")
    accepted(imported)
    assert field(imported, "A", "b")["default"] == default


@pytest.mark.parametrize(
    "column",
    ["b int default random()", "b int default 'x'", "b text default current_user",
     "b varchar(2) default 'long'", "b timestamp default 'yesterday'", "b json default '{'"],
)  # fmt: skip
def test_a_default_that_cannot_be_kept_is_told(column: str) -> None:
    imported = sql(f"create table a (id int primary key, {column});")
    accepted(imported)
    assert "default" not in field(imported, "A", "b")
    assert any("default" in n.message.lower() for n in imported.notices)


def test_alter_table_in_all_its_forms() -> None:
    imported = sql(
        """
        create table b (id int, code text);
        create table a (id int, old text, gone text, n int, "key" varchar(10));
        alter table only a add constraint a_pkey primary key (id);
        alter table b add primary key (id), add constraint u unique (code);
        alter table a add column b_id int not null, add foreign key (b_id) references b (id)
            on delete cascade not valid;
        alter table a rename column old to fresh;
        alter table a drop column if exists gone;
        alter table a alter column n set default 7, alter column n set not null;
        alter table a alter column fresh type varchar(33);
        alter table a add constraint c check (n > 0), owner to me;
        alter table a enable row level security;
        """
    )
    accepted(imported)
    assert [f["name"] for f in entity(imported, "A")["fields"]] == ["fresh", "n", "key"]
    assert field(imported, "A", "fresh")["maxLength"] == 33
    assert field(imported, "A", "n") == {"name": "n", "type": "number", "min": 1, "default": 7}
    assert relation(imported, "A", "B")["onDelete"] == "CASCADE"
    assert field(imported, "B", "code")["unique"]


def test_what_clients_read_and_what_servers_run_is_no_table() -> None:
    for name in ("rental.pg_dump.sql", "rental.mysqldump.sql", "hr.oracle.sql", "works.tsql.sql"):
        imported = load_document(OWN / name)
        entities = imported.plan["entities"]
        assert isinstance(entities, list)
        assert "ghost" not in str(entities).lower()
    dump = load_document(OWN / "rental.pg_dump.sql")
    for code in ("view", "trigger", "function", "policy", "partition"):
        assert notices(dump, f"sql-{code}"), code
    assert notices(dump, "sql-index")[0][0] == 133


def test_statements_without_semicolons_between_them() -> None:
    imported = sql(
        "CREATE TABLE [a]([id] [int] IDENTITY(1,1) NOT NULL PRIMARY KEY)\n"
        "CREATE TABLE [b]([id] [int] IDENTITY(1,1) NOT NULL PRIMARY KEY, [a_id] [int])\n"
        "ALTER TABLE [b] ADD FOREIGN KEY ([a_id]) REFERENCES [a] ([id])\nGO\n"
    )
    assert set(accepted(imported).plan.entities) == {"A", "B"}


def test_domains_enums_and_types_defined_later() -> None:
    imported = sql(
        "create table a (id int primary key, m mood not null, z zip, p pair, q qty);"
        "create type mood as enum ('ok', 'sad'); alter type mood add value 'glad';"
        "create domain zip as varchar(5) check (length(value) = 5 or value is null);"
        "create type pair as (x int, y int);"
        "create domain small as int check (value < 10); create domain qty as small;"
    )
    accepted(imported)
    assert field(imported, "A", "m")["enumValues"] == ["ok", "sad", "glad"]
    assert field(imported, "A", "z")["maxLength"] == 5
    assert field(imported, "A", "p")["type"] == "json"
    assert field(imported, "A", "q")["type"] == "number"


def test_tables_that_are_renamed_are_still_referred_to() -> None:
    imported = sql(
        "create table parents (id int primary key); create table olds (id int primary key);"
        "create table kids (id int primary key, p int references parents, o int references olds);"
        "rename table parents to folks; alter table olds rename to news;"
    )
    plan = accepted(imported).plan
    assert [r.target for r in plan.entities["Kid"].relations] == ["Folk", "News"]


def test_types_that_a_block_creates_are_known() -> None:
    imported = sql(
        "DO $$ BEGIN\n CREATE TYPE mood AS ENUM ('ok', 'sad');\n"
        "EXCEPTION WHEN duplicate_object THEN null; END $$;\n"
        "create table a (id int primary key, m mood);"
    )
    assert field(imported, "A", "m")["enumValues"] == ["ok", "sad"]


def test_a_parenthesis_that_never_closes_costs_one_statement() -> None:
    imported = sql("create table a (id int primary key;\ncreate table b (id int primary key);")
    assert [(b.code, b.line) for b in imported.blockers] == [("document-sql-unclosed", 1)]
    assert entity(imported, "B")


def test_keys_of_a_sequence_are_made_by_the_database() -> None:
    imported = sql(
        'create table a (x number(10) default "S"."Q".nextval primary key, n varchar2(9));'
    )
    assert [f["name"] for f in entity(imported, "A")["fields"]] == ["n"]


def test_a_delimiter_may_touch_the_word_before_it() -> None:
    imported = sql(
        "create table `a` (`id` int primary key auto_increment);\n"
        "DELIMITER $$\n"
        "CREATE DEFINER=`root`@`localhost` PROCEDURE `p` () BEGIN\n"
        "  CREATE TABLE `ghost` (`id` int);\nEND$$\n"
        "CREATE TABLE `b` (`id` int primary key)$$\nDROP TABLE b$$\n"
        "DELIMITER ;\n"
        "create table `c` (`id` int primary key);"
    )
    assert set(accepted(imported).plan.entities) == {"A", "C"}
    assert notices(imported, "sql-procedure")[0][0] == 3


def test_double_quotes_of_mysql_escape_with_a_backslash() -> None:
    imported = sql(
        'create table `a` (`id` int primary key, `b` varchar(9) default "x\\"y");\n'
        'insert into `a` values (1, "so \\" it goes");\ncreate table `c` (`id` int primary key);'
    )
    assert set(accepted(imported).plan.entities) == {"A", "C"}
    assert field(imported, "A", "b")["default"] == 'x"y'


def test_settings_after_a_new_column_are_no_columns() -> None:
    imported = sql(
        "create table `a` (`id` int auto_increment primary key);\n"
        "alter table `a` add column `b` int, auto_increment=5, engine=InnoDB, comment 'x',"
        " convert to character set utf8mb4, algorithm=inplace, lock=none;\n"
        "alter ignore table `a` add `c` int;"
    )
    accepted(imported)
    assert [f["name"] for f in entity(imported, "A")["fields"]] == ["b", "c"]


@pytest.mark.parametrize(
    "end", ["ENGINE=InnoDB DEFAULT CHARSET=utf8", "default character set utf8 collate 'utf8_bin'"]
)
def test_a_forgotten_semicolon_loses_no_table(end: str) -> None:
    imported = sql(
        f"create table `a` (`id` int primary key auto_increment, `b` varchar(9)) {end}\n"
        f"alter table `a` add unique `u`(`b`)\n\ncreate table `c` (`id` int primary key) {end}\n"
    )
    assert set(accepted(imported).plan.entities) == {"A", "C"}
    assert field(imported, "A", "b")["unique"]


def test_tables_made_under_a_condition_are_tables() -> None:
    imported = sql(
        "IF OBJECT_ID('dbo.fk') IS NOT NULL\nALTER TABLE [dbo].[gone] DROP CONSTRAINT [fk];\nGO\n"
        "IF OBJECT_ID('dbo.a', 'U') IS NULL CREATE TABLE dbo.a (id int primary key)\nGO\n"
        "IF NOT EXISTS (SELECT 1 FROM x)\nBEGIN\nCREATE TABLE [b]([id] int primary key)\nEND\nGO\n"
        "IF COL_LENGTH('b', 'n') IS NULL ALTER TABLE b ADD n nvarchar(5)\nGO\n"
    )
    assert set(accepted(imported).plan.entities) == {"A", "B"}
    assert field(imported, "B", "n")["maxLength"] == 5


def test_procedures_of_sql_server_make_types_names_and_descriptions() -> None:
    imported = sql(
        "execute sp_addtype code, 'varchar(6)', 'NOT NULL'\nGO\n"
        "CREATE TABLE [a]([a_code] code PRIMARY KEY, [old] nvarchar(9), [m] code)\nGO\n"
        "EXEC sys.sp_addextendedproperty @name=N'MS_Description', @value=N'how it is called',"
        " @level0type=N'SCHEMA', @level0name=N'dbo', @level1type=N'TABLE', @level1name=N'a',"
        " @level2type=N'COLUMN', @level2name=N'old'\nGO\n"
        "execute sp_addextendedproperty 'MS_Description', 'all of it',"
        " 'user', @CurrentUser, 'table', 'a'\nGO\n"
        "EXEC sp_rename 'dbo.a.old', 'fresh', 'COLUMN'\nEXEC sp_rename 'a', 'things'\nGO\n"
        "EXEC sp_dboption 'x', 'y', 'true'\n"
    )
    accepted(imported)
    assert field(imported, "Thing", "aCode") == {
        "name": "aCode", "columnName": "a_code", "unique": True, "maxLength": 6
    }  # fmt: skip
    assert field(imported, "Thing", "fresh")["apiDescription"] == "how it is called"
    assert "required" not in field(imported, "Thing", "m")
    assert notices(imported, "sql-comment")[0][0] == 7
    assert any(message.startswith('"EXEC"') for _, message in notices(imported, "sql-statement"))


def test_what_mariadb_writes_for_json_is_json() -> None:
    imported = sql(
        "create table `a` (`id` int primary key, `b` longtext DEFAULT '[]' CHECK (json_valid(`b`)),"
        " `c` varchar(9) default (_utf8mb4'x'), unique key `u` ((lower(`c`))));"
    )
    accepted(imported)
    assert (field(imported, "A", "b")["type"], field(imported, "A", "b")["default"]) == ("json", [])
    assert field(imported, "A", "c")["default"] == "x"
    assert "unique index" in notices(imported, "sql-index")[0][1]


def test_views_with_the_options_of_mysql_are_told_by_name() -> None:
    imported = sql(
        "create table `a` (`id` int primary key);\n"
        "CREATE ALGORITHM=UNDEFINED DEFINER=`me`@`here` SQL SECURITY DEFINER VIEW `v` AS select 1;"
    )
    assert notices(imported, "sql-view") == [(2, 'The view "v" has no plan form.')]


def test_a_sequence_named_by_oracle_shows_the_dialect() -> None:
    text = (
        "create table a (id integer primary key, d date);\n"
        "create trigger t before insert on a for each row\nbegin\n"
        "  select s.nextval into :new.id from dual;\nend;\n/\n"
    )
    assert detect(text) is Dialect.ORACLE


@pytest.mark.parametrize(
    ("column", "default"),
    [
        ("[b] bit NOT NULL DEFAULT CAST(1 AS bit)", True),
        ("[b] bit NOT NULL CONSTRAINT [d] DEFAULT (CONVERT([bit],(0)))", False),
        ("[b] money NOT NULL DEFAULT ($2.50)", 2.5),
        ("[b] datetime2 NOT NULL DEFAULT (CONVERT([date],getdate()))", "now()"),
    ],
)
def test_defaults_as_sql_server_writes_them(column: str, default: object) -> None:
    imported = sql(f"CREATE TABLE [dbo].[a]([id] [int] IDENTITY(1,1) PRIMARY KEY, {column})\nGO\n")
    accepted(imported)
    assert field(imported, "A", "b")["default"] == default
    assert notices(imported, "sql-default") == []


def test_a_unique_index_that_only_skips_nulls_is_unique() -> None:
    imported = sql(
        "CREATE TABLE [a]([id] [int] IDENTITY PRIMARY KEY, [b] [nvarchar](9) NULL, [c] [int] NULL,"
        " [d] AS [b] + [e] PERSISTED)\nGO\n"
        "CREATE UNIQUE INDEX [x] ON [a] ([b]) WHERE ([b] IS NOT NULL) WITH (FILLFACTOR = 80)\nGO\n"
        "CREATE UNIQUE INDEX [y] ON [a] ([c]) WHERE [c] > 5\nGO\n"
    )
    accepted(imported)
    assert field(imported, "A", "b")["unique"]
    assert "unique" not in field(imported, "A", "c")
    assert [line for line, _ in notices(imported, "sql-index")] == [5]
    assert notices(imported, "sql-option") == []


def test_oracle_changes_several_things_without_commas() -> None:
    imported = sql(
        "create table b (id number(9) primary key);\n"
        "create table a (id number(9) primary key, c varchar2(9) not null, b_id number(9));\n"
        "alter table a add (d varchar2(5) default q'[it's]', e number(2)) modify (c varchar2(20))"
        " add constraint u unique (e) add constraint f foreign key (b_id) references b (id);\n"
        "alter table a modify constraint f enable;\nalter table a modify d not null;\n"
        "insert into b values (q'(x'; create table ghost (id int);)');\n"
    )
    assert set(accepted(imported).plan.entities) == {"A", "B"}
    assert field(imported, "A", "c") == {"name": "c", "maxLength": 20}
    assert field(imported, "A", "d") == {"name": "d", "maxLength": 5, "default": "it's"}
    assert field(imported, "A", "e")["unique"]
    assert relation(imported, "A", "B")["columnName"] == "b_id"


def test_what_sql_server_forgets_again_is_no_table() -> None:
    imported = sql(
        "/* a /* nested */ CREATE TABLE ghost (id int) */\nGO\n"
        "CREATE TABLE #kept (id int)\nGO\nCREATE TABLE [#other] ([id] int)\n"
        "CREATE TABLE [dbo].[a]([id] [int] IDENTITY(1,1) PRIMARY KEY)\nGO\n"
    )
    assert set(accepted(imported).plan.entities) == {"A"}
    assert [line for line, _ in notices(imported, "sql-temporary-table")] == [3, 5]


def test_lines_of_sql_plus_need_no_semicolon() -> None:
    imported = sql(
        "conn me/secret@here\ncolumn x format a10\ncreate table a (id number(9) primary key);\n"
        "show errors\ncomment on column a.id is 'x';\nexit\n"
    )
    assert set(accepted(imported).plan.entities) == {"A"}
    assert notices(imported, "client-command") == [
        (1, "Lines for the database's client are left out (4 times).")
    ]
