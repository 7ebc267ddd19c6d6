import socket

import pytest

from rockets_tools.database import reachable, redacted
from rockets_tools.database.url import refused


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("postgres://ann:s3cret@db.example:6000/shop", "postgres://ann@db.example:6000/shop"),
        ("postgresql://db.example/shop?password=s3cret", "postgresql://db.example:5432/shop"),
        ("postgres://ann:s3cret@db.example:x/shop", "(not a PostgreSQL URL)"),
        ("s3cret", "(not a PostgreSQL URL)"),
    ],
)
def test_no_password_is_shown(url: str, shown: str) -> None:
    assert redacted(url) == shown


def test_a_password_is_taken_out_of_what_the_server_said() -> None:
    error = refused("postgres://a:p%40ss@h/d", "XX000", "bad p@ss and p%40ss")
    assert "bad *** and ***" in error.problems[0].message


def test_somebody_must_listen() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        url = f"postgres://a@127.0.0.1:{server.getsockname()[1]}/b"
        assert reachable(url)
    assert not reachable(url)
    assert not reachable("nonsense")
