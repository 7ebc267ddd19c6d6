"""Attacks on what every project has: sign-up, login, users, roles."""

from pydantic import JsonValue

from rockets_tools.smoke.cast import ADMIN, SIGNED_UP, STRANGER, key
from rockets_tools.smoke.checks import Lacks
from rockets_tools.smoke.model import ANONYMOUS, Case, Check, Kind, Ownership, People, Scene, Step

APPLICATION = "(application)"
"""In place of an entity's name."""
GUESSED = "passwordHash"
BIG = 1_200_000
"""Bytes, more than a body may have."""


def application_scene(people: People) -> Scene:
    """Nobody makes himself more than he is; nobody reads or guesses a password."""
    user, admin = key(SIGNED_UP, "a"), key(ADMIN, "a")
    admin_id, user_id, role_id = people.users[admin], people.users[user], people.roles[ADMIN]
    promotion: JsonValue = {"role": {"id": role_id}, "assignee": {"id": user_id}}
    strong = "S-moke-4711-strong"
    cases = [
        _case("GET", "/me", None, (401,)),
        _case("GET", "/user", None, (401,)),
        _case("GET", "/role", None, (401,)),
        _case("POST", "/auth/login", None, (401,), {"username": "smoke", "password": "wrong"}),
        _case("POST", "/auth/login", None, (400, 401), {"username": {"$ne": ""}, "password": 1}),
        _case("POST", "/token/refresh", None, (400, 401), {"refreshToken": "garbage"}),
        _case("POST", "/signup", None, (400,), {"username": "smoke-weak"}),
        _case("POST", "/signup", None, (413,), {"username": "x" * BIG}),
        _case(
            "POST",
            "/signup",
            None,
            (400,),
            {
                "username": "smoke-sly",
                "email": "smoke-sly@example.com",
                "password": strong,
                "userRoles": [{"role": {"id": role_id}}],
            },
        ),
        _case("POST", "/role-assignment/user", user, (403,), promotion),
        _case("POST", "/role", user, (403,), {"name": "smoke", "description": "smoke"}),
        _case("GET", "/user", user, (403,)),
        _case("GET", f"/user/{admin_id}", user, (403,)),
        _case("PATCH", f"/user/{admin_id}", user, (403,), {"email": "smoke@example.com"}),
        _case("PATCH", f"/user/{admin_id}", user, (403,), {"password": strong}),
        _case("DELETE", f"/user/{admin_id}", user, (403,)),
        _case("GET", "/user", key(STRANGER, "a"), (403,)),
        _case("GET", f"/user?filter={GUESSED}||$notnull", admin, (400, 403)),
        _case("GET", f"/user?sort={GUESSED},ASC", admin, (400, 403)),
        _case("GET", f"/user?fields={GUESSED}", admin, (200, 400, 403), None, Lacks((GUESSED,))),
        _case("GET", "/user?filter=1=1)%20OR%20(id||$notnull", admin, (400, 403)),
        _case("GET", f"/user/{user_id}", admin, (200,), None, Lacks((GUESSED,))),
        _case("GET", "/me", user, (200,), None, Lacks((GUESSED,))),
    ]
    return Scene(entity=APPLICATION, title="The application", rows=(), cases=tuple(cases))


def _case(
    method: str,
    path: str,
    person: str | None,
    status: tuple[int, ...],
    body: JsonValue = None,
    *checks: Check,
) -> Case:
    role = ANONYMOUS if person is None else person.removesuffix(".a")
    return Case(
        entity=APPLICATION,
        role=role,
        operation=f"{method} {path.partition('?')[0].split('/')[1]}",
        ownership=Ownership.NONE,
        kind=Kind.ATTACK,
        title=f"{role}: {method} {path}"[:120],
        steps=(
            Step(person=person, method=method, path=path, body=body, status=status, checks=checks),
        ),
    )
