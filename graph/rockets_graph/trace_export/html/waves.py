"""The entities by wave, laid out for a picture."""

from collections.abc import Mapping, Sequence

from rockets_graph.trace_export.html.story import Box, Edge, WaveGraph, WaveHead

BOX, ROW = 26, 34
HEAD = 30
GAP = 64
CHARACTER = 7.4
"""Pixels of one at the font's size."""
WIDEST = 260
MOST_EDGES = 2_000


def wave_graph(
    waves: Sequence[Sequence[str]],
    needs: Mapping[str, Sequence[str]],
    status: Mapping[str, str],
) -> WaveGraph | None:
    """`needs`: by entity, those it waits for; `status`: by entity, as in the report."""
    if not any(waves):
        return None
    longest = max(len(name) for wave in waves for name in wave)
    width = min(WIDEST, round(longest * CHARACTER) + 22)
    boxes: dict[str, Box] = {}
    for column, wave in enumerate(waves):
        for row, name in enumerate(wave):
            how = status.get(name, "pending")
            after = f", after {', '.join(needs[name])}" if needs.get(name) else ""
            boxes[name] = Box(
                number=len(boxes),
                name=_fitting(name, width),
                label=f"{name}, wave {column + 1}, {how}{after}",
                status=how if how in {"completed", "failed"} else "pending",
                x=column * (width + GAP),
                y=HEAD + row * ROW,
            )
    pairs = [
        (boxes[source], box)
        for name, box in boxes.items()
        for source in needs.get(name, ())
        if source in boxes
    ]
    return WaveGraph(
        width=len(waves) * (width + GAP) - GAP + 2,
        height=HEAD + max(len(wave) for wave in waves) * ROW,
        box_width=width,
        box_height=BOX,
        waves=tuple(
            WaveHead(number=column + 1, x=column * (width + GAP), status=f"{len(wave)} entities")
            for column, wave in enumerate(waves)
        ),
        boxes=tuple(boxes.values()),
        edges=tuple(_edge(source, target, width) for source, target in pairs[:MOST_EDGES]),
    )


def needs_of(plan_text: str) -> dict[str, tuple[str, ...]]:
    """By entity, what it waits for; empty when the plan cannot be read any more."""
    from rockets_tools.errors import InputError
    from rockets_tools.plan.read import read_plan
    from rockets_tools.plan.show import wave_rows

    try:
        plan = read_plan(plan_text).plan
    except InputError:
        return {}
    return {
        name: tuple(part for part in needed.split(", ") if part)
        for _, name, _, _, needed in wave_rows(plan)
    }


def _edge(source: Box, target: Box, width: int) -> Edge:
    x1, y1 = source.x + width, source.y + BOX // 2
    x2, y2 = target.x, target.y + BOX // 2
    bend = max(GAP // 2, (x2 - x1) // 2)
    path = f"M{x1} {y1}C{x1 + bend} {y1} {x2 - bend} {y2} {x2} {y2}"
    return Edge(source=source.number, target=target.number, path=path)


def _fitting(name: str, width: int) -> str:
    most = int((width - 20) / CHARACTER) + 1
    return name if len(name) <= most else f"{name[: most - 1]}…"
