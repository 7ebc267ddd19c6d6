"""A small application that keeps the plan's promises in memory, and breaks the ones it is told to.

It serves HTTP in this process and lets the test see its rows, so that the smoke test can be tested
without Node: with no hole everything passes, with a hole just that must be found.
"""

import base64
import binascii
import copy
import hashlib
import hmac
import json
import re
import threading
import time
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit

from pydantic import JsonValue

from rockets_tools.plan.model import Entity, FieldType, OnDelete, Operation, Plan, Possession
from rockets_tools.plan.values import invalid_samples
from rockets_tools.smoke.bodies import hidden_names
from rockets_tools.smoke.cast import cast, possession
from rockets_tools.smoke.model import People, Row
from rockets_tools.smoke.sql import DELETED_AT, columns
from rockets_tools.smoke.stage import stable_id
from rockets_tools.smoke.tokens import Tokens, signed
from rockets_tools.smoke.uniqueness import owner_column, unique_sets

SIGNING = "access"
NOW = "2024-06-01T00:00:00.000Z"
BASE = {"dateCreated": NOW, "dateUpdated": NOW, "dateDeleted": None, "version": 1}
Json = dict[str, JsonValue]


class RefusedError(Exception):
    def __init__(self, status: int, message: JsonValue = "refused") -> None:
        super().__init__(status)
        self.status = status
        self.message = message


@dataclass
class Caller:
    """Who asks, and how far the grant for this operation reaches."""

    id: str
    roles: tuple[str, ...]
    scope: Possession = Possession.ANY


@dataclass
class Asked:
    """A request, taken apart."""

    method: str
    segments: list[str]
    query: list[tuple[str, str]]
    body: Json


