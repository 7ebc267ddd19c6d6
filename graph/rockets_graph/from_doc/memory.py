"""What the Lead has said before: the same question, asked again, costs nothing.

So what he spent is not lost on a plan that was not approved, a dry run or a run that broke off, and
the plan that follows a dry run is the one that was shown. Answers are kept for each user, outside
every project, and are taken for no more than what a model says: they are checked as it is.
"""

import contextlib
import os
import stat
import time
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path

from pydantic import ValidationError

from rockets_agents.model import Model, ModelRequest, ModelResponse, OnDelta, Usage
from rockets_graph.trace.writer import as_json
from rockets_tools.errors import RocketsError
from rockets_tools.files import ProjectFiles

DAYS = 30
"""Answers that are older are deleted."""


class Memory:
    """Answers in files that only their user can read; trouble with them costs no more than them."""

    def __init__(self, folder: Path | None) -> None:
        """`folder` is made when there is something to keep; None keeps nothing."""
        self._folder = folder

    def recall(self, key: str) -> ModelResponse | None:
        files = self._files()
        if files is None:
            return None
        try:
            text = files.read(f"{key}.json")
            return None if text is None else ModelResponse.model_validate_json(text)
        except (RocketsError, ValidationError):
            return None

    def keep(self, key: str, response: ModelResponse) -> None:
        if self._folder is None:
            return
        with contextlib.suppress(OSError):  # it is seen when the files are asked for
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        files = self._files()
        if files is None:
            return
        with contextlib.suppress(RocketsError):
            files.write(f"{key}.json", as_json(response).decode())
            self._delete_old(self._folder)

    def forget(self, key: str) -> None:
        files = self._files()
        if files is not None:
            with contextlib.suppress(RocketsError):
                files.delete(f"{key}.json")

    def _files(self) -> ProjectFiles | None:
        """None where the folder is not there, or somebody else can read or change what is in it."""
        if self._folder is None:
            return None
        try:
            found = self._folder.lstat()
        except OSError:
            return None
        ours = found.st_uid == os.getuid() and not found.st_mode & 0o077
        return ProjectFiles(self._folder) if stat.S_ISDIR(found.st_mode) and ours else None

    def _delete_old(self, folder: Path) -> None:
        for path in folder.glob("*.json"):
            with contextlib.suppress(OSError):  # another run of its user was faster
                if time.time() - path.stat().st_mtime > DAYS * 86_400:
                    path.unlink()


def memory_of_user(environment: Mapping[str, str]) -> Memory:
    """In the user's cache folder; a user without a home has no memory."""
    named = Path(environment.get("XDG_CACHE_HOME", ""))
    home = Path(environment.get("HOME", ""))
    caches = named if named.is_absolute() else home / ".cache"
    return Memory(caches / "rockets" / "lead" if caches.is_absolute() else None)


class RememberingModel:
    """Wraps any `Model`: a request whose answer is remembered is not sent, and costs nothing."""

    def __init__(self, model: Model, memory: Memory, *, provider: str, fresh: bool) -> None:
        """`provider` is who answers; `fresh` asks for every answer anew."""
        self._model, self._memory = model, memory
        self._provider, self._fresh = provider, fresh
        self.asked = self.remembered = 0
        self._talk: list[str] = []

    async def complete(
        self, request: ModelRequest, *, on_delta: OnDelta | None = None
    ) -> ModelResponse:
        key = self._key(request)
        begins = len(request.messages) == 1
        self._talk = [key] if begins else [*self._talk, key]
        self.asked += 1
        known = None if self._fresh else self._memory.recall(key)
        if known is not None:
            self.remembered += 1
            return known.model_copy(update={"usage": Usage(), "lost": Usage()})
        response = await self._model.complete(request, on_delta=on_delta)
        self._memory.keep(key, response)
        return response

    def forget_talk(self) -> None:
        """The conversation under way came to nothing: the next one shall not begin with it."""
        for key in self._talk:
            self._memory.forget(key)

    def _key(self, request: ModelRequest) -> str:
        """Document, prompt, schema, plan in force, model: all that decides the answer is in it."""
        said = request.model_dump(mode="json", exclude={"task", "node"})
        return sha256(as_json([self._provider, said])).hexdigest()
