"""Entities become files, in memory."""

from typing import Literal

from langgraph.runtime import Runtime
from langgraph.types import Command

from rockets_graph.artefacts import digest
from rockets_graph.context import Context
from rockets_graph.gates import from_problems
from rockets_graph.state import Batch, BatchResult
from rockets_tools.errors import GateError, InputError


def generate(batch: Batch, runtime: Runtime[Context]) -> Command[Literal["integrate"]]:
    """Render one batch into the artefact store; runs beside the other batches of its wave."""
    context = runtime.context
    names = batch["entities"]
    try:
        rendered = context.tools.render(context.plan, names)
    except (GateError, InputError) as error:
        result = BatchResult(digest="", findings=from_problems(error))
    else:
        context.artefacts.put(names, rendered)
        result = BatchResult(digest=digest(rendered), findings=[])
    return Command(update={"batches": {str(batch["number"]): result}}, goto="integrate")
