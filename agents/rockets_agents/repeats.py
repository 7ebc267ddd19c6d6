"""Notices an agent that goes in circles."""

import json
from collections import Counter

from rockets_agents.toolset.toolset import ToolRecord

MOST_REPEATS = 3
"""The same call with the same answer this often ends the job."""


class Repeats:
    """Counts calls that brought nothing new.

    Looking again after a file changed is no repetition, so a change forgets what was looked at.
    The same edit, message or update is one at any time: an agent that writes A, B, A, B goes in
    circles although the files change.
    """

    def __init__(self) -> None:
        self._looks: Counter[str] = Counter()
        self._acts: Counter[str] = Counter()

    def count(self, record: ToolRecord, *, edits: bool) -> int:
        """How often this call was made and answered just so, this time included."""
        if record.changed:
            self._looks.clear()
        counter = self._acts if edits else self._looks
        key = json.dumps([record.name, record.arguments, record.text], sort_keys=True)
        counter[key] += 1
        return counter[key]
