"""Who told whom what: `.rockets/runs/<run-id>/messages.jsonl`, and what a role has yet to read."""

import json
import threading
from typing import Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, ValidationError

from rockets_agents.findings import Note
from rockets_agents.model import RoleName
from rockets_graph.events import MessageSent, Reporter
from rockets_graph.ledger import now
from rockets_tools.files import ProjectFiles

About: TypeAlias = Literal[
    "note", "finding", "answer", "failure", "fix-request", "escalation", "module"
]
MOST_UNREAD = 20
"""Notes that a role is given at once: the newest."""
MOST_TEXT = 4_000
"""Characters of one; `send_message` takes no more, a log from elsewhere may have more."""


class Entry(BaseModel):
    """One line of the log."""

    model_config = ConfigDict(strict=True, frozen=True)

    at: str
    sender: str
    receiver: str
    about: About
    task: str
    text: str
    read: bool = False
    """Marks everything for `receiver` before it as read; has no text."""


class Mailbox:
    """Append-only on disk, so that a resumed run knows what was said and not yet read.

    Only notes are delivered; what a node hands over goes with the job's own brief.
    """

    def __init__(self, files: ProjectFiles, run_id: str, emit: Reporter) -> None:
        self._files = files
        self._path = f".rockets/runs/{run_id}/messages.jsonl"
        self._emit = emit
        self._guard = threading.Lock()
        self._unread: dict[str, list[Note]] = {}
        for entry in self._earlier():
            self._keep(entry)

    def tell(self, sender: str, receiver: str, about: About, *, task: str, text: str) -> None:
        """Log it and show it."""
        entry = Entry(at=now(), sender=sender, receiver=receiver, about=about, task=task, text=text)
        with self._guard:
            self._append(entry)
            self._keep(entry)
        self._emit(MessageSent(sender=sender, receiver=receiver, about=about, task=task, text=text))

    def take(self, role: RoleName) -> tuple[Note, ...]:
        """The notes for `role` since it was last asked."""
        with self._guard:
            notes = self._unread.pop(role, [])
            if notes:
                self._append(
                    Entry(
                        at=now(),
                        sender=role,
                        receiver=role,
                        about="note",
                        task="",
                        text="",
                        read=True,
                    )
                )
        return tuple(notes[-MOST_UNREAD:])

    def _keep(self, entry: Entry) -> None:
        if entry.read:
            self._unread.pop(entry.receiver, None)
        elif entry.about == "note":
            try:
                note = Note.model_validate(
                    {
                        "sender": entry.sender,
                        "receiver": entry.receiver,
                        "text": entry.text[:MOST_TEXT],
                    }
                )
            except ValidationError:
                return  # a log from elsewhere names a role that there is not
            self._unread.setdefault(entry.receiver, []).append(note)

    def _append(self, entry: Entry) -> None:
        self._files.append(self._path, entry.model_dump_json() + "\n")

    def _earlier(self) -> list[Entry]:
        """The log of an interrupted run, as far as it is one of ours."""
        entries: list[Entry] = []
        text = (self._files.read_bytes(self._path) or b"").decode(errors="replace")
        if text and not text.endswith("\n"):
            self._files.append(self._path, "\n")  # so that what comes next is a line of its own
        for line in text.split("\n"):
            try:
                entries.append(Entry.model_validate(json.loads(line)))
            except ValueError:  # torn by a kill, or not ours
                continue
        return entries
