"""`rockets install-command`: `/rockets-from-doc` for Claude Code without the plugin."""

import os
from pathlib import Path

import click

from rockets_graph.cli.output import print_json, printable, wants_json


@click.command(
    name="install-command",
    short_help="Give Claude Code the command /rockets-from-doc.",
    epilog="""\b
Examples:
  rockets install-command
  rockets install-command --project shop-api --hooks --agents
  rockets install-command --user --hooks --dry-run""",
)
@click.option(
    "--project",
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder the assistant works in; by default the current one.",
)
@click.option(
    "--user",
    is_flag=True,
    help="For all your projects: Claude Code's own folder (CLAUDE_CONFIG_DIR, else ~/.claude).",
)
@click.option(
    "--hooks",
    is_flag=True,
    help="Also hold each edited file against the nine rules; added to the settings.",
)
@click.option("--agents", is_flag=True, help="Also write a section of AGENTS.md (Cursor, Codex).")
@click.option("--force", is_flag=True, help="Replace files of ours that were edited.")
@click.option("--dry-run", is_flag=True, help="Say what would be written; write nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON even on a terminal.")
def install_command(
    *,
    project: Path | None,
    user: bool,
    hooks: bool,
    agents: bool,
    force: bool,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Give Claude Code the command /rockets-from-doc.

    Writes .claude/skills/rockets-from-doc/SKILL.md into the folder; nothing outside of it. What
    is in the settings and in AGENTS.md already stays. Twice is once.
    """
    if user and (project is not None or agents):
        other = "--agents" if project is None else "--project"
        raise click.UsageError(f"--user and {other} exclude each other.")
    from rockets_graph.assistant.install import plan_installation

    folder = claude_folder() if user else existing(project or Path())
    found = plan_installation(folder, user=user, hooks=hooks, agents=agents, force=force)
    if not dry_run:
        found.write()
    if wants_json(forced=as_json):
        print_json(found.as_json(dry_run=dry_run))
        return
    verb = "would write" if dry_run else "wrote"
    for path in found.changed:
        click.echo(printable(f"{verb} {found.files.root / path}"))
    if not found.changed:
        click.echo("Everything is in place already.")


def claude_folder() -> Path:
    """Where Claude Code keeps what holds for all projects of this user."""
    return Path(os.environ.get("CLAUDE_CONFIG_DIR") or Path.home() / ".claude")


def existing(folder: Path) -> Path:
    """The folder, which must be there: a mistyped name would get a command nobody finds."""
    if not folder.is_dir():
        raise click.UsageError(f"There is no folder {folder}.")
    return folder
