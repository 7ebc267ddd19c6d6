"""What of the document a job is shown."""

from collections.abc import Iterable, Iterator
from pathlib import PurePath

from rockets_agents.planning.merging import Object
from rockets_agents.planning.said import Passage, PlanBrief
from rockets_agents.toolset import numbered
from rockets_tools.documents import Prose
from rockets_tools.documents.provenance import plan_parts
from rockets_tools.documents.sections import MOST_CHARACTERS, Section, outline, sections
from rockets_tools.plan import plan_schema

MOST_LINE = 20_000
"""Characters of one line that are shown; the rest is counted."""
AROUND = 12
"""Lines shown before and after a cited one."""


def name_of(prose: Prose) -> str:
    """What a model is told of the file: not where on this machine it lies."""
    return PurePath(prose.file).name


def passage(prose: Prose, first: int, last: int) -> Passage:
    """These lines as the Lead sees them."""
    text = "\n".join(_short(line) for line in prose.lines[first - 1 : last])
    return Passage(
        name=name_of(prose), first=first, last=last, numbered=numbered(f"{text}\n", first)
    )


def whole(prose: Prose) -> tuple[Passage, ...]:
    """The document, if it can be shown at once; else nothing."""
    parts = sections(prose)
    return (passage(prose, 1, len(prose.lines)),) if len(parts) == 1 else ()


def passages_at(
    prose: Prose, cited: Iterable[tuple[int, int]], most: int = MOST_CHARACTERS
) -> tuple[Passage, ...]:
    """These lines with those around them, in the document's order, as far as there is room."""
    found: list[Passage] = []
    room = most
    for first, last in _joined(prose, cited):
        one = passage(prose, first, last)
        room -= len(one.numbered)
        if room < 0:
            break
        found.append(one)
    return tuple(found)


def brief_of(prose: Prose, section: Section, number: int, count: int, so_far: Object) -> PlanBrief:
    """What the Lead is given to read one section."""
    return PlanBrief(
        document=passage(prose, section.first, section.last),
        plan_schema=plan_schema(),
        part=number,
        parts=count,
        outline=tuple(f"{h.line}\t{'  ' * (h.level - 1)}{h.text}" for h in outline(prose))
        if count > 1
        else (),
        known=tuple(known(so_far)),
        so_far=so_far,
    )


def known(plan: Object) -> Iterator[str]:
    """A line for each entity (`Order: number string, total float; customer -> Customer; @user own
    read`) and module of a plan."""
    lines: dict[str, dict[str, list[str]]] = {}
    for part in plan_parts(plan):
        entity = part.name.replace("@", ".").partition(".")[0]
        value = part.value if isinstance(part.value, dict) else {}
        match part.kind:
            case "module":
                yield f"module {part.name}"
            case "entity":
                lines[entity] = {"field": [], "relation": [], "grant": []}
            case "field":
                word = f"{part.name.partition('.')[2]} {value.get('type', 'string')}"
                lines[entity]["field"].append(word)
            case "relation":
                word = f"{part.name.partition('.')[2]} -> {value.get('targetEntity')}"
                lines[entity]["relation"].append(word)
            case "grant":
                operations = value.get("operations")
                words = operations if isinstance(operations, list) else []
                said = " ".join([str(value.get("possession", "any")), *map(str, words)])
                lines[entity]["grant"].append(f"@{part.name.rpartition('@')[2]} {said}")
    for entity, parts in lines.items():
        yield f"{entity}: {'; '.join(', '.join(words) for words in parts.values() if words)}"


def _joined(prose: Prose, cited: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Wider by what stands around them, and what then overlaps made one."""
    joined: list[tuple[int, int]] = []
    for first, last in sorted(cited):
        start = max(1, first - AROUND)
        end = min(len(prose.lines), last + AROUND)
        if joined and start <= joined[-1][1] + 1:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def _short(line: str) -> str:
    if len(line) <= MOST_LINE:
        return line
    return f"{line[:MOST_LINE]} [{len(line) - MOST_LINE} more characters]"
