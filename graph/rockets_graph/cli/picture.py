"""`rockets graph`."""

from pathlib import Path

import click

from rockets_graph.cli.output import print_json, print_problems
from rockets_graph.state import Mode
from rockets_tools.errors import MachineError


@click.command(
    short_help="Print the state machine as Mermaid text.",
    epilog="""\b
Examples:
  rockets graph
  rockets graph --sequential
  rockets graph --team --png team.png""",
)
@click.option("--team/--sequential", default=True, help="Which cast; the team by default.")
@click.option(
    "--png",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Also draw to this file (.png or .svg) with Graphviz.",
)
@click.option("--json", "as_json", is_flag=True, help="Wrap the Mermaid text in JSON.")
def graph(*, team: bool, png: Path | None, as_json: bool) -> None:
    """Print the state machine as Mermaid text."""
    from rockets_graph.picture import draw, drawn_form, mermaid

    if png is not None:
        drawn_form(png)
    cast: Mode = "team" if team else "sequential"
    text = mermaid(cast)
    if as_json:
        print_json({"success": True, "cast": cast, "mermaid": text})
    else:
        click.echo(text)
    if png is not None:
        try:
            draw(cast, png)
        except MachineError as error:
            # stdout has its document already; the failure is told beside it, not behind it.
            print_problems(error.problems)
            click.get_current_context().exit(error.exit_code)
        click.echo(f"drew {png}", err=True)
