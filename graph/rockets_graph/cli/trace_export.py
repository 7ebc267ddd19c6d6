"""`rockets trace export`."""

import re
from pathlib import Path
from typing import TYPE_CHECKING

import click

from rockets_graph.cli.output import print_json, printable, wants_json

if TYPE_CHECKING:
    from pydantic import JsonValue

    from rockets_graph.trace.reader import TraceFile

PROJECT = click.option(
    "--project",
    default=Path(),
    show_default=True,
    type=click.Path(path_type=Path, file_okay=False),
    help="Root of the project whose runs are meant.",
)
TARGET = click.Path(path_type=Path, dir_okay=False)
HOST_AND_PORT = re.compile(r"[\w.-]+:\d{1,5}(/.*)?")


@click.command(
    short_help="A run as a page, a zip or OpenTelemetry spans.",
    epilog="""\b
Examples:
  rockets trace export last --project shop-api --html run.html
  rockets trace export last --project shop-api --zip run.zip
  rockets trace export run.zip --otlp http://127.0.0.1:4318
  rockets trace export run.zip --otlp spans.jsonl --content""",
)
@click.argument("trace_name", metavar="TRACE")
@PROJECT
@click.option("--html", "page", type=TARGET, help="One page that opens from disk, without network.")
@click.option(
    "--zip", "bundle", type=TARGET, help="Trace, blobs and versions, to attach to a bug report."
)
@click.option(
    "--otlp",
    "spans",
    metavar="URL|FILE",
    help="OpenTelemetry spans: to an OTLP/HTTP receiver, or into an OTLP/JSON file.",
)
@click.option("--content", is_flag=True, help="In spans also what was said: prompts and answers.")
@click.option("--json", "as_json", is_flag=True, help="JSON on stdout also on a terminal.")
def export(
    *,
    trace_name: str,
    project: Path,
    page: Path | None,
    bundle: Path | None,
    spans: str | None,
    content: bool,
    as_json: bool,
) -> None:
    """Turn a recorded run into something other people and programs can look at.

    TRACE is a run id (or its beginning or end), `last`, a run's folder, a trace.jsonl or a zip
    that was exported. A page and a zip hold what was said to the models and by them, secrets
    covered; spans hold it only with --content.
    """
    if page is None and bundle is None and spans is None:
        raise click.UsageError("Say what to make: --html, --zip or --otlp.")
    from rockets_graph.trace.reader import open_trace
    from rockets_graph.trace.runs import find_trace

    made: dict[str, JsonValue] = {"success": True}
    with open_trace(find_trace(trace_name, project)) as recorded:
        if page is not None:
            made["html"] = _page(recorded, page)
        if bundle is not None:
            made["zip"] = _bundle(recorded, bundle)
        if spans is not None:
            made["otlp"] = _spans(recorded, spans, content=content)
        made["problem"] = recorded.problem
    if recorded.problem is not None:
        click.echo(f"note: {printable(recorded.problem)}", err=True)
    if wants_json(forced=as_json):
        print_json(made)


def _page(trace: "TraceFile", path: Path) -> "JsonValue":
    from rockets_graph.trace_export.html import write_html

    events = write_html(trace, path)
    click.echo(f"wrote {path}: {events} events, opens in a browser", err=True)
    return {"file": str(path), "events": events}


def _bundle(trace: "TraceFile", path: Path) -> "JsonValue":
    from rockets_graph.trace_export.bundle import write_bundle

    made = write_bundle(trace, path)
    click.echo(f"wrote {path}: {made.events} events, {made.blobs} blobs", err=True)
    if made.covered or made.left_out:
        click.echo(
            f"note: {made.covered} events had secrets, now covered; {made.left_out} blobs with"
            " secrets or damage were left out, so this zip may not replay.",
            err=True,
        )
    return {
        "file": str(path),
        "events": made.events,
        "blobs": made.blobs,
        "covered": made.covered,
        "leftOut": made.left_out,
    }


def _spans(trace: "TraceFile", target: str, *, content: bool) -> "JsonValue":
    from rockets_graph.trace_export.otlp import send_spans, write_spans

    if HOST_AND_PORT.fullmatch(target):
        raise click.BadParameter(
            f"{target!r} is no URL; a receiver is named as http://{target}.", param_hint="--otlp"
        )
    if "://" in target:
        from rockets_graph.otel.endpoint import shown

        count = send_spans(trace, target, content=content)
        click.echo(f"sent {count} spans to {shown(target)}", err=True)
        return {"endpoint": shown(target), "spans": count}
    count = write_spans(trace, Path(target), content=content)
    click.echo(f"wrote {target}: {count} spans", err=True)
    return {"file": target, "spans": count}
