"""Command line before environment before file, and every mistake said with its place."""

from decimal import Decimal
from pathlib import Path

import pytest

from rockets_agents.model.aliases import resolve
from rockets_agents.settings import DEFAULT_BASE_URL, load_settings
from rockets_tools.errors import InputError
from rockets_tools.files import ProjectFiles

FILE = """
concurrency = 2
max_cost = "1.50"

[model]
lead = "sonnet"
reviewer = "opus"
tester = "claude-opus-4-8"
"""


@pytest.fixture(autouse=True)
def _bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("ANTHROPIC_API_KEY", "ANTHROPIC_BASE_URL", "ROCKETS_MODEL_REVIEWER"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def files(tmp_path: Path) -> ProjectFiles:
    (tmp_path / "rockets.toml").write_text(FILE)
    return ProjectFiles(tmp_path)


def test_without_anything_the_roles_keep_their_defaults() -> None:
    settings = load_settings()
    assert settings.model_for("reviewer", "haiku") == resolve("haiku")
    assert settings.api_key is None
    assert settings.base_url == DEFAULT_BASE_URL
    assert (settings.max_tokens, settings.max_cost) == (None, None)


def test_the_first_that_says_something_wins(
    files: ProjectFiles, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ROCKETS_MODEL_REVIEWER", "sonnet")
    monkeypatch.setenv("ROCKETS_MODEL_LEAD", "haiku")
    monkeypatch.setenv("ROCKETS_CONCURRENCY", "8")
    settings = load_settings(files, models={"lead": "claude-fable-5-1"})
    assert settings.model_for("lead", "opus") == "claude-fable-5-1"
    assert settings.model_for("reviewer", "haiku") == resolve("sonnet")
    assert settings.model_for("tester", "sonnet") == "claude-opus-4-8"
    assert settings.model_for("builder", "sonnet") == resolve("sonnet")
    assert settings.concurrency == 8
    assert settings.max_cost == Decimal("1.50")


def test_limits_of_the_command_line_win(files: ProjectFiles) -> None:
    settings = load_settings(files, max_tokens=1000, max_cost=Decimal("0.2"))
    assert (settings.max_tokens, settings.max_cost) == (1000, Decimal("0.2"))


def test_a_role_that_there_is_not(files: ProjectFiles, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(InputError, match="reviewr") as caught:
        load_settings(models={"reviewr": "haiku"})
    assert caught.value.exit_code == 2
    monkeypatch.setenv("ROCKETS_MODEL_REVIEWR", "haiku")
    with pytest.raises(InputError, match="reviewr"):
        load_settings(files)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("concurrency = 0", "/concurrency"),
        ("[model]\nlead = 3", "/model/lead"),
        ("[model]\nboss = 'opus'", "/model/boss"),
        ("[models]\nlead = 'opus'", "/models"),
        ("max_tokens = -1", "/max_tokens"),
    ],
)
def test_a_mistake_in_the_file_has_its_place(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "rockets.toml").write_text(text)
    with pytest.raises(InputError) as caught:
        load_settings(ProjectFiles(tmp_path))
    [problem] = caught.value.problems
    assert (problem.file, problem.pointer) == ("rockets.toml", said)


def test_text_that_is_not_toml(tmp_path: Path) -> None:
    (tmp_path / "rockets.toml").write_text("model = [")
    with pytest.raises(InputError, match="not TOML"):
        load_settings(ProjectFiles(tmp_path))


@pytest.mark.parametrize("url", ["ftp://x", "https://user:secret@gateway", "https:// a", "x"])
def test_a_server_that_cannot_be_one(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANTHROPIC_BASE_URL", url)
    with pytest.raises(InputError, match="ANTHROPIC_BASE_URL") as caught:
        load_settings()
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("value", ["0", "-1", "nan", "many"])
def test_a_limit_that_cannot_be_one(value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ROCKETS_MAX_COST", value)
    with pytest.raises(InputError, match="max_cost"):
        load_settings()


def test_all_models_in_one_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ROCKETS_MODEL", '{"lead": "haiku"}')
    assert load_settings().model.lead == "haiku"
    monkeypatch.setenv("ROCKETS_MODEL", "haiku")
    with pytest.raises(InputError, match="ROCKETS_MODEL"):
        load_settings()


def test_a_limit_of_nothing_on_the_command_line_is_no_limit_forgotten() -> None:
    with pytest.raises(InputError, match="max_tokens"):
        load_settings(max_tokens=0)


def test_a_role_that_there_is_not_is_told_with_those_there_are() -> None:
    with pytest.raises(InputError) as caught:
        load_settings(models={"revewer": "haiku"})
    problem = caught.value.problems[0]
    assert problem.message == "There is no setting model.revewer."
    assert "reviewer" in problem.fix
