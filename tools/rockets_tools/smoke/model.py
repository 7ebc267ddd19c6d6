"""The smoke test's vocabulary: what is staged, what is asked, what is expected, what came.

A `Scene` is one small world: rows put into an empty database, then cases asked over HTTP, then a
look at the database. Scenes are made from the plan alone (`scenes.py`) and know no HTTP library.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal, Protocol

from pydantic import JsonValue

ANONYMOUS = "anonymous"

State = Literal["live", "deleted", "gone", "removed", "free"]
"""`deleted`: only marked. `gone`: no such row. `removed`: one of the two. `free`: any of them."""

WrongToken = Literal["refresh", "garbage", "unsigned", "expired", "forged", "nobody"]
"""A refresh token in place of an access token; no token at all; `alg: none`; expired; signed with
another secret; rightly signed for a user that does not exist."""


class Kind(StrEnum):
    """What a case proves."""

    CELL = "cell"
    """One cell of role by operation by ownership."""
    BODY = "body"
    """A wrong body is refused and the field named."""
    CONSTRAINT = "constraint"
    """What the tables promise: unique, foreign keys, what happens on delete."""
    ATTACK = "attack"


class Ownership(StrEnum):
    """Whose row a cell is about."""

    ANY = "any"
    OWN = "own"
    OTHER = "other"
    NONE = "none"
    """The caller has no grant, or there is no route: whose row it is does not matter."""


class Check(Protocol):
    """What a response must look like."""

    def problems(self, body: JsonValue) -> Iterator[str]:
        """One sentence for each thing that is wrong with the body of the expected status."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    """Who takes part: created before the scenes are made, so that requests are literal."""

    users: Mapping[str, str]
    """Person key, e.g. `user.a`, to user id."""
    roles: Mapping[str, str]
    """Role name to role id."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A row that is there before the first request."""

    entity: str
    id: str
    values: Mapping[str, JsonValue]
    """TypeScript property to value, foreign keys included, None for NULL."""
    person: str
    """Whose it is, where the entity has an owner; else for whom it was made."""
    deleted: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One request and what must come back."""

    person: str | None
    """Person key; None sends no token."""
    method: str
    path: str
    """With its query, percent-encoded."""
    body: JsonValue = None
    """None: no body."""
    raw: str | None = None
    """Sent in place of `body`, as it is, as `application/json`."""
    token: WrongToken | None = None
    """Sent in place of the person's access token."""
    status: tuple[int, ...]
    checks: tuple[Check, ...] = ()
    """Asked when the status is a success or all of `status` are refusals."""
    stored: tuple[Mapping[str, JsonValue], ...] = ()
    """What a 201 must have put into the table, one mapping per row, property to value."""

    @property
    def text(self) -> str | None:
        """The body as it is sent."""
        if self.raw is not None or self.body is None:
            return self.raw
        return json.dumps(self.body)


@dataclass(frozen=True, slots=True, kw_only=True)
class After:
    """What must have become of a staged row; rows without one must be as they were."""

    row: Row
    state: State
    values: Mapping[str, JsonValue] = field(default_factory=dict[str, JsonValue])


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One thing to prove; `entity`, `role`, `operation`, `ownership` name its cell."""

    entity: str
    role: str
    operation: str
    ownership: Ownership
    kind: Kind
    title: str
    steps: tuple[Step, ...]
    after: tuple[After, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """Rows, and cases asked in front of them."""

    entity: str
    title: str
    rows: tuple[Row, ...]
    """Parents before children."""
    cases: tuple[Case, ...]

    @property
    def quiet(self) -> bool:
        """No case is meant to change a row: they may be asked side by side."""
        return not any(case.after or any(s.stored for s in case.steps) for case in self.cases)


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """A request and its response as they are shown to a person: redacted and shortened."""

    method: str
    path: str
    person: str
    request: str | None
    status: int | None
    """None: no answer came."""
    response: str | None

    def as_json(self) -> dict[str, JsonValue]:
        return {
            "method": self.method,
            "path": self.path,
            "as": self.person,
            "request": self.request,
            "status": self.status,
            "response": self.response,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """The outcome of one case."""

    entity: str
    role: str
    operation: str
    ownership: str
    kind: str
    title: str
    expected: str
    """Statuses, e.g. `201` or `400 or 403`."""
    got: str
    """The status that came, and what else was wrong."""
    passed: bool
    request: str
    """The deciding request, e.g. `POST /products as user.a`."""
    reasons: tuple[str, ...] = ()
    """Why it failed, one sentence each; empty when it passed."""
    exchange: Exchange | None = None
    """The deciding request and response of a failure."""

    def as_json(self) -> dict[str, JsonValue]:
        value: dict[str, JsonValue] = {
            "entity": self.entity,
            "role": self.role,
            "operation": self.operation,
            "ownership": self.ownership,
            "kind": self.kind,
            "title": self.title,
            "expected": self.expected,
            "got": self.got,
            "passed": self.passed,
            "request": self.request,
        }
        if not self.passed:
            value["reasons"] = list(self.reasons)
        if self.exchange is not None:
            value["exchange"] = self.exchange.as_json()
        return value
