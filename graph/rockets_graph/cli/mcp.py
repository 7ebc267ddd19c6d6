"""`rockets mcp`: the commands as tools of an MCP server."""

from pathlib import Path

import click


@click.command(
    short_help="The commands as tools for assistants, over MCP.",
    epilog="""\b
Examples:
  rockets mcp
  rockets mcp --root projects""",
)
@click.option(
    "--root",
    type=click.Path(path_type=Path, file_okay=False),
    default=".",
    show_default=True,
    help="The only folder in which clients may read and write.",
)
def mcp(root: Path) -> None:
    """Serve plan, check, show, new, orchestrate, validate and trace over MCP on stdio.

    For Cursor, Codex and other assistants that speak the Model Context Protocol; they start it
    themselves. stdout carries nothing but the protocol.
    """
    from rockets_graph.mcp.server import build_server

    build_server(root).run("stdio")
