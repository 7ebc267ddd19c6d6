"""The Lead opens waves, and after the last one the final gates."""

from typing import Literal

from langgraph.runtime import Runtime
from langgraph.types import Command, Overwrite, Send

from rockets_graph import routes
from rockets_graph.context import Context
from rockets_graph.crew.tasks import mark
from rockets_graph.events import StepStarted
from rockets_graph.state import RunState


def lead_dispatch(
    state: RunState, runtime: Runtime[Context]
) -> Command[Literal["generate", "noncrud", "migrate"]]:
    """Send the next wave that has something to do to `generate`, in batches.

    The state file is written here once per wave: the last one closed, the next one open.
    """
    context = runtime.context
    wave = state.wave + 1
    while wave < len(context.todo) and not context.todo[wave]:
        wave += 1
    if wave >= len(context.todo):
        context.ledger.save()
        return Command(
            update={"wave": len(context.todo)},
            goto=routes.after_waves(noncrud_done=state.noncrud_done),
        )
    context.open_wave(wave)
    mark(context.ledger.state, map(context.kebab, context.todo[wave]), "in_progress")
    context.ledger.save()
    context.emit(StepStarted(step="generate", wave=wave))
    workers = context.options.workers or context.tools.workers
    return Command(
        update={
            "wave": wave,
            "batches": Overwrite({}),
            "findings": [],
            # A resumed wave has used up what the checkpoint says.
            "settled": state.settled if wave == state.resumed_wave else [],
            "fix_rounds": state.fix_rounds if wave == state.resumed_wave else 0,
        },
        goto=[
            Send("generate", batch) for batch in routes.batches(wave, context.todo[wave], workers)
        ],
    )
