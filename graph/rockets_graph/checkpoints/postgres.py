"""Checkpoints in PostgreSQL: several machines can resume each other's runs.

The tables are LangGraph's, set up on first use. A run is held by an advisory lock of the session
that works on it, so the lock is gone with its holder, however that ends; the server is told to
notice a machine that vanished within a minute. Through a pooler this needs session pooling.
"""

import hashlib
import os
import socket
import time
from collections.abc import Generator
from contextlib import contextmanager
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from rockets_graph.checkpoints.in_flight import MISSHAPEN, InFlight, in_flight_of, unreadable
from rockets_graph.checkpoints.serde import JsonOnly
from rockets_tools.database import redacted
from rockets_tools.database.url import checked
from rockets_tools.errors import InputError, MachineError, Problem

if TYPE_CHECKING:
    from langgraph.checkpoint.postgres import PostgresSaver
    from psycopg import Connection
    from psycopg.rows import DictRow

_CONNECT_SECONDS = 5
_STATEMENT_MS = 5_000
"""For one statement: each touches a few rows of one run."""
_SETUP_SECONDS = 30.0
_SETUP = "rockets:setup"
_VANISHED = {"tcp_keepalives_idle": 30, "tcp_keepalives_interval": 10, "tcp_keepalives_count": 3}
"""When the server takes a silent client for dead, in seconds and tries; by itself, after hours."""


@contextmanager
def postgres_checkpoints(url: str) -> Generator["PostgresCheckpoints"]:
    """One connection for a run; see `open_checkpoints` for the errors."""
    try:
        checked(url)
    except MachineError as error:
        raise InputError(
            Problem(
                code="checkpoints-url",
                message="The URL of the checkpoints is not that of a PostgreSQL database.",
                fix="Write it as postgres://user:password@host:5432/database.",
            )
        ) from error
    try:
        import psycopg
        from langgraph.checkpoint.postgres import PostgresSaver
        from psycopg.rows import DictRow, dict_row
    except ImportError as error:
        raise MachineError(
            Problem(
                code="postgres-missing",
                message="Checkpoints in PostgreSQL need packages that are not installed.",
                fix="Install rockets-team[postgres].",
            )
        ) from error
    try:
        connection = psycopg.Connection[DictRow].connect(
            url,
            autocommit=True,
            row_factory=dict_row,
            connect_timeout=_CONNECT_SECONDS,
            application_name=f"rockets {os.getpid()} on {socket.gethostname()}"[:63],
        )
        with connection:
            saver = PostgresSaver(connection, serde=JsonOnly())
            _set_up(connection, saver)
            for setting, value in {"statement_timeout": _STATEMENT_MS, **_VANISHED}.items():
                connection.execute("SELECT set_config(%s, %s, false)", (setting, str(value)))
            yield PostgresCheckpoints(url, connection, saver)
    except psycopg.Error as error:
        raise _refused(url, error) from error


class PostgresCheckpoints:
    """See `Checkpoints`."""

    def __init__(self, url: str, connection: "Connection[DictRow]", saver: "PostgresSaver") -> None:
        self._url = url
        self._connection = connection
        self._saver = saver

    @contextmanager
    def held(self, run_id: str) -> Generator[None]:
        """Once more by the same process does no harm: PostgreSQL counts."""
        import psycopg

        key = f"rockets:{run_id}"
        try:
            if not _try_lock(self._connection, key):
                raise _busy(run_id, _holder(self._connection, key))
            yield
            # After an error the lock goes with the connection, which may be of no use any more.
            if not self._connection.closed:
                _unlock(self._connection, key)
        except psycopg.Error as error:
            raise _refused(self._url, error) from error

    @contextmanager
    def fresh(self, run_id: str) -> Generator["PostgresSaver"]:
        with self.kept(run_id) as saver:
            saver.delete_thread(run_id)
            yield saver

    @contextmanager
    def kept(self, run_id: str) -> Generator["PostgresSaver"]:
        with self.held(run_id):
            yield self._saver

    def in_flight(self, run_id: str) -> InFlight | str | None:
        import psycopg

        try:
            found = self._saver.get_tuple({"configurable": {"thread_id": run_id}})
            return None if found is None else in_flight_of(found)
        except (psycopg.Error, *MISSHAPEN) as error:
            return unreadable(_words(self._url, error))

    def discard(self, run_id: str) -> None:
        import psycopg

        try:
            self._saver.delete_thread(run_id)
        except psycopg.Error as error:
            raise _refused(self._url, error) from error


