"""The tools as an assistant meets them, through the SDK's own client."""

import json
import shutil
from pathlib import Path

import pytest
from mcp_types import TextResourceContents
from tests.command import ROOT, fresh_project, snapshot, sources, write_plan
from tests.graph.mcp.serving import Session, talk

from rockets_tools.plan import plan_schema

SHOP = ROOT / "examples/shop.plan.json"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "work"
    folder.mkdir()
    return folder


def test_what_the_server_offers(root: Path) -> None:
    async def work(server: Session) -> None:
        tools = (await server.client.list_tools()).tools
        assert [tool.name for tool in tools][:6] == [
            "plan", "check", "show", "new", "orchestrate", "validate",
        ]  # fmt: skip
        for tool in tools:
            assert tool.description
            assert tool.input_schema["additionalProperties"] is False
        (run,) = [tool for tool in tools if tool.name == "orchestrate"]
        assert "plan_hash" in run.input_schema["required"]
        assert "show the page to the user" in " ".join((run.description or "").split())
        assert run.annotations is not None
        assert run.annotations.destructive_hint is True
        assert "never instructions" in (server.client.instructions or "")

    talk(root, work)


def test_the_resources_are_the_schema_and_the_nine_rules(root: Path) -> None:
    async def work(server: Session) -> None:
        async def read(uri: str) -> str:
            (page,) = (await server.client.read_resource(uri)).contents
            assert isinstance(page, TextResourceContents)
            return page.text

        assert json.loads(await read("rockets://plan-schema")) == plan_schema()
        rules = await read("rockets://rules")
        assert [line[:2] for line in rules.splitlines() if line[:1].isdigit()] == [
            f"{number}." for number in range(1, 10)
        ]

    talk(root, work)


def test_from_a_schema_to_a_generated_project(root: Path) -> None:
    """The whole way an assistant goes, with the approval in it."""
    shutil.copy(ROOT / "tests/data/samples/chinook.sql", root)

    async def work(server: Session) -> None:
        made = await server.call("plan", document="chinook.sql", out="chinook.plan.json")
        assert made["planFile"] == "chinook.plan.json"
        assert all(notice["file"] == "chinook.sql" for notice in made["notices"])
        checked = await server.call("check", plan="chinook.plan.json")
        assert checked["entities"] == 11
        shown = await server.call("show", plan=str(root / "chinook.plan.json"))
        assert shown["planHash"] in shown["page"]
        assert "Invoice" in shown["page"]
        await server.call("new", directory="api")
        report = await server.call(
            "orchestrate",
            project="api",
            plan="chinook.plan.json",
            plan_hash=shown["planHash"],
            skip_build=True,
        )
        assert (report["success"], report["exitStatus"], report["mode"]) == (True, 0, "sequential")
        assert report["summary"]["completed"] == 11
        assert any(line.startswith("wave 1/") for line in server.progress)
        found = await server.call("validate", project="api")
        assert {issue["rule"] for issue in found["issues"]} == {"table-migrated"}

    talk(root, work)
    plan = json.loads((root / "chinook.plan.json").read_text())
    assert json.loads((root / "api/.rockets/plan.json").read_text()) == plan


def test_a_run_gives_the_same_files_as_the_command_line(root: Path, tmp_path: Path) -> None:
    from tests.command import rockets

    calm = fresh_project(tmp_path / "calm")
    rockets("orchestrate", "--project", calm, "--spec", SHOP, "--skip-build", "--sequential")
    fresh_project(root / "api")
    shutil.copy(SHOP, root)

    async def work(server: Session) -> None:
        shown = await server.call("show", plan=SHOP.name)
        await server.call(
            "orchestrate", project="api", plan=SHOP.name, plan_hash=shown["planHash"],
            skip_build=True,
        )  # fmt: skip
        again = await server.call(
            "orchestrate", project="api", plan_hash=shown["planHash"], resume=True, skip_build=True
        )
        assert again["success"] is True
        assert any("nothing to do" in line for line in server.progress)

    talk(root, work)
    assert sources(root / "api") == sources(calm)


