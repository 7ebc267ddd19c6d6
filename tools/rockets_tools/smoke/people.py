"""Creates everybody who takes part, by the application's own routes."""

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import cast

from pydantic import JsonValue

from rockets_tools.errors import GateError, Problem
from rockets_tools.smoke.cast import SIGNED_UP, STRANGER, Person, key
from rockets_tools.smoke.client import Client, NoAnswerError, Response
from rockets_tools.smoke.model import People, Step
from rockets_tools.smoke.redact import redacted
from rockets_tools.smoke.tokens import Tokens

PHRASE = "Smoke-4711-quite-strong"
"""The password of everybody; the database they are in is gone afterwards."""
THREADS = 4
ADMINISTRATOR = "smoke0"


def enrol(client: Client, people: Sequence[Person]) -> People:
    """Sign up, create, give roles, log in. Raises `GateError` when one of that does not work.

    The first person is the administrator, who is there already.
    """
    admin = people[0].key
    names = {person.key: f"smoke{number}" for number, person in enumerate(people)}
    users = {admin: _login(client, admin, names[admin])}
    body: JsonValue = {"name": STRANGER, "description": "No grant names it."}
    _ask(client, admin, "POST", "/role", body)
    roles = _roles(_ask(client, admin, "GET", "/role").body)
    _require({role for person in people for role in person.roles} - roles.keys())

    def create(person: Person) -> tuple[str, str]:
        return person.key, _create(client, admin, person, names[person.key], roles)

    with ThreadPoolExecutor(THREADS, thread_name_prefix="smoke-people") as pool:
        # Most of it is the hashing of passwords, which the application does in threads, too.
        users |= dict(pool.map(create, people[1:]))
    return People(users={person.key: users[person.key] for person in people}, roles=roles)


def _create(
    client: Client, admin: str, person: Person, username: str, roles: Mapping[str, str]
) -> str:
    """Make a user with these roles, log him in and answer his id."""
    account: JsonValue = {
        "username": username,
        "email": f"{username}@example.com",
        "password": PHRASE,
    }
    signs_up = person.key == key(SIGNED_UP, "a")
    path = "/signup" if signs_up else "/user"
    user_id = _text(_ask(client, None if signs_up else admin, "POST", path, account), "id")
    for role in () if signs_up else person.roles:
        assignment: JsonValue = {"role": {"id": roles[role]}, "assignee": {"id": user_id}}
        _ask(client, admin, "POST", "/role-assignment/user", assignment)
    return _login(client, person.key, username)


def _login(client: Client, person: str, username: str) -> str:
    """Log in and answer the user's id."""
    body: JsonValue = {"username": username, "password": PHRASE}
    answer = _ask(client, None, "POST", "/auth/login", body)
    tokens = Tokens(access=_text(answer, "accessToken"), refresh=_text(answer, "refreshToken"))
    if tokens.access.count(".") != 2:
        raise GateError(
            Problem(
                code="smoke-people",
                message="The access token of /auth/login is not a JSON Web Token.",
                fix="The smoke test forges wrong tokens from it; keep the SDK's JWT module.",
            )
        )
    client.tokens[person] = tokens
    return _text(_ask(client, person, "GET", "/me"), "id")


def _ask(
    client: Client, person: str | None, method: str, path: str, body: JsonValue = None
) -> Response:
    step = Step(person=person, method=method, path=path, body=body, status=(200, 201))
    try:
        response = client.send(step)
    except NoAnswerError as error:
        raise _failure(step, f"gave no answer: {error}") from error
    if response.status not in step.status:
        raise _failure(step, f"answered {response.status}: {redacted(response.text)}")
    return response


def _text(response: Response, name: str) -> str:
    value = response.body.get(name) if isinstance(response.body, dict) else None
    if not isinstance(value, str):
        raise GateError(
            Problem(
                code="smoke-people",
                message=f"The application's answer has no {name}: {redacted(response.text)}.",
                fix="Compare src/modules/auth and src/modules/user with those of a new project.",
            )
        )
    return value


def _roles(body: JsonValue) -> dict[str, str]:
    """Role name to id, from an array or a page."""
    rows = body.get("data") if isinstance(body, dict) else body
    found = cast("list[dict[str, str]]", rows if isinstance(rows, list) else [])
    return {row["name"]: row["id"] for row in found}


def _require(missing: set[str]) -> None:
    if missing:
        names = ", ".join(sorted(missing))
        raise GateError(
            Problem(
                code="smoke-roles",
                message=f"The application's admin command did not make these roles: {names}.",
                fix="Add them to AppRole in src/app.acl.ts, or run rockets integrate again.",
            )
        )


def _failure(step: Step, what: str) -> GateError:
    return GateError(
        Problem(
            code="smoke-people",
            message=f"{step.method} {step.path} as {step.person or 'anonymous'} {what}.",
            fix="The smoke test needs sign-up, login, /me, /user, /role and /role-assignment.",
        )
    )


def administrator_arguments() -> list[str]:
    """What the project's admin command is called with."""
    email = f"{ADMINISTRATOR}@example.com"
    return ["--username", ADMINISTRATOR, "--email", email, "--password", PHRASE]
