"""Where the run goes: the rules of the state machine, without a graph."""

import pytest

from rockets_graph import routes


@pytest.mark.parametrize("route", [routes.after_validate, routes.after_review])
def test_findings_go_to_the_generator_while_there_are_rounds(route: object) -> None:
    assert callable(route)
    assert [route("team", clean=False, fix_rounds=n) for n in range(4)] == [
        "generator",
        "generator",
        "generator",
        "lead_report",
    ]
    assert route("sequential", clean=False, fix_rounds=0) == "lead_report"


def test_clean_goes_on() -> None:
    assert routes.after_validate("team", clean=True, fix_rounds=3) == "reviewer"
    assert routes.after_review("team", clean=True, fix_rounds=3) == "lead_dispatch"
    silent = routes.after_review("team", clean=False, fix_rounds=0, answered=False)
    assert silent == "lead_report"


def test_builder_has_three_tries() -> None:
    assert [routes.after_tester("team", green=False, builder_tries=n) for n in range(4)] == [
        "builder",
        "builder",
        "builder",
        "lead_report",
    ]
    assert routes.after_tester("sequential", green=False, builder_tries=0) == "lead_report"
    assert routes.after_tester("team", green=True, builder_tries=0) == "lead_report"


def test_nobody_approved_goes_to_the_report() -> None:
    assert routes.after_approval(approved=False, needs_packages=True) == "lead_report"
    assert routes.after_approval(approved=True, needs_packages=True) == "bootstrap"
    assert routes.after_approval(approved=True, needs_packages=False) == "lead_dispatch"


def test_modules_with_behaviour_come_once() -> None:
    assert routes.after_waves(noncrud_done=False) == "noncrud"
    assert routes.after_waves(noncrud_done=True) == "migrate"


@pytest.mark.parametrize(
    ("count", "workers", "sizes"),
    [(0, 4, []), (1, 4, [1]), (5, 1, [5]), (5, 2, [3, 2]), (9, 4, [3, 3, 3]), (3, 8, [1, 1, 1])],
)
def test_batches_are_neighbours_in_order(count: int, workers: int, sizes: list[int]) -> None:
    names = [f"E{n}" for n in range(count)]
    made = routes.batches(2, names, workers)
    assert [len(batch["entities"]) for batch in made] == sizes
    assert [name for batch in made for name in batch["entities"]] == names
    assert [batch["number"] for batch in made] == list(range(len(sizes)))
    assert {batch["wave"] for batch in made} <= {2}
