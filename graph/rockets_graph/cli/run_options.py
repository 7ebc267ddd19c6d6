"""Options that every command has which runs the graph, and how they become `Options`."""

from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click
from typing_extensions import TypedDict

if TYPE_CHECKING:
    from rockets_graph.options import Options

CommandT = TypeVar("CommandT", bound=Callable[..., None])


class RunFlags(TypedDict):
    """What click hands over for `run_options`."""

    dry_run: bool
    resume: bool
    skip_smoke: bool
    skip_migration: bool
    skip_build: bool
    team: bool | None
    models: tuple[tuple[str, str], ...]
    max_tokens: int | None
    max_cost: Decimal | None
    scripts: Path | None
    checkpoints: str | None
    workers: int | None
    keep_runs: int
    otel: bool
    otel_endpoint: str | None


def dollars(ctx: click.Context, param: click.Parameter, value: str | None) -> Decimal | None:
    """An amount greater than nothing."""
    if value is None:
        return None
    try:
        amount = Decimal(value)
    except InvalidOperation:
        amount = Decimal(0)
    if not amount.is_finite() or amount <= 0:
        raise click.BadParameter(f"{value!r} is not an amount of US dollars.", ctx, param)
    return amount


def role_models(
    ctx: click.Context, param: click.Parameter, values: tuple[str, ...]
) -> tuple[tuple[str, str], ...]:
    """`reviewer=haiku` as a pair; which roles and models there are, the settings know."""
    pairs: list[tuple[str, str]] = []
    for value in values:
        role, sign, name = value.partition("=")
        if not (role and sign and name):
            raise click.BadParameter(f"{value!r} is not ROLE=NAME.", ctx, param)
        pairs.append((role, name))
    return tuple(pairs)


def otlp_receiver(_ctx: click.Context, _param: click.Parameter, value: object) -> object:
    """A URL, or True: what the environment says; said to be none before anything is done."""
    if value is not None and value is not False:
        from rockets_graph.otel.endpoint import traces_url

        traces_url(value if isinstance(value, str) else None)
    return value


_OPTIONS = (
    click.option("--dry-run", is_flag=True, help="Show what would be done; write nothing."),
    click.option("--resume", is_flag=True, help="Go on from the last checkpoint."),
    click.option("--skip-smoke", is_flag=True, help="No HTTP smoke test at the end."),
    click.option("--skip-migration", is_flag=True, help="No migration step."),
    click.option("--skip-build", is_flag=True, help="No build, migration or smoke; needs no Node."),
    click.option(
        "--team/--sequential",
        "team",
        default=None,
        help="Which cast runs; by default decided by the environment and the plan.",
    ),
    click.option(
        "--model",
        "models",
        multiple=True,
        metavar="ROLE=NAME",
        callback=role_models,
        help="Model of a role (lead, generator, reviewer, tester, builder): an alias or an id.",
    ),
    click.option(
        "--max-tokens",
        type=click.IntRange(1),
        metavar="N",
        help="Most tokens the team may spend in this run.",
    ),
    click.option(
        "--max-cost",
        metavar="DOLLARS",
        callback=dollars,
        help="Most US dollars the team may spend in this run.",
    ),
    click.option(
        "--scripts",
        type=click.Path(path_type=Path, file_okay=False),
        help="Directory of generate, integrate and validate programs to use in place of ours.",
    ),
    click.option(
        "--checkpoints",
        envvar="ROCKETS_CHECKPOINTS",
        metavar="URL",
        help="PostgreSQL database for what is in flight, so that another machine can resume.",
    ),
    click.option("--workers", type=click.IntRange(1, 64), help="Entities generated at once."),
    click.option(
        "--keep-runs",
        type=click.IntRange(1),
        default=20,
        show_default=True,
        metavar="N",
        help="Recorded runs that stay in .rockets/runs.",
    ),
    click.option(
        "--otel",
        is_flag=True,
        callback=otlp_receiver,
        help="Send OpenTelemetry spans while running, to OTEL_EXPORTER_OTLP_ENDPOINT.",
    ),
    click.option(
        "--otel-endpoint",
        metavar="URL",
        callback=otlp_receiver,
        help="The same, to this OTLP/HTTP receiver.",
    ),
)


def run_options(command: CommandT) -> CommandT:
    """Give a command these options."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def options_of(
    project: Path, flags: RunFlags, *, spec: Path | None = None, validate_only: bool = False
) -> "Options":
    """What the graph is asked to do."""
    from rockets_graph.options import Options

    return Options(
        project=project,
        spec=spec,
        dry_run=flags["dry_run"],
        resume=flags["resume"],
        skip_smoke=flags["skip_smoke"],
        skip_migration=flags["skip_migration"],
        skip_build=flags["skip_build"],
        validate_only=validate_only,
        scripts=flags["scripts"],
        mode=None if flags["team"] is None else ("team" if flags["team"] else "sequential"),
        workers=flags["workers"],
        checkpoints=flags["checkpoints"],
        models=flags["models"],
        max_tokens=flags["max_tokens"],
        max_cost=flags["max_cost"],
        keep_runs=flags["keep_runs"],
        otel=flags["otel_endpoint"] or ("" if flags["otel"] else None),
    )
