"""Empty databases: what is in them, what is left of them, what a refusal says."""

from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest

from rockets_tools.database import Database, DatabaseKind, ScratchDatabases
from rockets_tools.errors import MachineError
from rockets_tools.files import ProjectFiles
from rockets_tools.node import NodeTools, find_node

pytestmark = pytest.mark.node

CREATE = """
CREATE SCHEMA other;
CREATE TYPE colour AS ENUM ('red', 'blue');
CREATE TABLE item (id serial PRIMARY KEY, colour colour NOT NULL, UNIQUE (colour));
CREATE TABLE other.part (id int REFERENCES item ON DELETE CASCADE);
CREATE TABLE migrations (id serial PRIMARY KEY);
CREATE FUNCTION one() RETURNS int LANGUAGE sql AS 'SELECT 1';
SET search_path TO other;
"""


@pytest.fixture(scope="module")
def node() -> NodeTools:
    return find_node()


@pytest.fixture
def files(tmp_path: Path, warm_modules: Path) -> ProjectFiles:
    (tmp_path / "package.json").write_text("{}")
    (tmp_path / "node_modules").symlink_to(warm_modules, target_is_directory=True)
    return ProjectFiles(tmp_path)


def execute(url: str, sql: str) -> list[str]:
    with psycopg.connect(url, autocommit=True) as connection, connection.cursor() as cursor:
        cursor.execute(sql.encode())
        return [str(row[0]) for row in cursor.fetchall()] if cursor.description else []


def databases_of(url: str) -> set[str]:
    return set(execute(url, "SELECT datname FROM pg_database WHERE NOT datistemplate"))


def test_the_embedded_database_is_empty_each_time(
    warm_project: Callable[[], Path], node: NodeTools
) -> None:
    files = ProjectFiles(warm_project())
    with ScratchDatabases(files, node) as databases:
        with databases.empty() as first:
            assert first.kind is DatabaseKind.EMBEDDED
            assert databases.catalog(first) == []
            execute(first.url, CREATE)
            catalog = databases.catalog(first)
            assert "type public.colour 'red', 'blue'" in catalog
            assert "column public.item.colour colour not null default -" in catalog
            assert "schema other" in catalog
            assert not any("migrations" in line for line in catalog)
            with pytest.raises(RuntimeError), databases.empty():
                pass
        with databases.empty() as second:
            assert databases.catalog(second) == []
            execute(second.url, "CREATE TABLE item (id int)")
            assert databases.catalog(second) != []
    with pytest.raises(psycopg.OperationalError):
        execute(second.url, "SELECT 1")


def test_a_project_without_an_embedded_database(files: ProjectFiles, node: NodeTools) -> None:
    with ScratchDatabases(files, node) as databases, pytest.raises(MachineError) as caught:
        databases.wait_ready()
    assert caught.value.problems[0].code == "database-missing"


def test_an_embedded_database_that_does_not_start(files: ProjectFiles, node: NodeTools) -> None:
    files.write("db/pglite-server.mjs", "console.log('{}'); throw new Error('no memory left');")
    with (
        ScratchDatabases(files, node) as databases,
        pytest.raises(MachineError) as caught,
        databases.empty(),
    ):
        pass
    assert caught.value.problems[0].code == "database-start"


def test_on_a_server_each_has_a_database_of_its_own(
    files: ProjectFiles, node: NodeTools, postgres_url: str
) -> None:
    execute(postgres_url, "CREATE TABLE IF NOT EXISTS precious AS SELECT 42 AS answer")
    before = databases_of(postgres_url)
    with ScratchDatabases(files, node, postgres_url) as databases:
        databases.wait_ready()
        with databases.empty() as database:
            assert database.kind is DatabaseKind.SERVER
            assert len(databases_of(postgres_url) - before) == 1
            execute(database.url, CREATE)
        with databases.empty() as database:
            assert databases.catalog(database) == []
        with pytest.raises(psycopg.Error), databases.empty() as database:
            execute(database.url, "SELECT * FROM nowhere")
    assert databases_of(postgres_url) == before
    assert execute(postgres_url, "SELECT answer FROM precious") == ["42"]


def test_what_killed_runs_left_is_removed_and_nothing_else(
    files: ProjectFiles, node: NodeTools, postgres_url: str
) -> None:
    stay = {"rockets_scratch_mine", "rockets_scratch_9999999999_deadbeef"}
    for name in ("rockets_scratch_1000000000_deadbeef", *stay):
        execute(postgres_url, f"CREATE DATABASE {name}")
    try:
        with ScratchDatabases(files, node, postgres_url) as databases, databases.empty():
            there = databases_of(postgres_url)
    finally:
        for name in stay:
            execute(postgres_url, f"DROP DATABASE {name}")
    assert "rockets_scratch_1000000000_deadbeef" not in there
    assert stay <= there


def refusal(files: ProjectFiles, node: NodeTools, url: str) -> MachineError:
    with (
        ScratchDatabases(files, node, url) as databases,
        pytest.raises(MachineError) as caught,
        databases.empty(),
    ):
        pass
    return caught.value


def test_a_refusal_says_what_to_do_and_no_password(
    files: ProjectFiles, node: NodeTools, postgres_url: str
) -> None:
    execute(postgres_url, "DROP ROLE IF EXISTS guest; CREATE ROLE guest LOGIN PASSWORD 'guestpw'")
    guest = postgres_url.replace("owner:pass%25word%21%2F", "guest:guestpw")
    cases = {
        guest: "CREATEDB",
        guest.replace("guestpw", "wrong-secret"): "password",
        guest.replace("/postgres", "/nowhere"): "Create the database",
        "postgres://x:secret@127.0.0.1:1/y": "Start the server",
    }
    for url, fix in cases.items():
        problem = refusal(files, node, url).problems[0]
        assert problem.code == "database-refused"
        assert fix in problem.fix
        for password in ("guestpw", "wrong-secret", ":secret"):
            assert password not in problem.message


@pytest.mark.parametrize(
    "url",
    ["mysql://a@b/c", "nonsense", "postgres:///x", "-rf", "postgres://h:x/d", "postgres://[/d"],
)
def test_a_url_that_is_none_is_refused_at_once(
    files: ProjectFiles, node: NodeTools, url: str
) -> None:
    with pytest.raises(MachineError) as caught:
        ScratchDatabases(files, node, url)
    assert caught.value.problems[0].code == "database-url"


def test_a_url_is_not_printed() -> None:
    database = Database(url="postgres://u:secret@h/d", kind=DatabaseKind.SERVER)
    assert "secret" not in f"{database!r} {database}"


def test_a_missing_client_library_says_so(
    files: ProjectFiles, node: NodeTools, postgres_url: str
) -> None:
    (files.root / "node_modules").unlink()
    assert "npm ci" in refusal(files, node, postgres_url).problems[0].fix
