"""Whatever the plan: an application that keeps it passes, so that no green run is lost to us."""

import json
from typing import Any

from hypothesis import HealthCheck, assume, given, settings
from tests.strategies import plans
from tests.tools.smoke.fake_app import SIGNING, FakeApp, Served

from rockets_tools.plan import read_plan
from rockets_tools.smoke.client import Client
from rockets_tools.smoke.run import prove
from rockets_tools.smoke.uniqueness import most_rows


@settings(
    max_examples=8,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(plans(max_entities=4))
def test_an_application_that_keeps_the_plan_passes(raw: dict[str, Any]) -> None:
    plan = read_plan(json.dumps(raw)).plan
    assume(min(most_rows(entity) for entity in plan.entities.values()) > 1)
    app = FakeApp(plan)
    with Served(app) as served:
        client = Client("127.0.0.1", served.port, tokens=app.tokens(), secret=SIGNING)
        cells = prove(app.plan, app.people, client, app, lambda *_: None)
        client.close()
    assert [(c.title, c.request, c.got) for c in cells if not c.passed] == []
