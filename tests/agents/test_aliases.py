import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rockets_agents.model.aliases import ALIASES, known_models, newest, resolve
from rockets_agents.model.errors import ModelNameError
from rockets_agents.model.features import features_of
from rockets_agents.model.names import parse_name
from rockets_agents.model.prices import prices_of


@pytest.mark.parametrize("alias", ALIASES)
def test_an_alias_is_the_newest_of_its_family_and_has_a_price(alias: str) -> None:
    model = resolve(alias)
    name = parse_name(model)
    assert name is not None
    assert name.family == alias
    others = [parse_name(known) for known in known_models()]
    assert name.version == max(o.version for o in others if o is not None and o.family == alias)
    assert prices_of(model) is not None, "a new SDK: bring prices.py up to date"
    assert features_of(model).think is not None


@given(st.permutations(["claude-x-4-10", "claude-x-4-9", "claude-x-4", "claude-x-4-10-20260101"]))
def test_the_newest_does_not_hang_on_the_order(models: list[str]) -> None:
    assert newest("x", models) == "claude-x-4-10"


def test_a_whole_version_comes_before_its_parts_and_a_date_after() -> None:
    assert newest("x", ["claude-x-5", "claude-x-5-1", "claude-x-4-9"]) == "claude-x-5-1"
    assert newest("x", ["claude-x-5", "claude-x-5-20260101"]) == "claude-x-5"
    assert newest("x", ["claude-x-5-20250101", "claude-x-5-20260101"]) == "claude-x-5-20260101"


def test_what_is_no_version_is_passed_over() -> None:
    with pytest.raises(ModelNameError):
        newest("x", ["claude-x-preview", "claude-y-5", "claude-3-x-20250101"])


@pytest.mark.parametrize("model", ["claude-opus-4-8", "my-gateway/claude:latest", "anthropic.c-1"])
def test_an_id_stays_as_it_is(model: str) -> None:
    assert resolve(model) == model


@pytest.mark.parametrize("model", ["", "two words", "line\nbreak", "ünïcode", "opus,builder=haiku"])
def test_what_cannot_be_an_id_is_refused(model: str) -> None:
    with pytest.raises(ModelNameError) as caught:
        resolve(model)
    assert caught.value.exit_code == 2


def test_the_seam_is_cheap_to_import() -> None:
    code = (
        "import sys, rockets_agents.model, rockets_agents.settings, rockets_agents.testing;"
        "print([m for m in ('anthropic', 'httpx2', 'httpx', 'langgraph') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.strip() == "[]"
