"""What many tests share: a warm project, installed and compiled once; a real PostgreSQL server."""

import hashlib
import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from filelock import FileLock
from hypothesis import settings

from rockets_tools.process import Service

ROOT = Path(__file__).resolve().parent.parent
# The same examples every time, so that a red run is red again; a nightly run draws new ones.
settings.register_profile("fixed", derandomize=True, deadline=None)
settings.register_profile("nightly", max_examples=500, deadline=None)
settings.load_profile(os.environ.get("ROCKETS_HYPOTHESIS", "fixed"))

TEMPLATE = ROOT / "tools/rockets_tools/targets/concepta_5/project"


def install_packages(folder: Path) -> None:
    from rockets_tools.build import install
    from rockets_tools.files import ProjectFiles
    from rockets_tools.node import find_node

    install(ProjectFiles(folder), find_node())


@pytest.fixture(scope="session")
def warm_modules() -> Path:
    """A `node_modules` with exactly what the template's lock file names.

    Kept in `.cache/` by the hash of the lock; the first worker that comes installs it.
    """
    lock = (TEMPLATE / "package-lock.json").read_bytes()
    manifest = (TEMPLATE / "package.json").read_bytes()
    folder = ROOT / ".cache" / f"warm-{hashlib.sha256(lock + manifest).hexdigest()[:12]}"
    folder.parent.mkdir(exist_ok=True)
    with FileLock(folder.with_suffix(".lock")):
        if not (folder / "ready").exists():
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
            for name in ("package.json", "package-lock.json", ".npmrc"):
                if (TEMPLATE / name).exists():
                    shutil.copy(TEMPLATE / name, folder / name)
            install_packages(folder)
            (folder / "ready").touch()
    return folder / "node_modules"


@pytest.fixture
def warm_project(tmp_path: Path, warm_modules: Path) -> Callable[[str], Path]:
    """Makes fresh projects that have their packages: `warm_project("shop")` → its folder."""
    from rockets_tools.project import new_project

    def make(name: str = "project") -> Path:
        folder = tmp_path / name
        new_project(folder)
        (folder / "node_modules").symlink_to(warm_modules, target_is_directory=True)
        return folder

    return make


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
