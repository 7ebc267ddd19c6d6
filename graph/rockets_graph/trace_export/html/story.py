"""What the page tells: plain data, made from a trace by `tell`, printed by `page`."""

from dataclasses import dataclass, field
from typing import Literal

from pydantic import JsonValue

LANES = ("script", "lead", "generator", "reviewer", "tester", "builder")
"""Who acts: the scripts, which call no model, and the five roles."""

EventKind = Literal[
    "run", "node", "agent", "model", "tool", "message", "note", "interrupt", "error"
]


@dataclass(kw_only=True)
class Block:
    """A part of an event's details: facts, or a text that is folded until somebody opens it."""

    heading: str
    facts: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])
    text: int | None = None
    """Number of a text of the story."""
    diff: bool = False
    open: bool = False


@dataclass(kw_only=True)
class Happening:
    """One row of the event list."""

    seq: int
    kind: EventKind
    lane: str
    title: str
    at: float
    """Milliseconds since the run began."""
    took: float | None = None
    """Milliseconds."""
    ended: int | None = None
    """The event that ended it."""
    node: str = ""
    task: str = ""
    wave: int | None = None
    """0-based."""
    parent: int | None = None
    bad: bool = False
    tokens: int = 0
    cost: str = ""
    blocks: list[Block] = field(default_factory=list[Block])


@dataclass(frozen=True, kw_only=True)
class Message:
    seq: int
    lane: str
    sender: str
    receiver: str
    at: str
    text: str


@dataclass(frozen=True, kw_only=True)
class Failure:
    seq: int
    text: str


@dataclass(frozen=True, kw_only=True)
class Spending:
    """One row of the table of tokens and cost."""

    role: str
    lane: str
    models: str
    numbers: tuple[str, ...]
    """Calls, input, cache read, cache write, output, tokens, cost."""
    share: float = 0.0
    total: bool = False


@dataclass(frozen=True, kw_only=True)
class AccessCell:
    style: str
    text: str


@dataclass(frozen=True, kw_only=True)
class AccessRow:
    entity: str
    role: str
    cells: tuple[AccessCell, ...]


@dataclass(frozen=True, kw_only=True)
class Access:
    summary: str
    operations: tuple[str, ...]
    rows: tuple[AccessRow, ...]


@dataclass(frozen=True, kw_only=True)
class WaveHead:
    number: int
    """1-based."""
    x: int
    status: str


@dataclass(frozen=True, kw_only=True)
class Box:
    number: int
    name: str
    label: str
    status: str
    x: int
    y: int


@dataclass(frozen=True, kw_only=True)
class Edge:
    source: int
    target: int
    path: str


@dataclass(frozen=True, kw_only=True)
class WaveGraph:
    """The entities by wave, laid out."""

    width: int
    height: int
    box_width: int
    box_height: int
    waves: tuple[WaveHead, ...]
    boxes: tuple[Box, ...]
    edges: tuple[Edge, ...]


@dataclass(kw_only=True)
class Story:
    title: str
    run_id: str
    outcome: str
    """`completed`, `failed`, `interrupted`, `unfinished`."""
    facts: list[str] = field(default_factory=list[str])
    tiles: list[tuple[str, str, str]] = field(default_factory=list[tuple[str, str, str]])
    """Label, value, remark."""
    failures: list[Failure] = field(default_factory=list[Failure])
    happenings: list[Happening] = field(default_factory=list[Happening])
    texts: list[str] = field(default_factory=list[str])
    """Each distinct text once."""
    wave_starts: list[float] = field(default_factory=list[float])
    """Milliseconds since the run began."""
    messages: list[Message] = field(default_factory=list[Message])
    spending: list[Spending] = field(default_factory=list[Spending])
    graph: WaveGraph | None = None
    access: Access | None = None
    versions: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])

    def data(self) -> dict[str, JsonValue]:
        """What the page's script works with; keys are short because there are thousands."""
        return {
            "lanes": list(LANES),
            "waves": list[JsonValue](self.wave_starts),
            "texts": list[JsonValue](self.texts),
            "events": [_happening(happening) for happening in self.happenings],
        }


def _happening(one: Happening) -> dict[str, JsonValue]:
    value: dict[str, JsonValue] = {
        "i": one.seq,
        "k": one.kind,
        "l": LANES.index(one.lane),
        "s": one.title,
        "t": round(one.at, 2),
        "d": None if one.took is None else round(one.took, 2),
        "e": one.ended,
        "p": one.parent,
        "w": one.wave,
        "n": one.node,
        "task": one.task,
        "bad": one.bad,
        "tok": one.tokens,
        "cost": one.cost,
        "b": [_block(block) for block in one.blocks],
    }
    # Zero is an answer: the first event, the first wave, the first lane.
    empty: tuple[JsonValue, ...] = (None, "", [])
    return {key: item for key, item in value.items() if item is not False and item not in empty}


def _block(block: Block) -> dict[str, JsonValue]:
    if block.text is None:
        return {"h": block.heading, "r": [[name, value] for name, value in block.facts]}
    return {"h": block.heading, "x": block.text, "diff": block.diff, "open": block.open}
