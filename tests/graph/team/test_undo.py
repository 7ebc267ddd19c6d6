"""What the Builder did is undone where it did not help, and nothing else is."""

import signal
from pathlib import Path

from tests.agents.messages_replies import error
from tests.agents.messages_server import MessagesServer
from tests.graph.team.conftest import (
    CLEAN,
    MAIN,
    SERVICE,
    STOP,
    TeamProject,
    answers,
    diagnosed,
    edits,
    repaired,
)
from tests.graph.team.process import end, start

from rockets_graph.crew.snapshot import Snapshots
from rockets_tools.files import ProjectFiles

BROKEN = "start(); // BROKEN\n"


def test_what_a_person_did_since_an_earlier_run_is_not_undone(
    team: TeamProject, server: MessagesServer
) -> None:
    team.write(MAIN, BROKEN)
    server.on(answers(CLEAN), role="reviewer", always=True)
    server.on(diagnosed(), role="tester")
    server.on(*edits(MAIN, "start", "begin"), repaired(), role="builder")
    server.on(error(401), role="tester")
    assert team.run_team().exit_code == 3
    team.write("src/mine.ts", "export const mine = 1;\n")
    team.write(MAIN, "mine(); // BROKEN\n")
    server.on(diagnosed(), role="tester", always=True)
    server.on(repaired("Nothing."), role="builder", always=True)
    server.on(answers(STOP), role="lead")
    assert team.run_team().failed_gate == "migrate"
    assert team.read("src/mine.ts") == "export const mine = 1;\n"
    assert team.read(MAIN) == "mine(); // BROKEN\n"


def test_what_is_undone_twice_is_kept_twice(tmp_path: Path) -> None:
    files = ProjectFiles(tmp_path)
    snapshots = Snapshots(files)
    files.write("src/main.ts", "start();\n")
    snapshots.take("try")
    for text in ("mended by hand\n", "broken by the Builder\n"):
        files.write("src/main.ts", text)
        assert snapshots.restore("try") == ["src/main.ts"]
    assert files.read("src/main.ts") == "start();\n"
    assert files.read(".rockets/undone/1/src/main.ts") == "mended by hand\n"
    assert files.read(".rockets/undone/2/src/main.ts") == "broken by the Builder\n"


def test_a_snapshot_from_elsewhere_reaches_no_other_file(tmp_path: Path) -> None:
    files = ProjectFiles(tmp_path / "shop")
    files.write("src/main.ts", "start();\n")
    files.write("package.json", "{}")
    for forged in (
        '{"package.json": "yours"}',
        '{"src/../package.json": "yours"}',
        '{"src/node_modules/x.js": "yours"}',
        '{"src/a\\u0000b.ts": "yours"}',
        '["src/main.ts"]',
        "",
    ):
        files.write(".rockets/builder/try.json", forged)
        assert Snapshots(files).undo_unfinished() == []
        assert files.read("package.json") == "{}"
        assert files.read("src/main.ts") == "start();\n"
        assert not files.exists(".rockets/builder/try.json")


def test_half_a_try_is_undone_without_a_team_too(team: TeamProject, server: MessagesServer) -> None:
    team.write(MAIN, BROKEN)
    server.on(answers(CLEAN), role="reviewer", always=True)
    server.on(diagnosed(), role="tester")
    server.on(*edits(MAIN, "start", "begin"), role="builder")
    server.hold(7)  # the Builder has made its edit
    first = start(team, server)
    server.wait_for(7)
    assert "begin" in team.read(MAIN)
    first.kill()
    end(first)
    server.release()
    report = team.run_team(resume=True, mode="sequential")
    assert report.failed_gate == "migrate"
    assert team.read(MAIN) == BROKEN
    assert any(MAIN in note and "undone" in note for note in team.notes())


def test_a_try_that_nobody_will_judge_is_undone(team: TeamProject, server: MessagesServer) -> None:
    """Killed after the Builder's last edit and before the graph knew of it."""
    team.write(MAIN, BROKEN)
    server.on(answers(CLEAN), role="reviewer", always=True)
    server.on(error(401), role="tester")
    assert team.run_team().exit_code == 3
    Snapshots(ProjectFiles(team.root)).take("tried")
    team.write(MAIN, "start();\n")
    server.on(diagnosed(), role="tester")
    server.on(*edits(MAIN, " // BROKEN", " // mended"), repaired(), role="builder")
    report = team.run_team(resume=True)
    assert report.success
    assert report.edited == (MAIN,)
    assert team.read(MAIN) == "start(); // mended\n"
    server.assert_complete()


def test_gates_are_looked_at_again_after_the_last_try(
    team: TeamProject, server: MessagesServer
) -> None:
    """Interrupted while the Lead writes its verdict; a person mends the source, and resumes."""
    team.write(MAIN, BROKEN)
    server.on(answers(CLEAN), role="reviewer", always=True)
    server.on(diagnosed(), role="tester", always=True)
    server.on(repaired("Nothing."), role="builder", always=True)
    server.hold(10)
    first = start(team, server)
    server.wait_for(10)
    assert server.calls[-1].role == "lead"
    first.send_signal(signal.SIGINT)
    assert end(first) == "130"
    server.release()
    team.write(MAIN, "start();\n")
    report = team.run_team(resume=True)
    assert report.success
    assert len(server.calls) == 10


def test_what_the_builder_changed_is_proven_for_the_next_run(
    team: TeamProject, server: MessagesServer
) -> None:
    server.on(answers(CLEAN), role="reviewer", always=True)
    assert team.run_team(mode="sequential").success
    team.write(SERVICE, team.read(SERVICE) + "// BROKEN\n")
    server.on(diagnosed(SERVICE), role="tester")
    server.on(*edits(SERVICE, "BROKEN", "mended"), repaired(), role="builder")
    report = team.run_team(resume=True)
    assert report.success
    assert report.edited == (SERVICE,)
    assert team.run_team(resume=True).success
    assert "nothing to do" in team.notes()[-1]
    server.assert_complete()
