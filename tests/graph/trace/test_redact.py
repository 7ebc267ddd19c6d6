"""No secret reaches a trace, and nothing else is touched."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.command import fresh_project
from tests.graph.conftest import Project
from tests.graph.trace.conftest import run_folder

from rockets_graph.trace.redact import Secrets, is_secret_file
from rockets_tools.files import ProjectFiles
from rockets_tools.generate import render_entity
from rockets_tools.plan import load_plan

NONE = Secrets({})

SECRET = [
    ("sk-ant-api03-abcdefghijklmnop", "api03"),
    ("Authorization: Bearer 3fa8c9d0e1f2a3b4", "3fa8c9"),
    ('{"authorization": "Basic dXNlcjpwYXNz"}', "dXNlcjpwYXNz"),
    ("x-api-key: 0123456789abcdef0123", "0123456789"),
    ("postgres://app:s3cr3t!pw@db.example.com:5432/shop", "s3cr3t"),
    ("https://me:hunter2pass@registry.example/", "hunter2"),
    ("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abcDEF_-123", "eyJzdWIi"),
    ("ghp_abcdefghijklmnopqrstuvwxyz012345", "abcdefghij"),
    ("AKIAIOSFODNN7EXAMPLE", "IOSFODNN7"),
    ("//registry.example/:_authToken=abcdef0123456789", "abcdef0123"),
    ("-----BEGIN RSA PRIVATE KEY-----\nMIIEow\n-----END RSA PRIVATE KEY-----", "MIIEow"),
]


@pytest.mark.parametrize(("text", "secret"), SECRET)
def test_what_looks_like_a_secret_is_covered(text: str, secret: str) -> None:
    covered = NONE.cover(text.encode())
    assert secret.encode() not in covered
    assert b"***" in covered
    assert NONE.cover(covered) == covered


HARMLESS = [
    "postgres://user:password@localhost:5432/database",
    "postgres://postgres:postgres@localhost/db",
    "the Bearer token of the caller",
    "const apiKey = config.apiKey;",
    "http://127.0.0.1:3000/api?x=a@b.example",
    "import { Task } from './task';",
]


@pytest.mark.parametrize("text", HARMLESS)
def test_what_is_none_stays(text: str) -> None:
    data = text.encode()
    assert NONE.cover(data) == data


def test_values_that_the_environment_calls_secret_are_covered_wherever_they_stand() -> None:
    secrets = Secrets(
        {
            "STRIPE_SECRET": 'pl"ain\\words',
            "DATABASE_URL": "postgres://app:p%40ss-word-1@db/shop",
            "GIT_AUTHOR_NAME": "Somebody Else",
            "MAX_TOKENS": "100000000",
            "SSH_AUTH_SOCK": "/",
            "SHORT_TOKEN": "abc",
        }
    )
    text = 'a pl"ain\\words b p@ss-word-1 c p%40ss-word-1 Somebody Else 100000000 / abc'
    covered = secrets.cover(text.encode()).decode()
    assert covered == "a *** b *** c *** Somebody Else 100000000 / abc"
    assert b"ain" not in secrets.cover(b'{"x": "pl\\"ain\\\\words"}')


def test_the_database_of_a_common_word_does_not_cover_that_word() -> None:
    secrets = Secrets({"DATABASE_URL": "postgres://postgres:postgres@localhost/postgres"})
    assert secrets.cover(b'"type": "postgres"') == b'"type": "postgres"'


@given(st.binary(max_size=300))
def test_covering_twice_changes_nothing(data: bytes) -> None:
    once = NONE.cover(data)
    assert NONE.cover(once) == once


@given(st.lists(st.sampled_from([*"ab:/@ \n\"'=-.", "sk-", "earer ", "://", "eyJ", "key"])))
def test_covering_pieces_of_secrets_twice_changes_nothing(pieces: list[str]) -> None:
    once = NONE.cover("".join(pieces).encode())
    assert NONE.cover(once) == once


@pytest.mark.parametrize(
    ("path", "secret"),
    [
        (".env", True), ("a/.env.production", True), ("secrets/prod.env", True),
        ("tls/server.key", True), (".env.example", False), ("src/env.ts", False),
        (".npmrc", False), ("src/key.ts", False),
    ],
)  # fmt: skip
def test_files_that_hold_secrets_have_no_content_in_a_trace(path: str, *, secret: bool) -> None:
    assert is_secret_file(path) == secret
    data = b"PORT=3000\n"
    assert NONE.cover_file(path, data) == (b"***" if secret else data)


def test_nothing_of_a_fresh_project_or_of_what_we_generate_is_covered(tmp_path: Path) -> None:
    """Else the hash of a replayed tree were not that of the project."""
    files = ProjectFiles(fresh_project(tmp_path / "shop"))
    for path in (
        p.relative_to(files.root).as_posix() for p in files.root.rglob("*") if p.is_file()
    ):
        data = files.read_bytes(path) or b""
        assert NONE.cover_file(path, data) == data, path
    samples = Path(__file__).resolve().parents[2] / "data"
    for plan in (load_plan(path).plan for path in sorted(samples.glob("*.plan.json"))):
        for entity in plan.entities.values():
            for file in render_entity(entity, plan.entities).files:
                data = file.content.encode()
                assert NONE.cover_file(file.path, data) == data, file.path


def test_no_secret_of_the_environment_is_in_a_recorded_run(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MY_API_KEY", "MARKED-0123456789")
    monkeypatch.setenv("DATABASE_URL", "postgres://app:MARKED-word@localhost/shop")
    text = "key MARKED-0123456789, postgres://app:MARKED-word@localhost/shop\n" * 100
    (project.root / "notes.md").write_text(text, encoding="utf-8")
    (project.root / ".env").write_text("ANYTHING=MARKED-too\n", encoding="utf-8")
    plan = project.spec.read_text(encoding="utf-8").replace('"title"', '"titleMARKED-0123456789"')
    assert "MARKED" in plan
    project.run()
    for file in run_folder(project).rglob("*"):
        assert not file.is_file() or b"MARKED" not in file.read_bytes()