@dataclass
class FakeApp:
    plan: Plan
    holes: frozenset[str] = frozenset()
    store: dict[str, dict[str, Json]] = field(default_factory=dict)
    requests: int = 0

    def __post_init__(self) -> None:
        self.persons = {person.key: person for person in cast(self.plan)}
        self.people = People(
            users={key: stable_id(key) for key in self.persons},
            roles={r: stable_id(f"role/{r}") for r in sorted({"admin", "user", *self.plan.roles})},
        )
        self.callers = {
            self.people.users[key]: person.roles for key, person in self.persons.items()
        }
        self.store = {name: {} for name in self.plan.entities}
        self.lock = threading.Lock()

    def tokens(self) -> dict[str, Tokens]:
        return {
            key: Tokens(
                access=signed({"sub": user, "iat": 1, "exp": 4_000_000_000}, SIGNING),
                refresh=signed({"sub": user, "iat": 1, "exp": 4_000_000_000}, "refresh"),
            )
            for key, user in self.people.users.items()
        }

    # What the smoke test sees behind the application.

    def set(self, rows: Sequence[Row], names: Sequence[str]) -> dict[str, dict[str, Json]]:
        for table in self.store.values():
            table.clear()
        for row in rows:
            gone = DELETED_AT if row.deleted else None
            self.store[row.entity][row.id] = {
                "id": row.id,
                **BASE,
                **row.values,
                "dateDeleted": gone,
            }
        return self.look(names)

    def look(self, names: Sequence[str]) -> dict[str, dict[str, Json]]:
        """As a database would show it: by column, and not what is still worked on."""
        shown: dict[str, dict[str, Json]] = {}
        for name in names:
            known = columns(self.plan.entities[name])
            shown[name] = {
                row_id: {known.get(prop, prop): copy.deepcopy(v) for prop, v in row.items()}
                for row_id, row in self.store[name].items()
            }
        return shown

    # The application.

    def answer(self, method: str, url: str, headers: Mapping[str, str], text: str) -> JsonValue:
        parts = urlsplit(url)
        asked = Asked(
            method,
            parts.path.strip("/").split("/"),
            parse_qsl(parts.query, keep_blank_values=True),
            self.parsed(text),
        )
        segments = asked.segments
        entity = next((e for e in self.plan.entities.values() if e.plural == segments[0]), None)
        user = self.authenticated(headers.get("Authorization", ""))
        if entity is None:
            return self.application(asked, user)
        return self.entity(entity, asked, user)

    def authenticated(self, header: str) -> Caller | None:
        token = header.removeprefix("Bearer ")
        if not token:
            return None
        try:
            head, payload, signature = token.split(".")
            claims = json.loads(base64.urlsafe_b64decode(payload + "=="))
            algorithm = json.loads(base64.urlsafe_b64decode(head + "=="))["alg"]
        except (ValueError, binascii.Error):
            return None
        right = hmac.digest(SIGNING.encode(), f"{head}.{payload}".encode(), hashlib.sha256)
        good = base64.urlsafe_b64encode(right).rstrip(b"=").decode() == signature
        if algorithm == "none" and "unsigned token" in self.holes:
            good = True
        if not good or claims["sub"] not in self.callers:
            return None
        if claims["exp"] < time.time() and "expired token" not in self.holes:
            return None
        return Caller(claims["sub"], self.callers[claims["sub"]])

    def parsed(self, text: str) -> Json:
        if len(text) > 2**20:
            raise RefusedError(413)
        try:
            value = json.loads(text) if text else {}
        except ValueError as error:
            raise RefusedError(400, "invalid JSON") from error
        if not isinstance(value, dict):
            raise RefusedError(400, "body must be an object")
        return value

    def application(self, asked: Asked, user: Caller | None) -> JsonValue:
        segments = asked.segments
        route = f"{asked.method} {segments[0]}"
        if route in {"POST auth", "POST token"}:
            raise RefusedError(401)
        if route == "POST signup":
            raise RefusedError(400, ["username"])
        if user is None:
            raise RefusedError(401)
        if route == "GET me":
            secret = {"passwordHash": "$2b$10$x"} if "password answered" in self.holes else {}
            return {"id": user.id, **secret}
        if "admin" not in user.roles and "anyone promotes" not in self.holes:
            raise RefusedError(403)
        if any(
            "passwordHash" in v or "1=1" in v for n, v in asked.query if n in {"filter", "sort"}
        ):
            raise RefusedError(400)
        return {"id": segments[-1]} if len(segments) > 1 else []

    def entity(self, entity: Entity, asked: Asked, user: Caller | None) -> JsonValue:
        rest, body = asked.segments[1:], asked.body
        operation, row_id = self.route(asked.method, entity, rest)
        if user is None:
            if "anonymous reads" in self.holes and operation is Operation.READ_ONE:
                user = Caller("nobody", ("admin",))
            else:
                raise RefusedError(401)
        user.scope = self.scope(entity, operation, user)
        with self.lock:
            if row_id is not None:
                return self.record(entity, operation, row_id, asked, user)
            if operation is Operation.READ_MANY:
                return self.page(entity, asked.query, user)
            if rest == ["bulk"]:
                rows = body.get("bulk")
                if body.keys() - {"bulk"}:
                    raise RefusedError(400, [f"{body.keys() - {'bulk'}}"])
                if not isinstance(rows, list):
                    raise RefusedError(400, ["bulk must be an array"])
                before = copy.deepcopy(self.store[entity.name])
                try:
                    return [
                        self.create(entity, row, user, bulk=True)
                        for row in rows
                        if isinstance(row, dict)
                    ]
                except RefusedError:
                    if "half a bulk" not in self.holes:
                        self.store[entity.name] = before
                    raise
            return self.create(entity, body, user)

    def route(self, method: str, entity: Entity, rest: list[str]) -> tuple[Operation, str | None]:
        recover = rest[:1] == ["recover"] and len(rest) == 2
        operation = {
            ("GET", 0): Operation.READ_MANY,
            ("POST", 0): Operation.CREATE_ONE,
            ("GET", 1): Operation.READ_ONE,
            ("PATCH", 1): Operation.UPDATE_ONE,
            ("DELETE", 1): Operation.DELETE_ONE,
        }.get((method, len(rest)))
        if recover and method == "PATCH":
            operation = Operation.RECOVER_ONE
        if method == "POST" and rest == ["bulk"]:
            return self.offered(entity, Operation.CREATE_ONE), None
        if method == "PUT" and "put offered" in self.holes and len(rest) == 1:
            operation = Operation.UPDATE_ONE
        if operation is None:
            raise RefusedError(404, f"Cannot {method}")
        return self.offered(entity, operation), rest[-1] if rest else None

    def offered(self, entity: Entity, operation: Operation) -> Operation:
        if not entity.offers(operation) and "every route" not in self.holes:
            raise RefusedError(404, "Cannot")
        return operation

    def scope(self, entity: Entity, operation: Operation, user: Caller) -> Possession:
        held = {possession(entity, role, operation) for role in user.roles}
        if "no grant needed" in self.holes and operation is Operation.READ_ONE:
            return Possession.ANY
        if "first role only" in self.holes:
            held = {possession(entity, role, operation) for role in user.roles[:1]}
        for scope in (Possession.ANY, Possession.OWN):
            if scope in held:
                return scope
        if "refused but done" in self.holes and operation is Operation.DELETE_ONE:
            self.store[entity.name].popitem()
        raise RefusedError(403)

    def owner(self, entity: Entity, row: Json) -> JsonValue:
        if entity.owner is None:
            return None
        for step in entity.owner.path:
            relation = entity.relation(step)
            entity = self.plan.entities[relation.target]
            row = self.store[entity.name].get(str(row.get(relation.foreign_key or "")), {})
        assert entity.owner is not None
        return row.get(entity.owner.column)

    def mine(self, entity: Entity, row: Json, user: Caller) -> bool:
        return user.scope is Possession.ANY or self.owner(entity, row) == user.id

    def inside(self, entity: Entity, row: Json, user: Caller) -> None:
        """Refuses a row that its parent gives to somebody else."""
        through_parent = entity.owner is not None and bool(entity.owner.path)
        checked = through_parent and "parent unchecked" not in self.holes
        if checked and not self.mine(entity, row, user):
            raise RefusedError(403)

    def record(
        self, entity: Entity, operation: Operation, row_id: str, asked: Asked, user: Caller
    ) -> JsonValue:
        row = self.found(entity, operation, row_id, asked, user)
        if operation is Operation.READ_ONE:
            return self.joined(entity, row, self.joins(entity, asked.query, user), user)
        if operation is Operation.UPDATE_ONE:
            return self.update(entity, row, asked.body, user)
        if operation is Operation.DELETE_ONE:
            self.delete(entity, row)
            return {}
        self.unique(entity, row)
        if "recover forgets" not in self.holes:
            row["dateDeleted"] = None
        return self.shown(entity, row)

    def found(
        self, entity: Entity, operation: Operation, row_id: str, asked: Asked, user: Caller
    ) -> Json:
        named = {
            Operation.READ_ONE: "foreign read",
            Operation.UPDATE_ONE: "foreign update",
            Operation.DELETE_ONE: "foreign delete",
            Operation.RECOVER_ONE: "foreign recover",
        }[operation]
        try:
            uuid.UUID(row_id)
        except ValueError as error:
            if "bad uuid breaks" in self.holes:
                raise RefusedError(500) from error
            raise RefusedError(400, "no UUID") from error
        row = self.store[entity.name].get(row_id)
        if (
            user.scope is Possession.OWN
            and named not in self.holes
            and (row is None or not self.mine(entity, row, user))
        ):
            raise RefusedError(403)
        if "s past the guard" in self.holes:
            for name, value in asked.query:
                found = re.search(r'"\$eq":"([-0-9a-f]{36})"', value)
                if name == "s" and found and found[1] in self.store[entity.name]:
                    row = self.store[entity.name][found[1]]
        deleted = row is not None and row["dateDeleted"] is not None
        if row is None or deleted != (operation is Operation.RECOVER_ONE):
            raise RefusedError(404, "not found")
        return row

    def create(self, entity: Entity, body: Json, user: Caller, *, bulk: bool = False) -> JsonValue:
        owner = owner_column(entity)
        self.validate(entity, body, new=True)
        row: Json = {"id": str(uuid.uuid4()), **BASE}
        for f in entity.fields:
            default = f.default if f.has_default else None
            row[f.name] = body.get(f.name, NOW if default == "now()" else default)
        for relation in entity.owning_relations:
            row[relation.foreign_key or ""] = body.get(relation.foreign_key or "")
        forced = user.scope is Possession.OWN and "owner from body" not in self.holes
        if bulk and "owner from bulk" in self.holes:
            forced = False
        if owner is not None and (forced or body.get(owner) is None):
            row[owner] = user.id
        self.references(entity, row, user)
        self.inside(entity, row, user)
        self.unique(entity, row)
        answer = self.shown(entity, row)
        for f in entity.fields:
            if f.type is FieldType.JSON and "json swallowed" in self.holes:
                row[f.name] = {}
        self.store[entity.name][str(row["id"])] = row
        return answer

    def update(self, entity: Entity, row: Json, body: Json, user: Caller) -> JsonValue:
        body = {name: value for name, value in body.items() if name != "__proto__"}
        owner = owner_column(entity)
        self.validate(entity, body, new=False)
        if user.scope is Possession.OWN and owner in body and "owner moved" not in self.holes:
            raise RefusedError(403)
        changed = row | body
        self.references(entity, body, user)
        self.inside(entity, changed, user)
        self.unique(entity, changed)
        if "silent update" not in self.holes:
            row.update(changed)
        return self.shown(entity, changed)

    def delete(self, entity: Entity, row: Json) -> None:
        children = [
            (child, relation, other)
            for child in self.plan.entities.values()
            for relation in child.owning_relations
            for other in list(self.store[child.name].values())
            if relation.target == entity.name and other[relation.foreign_key or ""] == row["id"]
        ]
        rules = {relation.on_delete for _, relation, _ in children}
        if rules - {OnDelete.CASCADE, OnDelete.SET_NULL} and "restrict ignored" not in self.holes:
            raise RefusedError(409)
        for child, relation, other in children:
            if relation.on_delete is OnDelete.CASCADE and "cascade ignored" not in self.holes:
                self.delete(child, other)
            elif relation.on_delete is OnDelete.SET_NULL and "null ignored" not in self.holes:
                other[relation.foreign_key or ""] = None
        if entity.soft_delete and "hard delete" not in self.holes:
            row["dateDeleted"] = NOW
        elif "delete forgets" not in self.holes:
            del self.store[entity.name][str(row["id"])]

    def validate(self, entity: Entity, body: Json, *, new: bool) -> None:
        fields = {f.name: f for f in entity.fields if (f.creatable if new else f.updatable)}
        keys = {r.foreign_key: r for r in entity.owning_relations}
        owner = owner_column(entity)
        for name, value in body.items():
            if name in fields:
                f = fields[name]
                wrong = [v for v, _ in invalid_samples(f)]
                bad = value in wrong and "values unchecked" not in self.holes
                if bad or (value is None and f.required):
                    raise RefusedError(
                        400, "wrong" if "unnamed" in self.holes else [f"{name} is wrong"]
                    )
            elif name in keys:
                if value is None and not keys[name].nullable:
                    raise RefusedError(400, [f"{name} must not be empty"])
                if value is not None and not re.fullmatch(r"[-0-9a-f]{36}", str(value)):
                    raise RefusedError(400, [f"{name} must be a UUID"])
            elif "anything goes" not in self.holes:
                raise RefusedError(400, [f"property {name} should not exist"])
        needed = [f.name for f in fields.values() if f.required and not f.has_default]
        needed += [k for k, r in keys.items() if k and not r.nullable and k != owner]
        for name in needed if new else ():
            if name not in body and name != owner:
                raise RefusedError(400, [f"{name} should not be empty"])

    def references(self, entity: Entity, body: Json, user: Caller) -> None:
        for relation in entity.owning_relations:
            value = body.get(relation.foreign_key or "")
            if value is None:
                continue
            if relation.sdk_target:
                if value not in {*self.people.users.values(), *self.people.roles.values()}:
                    raise RefusedError(400)
                continue
            target = self.plan.entities[relation.target]
            row = self.store[target.name].get(str(value))
            if row is None:
                raise RefusedError(500 if "missing key breaks" in self.holes else 400)
            grants = [target.acl[role] for role in user.roles if role in target.acl]
            own = grants and all(grant.possession is Possession.OWN for grant in grants)
            if (
                own
                and self.owner(target, row) != user.id
                and "reference unchecked" not in self.holes
            ):
                raise RefusedError(403)

    def unique(self, entity: Entity, row: Json) -> None:
        for names in unique_sets(entity):
            for other in self.store[entity.name].values():
                clash = other["id"] != row["id"] and other["dateDeleted"] is None
                if clash and all(
                    other[name] == row[name] and row[name] is not None for name in names
                ):
                    if "unique ignored" in self.holes:
                        continue
                    raise RefusedError(500 if "unique breaks" in self.holes else 409)

    def page(self, entity: Entity, query: list[tuple[str, str]], user: Caller) -> JsonValue:
        rows = self.store[entity.name].values()
        deleted = ("include_deleted", "1") in query
        recovers = entity.soft_delete and any(
            possession(entity, role, Operation.RECOVER_ONE) for role in user.roles
        )
        if deleted and not recovers and "deleted leak" not in self.holes:
            raise RefusedError(403)
        joins = self.joins(entity, query, user)
        self.search(entity, query, joins)
        leak = "list leak" in self.holes
        leak = leak or ("or leak" in self.holes and any(name == "or" for name, _ in query))
        found = [
            row
            for row in rows
            if (leak or ("deleted leak" in self.holes and deleted) or self.mine(entity, row, user))
            and (row["dateDeleted"] is None or deleted)
        ]
        numbers = {name: value for name, value in query if name in {"limit", "page", "offset"}}
        if not all(re.fullmatch(r"[1-9]\d{0,9}|0", value) for value in numbers.values()):
            raise RefusedError(400)
        most = 10**9 if "no limit" in self.holes else 100
        limit = min(int(numbers.get("limit", "20")), most)
        page = int(numbers.get("page", "1"))
        if limit == 0 or page == 0:
            raise RefusedError(400)
        shown = found[(page - 1) * limit : page * limit]
        count = len(found) + ("total wrong" in self.holes)
        return {
            "data": [self.joined(entity, row, joins, user) for row in shown],
            "count": len(shown),
            "total": count,
            "page": page,
            "pageCount": max(1, -(-count // limit)),
        }

    def search(
        self, entity: Entity, query: list[tuple[str, str]], joins: dict[str, Entity]
    ) -> None:
        """Refuses names that are no readable columns."""
        hidden = hidden_names(entity) if "hidden guessed" not in self.holes else set()
        known = {f.name for f in entity.fields} | {"id", owner_column(entity)}
        known |= {r.foreign_key for r in entity.owning_relations} - hidden
        known -= hidden
        for relation, target in joins.items():
            known |= {f"{relation}.{f.name}" for f in target.fields if f.expose}
            known |= {f"{relation}.id"}
        if "user guessed" in self.holes:
            known |= {f"{r.name}.passwordHash" for r in entity.relations if r.sdk_target}
        for kind, name in self.searched(query):
            if name in known:
                continue
            if "injection breaks" in self.holes and '"' in name:
                raise RefusedError(500)
            if kind == "fields" or (kind == "filter" and "injection ignored" in self.holes):
                continue
            raise RefusedError(400, f"unknown field {name}")

    def searched(self, query: list[tuple[str, str]]) -> Iterator[tuple[str, str]]:
        for kind, value in query:
            if kind in {"filter", "or"}:
                yield kind, value.partition("||")[0]
            elif kind == "sort":
                yield kind, value.partition(",")[0]
            elif kind == "s":
                try:
                    search = json.loads(value)
                except ValueError as error:
                    raise RefusedError(400) from error
                if not isinstance(search, dict):
                    raise RefusedError(400)
                for name in search:
                    if not name.startswith("$"):
                        yield kind, name

    def joins(
        self, entity: Entity, query: list[tuple[str, str]], user: Caller
    ) -> dict[str, Entity]:
        found: dict[str, Entity] = {}
        for name, value in query:
            if name != "join":
                continue
            relation = next(
                (r for r in entity.relations if r.name == value.partition("||")[0]), None
            )
            if relation is None or relation.sdk_target:
                raise RefusedError(400)
            target = self.plan.entities[relation.target]
            if self.reads(target, user) is None and "join leak" not in self.holes:
                raise RefusedError(403)
            found[relation.name] = target
        return found

    def reads(self, target: Entity, user: Caller) -> Possession | None:
        held = {possession(target, role, Operation.READ_ONE) for role in user.roles}
        return next((s for s in (Possession.ANY, Possession.OWN) if s in held), None)

    def joined(
        self, entity: Entity, row: Json, joins: dict[str, Entity], user: Caller
    ) -> JsonValue:
        answer = self.shown(entity, row)
        for name, target in joins.items():
            relation = entity.relation(name)
            rows = list(self.store[target.name].values())
            if relation.owning:
                related = [r for r in rows if r["id"] == row[relation.foreign_key or ""]]
            else:
                key = target.relation(relation.inverse or "").foreign_key or ""
                related = [r for r in rows if r[key] == row["id"]]
            if self.reads(target, user) is Possession.OWN and "join of others" not in self.holes:
                related = [r for r in related if self.owner(target, r) == user.id]
            shown = [self.shown(target, r) for r in related]
            answer[name] = shown if not relation.owning else next(iter(shown), None)
        return answer

    def shown(self, entity: Entity, row: Json) -> Json:
        hidden = hidden_names(entity) if "hidden shown" not in self.holes else frozenset()
        answer: Json = {name: value for name, value in row.items() if name not in hidden}
        for f in entity.fields:
            if f.type is FieldType.FLOAT and "decimal as text" in self.holes:
                answer[f.name] = str(answer[f.name])
        return answer


class Served:
    """A fake application on a free port, while the block lasts."""

    def __init__(self, app: FakeApp) -> None:
        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            wbufsize = -1
            disable_nagle_algorithm = True

            def do(self) -> None:
                size = int(self.headers.get("Content-Length", 0))
                text = self.rfile.read(size).decode()
                app.requests += 1
                status = 201 if self.command == "POST" else 200
                try:
                    answer = app.answer(self.command, self.path, self.headers, text)
                except RefusedError as refusal:
                    status = refusal.status
                    answer = {
                        "statusCode": status,
                        "errorCode": "HTTP",
                        "message": refusal.message,
                        "timestamp": NOW,
                    }
                data = json.dumps(answer).encode()
                self.send_response(status)
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            def log_message(self, *_: object) -> None:
                pass

        for verb in ("GET", "POST", "PATCH", "DELETE", "PUT"):
            setattr(Handler, f"do_{verb}", Handler.do)
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.port = self.server.server_address[1]

    def __enter__(self) -> "Served":
        threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.server.shutdown()
        self.server.server_close()
