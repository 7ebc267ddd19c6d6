"""Code that was there before the project was taken over is not held against whoever works on it.

`.rockets/adopted.json` names such files with the sha256 of their text. As long as one is as it was,
what is found in it is a warning; whoever edits it takes it over, findings included.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import replace

from pydantic import JsonValue

from rockets_tools.files import STATE_FOLDER, ProjectFiles
from rockets_tools.validate.result import Issue, Severity

RECORD = f"{STATE_FOLDER}/adopted.json"


def record(texts: Mapping[str, str]) -> str:
    """What the file says for these texts by path."""
    hashes = {path: _hash(texts[path].encode()) for path in sorted(texts)}
    return json.dumps({"files": hashes}, indent=1) + "\n"


def judged(files: ProjectFiles, issues: Iterable[Issue]) -> list[Issue]:
    """The issues, those in untouched files of before as warnings."""
    known = _known(files)
    if not known:
        return list(issues)
    untouched: dict[str, bool] = {}

    def is_untouched(path: str) -> bool:
        if path not in untouched:
            data = files.read_bytes(path) if path in known else None
            untouched[path] = data is not None and _hash(data) == known[path]
        return untouched[path]

    return [
        replace(issue, severity=Severity.WARNING) if is_untouched(issue.file) else issue
        for issue in issues
    ]


def _known(files: ProjectFiles) -> dict[str, str]:
    """A record that is not one says nothing: then everything is judged."""
    data = files.read_bytes(RECORD)
    try:
        value: JsonValue = None if data is None else json.loads(data)
    except (ValueError, RecursionError):
        return {}
    held = value.get("files") if isinstance(value, dict) else None
    if not isinstance(held, dict):
        return {}
    return {path: known for path, known in held.items() if isinstance(known, str)}


def _hash(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
