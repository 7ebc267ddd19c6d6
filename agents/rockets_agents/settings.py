"""Which model each role gets and how it is reached: command line, environment, `rockets.toml`.

The first that says something wins, in this order. `rockets.toml` lies in the project and is
therefore foreign: it may choose models and limits, never a key or a server to send the key to.
"""

import tomllib
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict, SettingsError

from rockets_agents.model import RoleName
from rockets_agents.model.aliases import resolve
from rockets_tools.errors import InputError, Problem
from rockets_tools.files import ProjectFiles

FILE = "rockets.toml"

DEFAULT_BASE_URL = "https://api.anthropic.com"


class RoleModels(BaseModel):
    """An alias or an id for each role; None leaves the role its own default."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    lead: str | None = None
    generator: str | None = None
    reviewer: str | None = None
    tester: str | None = None
    builder: str | None = None


class FileSettings(BaseModel):
    """All that `rockets.toml` may say: `[model]` with roles, and the three limits beside it."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    model: RoleModels = RoleModels()
    concurrency: int | None = Field(default=None, ge=1, le=64)
    max_tokens: int | None = Field(default=None, gt=0)
    max_cost: Decimal | None = Field(default=None, gt=0)


class TeamSettings(BaseSettings):
    """Read once when a team run starts; `load_settings` makes it."""

    model_config = SettingsConfigDict(
        frozen=True,
        extra="forbid",
        env_prefix="ROCKETS_",
        env_nested_delimiter="_",
        env_nested_max_split=1,
        hide_input_in_errors=True,
    )

    model: RoleModels = RoleModels()
    """`ROCKETS_MODEL_REVIEWER=haiku`."""
    concurrency: int = Field(default=4, ge=1, le=64)
    """Calls at once, of the whole team."""
    max_tokens: int | None = Field(default=None, gt=0)
    """Of the run, all kinds of tokens together."""
    max_cost: Decimal | None = Field(default=None, gt=0)
    """Of the run, US dollars."""
    retry_minutes: float = Field(default=15.0, gt=0, allow_inf_nan=False)
    """How long a call is tried again while the service is overloaded or out of reach."""
    silence_seconds: float = Field(default=120.0, gt=0, allow_inf_nan=False)
    answer_minutes: float = Field(default=30.0, gt=0, allow_inf_nan=False)
    api_key: SecretStr | None = Field(default=None, validation_alias="ANTHROPIC_API_KEY")
    base_url: str = Field(
        default=DEFAULT_BASE_URL,
        validation_alias="ANTHROPIC_BASE_URL",
        pattern=r"^https?://[^\s/@?#]+(/[^\s@?#]*)?$",
    )
    """Without a password in it: settings are shown."""

    def model_for(self, role: RoleName, default: str) -> str:
        """The id to send: what was set for the role, else its default; aliases resolved."""
        return resolve(getattr(self.model, role) or default)


def load_settings(
    files: ProjectFiles | None = None,
    *,
    models: Mapping[str, str] | None = None,
    max_tokens: int | None = None,
    max_cost: Decimal | None = None,
) -> TeamSettings:
    """The settings in force; `models` and the limits are those of the command line.

    Raises:
        InputError: a role, a key or a value that there is not, with where it was said.
    """
    given: dict[str, Any] = {"max_tokens": max_tokens, "max_cost": max_cost}
    if models:
        given["model"] = dict(models)
    try:
        said = TeamSettings(**{k: v for k, v in given.items() if v is not None})
    except ValidationError as error:
        raise InputError(tuple(_problems(error, file=None))) from None
    except SettingsError:
        raise InputError(
            Problem(
                code="settings",
                message="ROCKETS_MODEL is not a JSON object of roles and models.",
                fix="Set ROCKETS_MODEL_LEAD and the like instead, one variable for each role.",
            )
        ) from None
    return _with_file(said, _read_file(files))


def _with_file(said: TeamSettings, file: FileSettings) -> TeamSettings:
    """What the file says where nobody above it spoke."""
    update: dict[str, object] = {
        name: getattr(file, name)
        for name in file.model_fields_set - said.model_fields_set - {"model"}
    }
    roles = {**_given(file.model), **_given(said.model)}
    return said.model_copy(update={**update, "model": RoleModels.model_validate(roles)})


def _given(models: RoleModels) -> dict[str, str]:
    return models.model_dump(exclude_none=True)


def _read_file(files: ProjectFiles | None) -> FileSettings:
    text = files.read(FILE) if files else None
    if text is None:
        return FileSettings()
    try:
        return FileSettings.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise InputError(
            Problem(
                code="settings-toml",
                message=f"{FILE} is not TOML: {error}.",
                fix="Mend the line, or delete the file.",
                file=FILE,
            )
        ) from None
    except ValidationError as error:
        raise InputError(tuple(_problems(error, file=FILE))) from None


def _problems(error: ValidationError, *, file: str | None) -> Iterator[Problem]:
    """One for each; the value itself is never repeated, it may be a key in the wrong place."""
    for item in error.errors(include_url=False, include_context=False, include_input=False):
        steps = [str(step) for step in item["loc"]]
        name, fix = (
            ".".join(steps),
            "Mend it in the file." if file else "Mend the option or the variable.",
        )
        message = f"The setting {name} is not valid: {item['msg']}."
        if item["type"] == "string_pattern_mismatch":
            message = f"The setting {name} is not an http or https URL without user and query."
        if item["type"] == "extra_forbidden":
            known = RoleModels if steps[0] == "model" and len(steps) > 1 else FileSettings
            message, fix = (
                f"There is no setting {name}.",
                f"Use one of {', '.join(known.model_fields)}.",
            )
        yield Problem(
            code="settings",
            message=message,
            fix=fix,
            file=file,
            pointer=f"/{'/'.join(steps)}" if file else None,
        )
