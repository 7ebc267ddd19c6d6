"""The steps that agents may call, on the real tools."""

from pathlib import Path

from tests.behaviour_modules import orders
from tests.command import fresh_project
from tests.graph.conftest import Project
from tests.graph.contexts import context_of

from rockets_graph.crew.bench import Bench, as_said
from rockets_graph.project_tools import ProjectTools
from rockets_graph.state import Finding
from rockets_tools.files import ProjectFiles


def test_what_was_edited_after_integrate_is_what_is_validated(tmp_path: Path) -> None:
    files = ProjectFiles(fresh_project(tmp_path / "shop"))
    bench = Bench(ProjectTools(files=files), orders(), lambda _: lambda _: None)
    assert bench.generate(["Customer"]).passed
    assert bench.integrate().passed
    service = "src/modules/customer/customer.crud.service.ts"
    extra = "class Extra { constructor(@InjectRepository(X) private readonly x: X) {} }\n"
    files.write(service, f"{files.read(service)}{extra}")
    report = bench.validate([service])
    assert not report.passed
    assert {finding.file for finding in report.findings} == {service}


def test_an_entity_that_there_is_not_is_told(tmp_path: Path) -> None:
    files = ProjectFiles(fresh_project(tmp_path / "shop"))
    bench = Bench(ProjectTools(files=files), orders(), lambda _: lambda _: None)
    report = bench.generate(["Customer", "Invoice"])
    assert not report.passed
    assert report.findings[0].message == "The plan has no entity Invoice."


def test_a_program_that_never_stops_talking_fills_no_brief(project: Project) -> None:
    page = "x" * 1_000_000
    context = context_of(project)
    show = context.output("build")
    show(page)
    show("error TS1")
    assert context.tail("build").endswith("xx\nerror TS1")
    assert len(context.tail("build")) <= 20_000
    finding = Finding(severity="error", rule="smoke", message=page, file=None, line=None, fix=page)
    assert len(as_said(finding).model_dump_json()) < 5_000
