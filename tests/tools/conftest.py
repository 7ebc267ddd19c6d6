"""A real PostgreSQL server, for what an embedded one cannot show."""

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from rockets_tools.process import Service

PASSWORD = "pass%word!/"
ENCODED = "pass%25word%21%2F"


def program(name: str) -> str:
    """One of the server's programs, which Debian keeps off the PATH."""
    debian = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
    found = shutil.which(name) or (str(debian[-1]) if debian else None)
    if found is None:
        pytest.fail(f"PostgreSQL's {name} is not installed: run make test-deps")
    return found


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """The URL of the superuser's database `users_own`, with a password that needs encoding."""
    initdb, server = program("initdb"), program("postgres")
    # PostgreSQL refuses to run as root.
    as_user = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"]
    prefix = as_user if os.geteuid() == 0 else []
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    with tempfile.TemporaryDirectory(prefix="rockets-postgres-") as folder:
        data, password = Path(folder, "data"), Path(folder, "password")
        password.write_text(PASSWORD)
        if prefix:
            shutil.chown(folder, "postgres", "postgres")
            shutil.chown(password, "postgres", "postgres")
        subprocess.run(
            [
                *prefix,
                initdb,
                f"--pgdata={data}",
                "--username=owner",
                f"--pwfile={password}",
                "--auth=scram-sha-256",
                "--no-sync",
            ],
            check=True,
            capture_output=True,
        )
        service = Service[bool](
            [*prefix, server, "-D", str(data), "-p", port, "-h", "127.0.0.1", "-k", folder, "-F"],
            cwd=Path("/"),
            name="PostgreSQL",
            timeout=30,
            ready=lambda line: True if "ready to accept connections" in line else None,
        )
        with service:
            yield f"postgres://owner:{ENCODED}@127.0.0.1:{port}/postgres"
