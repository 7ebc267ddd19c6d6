"""What the page says at its top: how the run ended and what it took."""

from collections.abc import Mapping

from pydantic import JsonValue

from rockets_graph.trace.events import Header
from rockets_graph.trace_export.html.money import Accounts, cost_text
from rockets_graph.trace_export.html.texts import as_text, field, items

Tile = tuple[str, str, str]
MOST_REPORTED = 20


def statuses(header: Header, report: JsonValue) -> dict[str, str]:
    """By entity, how its wave ended; the report has the waves in the same order."""
    found: dict[str, str] = {}
    waves = items(field(report, "waves"))
    for wave, told in zip(header.waves, waves, strict=False):
        found |= dict.fromkeys(wave, str(field(told, "status")))
    return found


def tiles(
    *,
    seconds: float,
    header: Header,
    status: Mapping[str, str],
    accounts: Accounts,
    tools: int,
    written: int | None,
    edited: int,
) -> list[Tile]:
    """Label, value, remark."""
    total = sum(len(wave) for wave in header.waves)
    done = sum(how == "completed" for how in status.values())
    waves = f"in {len(header.waves)} waves"
    found: list[Tile] = [
        ("Duration", duration(seconds), ""),
        ("Entities", f"{done} of {total}" if status else str(total), waves),
        ("Tool calls", f"{tools:,}", ""),
    ]
    usage = accounts.total.usage
    if accounts.roles:
        cached = usage.cache_read_tokens / max(1, usage.prompt_tokens)
        failed = accounts.total.failed
        found += [
            ("Model calls", f"{accounts.total.calls:,}", f"{failed} failed" if failed else ""),
            ("Tokens", f"{usage.total:,}", f"{cached:.0%} of the input from the cache"),
            ("Cost", cost_text(accounts.total), ""),
        ]
    if written is not None:
        found.append(
            ("Files written", f"{written:,}", f"{edited} edited by agents" if edited else "")
        )
    return found


def reported(report: JsonValue) -> list[str]:
    """What the report says went wrong."""
    lines: list[str] = []
    gate = field(report, "failedGate")
    for issue in (*items(field(report, "errors")), *items(field(report, "issues"))):
        place = as_text(field(issue, "file") or "")
        where = f" ({place})" if place else ""
        prefix = f"{gate}: " if isinstance(gate, str) else ""
        lines.append(f"{prefix}{as_text(field(issue, 'message'))}{where}")
    if not lines and isinstance(gate, str):
        lines.append(f"The gate {gate} is red.")
    if len(lines) > MOST_REPORTED:
        lines[MOST_REPORTED:] = [f"and {len(lines) - MOST_REPORTED} more, see the report"]
    return lines


def duration(seconds: float) -> str:
    """For people: `0.4 s`, `12 s`, `3 min 5 s`, `1 h 2 min`."""
    if seconds < 10:
        return f"{seconds:.1f} s"
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    return f"{whole // 3600} h {whole % 3600 // 60} min"
