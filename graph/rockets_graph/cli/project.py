"""`rockets new`."""

from pathlib import Path

import click

from rockets_graph.cli.output import print_json, wants_json


@click.command(
    short_help="Write a fresh Rockets API project.",
    epilog="""\b
Examples:
  rockets new shop-api
  rockets new shop-api --install""",
)
@click.argument("directory", type=click.Path(path_type=Path))
@click.option("--name", help="Package name; by default the name of the directory.")
@click.option("--install", "with_install", is_flag=True, help="Run npm ci afterwards.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON even on a terminal.")
def new(directory: Path, name: str | None, *, with_install: bool, as_json: bool) -> None:
    """Write a fresh Rockets API project into DIRECTORY.

    The project builds, boots on an embedded Postgres and passes its own tests before it has any
    entity. Files only, unless --install is given.
    """
    from rockets_tools.project import new_project

    written = new_project(directory, name)
    if with_install:
        from rockets_tools.build import install
        from rockets_tools.files import ProjectFiles
        from rockets_tools.node import find_node

        click.echo("installing packages (npm ci) …", err=True)
        install(ProjectFiles(directory), find_node())
    if wants_json(forced=as_json):
        print_json(
            {
                "success": True,
                "project": str(directory),
                "files": list(written),
                "installed": with_install,
            }
        )
        return
    click.echo(f"Wrote {len(written)} files to {directory}.")
    click.echo(f"Next: rockets orchestrate --project {directory} --spec plan.json")
