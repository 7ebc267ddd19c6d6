"""Where two runs part is told at the first place, by what was done."""

from pathlib import Path

import pytest
from tests.agents.messages_server import MessagesServer
from tests.graph.conftest import SHOP, Project, make_project, plan_of
from tests.graph.team.conftest import CLEAN, SERVICE, TeamProject, answers, found
from tests.graph.trace.conftest import run_folder

from rockets_graph.trace.diff import Difference, Parting, parting
from rockets_graph.trace.reader import open_trace


def between(a: Path, b: Path) -> Parting | None:
    with open_trace(a) as one, open_trace(b) as other:
        return parting(one, other)


def fresh(tmp_path: Path, name: str, **options: object) -> Project:
    project = make_project(tmp_path / name, SHOP)
    project.run(**options)
    return project


def test_two_runs_of_one_plan_did_the_same(tmp_path: Path) -> None:
    a, b = (run_folder(fresh(tmp_path, name)) for name in "ab")
    assert between(a, b) is None


def test_the_order_of_tasks_beside_each_other_is_no_difference(tmp_path: Path) -> None:
    runs = [run_folder(fresh(tmp_path, f"p{n}", workers=2)) for n in range(3)]
    assert [between(runs[0], run) for run in runs] == [None] * 3


def test_another_option_is_the_first_difference(tmp_path: Path) -> None:
    a, b = fresh(tmp_path, "a"), fresh(tmp_path, "b", skip_smoke=True)
    found = between(run_folder(a), run_folder(b))
    assert found is not None
    assert [(f.path, f.a, f.b) for f in found.fields] == [("options.skip_smoke", False, True)]


def test_a_gate_that_is_red_in_one_of_them(tmp_path: Path) -> None:
    a, b = fresh(tmp_path, "a"), fresh(tmp_path, "b", trouble={"build-red": "yes"})
    found = between(run_folder(a), run_folder(b))
    assert found is not None
    assert found.what == "In tester, the two differ in result.passed of tool-result."
    assert found.a is not None
    assert (found.a.kind, found.a.node) == ("tool-result", "tester")
    assert ("result.passed", True, False) in [(f.path, f.a, f.b) for f in found.fields]


def test_long_values_are_shown_where_they_part() -> None:
    same = "x" * 5_000
    one, other = Difference(path="p", a=f"{same}1{same}", b=f"{same}2").lines()
    assert one.startswith("a: …xxx")
    assert len(one) < 400
    assert "x1x" in one
    assert other.endswith("x2")
    assert Difference(path="p", a=None, b=[1]).excerpts() == (None, [1])


def test_where_spans_go_is_no_difference(tmp_path: Path) -> None:
    a, b = fresh(tmp_path, "a"), fresh(tmp_path, "b", otel="http://127.0.0.1:9")
    assert between(run_folder(a), run_folder(b)) is None


def test_what_a_step_wrote_is_compared_as_text(tmp_path: Path) -> None:
    a, b = make_project(tmp_path / "a", SHOP), make_project(tmp_path / "b", SHOP)
    for project, word in ((a, "one"), (b, "two")):
        (project.root / "notes.txt").write_text(f"same\n{word}\nsame\n", encoding="utf-8")
        project.run()
    found = between(run_folder(a), run_folder(b))
    assert found is not None
    (field,) = found.fields
    assert field.path == "files.files.notes.txt"
    assert {"-one", "+two"} <= set(field.lines())


def test_a_run_that_went_another_way(tmp_path: Path) -> None:
    a = make_project(tmp_path / "a", SHOP)
    b = make_project(tmp_path / "b", plan_of(Category=[], Tag=[], Product=["Category"]))
    a.run()
    b.run()
    found = between(run_folder(a), run_folder(b))
    assert found is not None
    assert "plan_hash" in [field.path for field in found.fields]


def test_a_killed_run_parts_where_it_was_killed(tmp_path: Path) -> None:
    a, b = fresh(tmp_path, "a"), fresh(tmp_path, "b")
    file = run_folder(b) / "trace.jsonl"
    lines = file.read_bytes().splitlines(keepends=True)
    file.write_bytes(b"".join(lines[:-4]))
    for pair in ((a, b), (b, a)):
        found = between(*map(run_folder, pair))
        assert found is not None
        assert ("goes on with" in found.what) or ("does not" in found.what)


def test_an_answer_of_a_model_is_named_by_its_words(
    team: TeamProject, server: MessagesServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.on(answers(CLEAN), role="reviewer", always=True)
    team.run_team()
    with MessagesServer() as second:
        monkeypatch.setenv("ANTHROPIC_BASE_URL", second.url)
        other = TeamProject(root=make_project(tmp_path / "other", SHOP).root, server=second)
        second.on(answers(found(SERVICE)), role="reviewer", always=True)
        other.run_team()
    parted = between(run_folder(team), run_folder(other))
    assert parted is not None
    assert parted.a is not None
    assert (parted.a.kind, parted.a.node, parted.a.wave) == ("model-response", "reviewer", 0)
    assert [field.path for field in parted.fields] == ["content[0].text"]
