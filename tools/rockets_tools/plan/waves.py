"""The order of generation: Kahn's waves, cycles cut at nullable relations."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from rockets_tools.plan.model import CutEdge


@dataclass(frozen=True, slots=True, kw_only=True)
class Edge:
    """`source` needs `target` first."""

    source: str
    relation: str
    target: str
    nullable: bool
    explicit: bool
    """`nullable: true` is written out: cut before those that are nullable by default."""
    pointer: str = ""

    def cut(self) -> CutEdge:
        return CutEdge(source=self.source, relation=self.relation, target=self.target)


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    waves: tuple[tuple[str, ...], ...]
    cut: tuple[CutEdge, ...]
    stuck: tuple[tuple[Edge, ...], ...]
    """Cycles of required relations, one for each knot that could not be cut."""


def order(entities: Iterable[str], edges: Sequence[Edge]) -> Order:
    """Waves of names, each sorted; what is stuck, or waits for it, is in none."""
    names = sorted(entities)
    left = [edge for edge in edges if edge.source != edge.target]
    cut = _cut(names, left)
    gone = set(cut)
    left = [edge for edge in left if edge not in gone]
    return Order(
        waves=_waves(names, left),
        cut=tuple(edge.cut() for edge in cut),
        stuck=(
            *((edge,) for edge in edges if edge.source == edge.target and not edge.nullable),
            *(_cycle(part, left) for part in _components(names, left) if len(part) > 1),
        ),
    )


def _cut(names: Sequence[str], edges: Sequence[Edge]) -> list[Edge]:
    """The edges to leave out.

    Cutting only ever shrinks a cycle, so one pass over the nullable edges in order of preference
    is the same as asking again after each cut which of them still lies on one.
    """
    home = {name: index for index, part in enumerate(_components(names, edges)) for name in part}
    knotted = [edge for edge in edges if home[edge.source] == home[edge.target]]
    targets: dict[str, list[Edge]] = {}
    for edge in knotted:
        targets.setdefault(edge.source, []).append(edge)
    cut: list[Edge] = []
    candidates = [edge for edge in knotted if edge.nullable]
    for edge in sorted(candidates, key=lambda e: (not e.explicit, e.source, e.relation)):
        if _reaches(edge.target, edge.source, targets):
            targets[edge.source].remove(edge)
            cut.append(edge)
    return cut


def _reaches(start: str, goal: str, targets: Mapping[str, Sequence[Edge]]) -> bool:
    seen, todo = {start}, [start]
    while todo:
        for edge in targets.get(todo.pop(), ()):
            if edge.target == goal:
                return True
            if edge.target not in seen:
                seen.add(edge.target)
                todo.append(edge.target)
    return False


def _waves(names: Sequence[str], edges: Sequence[Edge]) -> tuple[tuple[str, ...], ...]:
    needs: dict[str, set[str]] = {name: set() for name in names}
    needed_by: dict[str, set[str]] = {name: set() for name in names}
    for edge in edges:
        needs[edge.source].add(edge.target)
        needed_by[edge.target].add(edge.source)
    waves: list[tuple[str, ...]] = []
    ready = [name for name in names if not needs[name]]
    while ready:
        waves.append(tuple(sorted(ready)))
        freed: list[str] = []
        for name in ready:
            for source in needed_by[name]:
                needs[source].discard(name)
                if not needs[source]:
                    freed.append(source)
        ready = freed
    return tuple(waves)


def _components(names: Sequence[str], edges: Sequence[Edge]) -> list[list[str]]:
    """Strongly connected components (Kosaraju's algorithm, without recursion)."""
    forward: dict[str, list[str]] = {name: [] for name in names}
    backward: dict[str, list[str]] = {name: [] for name in names}
    for edge in edges:
        forward[edge.source].append(edge.target)
        backward[edge.target].append(edge.source)
    finished: list[str] = []
    seen: set[str] = set()
    for name in names:
        finished += _finishing(name, forward, seen)
    seen.clear()
    return [part for name in reversed(finished) if (part := list(_finishing(name, backward, seen)))]


def _finishing(start: str, targets: Mapping[str, Sequence[str]], seen: set[str]) -> Iterator[str]:
    """Names first reached from `start`, each after all that were reached from it."""
    if start in seen:
        return
    seen.add(start)
    work = [(start, iter(targets[start]))]
    while work:
        name, rest = work[-1]
        new = next((target for target in rest if target not in seen), None)
        if new is None:
            work.pop()
            yield name
        else:
            seen.add(new)
            work.append((new, iter(targets[new])))


def _cycle(part: Sequence[str], edges: Sequence[Edge]) -> tuple[Edge, ...]:
    """A shortest cycle through the first name of a component."""
    members, start = set(part), min(part)
    inside: dict[str, list[Edge]] = {}
    for edge in edges:
        if edge.source in members and edge.target in members:
            inside.setdefault(edge.source, []).append(edge)
    ways: dict[str, tuple[Edge, ...]] = {}
    todo = [start]
    for name in todo:
        for edge in inside.get(name, ()):
            way = (*ways.get(name, ()), edge)
            if edge.target == start:
                return way
            if edge.target not in ways:
                ways[edge.target] = way
                todo.append(edge.target)
    return ()
