"""What a client asks the server for. Unknown keys are refused, as unknown options are."""

import os
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, GetJsonSchemaHandler, ValidationError
from pydantic.alias_generators import to_camel
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from rockets_graph.checkpoints import CHECKPOINTS_URL
from rockets_graph.options import Options
from rockets_graph.state import Mode
from rockets_tools.errors import InputError, Problem

PROJECTS = "ROCKETS_PROJECTS"
"""Environment variable with the folder whose projects the server may work on."""


class Order(BaseModel):
    """One run, as JSON. What is not here, programs of the client's for one, nobody can ask for."""

    model_config = ConfigDict(alias_generator=to_camel, extra="forbid", strict=True)

    project: str
    """Folder of the project, from the server's folder of projects."""
    plan: object = None
    """The plan itself; by default the one in force."""
    mode: Mode | None = None
    resume: bool = False
    """Keep what an earlier run has done and proven."""
    skip_smoke: bool = False
    skip_migration: bool = False
    skip_build: bool = False
    workers: Annotated[int, Field(ge=1, le=64)] | None = None
    models: dict[str, str] = Field(default_factory=dict[str, str])
    """By role."""
    max_tokens: Annotated[int, Field(ge=1)] | None = None
    max_cost: Annotated[Decimal, Field(gt=0, strict=False)] | None = None
    """US dollars."""

    def options(
        self,
        project: Path,
        environment: Mapping[str, str],
        *,
        spec: Path,
        resume: bool,
        approved: str,
    ) -> Options:
        """As the command line would have them."""
        return Options(
            project=project,
            spec=spec,
            resume=resume,
            skip_smoke=self.skip_smoke,
            skip_migration=self.skip_migration,
            skip_build=self.skip_build,
            mode=self.mode,
            workers=self.workers,
            checkpoints=environment.get(CHECKPOINTS_URL),
            approved_hash=approved,
            models=tuple(self.models.items()),
            max_tokens=self.max_tokens,
            max_cost=self.max_cost,
        )


class OrderShape:
    """Tells LangGraph's server the JSON Schema of a value that only `read_order` checks."""

    def __get_pydantic_json_schema__(
        self, _: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        return Order.model_json_schema()


def read_order(value: object) -> Order:
    """Check what a client sent; InputError with every problem found."""
    try:
        return Order.model_validate(value)
    except ValidationError as error:
        raise InputError(
            [
                Problem(
                    code="order",
                    message=f"The order is not valid: {detail['msg']}.",
                    fix="See docs/server.md for what an order may say.",
                    pointer="/order" + "".join(f"/{part}" for part in detail["loc"]),
                )
                for detail in error.errors(include_url=False, include_input=False)
            ]
        ) from error


def allowed_project(name: str, environment: Mapping[str, str]) -> Path:
    """The folder of a project; InputError for one that is not below the server's folder.

    Links are followed first, so that none leads out.
    """
    root = environment.get(PROJECTS)
    if not root:
        raise InputError(
            Problem(
                code="projects-unset",
                message="This server has no folder of projects, so it works on none.",
                fix=f"Start it with {PROJECTS} set to a folder.",
            )
        )
    base = Path(os.path.realpath(root))
    path = Path(os.path.realpath(base / name)) if name.isprintable() else base
    if path == base or not path.is_relative_to(base):
        raise InputError(
            Problem(
                code="project-outside",
                message="The project is not in this server's folder of projects.",
                fix=f"Name a folder below the one that {PROJECTS} names.",
                pointer="/order/project",
            )
        )
    return path
