"""Database URLs: checked, shown without their password, asked whether anybody is there."""

import socket
from urllib.parse import SplitResult, unquote, urlsplit, urlunsplit

from rockets_tools.errors import MachineError, Problem

DEFAULT_PORT = 5432
CONNECT_SECONDS = 3.0


def checked(url: str) -> SplitResult:
    """The parts of a PostgreSQL URL. Raises `MachineError` for anything else."""
    parts = _split(url)
    if parts is None:
        raise MachineError(
            Problem(
                code="database-url",
                message="DATABASE_URL is not the URL of a PostgreSQL database.",
                fix="Write it as postgres://user:password@host:5432/database, or unset it.",
            )
        )
    return parts


def redacted(url: str) -> str:
    """A database URL as a person may see it: without password and parameters."""
    parts = _split(url)
    if parts is None:
        return "(not a PostgreSQL URL)"
    user = f"{parts.username}@" if parts.username else ""
    return urlunsplit(
        (parts.scheme, f"{user}{parts.hostname}:{parts.port or DEFAULT_PORT}", parts.path, "", "")
    )


def reachable(url: str) -> bool:
    """Something accepts connections there; who may enter is not tried."""
    parts = _split(url)
    if parts is None or parts.hostname is None:
        return False
    try:
        address = (parts.hostname, parts.port or DEFAULT_PORT)
        with socket.create_connection(address, timeout=CONNECT_SECONDS):
            return True
    except OSError:
        return False


def refused(url: str, code: str, message: str) -> MachineError:
    """What the server or the client said (`code`: SQLSTATE or errno name), without the password."""
    parts = urlsplit(url)
    for secret in {parts.password, unquote(parts.password)} if parts.password else set[str]():
        message = message.replace(secret, "***")
    fix = {
        "42501": "Give the user of DATABASE_URL the right CREATEDB, or unset DATABASE_URL.",
        "28P01": "Correct the user or password in DATABASE_URL.",
        "28000": "Correct the user in DATABASE_URL or the server's pg_hba.conf.",
        "3D000": "Create the database named in DATABASE_URL, or correct its name.",
        "MODULE_NOT_FOUND": "Run npm ci in the project.",
    }.get(code, "Start the server or correct DATABASE_URL; unset it for the embedded database.")
    return MachineError(
        Problem(
            code="database-refused",
            message=f"The database {redacted(url)} cannot be used: {message}.",
            fix=fix,
        )
    )


def _split(url: str) -> SplitResult | None:
    try:
        parts = urlsplit(url)
        usable = parts.scheme in {"postgres", "postgresql"} and parts.hostname and parts.port != 0
    except ValueError:
        # A port that is no number, or brackets that do not close.
        return None
    return parts if usable else None
