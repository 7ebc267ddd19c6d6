"""Empty databases for proof and smoke: on the embedded server, or beside the user's own."""

import contextlib
import json
import secrets
import time
from collections.abc import Generator
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from types import TracebackType
from typing import Self, cast
from urllib.parse import SplitResult, urlunsplit

from rockets_tools.database.url import checked, refused
from rockets_tools.errors import MachineError, Problem
from rockets_tools.files import ProjectFiles
from rockets_tools.node import NodeTools
from rockets_tools.process import Service, ServiceError, run

ADMIN = Path(__file__).with_name("admin.cjs")
SERVER_SCRIPT = "db/pglite-server.mjs"
START_SECONDS = 60
ERRAND_SECONDS = 60


class DatabaseKind(StrEnum):
    EMBEDDED = "embedded"
    """PGlite in memory, one session for all clients: its URL's user is `pglite`, pool size 1."""
    SERVER = "server"
    """A PostgreSQL server of the user."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Database:
    """An empty database to work in."""

    url: str = field(repr=False)
    """May hold a password: for a child's environment only, never for a log or an argument."""
    kind: DatabaseKind

    def environment(self) -> dict[str, str]:
        """What a child needs to use it."""
        return {"DATABASE_URL": self.url}


class ScratchDatabases:
    """Gives empty databases, one after another, and leaves nothing behind.

    With `url` (the user's DATABASE_URL) each is created on that server under a name of its own
    and dropped again; nothing else there is touched. Without, the project's embedded server is
    started in memory: entering returns at once, `wait_ready()` or the first `empty()` waits for
    it (3 s), so start it before other work. All failures to provide one are `MachineError`s.
    """

    def __init__(self, files: ProjectFiles, node: NodeTools, url: str | None = None) -> None:
        self._files = files
        self._node = node
        self._url = None if not url else checked(url)
        self._service: Service[str] | None = None
        self._used = False
        self._busy = False

    @property
    def kind(self) -> DatabaseKind:
        return DatabaseKind.EMBEDDED if self._url is None else DatabaseKind.SERVER

    def __enter__(self) -> Self:
        if self._url is None and self._files.exists(SERVER_SCRIPT):
            script = self._files.path(SERVER_SCRIPT)
            self._service = Service(
                self._node.argv(script, "--data", "memory", "--port", "0"),
                cwd=self._files.root,
                env=self._node.environment(),
                name="The embedded database",
                timeout=START_SECONDS,
                ready=_url_of,
            )
            self._service.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._service is not None:
            self._service.stop()
            self._service = None

    def wait_ready(self) -> None:
        """Wait until a database can be had."""
        if self._url is None:
            self._embedded()

    @contextlib.contextmanager
    def empty(self) -> Generator[Database, None, None]:
        """An empty database; only one at a time."""
        if self._busy:
            raise RuntimeError("The scratch database is in use.")
        self._busy = True
        try:
            with self._on_server(self._url) if self._url else self._on_embedded() as database:
                yield database
        finally:
            self._busy = False

    def catalog(self, database: Database) -> list[str]:
        """All that was created in `database`, one line each, sorted; without TypeORM's tables."""
        return self._errand(database.url, "catalog")

    @contextlib.contextmanager
    def _on_embedded(self) -> Generator[Database, None, None]:
        url = self._embedded()
        if self._used:
            self._errand(url, "empty")
        self._used = True
        yield Database(url=url, kind=DatabaseKind.EMBEDDED)

    @contextlib.contextmanager
    def _on_server(self, url: SplitResult) -> Generator[Database, None, None]:
        name = f"rockets_scratch_{int(time.time()):010d}_{secrets.token_hex(4)}"
        administrator = urlunsplit(url)
        self._errand(administrator, "create", name)
        try:
            yield Database(url=urlunsplit(url._replace(path=f"/{name}")), kind=DatabaseKind.SERVER)
        finally:
            self._errand(administrator, "drop", name)

    def _embedded(self) -> str:
        if self._service is None:
            raise MachineError(
                Problem(
                    code="database-missing",
                    message=f"The project has no embedded database ({SERVER_SCRIPT}).",
                    fix="Set DATABASE_URL to a PostgreSQL server where databases may be created.",
                    file=SERVER_SCRIPT,
                )
            )
        try:
            return self._service.wait_ready()
        except ServiceError as error:
            raise MachineError(
                Problem(
                    code="database-start",
                    message=error.problems[0].message,
                    fix="Run rockets doctor, or set DATABASE_URL to a PostgreSQL server.",
                    file=SERVER_SCRIPT,
                )
            ) from error

    def _errand(self, url: str, *arguments: str) -> list[str]:
        done = run(
            self._node.argv(ADMIN, self._files.root, *arguments),
            cwd=self._files.root,
            env=self._node.environment({"ROCKETS_DATABASE_URL": url}),
            timeout=ERRAND_SECONDS,
        )
        try:
            answer = cast("dict[str, object]", json.loads(done.stdout))
        except ValueError:
            answer = {"error": {"code": "", "message": (done.stderr or done.stdout).strip()[-300:]}}
        if "lines" in answer:
            return cast("list[str]", answer["lines"])
        error = cast("dict[str, str]", answer["error"])
        raise refused(url, error["code"], error["message"])


def _url_of(line: str) -> str | None:
    """The URL in the line the server prints when it is ready."""
    if not line.startswith("{"):
        return None
    try:
        said = cast("dict[str, object]", json.loads(line))
    except ValueError:
        return None
    url = said.get("url")
    return url if isinstance(url, str) else None
