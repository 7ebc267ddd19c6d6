"""The built application on a scratch database: migrated, with its administrator, listening."""

import secrets
import socket
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from rockets_tools.database import Database
from rockets_tools.errors import GateError, Problem
from rockets_tools.files import ProjectFiles
from rockets_tools.node import NodeTools
from rockets_tools.process import Service, ServiceError, run
from rockets_tools.smoke.people import administrator_arguments

MAIN = "dist/main.js"
ADMIN = "dist/admin.js"
DATA_SOURCE = "dist/ormconfig.js"
TYPEORM = "node_modules/typeorm/cli.js"
HOST = "127.0.0.1"
BOOT_SECONDS = 120.0
COMMAND_SECONDS = 300.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Application:
    """Where it listens, and how to see what it said."""

    port: int
    output: Callable[[], str]


def require_build(files: ProjectFiles) -> None:
    """Raise `GateError` when there is nothing to boot."""
    for path in (MAIN, ADMIN, DATA_SOURCE):
        if not files.exists(path):
            raise GateError(
                Problem(
                    code="smoke-not-built",
                    message=f"The project has no {path}.",
                    fix="Build the project first: npm run build.",
                    file=path,
                )
            )


class Deployment:
    """The built application of a project on one database, as production would run it."""

    def __init__(self, files: ProjectFiles, node: NodeTools, database: Database) -> None:
        self._files = files
        self._node = node
        self.secret = secrets.token_urlsafe(32)
        """What it signs access tokens with."""
        self._env = {
            **database.environment(),
            "HOST": HOST,
            "NODE_ENV": "production",
            "JWT_MODULE_ACCESS_SECRET": self.secret,
            "JWT_MODULE_REFRESH_SECRET": secrets.token_urlsafe(32),
            # The SDK's own default in production is more than any password reaches.
            "PASSWORD_MIN_PASSWORD_STRENGTH": "2",
        }

    def prepare(self) -> None:
        """Run the migrations on the empty database and make the administrator. Raises
        `GateError` when one of the two fails."""
        data_source = str(self._files.path(DATA_SOURCE))
        typeorm = str(self._files.root / TYPEORM)
        self._command("migration:run", typeorm, "-d", data_source, "migration:run")
        self._command(ADMIN, str(self._files.path(ADMIN)), *administrator_arguments())

    @contextmanager
    def running(self, on_line: Callable[[str], None] | None = None) -> Generator[Application]:
        """Started, until the block ends. Raises `GateError` when it does not listen in time."""
        port = _free_port()
        service = Service(
            self._node.argv(self._files.path(MAIN)),
            cwd=self._files.root,
            env=self._node.environment({**self._env, "PORT": str(port)}),
            name="The application",
            timeout=BOOT_SECONDS,
            probe=lambda: _listens(port),
            on_line=on_line,
        )
        try:
            service.start()
            _wait_ready(service)
            yield Application(port=port, output=lambda: service.output)
        finally:
            service.stop()

    def _command(self, name: str, *arguments: str) -> None:
        done = run(
            self._node.argv(*arguments),
            cwd=self._files.root,
            env=self._node.environment(self._env),
            timeout=COMMAND_SECONDS,
        )
        if done.code != 0:
            said = (done.stderr or done.stdout).strip()[-1000:]
            raise GateError(
                Problem(
                    code="smoke-prepare",
                    message=f"{name} failed on an empty database: {said}",
                    fix="Correct what it names, build, and run again.",
                )
            )


def _wait_ready(service: Service[bool]) -> None:
    try:
        service.wait_ready()
    except ServiceError as error:
        said = error.output.strip()[-1500:]
        problem = replace(error.problems[0], message=f"The application did not start: {said}")
        raise GateError(problem) from error


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def _listens(port: int) -> bool | None:
    """True once somebody does; None tells `Service` to go on asking."""
    try:
        with socket.create_connection((HOST, port), timeout=1.0):
            return True
    except OSError:
        return None
