"""Order of generation: Kahn's waves and the deterministic cut, against a naive copy of the rule."""

from hypothesis import given, settings
from hypothesis import strategies as st

from rockets_tools.plan.model import CutEdge
from rockets_tools.plan.waves import Edge, order


def edge(source: str, target: str, name: str = "", *, nullable: bool = True,
         explicit: bool = False) -> Edge:  # fmt: skip
    return Edge(
        source=source,
        relation=name or target.lower(),
        target=target,
        nullable=nullable,
        explicit=explicit,
    )


def test_waves_are_sorted_and_wait_for_what_they_need() -> None:
    edges = [edge("D", "B"), edge("D", "C"), edge("C", "A"), edge("B", "A")]
    assert order("DCBA", edges).waves == (("A",), ("B", "C"), ("D",))
    assert order("CAB", []).waves == (("A", "B", "C"),)


def test_the_first_nullable_edge_by_source_and_name_is_cut() -> None:
    ring = [edge("A", "B", "z"), edge("A", "B", "y"), edge("B", "C"), edge("C", "A")]
    result = order("ABC", ring)
    assert result.cut == (
        CutEdge(source="A", relation="y", target="B"),
        CutEdge(source="A", relation="z", target="B"),
    )
    assert result.waves == (("A",), ("C",), ("B",))


def test_written_out_nullable_goes_first() -> None:
    ring = [edge("A", "B"), edge("B", "C"), edge("C", "A", explicit=True)]
    assert order("ABC", ring).cut == (CutEdge(source="C", relation="a", target="A"),)


def test_only_edges_inside_a_knot_are_cut() -> None:
    edges = [edge("A", "X"), edge("X", "Y", explicit=True), edge("Y", "X"), edge("Z", "A")]
    result = order("AXYZ", edges)
    assert [cut.source for cut in result.cut] == ["X"]
    assert result.waves == (("X",), ("A", "Y"), ("Z",))


def test_a_circle_of_required_relations_is_named_shortest_way_round() -> None:
    edges = [
        edge("A", "B", nullable=False),
        edge("B", "C", nullable=False),
        edge("C", "A", nullable=False),
        edge("B", "A", nullable=False),
        edge("S", "S", nullable=False),
        edge("T", "T"),
    ]
    result = order("ABCST", edges)
    assert [[e.source for e in cycle] for cycle in result.stuck] == [["S"], ["A", "B"]]
    assert result.cut == ()


def test_a_deep_chain_needs_no_recursion() -> None:
    names = [f"N{i:05}" for i in range(2000)]
    edges = [edge(a, b) for a, b in zip(names[1:], names, strict=False)]
    edges.append(edge(names[0], names[-1], explicit=True))
    result = order(names, edges)
    assert len(result.waves) == 2000
    assert len(result.cut) == 1


@st.composite
def graphs(draw: st.DrawFn) -> tuple[list[str], list[Edge]]:
    names = [f"E{i}" for i in range(draw(st.integers(1, 8)))]
    pairs = st.tuples(st.sampled_from(names), st.sampled_from(names))
    edges: list[Edge] = []
    for number, (source, target) in enumerate(draw(st.lists(pairs, max_size=16))):
        nullable = draw(st.integers(0, 3)) > 0
        explicit = nullable and draw(st.booleans())
        edges.append(edge(source, target, f"r{number}", nullable=nullable, explicit=explicit))
    return names, edges


@settings(max_examples=300, deadline=None)
@given(graphs())
def test_the_rule_step_by_step_gives_the_same(graph: tuple[list[str], list[Edge]]) -> None:
    names, edges = graph
    result = order(names, edges)
    assert list(result.cut) == [e.cut() for e in naive_cut(names, edges)]
    if not result.stuck:
        assert sorted(n for wave in result.waves for n in wave) == sorted(names)
    assert order(reversed(names), edges[::-1]).waves == result.waves


def naive_cut(names: list[str], edges: list[Edge]) -> list[Edge]:
    """The contract read literally: stalled? cut one, ask again."""
    left = [e for e in edges if e.source != e.target]
    cut: list[Edge] = []

    def reaches(start: str, goal: str) -> bool:
        seen, todo = set[str](), [start]
        while todo:
            name = todo.pop()
            for e in left:
                if e.source == name and e.target not in seen:
                    seen.add(e.target)
                    todo.append(e.target)
        return goal in seen

    def stalled() -> bool:
        rest = set(names)
        while free := {n for n in rest if not any(e.source == n and e.target in rest
                                                 for e in left)}:  # fmt: skip
            rest -= free
        return bool(rest)

    while stalled():
        inside = [e for e in left if e.nullable and reaches(e.target, e.source)]
        if not inside:
            break
        first = min(inside, key=lambda e: (not e.explicit, e.source, e.relation))
        left.remove(first)
        cut.append(first)
    return cut
