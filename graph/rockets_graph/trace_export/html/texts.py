"""The texts of the page: each distinct one once, and not more than a browser takes."""

import json

from pydantic import JsonValue

MOST_TEXT = 200_000
"""Characters of one text."""
MOST_TEXTS = 40_000_000
"""Characters of all of them."""
LEFT_OUT = "(Left out here, the page would be too large. It is in the trace.)"


class Texts:
    def __init__(self) -> None:
        self.all: list[str] = []
        self._numbers: dict[str, int] = {}
        self._size = 0

    def add(self, text: str) -> int:
        """Number of the text."""
        if len(text) > MOST_TEXT:
            more = len(text) - MOST_TEXT
            text = f"{text[:MOST_TEXT]}\n({more:,} more characters are in the trace.)"
        if text not in self._numbers and self._size + len(text) > MOST_TEXTS:
            text = LEFT_OUT
        number = self._numbers.setdefault(text, len(self.all))
        if number == len(self.all):
            self.all.append(text)
            self._size += len(text)
        return number


def as_text(value: JsonValue) -> str:
    """A text as it is, anything else as JSON for reading."""
    if isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False, indent=1)


def message_text(message: JsonValue) -> tuple[str, str]:
    """Who speaks, and what; of a message as `rockets_agents.model.messages` has it."""
    if not isinstance(message, dict) or not isinstance(content := message.get("content"), list):
        return "message", as_text(message)
    parts = [part_text(part) for part in content]
    names = [name for name, _ in parts if name not in {"text", "answer"}]
    role = str(message.get("role"))
    heading = f"{role}: {', '.join(names)}" if names else role
    return heading, "\n\n".join(text for _, text in parts)


def part_text(part: JsonValue) -> tuple[str, str]:
    """What kind of part of a message it is, and what it says."""
    match part:
        case {"type": "text", "text": str(text)}:
            return "answer", text
        case {"type": "thinking", "text": str(text)}:
            return "thinking", text
        case {"type": "hidden_thinking"}:
            return "thinking", "(hidden)"
        case {"type": "tool_call", "name": str(name), "arguments": arguments}:
            return f"calls {name}", f"→ {name} {as_text(arguments)}"
        case {"type": "tool_result", "text": str(text)}:
            refused = field(part, "is_error") is True
            return "refusal" if refused else "result", f"← {text}"
        case _:
            return "part", as_text(part)


def field(value: JsonValue, *names: str) -> JsonValue:
    """What is there along a path of keys, else None."""
    for name in names:
        if not isinstance(value, dict):
            return None
        value = value.get(name)
    return value


def items(value: JsonValue) -> list[JsonValue]:
    """Those of a list; none of anything else."""
    return value if isinstance(value, list) else []


def one_line(value: JsonValue, most: int = 160) -> str:
    """The beginning of a text, on one line."""
    text = " ".join(as_text(value)[: 4 * most].split())
    return text if len(text) <= most else f"{text[: most - 1]}…"
