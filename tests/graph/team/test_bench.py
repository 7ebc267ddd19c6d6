"""The steps that agents may call, on the real tools."""

from pathlib import Path

from tests.behaviour_modules import orders
from tests.command import fresh_project

from rockets_graph.crew.bench import Bench
from rockets_graph.project_tools import ProjectTools
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
