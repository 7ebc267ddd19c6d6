"""What the SDK of a target brings along and a plan may not take again."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Sdk:
    """Names that are taken before the first entity is generated."""

    related: frozenset[str]
    """SDK entities a plan may relate to."""
    tables: frozenset[str]
    routes: frozenset[str]
    """First path segments the application serves."""
    resources: frozenset[str]
    """Values of the access control's resource enum."""


CONCEPTA_5 = Sdk(
    related=frozenset({"User", "Role"}),
    tables=frozenset({"user", "role", "user_role", "migrations", "typeorm_metadata"}),
    routes=frozenset(
        {
            "user",
            "role",
            "role-assignment",
            "auth",
            "token",
            "signup",
            "me",
            "api",
            "api-json",
            "api-yaml",
        }
    ),
    resources=frozenset(
        {
            "user",
            "user-list",
            "role",
            "role-list",
            "role-assignment",
            "role-assignment-list",
        }
    ),
)
