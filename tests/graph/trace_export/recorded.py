"""Traces on disk as a run leaves them, made without running one."""

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from tests.graph.trace_export.team_run import Script, inline, team_run

from rockets_graph.trace.blobs import BlobWriter
from rockets_graph.trace.events import AnyEvent, FileChange

BEFORE = "export class Query {\n  can(): boolean {\n    return true;\n  }\n}\n"
AFTER = BEFORE.replace("true", "false")

Keep = Callable[[str], str]


def record(folder: Path, make: Callable[[Keep], Iterable[AnyEvent]]) -> Path:
    """A run's folder with these events; `make` gets what stores a text and gives its hash."""
    (folder / "blobs").mkdir(parents=True)
    blobs = BlobWriter(folder / "blobs", 1)
    with (folder / "trace.jsonl").open("w", encoding="utf-8") as stream:
        for event in make(lambda text: blobs.put(text.encode())):
            stream.write(event.model_dump_json(exclude_none=True) + "\n")
    blobs.flush()
    blobs.close()
    return folder


def team_trace(folder: Path) -> Path:
    """The small team run; its Generator changed one file and made another."""

    def make(keep: Keep) -> Sequence[AnyEvent]:
        return team_run(
            changes=(
                FileChange(path="src/query.ts", before=keep(BEFORE), after=keep(AFTER)),
                FileChange(path="src/new.ts", after=keep("export const made = 1;\n")),
                FileChange(path="src/read.ts", before=keep("same"), after=keep("same")),
            )
        )

    return record(folder, make)


def large_trace(folder: Path, entities: int = 100) -> Path:
    """A team run with so many entities: thousands of calls, a file's difference for most."""
    names = [f"Entity{number:03}" for number in range(entities)]
    waves = [names[at : at + 10] for at in range(0, entities, 10)]

    def make(keep: Keep) -> Sequence[AnyEvent]:
        run = Script()
        run.header(waves=waves, todo=waves)
        for wave, members in enumerate(waves):
            node = run.node("generator", wave)
            for name in members:
                for part in range(30):
                    path = f"src/modules/{name.lower()}/part-{part}.ts"
                    text = f"// {path}\n" + f"export const {name} = {part};\n" * 40
                    run.tool(
                        node,
                        "write",
                        took=0.01,
                        result=inline({"passed": True}),
                        files=(FileChange(path=path, after=keep(text)),),
                    )
            for _ in range(20):
                run.chat(node, "reviewer", [{"type": "text", "text": f"Wave {wave} is fine."}])
            run.leave(node, "lead_dispatch")
        return run.events

    return record(folder, make)