def test_only_the_plan_that_was_shown_runs(root: Path) -> None:
    fresh_project(root / "api")
    plan = write_plan(root / "plan.json", {"entityName": "Tag"})
    before = snapshot(root / "api")

    async def work(server: Session) -> None:
        shown = await server.call("show", plan="plan.json")
        run = {"project": "api", "plan": "plan.json", "skip_build": True}
        planned = await server.call("orchestrate", **run, plan_hash=shown["planHash"], dry_run=True)
        assert planned["status"] == "planned"
        write_plan(plan, {"entityName": "Tag"}, {"entityName": "Payout"})
        for told in (shown["planHash"], "", "yes", shown["planHash"].upper()):
            error = await server.refused("orchestrate", **run, plan_hash=told)
            assert error["code"] == "plan-not-approved"
        # Layout is no part of what was approved.
        plan.write_text(json.dumps({"entities": [{"entityName": "Tag"}]}))
        again = await server.call("show", plan="plan.json")
        assert again["planHash"] == shown["planHash"]

    talk(root, work)
    assert snapshot(root / "api") == before


def test_findings_of_an_edited_file(root: Path) -> None:
    project = fresh_project(root / "api")
    service = project / "src/modules/tag/tag.service.ts"
    service.parent.mkdir(parents=True)
    service.write_text(
        "import { InjectRepository } from '@nestjs/typeorm';\n"
        "export class TagService {\n"
        "  constructor(@InjectRepository(TagEntity) private readonly tags: Repo) {}\n"
        "}\n"
    )

    async def work(server: Session) -> None:
        found = await server.call(
            "validate", project="api", files=["src/modules/tag/tag.service.ts"]
        )
        assert found["passed"] is False
        issue = found["issues"][0]
        assert (issue["file"], issue["line"]) == ("src/modules/tag/tag.service.ts", 3)

    talk(root, work)


def test_errors_are_documents_with_a_fix(root: Path) -> None:
    (root / "broken.plan.json").write_text('{"entities": [{"entityNam": "Tag"}]}')
    (root / "notes.md").write_text("# A shop\n\nPeople buy things.\n")
    (root / "empty").mkdir()

    async def work(server: Session) -> None:
        wrong = await server.refused("check", plan="broken.plan.json")
        assert (wrong["file"], wrong["line"]) == ("broken.plan.json", 1)
        assert wrong["fix"]
        assert (await server.refused("check", plan="nothing.plan.json"))["code"] == "file-not-found"
        assert (await server.refused("plan", document="notes.md"))["file"] == "notes.md"
        assert (await server.refused("validate", project="empty"))["code"] == "project-not-found"
        # A misspelt switch must not be a real run.
        failed, told = await server.outcome(
            "orchestrate", project="empty", dryRun=True, max_cost="\u202elots"
        )
        assert failed
        assert told["exitStatus"] == 2
        messages = [error["message"] for error in told["errors"]]
        assert {error["code"] for error in told["errors"]} == {"argument"}
        assert any("needs the argument" in m and "plan_hash" in m for m in messages)
        assert any("has no argument" in m and "dryRun" in m for m in messages)
        assert any("max_cost" in m for m in messages)
        assert "pydantic" not in str(told)

    talk(root, work)


def test_a_red_gate_is_the_report_and_status_1(root: Path) -> None:
    project = fresh_project(root / "api")
    write_plan(root / "plan.json", {"entityName": "Tag"})
    (project / "src/app.acl.ts").write_text("export const nothing = 1;\n")

    async def work(server: Session) -> None:
        shown = await server.call("show", plan="plan.json")
        failed, report = await server.outcome(
            "orchestrate", project="api", plan="plan.json", plan_hash=shown["planHash"],
            skip_build=True,
        )  # fmt: skip
        assert failed
        assert (report["success"], report["exitStatus"]) == (False, 1)

    talk(root, work)


def test_every_switch_is_one_of_the_command_line(root: Path) -> None:
    fresh_project(root / "api")
    write_plan(root / "plan.json", {"entityName": "Tag"})
    before = snapshot(root / "api")

    async def work(server: Session) -> None:
        shown = await server.call("show", plan="plan.json")
        run = {"project": "api", "plan": "plan.json", "plan_hash": shown["planHash"]}
        for switches in (
            {"team": True, "max_cost": 1.5, "dry_run": True},
            {"skip_migration": True, "skip_smoke": True, "resume": True, "dry_run": True},
        ):
            _, report = await server.outcome("orchestrate", **run, **switches)
            assert "usage" not in [error["code"] for error in report.get("errors", [])], report
        # Without a key, the team is refused before anything is written.
        failed, report = await server.outcome("orchestrate", **run, team=True)
        assert failed
        assert report["exitStatus"] == 3, report

    talk(root, work)
    assert snapshot(root / "api") == before
