"""What a tool answers: one JSON document, whatever the outcome."""

import functools
import json
from collections.abc import Callable, Mapping
from typing import ParamSpec

from mcp_types import CallToolResult, TextContent
from pydantic import JsonValue

from rockets_tools.errors import RocketsError

Params = ParamSpec("Params")


def answer(document: Mapping[str, JsonValue], *, failed: bool = False) -> CallToolResult:
    """The document as text; `failed` tells the client that the call did not do its work."""
    return CallToolResult(
        content=[TextContent(type="text", text=json_text(document))], is_error=failed
    )


def json_text(document: Mapping[str, JsonValue]) -> str:
    """JSON in which what cannot be seen is escaped.

    Documents and project files are foreign: control, bidi and zero-width characters in them must
    not hide text from the person who reads over the assistant's shoulder.
    """
    text = json.dumps(document, ensure_ascii=False, indent=1)
    return "".join(
        character if character.isprintable() or character == "\n" else json.dumps(character)[1:-1]
        for character in text
    )


def refused(error: RocketsError) -> CallToolResult:
    """An error that somebody can act on, in the form of the command line."""
    errors: list[JsonValue] = [{**problem.as_json()} for problem in error.problems]
    return answer({"success": False, "exitStatus": error.exit_code, "errors": errors}, failed=True)


def answered(
    tool: Callable[Params, Mapping[str, JsonValue]],
) -> Callable[Params, CallToolResult]:
    """A tool that looks at things, as the server wants it."""

    @functools.wraps(tool)
    def call(*args: Params.args, **kwargs: Params.kwargs) -> CallToolResult:
        try:
            return answer(tool(*args, **kwargs))
        except RocketsError as error:
            return refused(error)

    return call
