"""Who plays which role: settings read and checked before the first write."""

from collections.abc import Mapping
from dataclasses import dataclass

from rockets_agents.builder import BUILDER
from rockets_agents.generator import GENERATOR
from rockets_agents.lead import LEAD
from rockets_agents.model import RoleName
from rockets_agents.model.errors import KeyMissingError, PriceUnknownError
from rockets_agents.model.prices import PRICES_AS_OF, prices_of
from rockets_agents.reviewer import REVIEWER
from rockets_agents.settings import TeamSettings, load_settings
from rockets_agents.tester import TESTER
from rockets_graph.options import Options
from rockets_tools.errors import Problem
from rockets_tools.files import ProjectFiles

ROLES = (LEAD, GENERATOR, REVIEWER, TESTER, BUILDER)


@dataclass(frozen=True, slots=True, kw_only=True)
class Staff:
    """The settings of a team run, and the model of each role."""

    settings: TeamSettings
    models: Mapping[RoleName, str]
    """Concrete ids; aliases are resolved."""

    @property
    def has_key(self) -> bool:
        key = self.settings.api_key
        return key is not None and bool(key.get_secret_value())

    def require_key(self) -> None:
        """Raise `KeyMissingError` (exit 3) where there is no key, before anything is written."""
        if not self.has_key:
            raise KeyMissingError(
                Problem(
                    code="model-key-missing",
                    message="The team needs an API key, and ANTHROPIC_API_KEY is not set.",
                    fix="Set it, or use --sequential, which needs no model.",
                )
            )


def read_staff(files: ProjectFiles | None, options: Options) -> Staff:
    """From command line, environment and `rockets.toml`.

    Raises InputError for a role, a model or a value that there is not, and where a limit of cost
    is set for a model whose prices are not known.
    """
    settings = load_settings(
        files,
        models=dict(options.models),
        max_tokens=options.max_tokens,
        max_cost=options.max_cost,
    )
    models: dict[RoleName, str] = {
        role.name: settings.model_for(role.name, role.model) for role in ROLES
    }
    unknown = sorted({name for name in models.values() if prices_of(name) is None})
    if settings.max_cost is not None and unknown:
        raise PriceUnknownError(
            Problem(
                code="model-price-unknown",
                message=f"No price of {', '.join(unknown)} is known (table of {PRICES_AS_OF}),"
                " so its cost cannot be limited.",
                fix="Use --max-tokens in place of --max-cost, or another model.",
            )
        )
    return Staff(settings=settings, models=models)
