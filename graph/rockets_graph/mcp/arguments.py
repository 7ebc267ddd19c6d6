"""Wrong arguments are refused in the form of every other refusal."""

from mcp.server.context import LifespanContextT, RequestT
from mcp.server.mcpserver import Context
from mcp.server.mcpserver.tools import Tool
from mcp_types import CallToolResult
from pydantic import JsonValue, ValidationError
from typing_extensions import override

from rockets_graph.mcp.answers import refused
from rockets_tools.errors import InputError, Problem
from rockets_tools.plan.problems import quoted


class StrictTool(Tool):
    """A tool that answers a wrong argument with the errors document."""

    @override
    async def run(
        self,
        arguments: dict[str, JsonValue],
        context: Context[LifespanContextT, RequestT],
        convert_result: bool = False,
    ) -> CallToolResult:
        try:
            self.fn_metadata.validate_arguments(arguments)
        except ValidationError as error:
            return refused(InputError(self._problems(error)))
        answer: CallToolResult = await super().run(arguments, context, convert_result)
        return answer

    def _problems(self, error: ValidationError) -> list[Problem]:
        """One for each argument; the library's own links and repeated input are left out."""
        known = ", ".join(self.fn_metadata.arg_model.model_fields)
        problems: list[Problem] = []
        for found in error.errors(include_url=False, include_input=False, include_context=False):
            name = quoted(".".join(map(str, found["loc"])))
            message, fix = {
                "missing": (f"{self.name} needs the argument {name}.", "Give it."),
                "extra_forbidden": (
                    f"{self.name} has no argument {name}.",
                    f"It has {known}.",
                ),
            }.get(
                found["type"],
                (
                    f"The argument {name} of {self.name} is wrong: {found['msg']}.",
                    "Give what the tool's schema describes.",
                ),
            )
            problems.append(Problem(code="argument", message=message, fix=fix))
        return problems