def _set_up(connection: "Connection[DictRow]", saver: "PostgresSaver") -> None:
    """Make or update the tables, once: a user who may only read and write rows can go on."""
    if _version(connection) >= len(saver.MIGRATIONS) - 1:
        return
    # Not by waiting inside a statement: creating an index concurrently would wait for that.
    deadline = time.monotonic() + _SETUP_SECONDS
    while not _try_lock(connection, _SETUP):
        if time.monotonic() > deadline:
            raise _busy("setup", _holder(connection, _SETUP))
        time.sleep(0.1)
    try:
        saver.setup()
    finally:
        _unlock(connection, _SETUP)


def _version(connection: "Connection[DictRow]") -> int:
    """Of the tables, -1 when there are none."""
    found = connection.execute("SELECT to_regclass('checkpoint_migrations') AS found").fetchone()
    if found is None or found["found"] is None:
        return -1
    row = connection.execute("SELECT max(v) AS v FROM checkpoint_migrations").fetchone()
    return -1 if row is None or row["v"] is None else int(row["v"])


def _try_lock(connection: "Connection[DictRow]", key: str) -> bool:
    row = connection.execute("SELECT pg_try_advisory_lock(%s) AS held", (_number(key),)).fetchone()
    return row is not None and row["held"] is True


def _unlock(connection: "Connection[DictRow]", key: str) -> None:
    connection.execute("SELECT pg_advisory_unlock(%s)", (_number(key),))


def _number(key: str) -> int:
    """What PostgreSQL calls a lock by: 64 bits."""
    return int.from_bytes(hashlib.sha256(key.encode()).digest()[:8], signed=True)


def _holder(connection: "Connection[DictRow]", key: str) -> str:
    """What the session that has the lock calls itself; empty when we may not see it."""
    row = connection.execute(
        "SELECT a.application_name AS name FROM pg_locks l JOIN pg_stat_activity a USING (pid) "
        "WHERE l.locktype = 'advisory' AND l.objsubid = 1 AND l.granted AND l.database = "
        "(SELECT oid FROM pg_database WHERE datname = current_database()) AND "
        "((l.classid::bigint << 32) | l.objid::bigint) = %s",
        (_number(key),),
    ).fetchone()
    name = str(row["name"] or "") if row is not None else ""
    return name if name.startswith("rockets ") else ""


def _busy(run_id: str, holder: str) -> InputError:
    who = f"process {holder.removeprefix('rockets ')}" if holder else "another process"
    return InputError(
        Problem(
            code="run-busy",
            message=f"Another machine is working on run {run_id} ({who}).",
            fix=f"Wait for {who} to end, or stop it; then run again with --resume.",
        )
    )


def _words(url: str, error: Exception) -> str:
    """What the server or the client said, in one line and without the password."""
    text = " ".join(str(error).split())
    password = urlsplit(url).password
    for secret in {password, unquote(password)} if password else set[str]():
        text = text.replace(secret, "***")
    return text.rstrip(".") or type(error).__name__


def _refused(url: str, error: Exception) -> MachineError:
    return MachineError(
        Problem(
            code="checkpoints-refused",
            message=f"The checkpoints at {redacted(url)} cannot be used: {_words(url, error)}.",
            fix="Check the server, the URL and the user's rights; then run again with --resume.",
        )
    )
