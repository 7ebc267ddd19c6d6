"""A real MCP client that starts `rockets mcp` and speaks with it over stdio."""

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import anyio
from mcp import Client, StdioServerParameters, stdio_client
from mcp_types import TextContent
from tests.command import ROCKETS, environment


@dataclass
class Session:
    """One client, connected."""

    client: Client
    progress: list[str] = field(default_factory=list[str])

    async def call(self, tool: str, **arguments: Any) -> Any:
        """The JSON a tool answers; a call that failed fails the test."""
        failed, document = await self.outcome(tool, **arguments)
        assert not failed, document
        return document

    async def refused(self, tool: str, **arguments: Any) -> Any:
        """The first error of a call that is refused."""
        failed, document = await self.outcome(tool, **arguments)
        assert failed, document
        assert document["success"] is False
        return document["errors"][0]

    async def text(self, tool: str, **arguments: Any) -> tuple[bool, str]:
        async def heard(_number: float, _total: float | None, message: str | None) -> None:
            self.progress.append(message or "")

        result = await self.client.call_tool(tool, arguments, progress_callback=heard)
        (content,) = result.content
        assert isinstance(content, TextContent)
        return bool(result.is_error), content.text

    async def outcome(self, tool: str, **arguments: Any) -> tuple[bool, Any]:
        failed, text = await self.text(tool, **arguments)
        return failed, json.loads(text)


@asynccontextmanager
async def session(root: Path, **env: str) -> AsyncIterator[Session]:
    """A client of a server of its own, which is gone afterwards."""
    server = StdioServerParameters(
        command=ROCKETS, args=["mcp", "--root", str(root)], env=environment(**env)
    )
    with open(root.parent / "server.log", "a", encoding="utf-8") as log:
        async with Client(stdio_client(server, errlog=log)) as client:
            yield Session(client)


def talk(root: Path, work: Callable[[Session], Awaitable[None]], **env: str) -> None:
    """Do something with a session, from a test that is not asynchronous."""

    async def main() -> None:
        with anyio.fail_after(120):
            async with session(root, **env) as client:
                await work(client)

    anyio.run(main)
