"""The smoke test can fail: an application with one hole is caught, and the right cell is named."""

import pytest
from tests.tools.smoke.fake_app import SIGNING, FakeApp, Served
from tests.tools.smoke.plans import shop

from rockets_tools.plan.model import Plan
from rockets_tools.smoke.client import Client
from rockets_tools.smoke.model import Cell
from rockets_tools.smoke.run import prove

PLAN = shop()


def proven(plan: Plan, *holes: str) -> list[Cell]:
    app = FakeApp(plan, frozenset(holes))
    with Served(app) as served:
        client = Client("127.0.0.1", served.port, tokens=app.tokens(), secret=SIGNING)
        try:
            return prove(plan, app.people, client, app, lambda *_: None)
        finally:
            client.close()


def test_an_application_that_keeps_the_plan_passes() -> None:
    cells = proven(PLAN)
    failures = [(c.entity, c.title, c.request, c.got) for c in cells if not c.passed]
    assert failures == []
    assert len(cells) > 500


HOLES = {
    "foreign read": ("Product", "user", "readOne", "other"),
    "foreign update": ("Product", "user", "updateOne", "other"),
    "foreign delete": ("Product", "user", "deleteOne", "other"),
    "foreign recover": ("Product", "user", "recoverOne", "other"),
    "list leak": ("Product", "user", "readMany", "other"),
    "or leak": ("Product", "user", "readMany", "own"),
    "owner from body": ("Product", "user", "createOne", "other"),
    "owner from bulk": ("Product", "user", "createMany", "other"),
    "owner moved": ("Product", "user", "updateOne", "other"),
    "parent unchecked": ("Page", "user", "createOne", "other"),
    "reference unchecked": ("Note", "user", "createMany", "other"),
    "no grant needed": ("Vault", "user", "readOne", "none"),
    "anonymous reads": ("Category", "anonymous", "readOne", "none"),
    "every route": ("Vault", "admin", "deleteOne", "none"),
    "put offered": ("Product", "user", "updateOne", "own"),
    "first role only": ("Product", "user+admin", "readOne", "any"),
    "refused but done": ("Category", "user", "deleteOne", "none"),
    "json swallowed": ("Product", "admin", "createOne", "any"),
    "decimal as text": ("Product", "admin", "readOne", "any"),
    "hidden shown": ("Product", "user", "readOne", "own"),
    "silent update": ("Category", "admin", "updateOne", "any"),
    "hard delete": ("Category", "admin", "deleteOne", "any"),
    "delete forgets": ("Review", "user", "deleteOne", "own"),
    "recover forgets": ("Product", "user", "recoverOne", "own"),
    "half a bulk": ("Product", "admin", "createMany", "any"),
    "values unchecked": ("Review", "admin", "createOne", "any"),
    "unnamed": ("Product", "admin", "createOne", "any"),
    "anything goes": ("Category", "admin", "createOne", "any"),
    "unique ignored": ("Category", "admin", "createOne", "any"),
    "unique breaks": ("Category", "admin", "createOne", "any"),
    "restrict ignored": ("Category", "admin", "deleteOne", "any"),
    "cascade ignored": ("Product", "admin", "deleteOne", "any"),
    "null ignored": ("Category", "admin", "deleteOne", "any"),
    "missing key breaks": ("Product", "admin", "createOne", "any"),
    "bad uuid breaks": ("Product", "admin", "readOne", "any"),
    "total wrong": ("Product", "admin", "readMany", "any"),
    "no limit": ("Category", "user", "readMany", "any"),
    "s past the guard": ("Product", "user", "deleteOne", "own"),
    "join leak": ("Product", "user", "readOne", "own"),
    "join of others": ("Note", "user", "readOne", "own"),
    "hidden guessed": ("Product", "clerk", "readMany", "any"),
    "user guessed": ("Product", "admin", "readMany", "any"),
    "injection breaks": ("Category", "user", "readMany", "any"),
    "injection ignored": ("Product", "user", "readMany", "own"),
    "deleted leak": ("Category", "user", "readMany", "any"),
    "unsigned token": ("Product", "admin", "readMany", "any"),
    "expired token": ("Product", "admin", "readMany", "any"),
    "password answered": ("(application)", "user", "GET me", "none"),
    "anyone promotes": ("(application)", "user", "POST role-assignment", "none"),
}


@pytest.mark.parametrize("hole", HOLES)
def test_a_hole_is_found_in_its_cell(hole: str) -> None:
    failed = {
        (c.entity, c.role, c.operation, c.ownership) for c in proven(PLAN, hole) if not c.passed
    }
    assert HOLES[hole] in failed
