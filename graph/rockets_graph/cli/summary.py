"""The last thing a run says: a table of what happened and the next command."""

import sys
from dataclasses import replace
from typing import TYPE_CHECKING

import click

from rockets_graph.approval.words import counted
from rockets_graph.cli.output import console, print_problems, printable, shown
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
        click.echo(shown(line), err=True)
    for finding in report.issues:
        line = f":{finding['line']}" if finding["line"] else ""
        place = f"{finding['file']}{line}: " if finding["file"] else ""
        click.echo(shown(f"  {place}{finding['message']} [{finding['rule']}]"), err=True)
    for label, lines in (
        ("module written", [str(one["name"]) for one in report.modules]),
        ("warning", report.warnings),
        ("conflict, your version stays", report.conflicts),
        ("left the plan", report.orphans),
        ("changed by agents", report.edited),
        ("left open", report.open_tasks),
        ("follow-up", report.follow_ups),
    ):
        for text in lines:
            click.echo(shown(f"{label}: {text}"), err=True)
    if report.verdict is not None:
        print_verdict(report.verdict)
    print_problems(report.errors)
    if report.next_command:
        click.echo(f"next: {report.next_command}", err=True)
    elif report.status == "completed":
        click.echo(afterwards(report, options), err=True)


def afterwards(report: "Report", options: "Options") -> str:
    """What a person may do after a green run: prove what was skipped, or start it."""
    skipped = [
        name
        for name, wanted, result in (
            ("migration", options.migrates, report.migration),
            ("build", options.needs_node, report.build_passed),
            ("smoke test", options.smokes, report.smoke),
        )
        if not wanted and result is None
    ]
    if skipped:
        everything = replace(options, skip_build=False, skip_migration=False, skip_smoke=False)
        return f"skipped: {', '.join(skipped)}; to do it: {everything.resume_command()}"
    return f"how to start it: {options.project / 'README.md'}"


def print_verdict(verdict: "Mapping[str, JsonValue]") -> None:
    """What the Lead makes of a run that failed; a model's words, so escaped like a document's."""
    click.echo(shown(f"the Lead says: {verdict.get('cause')}"), err=True)
    steps = verdict.get("steps")
    for number, step in enumerate(steps if isinstance(steps, list) else [], start=1):
        click.echo(shown(f"  {number}. {step}"), err=True)


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
    lines = [
        planned(report)
        if report.status == "planned"
        else f"entities: {report.completed} of {report.total_entities} completed"
    ]
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
            calls = one["calls"]
            many = counted(calls, "call") if isinstance(calls, int) else "calls"
            lines.append(f"{role}: {many}, {money}")
    if len(report.usage) > 1:
        tokens, cost = report.spent()
        lines.append(f"team: {spent(tokens, cost)}")
    total = report.timings.get("total")
    if total is not None:
        lines.append(f"time: {seconds(total)}")
    return lines


def planned(report: "Report") -> str:
    """What a dry run found that a run would do."""
    left = sum(len(wave.entities) - wave.generated for wave in report.waves)
    waves = sum(wave.generated < len(wave.entities) for wave in report.waves)
    what = f"{left} of {counted(report.total_entities, 'entity', 'entities')}"
    return f"would generate {what} in {counted(waves, 'wave')}; nothing was written"


def expected(estimate: "Mapping[str, JsonValue]") -> str:
    """What a team would spend, in one line."""
    tokens, cost = estimate["tokens"], estimate["cost"]
    jobs = estimate["jobs"]
    line = f"estimate: {counted(jobs if isinstance(jobs, int) else 0, 'job')}"
    if isinstance(tokens, dict):
        line += f", {tokens['low']:,} to {tokens['high']:,} tokens"
    if isinstance(cost, dict):
        line += f", {dollars(cost['low'])} to {dollars(cost['high'])}"
    return f"{line}; fixes come on top (prices of {estimate['pricesAsOf']})"


def dollars(amount: "JsonValue") -> str:
    """`$1.25`; what is less than ten cents with a digit more, so that it is never `$0.00`."""
    value = amount if isinstance(amount, float | int) else 0.0
    return f"${value:.2f}" if value >= 0.1 else f"${value:.3f}"
