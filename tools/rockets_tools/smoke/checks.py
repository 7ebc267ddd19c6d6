"""What a response must look like, as data that can check itself."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from pydantic import JsonValue

from rockets_tools.plan.model import Entity
from rockets_tools.smoke.bodies import date_names, hidden_names, visible
from rockets_tools.smoke.compare import differences

BASE = frozenset({"id", "dateCreated", "dateUpdated", "dateDeleted", "version"})
SECRETS = frozenset({"password", "passwordHash", "passwordSalt"})
"""Keys that no response may have, at any depth."""
MAX_LIMIT = 100
"""Rows a page may have at most."""


@dataclass(frozen=True, slots=True)
class Shows:
    """The body is this row: each value as expected, nothing hidden, nothing foreign."""

    entity: Entity
    values: Mapping[str, JsonValue]
    id: str | None = None
    """None: made by the server, must be there."""

    def problems(self, body: JsonValue) -> Iterator[str]:
        if not isinstance(body, dict):
            yield "the body is not an object"
            return
        row_id = body.get("id")
        if not isinstance(row_id, str) or self.id not in {None, row_id}:
            yield f"id is {row_id!r}, not {self.id or 'a UUID'}"
        yield from differences(visible(self.entity, self.values), body, date_names(self.entity))
        hidden = hidden_names(self.entity)
        yield from (f"{name} is hidden and was answered" for name in sorted(hidden & body.keys()))
        yield from (f"{name} is missing" for name in sorted(BASE - body.keys() - {"dateDeleted"}))
        known = BASE | hidden | self.values.keys() | {r.name for r in self.entity.relations}
        yield from (f"{name} is not in the plan" for name in sorted(body.keys() - known))


@dataclass(frozen=True, slots=True)
class ShowsAll:
    """The body is an array of these rows in this order (the answer to a bulk create)."""

    rows: tuple[Shows, ...]

    def problems(self, body: JsonValue) -> Iterator[str]:
        if not isinstance(body, list) or len(body) != len(self.rows):
            yield f"the body is not an array of {len(self.rows)} rows"
            return
        for position, (row, value) in enumerate(zip(self.rows, body, strict=True)):
            yield from (f"row {position}: {problem}" for problem in row.problems(value))


@dataclass(frozen=True, slots=True)
class Lists:
    """The body is a page with exactly these rows, or with some of them."""

    rows: tuple[Shows, ...]
    page: int = 1
    limit: int | None = None
    """Rows per page that the request asked for; None: more than there are."""

    def problems(self, body: JsonValue) -> Iterator[str]:
        data = body.get("data") if isinstance(body, dict) else None
        if not isinstance(body, dict) or not isinstance(data, list):
            yield "the body is not a page {data, count, total, page, pageCount}"
            return
        wanted = {row.id or "": row for row in self.rows}
        shown = {str(value.get("id")): value for value in data if isinstance(value, dict)}
        yield from (f"row {i} must not be listed" for i in shown if i not in wanted)
        if self.limit is None:
            yield from (f"row {i} is not listed" for i in wanted if i not in shown)
        for row_id, value in shown.items():
            if row_id in wanted:
                yield from (f"row {row_id}: {p}" for p in wanted[row_id].problems(value))
        yield from (
            f"{name} is {body.get(name)!r}, not {value}"
            for name, value in self._numbers().items()
            if body.get(name) != value
        )

    def _numbers(self) -> dict[str, int]:
        total = len(self.rows)
        limit = self.limit or max(total, 1)
        return {
            "count": max(0, min(limit, total - (self.page - 1) * limit)),
            "total": total,
            "page": self.page,
            "pageCount": max(1, -(-total // limit)),
        }


@dataclass(frozen=True, slots=True)
class Names:
    """The message of a refusal names one of these."""

    words: tuple[str, ...]

    def problems(self, body: JsonValue) -> Iterator[str]:
        message = body.get("message") if isinstance(body, dict) else None
        text = json.dumps(message, ensure_ascii=False)
        if not any(word in text for word in self.words):
            yield f"the message does not name {' or '.join(self.words)}"


@dataclass(frozen=True, slots=True)
class Lacks:
    """None of these texts (ids, names of secrets) is anywhere in the body."""

    texts: tuple[str, ...]

    def problems(self, body: JsonValue) -> Iterator[str]:
        text = json.dumps(body, ensure_ascii=False)
        yield from (f"{needle} was answered" for needle in self.texts if needle in text)


@dataclass(frozen=True, slots=True)
class Hides:
    """No row of a page has one of these properties."""

    names: frozenset[str]

    def problems(self, body: JsonValue) -> Iterator[str]:
        data = body.get("data") if isinstance(body, dict) else None
        rows = data if isinstance(data, list) else []
        shown = {name for row in rows if isinstance(row, dict) for name in self.names & row.keys()}
        yield from (f"{name} is hidden and was answered" for name in sorted(shown))


@dataclass(frozen=True, slots=True)
class OnlyRow:
    """If the body is a row, it is this one."""

    id: str

    def problems(self, body: JsonValue) -> Iterator[str]:
        row_id = body.get("id") if isinstance(body, dict) else None
        if row_id not in {None, self.id}:
            yield f"the answer is row {row_id}, the path names {self.id}"


@dataclass(frozen=True, slots=True)
class AtMost:
    """A page with no more rows than this."""

    rows: int

    def problems(self, body: JsonValue) -> Iterator[str]:
        data = body.get("data") if isinstance(body, dict) else body
        if isinstance(data, list) and len(data) > self.rows:
            yield f"{len(data)} rows in one answer, more than {self.rows}"


@dataclass(frozen=True, slots=True)
class Joined:
    """The relation is in the row as an object with this id, or is not (None)."""

    relation: str
    id: str | None
    many: bool = False

    def problems(self, body: JsonValue) -> Iterator[str]:
        value = body.get(self.relation) if isinstance(body, dict) else None
        rows = value if isinstance(value, list) else [value] if value is not None else []
        ids = {str(row.get("id")) for row in rows if isinstance(row, dict)}
        if self.id is None and rows:
            yield f"{self.relation} was answered"
        if self.id is not None and self.id not in ids:
            yield f"{self.relation} is not in the answer"


def secrets_in(body: JsonValue, names: frozenset[str] = SECRETS) -> Iterator[str]:
    """Where a body has a key that no response may have."""
    if isinstance(body, dict):
        yield from (f"{name} was answered" for name in sorted(names & body.keys()))
        for value in body.values():
            yield from secrets_in(value, names)
    elif isinstance(body, list):
        for value in body:
            yield from secrets_in(value, names)
