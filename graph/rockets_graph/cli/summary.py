"""The last thing a run says: a table of what happened and the next command."""

import sys
from typing import TYPE_CHECKING

import click

from rockets_graph.cli.output import console, print_problems, printable
from rockets_graph.cli.progress import seconds
from rockets_graph.cli.team_view import spent

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pydantic import JsonValue

    from rockets_graph.options import Options
    from rockets_graph.report import Report


def print_summary(report: "Report", options: "Options") -> None:
    """The report for a person, on stderr."""
    click.echo(f"{options.project}: {report.status}", err=True)
    if sys.stderr.isatty():
        print_waves(report)
    for line in gates(report):
        click.echo(printable(line), err=True)
    for finding in report.issues:
        line = f":{finding['line']}" if finding["line"] else ""
        place = f"{finding['file']}{line}: " if finding["file"] else ""
        click.echo(printable(f"  {place}{finding['message']} [{finding['rule']}]"), err=True)
    for label, lines in (
        ("warning", report.warnings),
        ("conflict, your version stays", report.conflicts),
        ("left the plan", report.orphans),
        ("changed by agents", report.edited),
        ("left open", report.open_tasks),
        ("follow-up", report.follow_ups),
    ):
        for text in lines:
            click.echo(printable(f"{label}: {text}"), err=True)
    if report.verdict is not None:
        print_verdict(report.verdict)
    print_problems(report.errors)
    if report.next_command:
        click.echo(f"next: {report.next_command}", err=True)


def print_verdict(verdict: "Mapping[str, JsonValue]") -> None:
    """What the Lead makes of a run that failed; a model's words, so escaped like a document's."""
    click.echo(printable(f"the Lead says: {verdict.get('cause')}"), err=True)
    steps = verdict.get("steps")
    for number, step in enumerate(steps if isinstance(steps, list) else [], start=1):
        click.echo(printable(f"  {number}. {step}"), err=True)


def print_waves(report: "Report") -> None:
    """The waves as a table, for a terminal."""
    from rich.table import Table
    from rich.text import Text

    table = Table("wave", "entities", "status")
    for wave in report.waves:
        names = ", ".join(wave.entities[:8])
        more = f" and {len(wave.entities) - 8} more" if len(wave.entities) > 8 else ""
        table.add_row(str(wave.index + 1), Text(printable(names + more)), wave.status)
    console().print(table)


def gates(report: "Report") -> list[str]:
    """A line per gate that was looked at."""
    lines = [f"entities: {report.completed} of {report.total_entities} completed"]
    if report.migration is not None:
        proven = "proven" if report.migration.get("proven") else "not proven"
        lines.append(f"migration: {report.migration.get('method')}, {proven}")
    if report.build_passed is not None:
        lines.append(f"build: {'passed' if report.build_passed else 'FAILED'}")
    if report.smoke is not None:
        smoke = report.smoke
        lines.append(
            f"smoke: {smoke.get('passed')} checks passed, {smoke.get('failed')} failed"
            f" ({smoke.get('cells')} cells, {smoke.get('attacks')} attacks)"
        )
    if report.estimate is not None:
        lines.append(expected(report.estimate))
    for role, one in report.usage.items():
        tokens, cost = one["tokens"], one["cost"]
        if isinstance(tokens, int):
            money = spent(tokens, cost if isinstance(cost, float) else None)
            lines.append(f"{role}: {one['calls']} calls, {money}")
    total = report.timings.get("total")
    if total is not None:
        lines.append(f"time: {seconds(total)}")
    return lines


def expected(estimate: "Mapping[str, JsonValue]") -> str:
    """What a team would spend, in one line."""
    tokens, cost = estimate["tokens"], estimate["cost"]
    line = f"estimate: {estimate['jobs']} jobs"
    if isinstance(tokens, dict):
        line += f", {tokens['low']:,} to {tokens['high']:,} tokens"
    if isinstance(cost, dict):
        line += f", ${cost['low']:.2f} to ${cost['high']:.2f}"
    return f"{line}; fixes come on top (prices of {estimate['pricesAsOf']})"
