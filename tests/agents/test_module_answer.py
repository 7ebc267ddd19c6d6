"""What the Generator says of a module it wrote is looked at before anybody believes it."""

from pathlib import Path

import pytest
from tests.behaviour_modules import DATA, MODULES, write

from rockets_agents.generator import ModuleBrief, ModuleWritten, check_module
from rockets_agents.lead import ModuleSpec, ModuleTask
from rockets_tools.files import ProjectFiles


@pytest.fixture
def files(tmp_path: Path) -> ProjectFiles:
    files = ProjectFiles(tmp_path)
    write(files)
    return files


def brief(name: str) -> ModuleBrief:
    task = ModuleTask(
        module=name,
        kind="other",
        blocked_by=(),
        uses=(),
        handlers=(),
        instructions="",
        test_cases=(),
    )
    own = (f"src/modules/{name}/", f"test/{name}.test.mjs")
    return ModuleBrief(module=ModuleSpec(name=name), task=task, entities=(), files=own)


def answer(name: str) -> ModuleWritten:
    return ModuleWritten.model_validate_json((DATA / name / "answer.json").read_text())


@pytest.mark.parametrize("name", MODULES)
def test_a_complete_module_is_believed(name: str, files: ProjectFiles) -> None:
    assert list(check_module(answer(name), brief(name), files)) == []


def test_each_thing_that_does_not_hold_is_told(files: ProjectFiles) -> None:
    good = answer("order-reminder")
    grant = good.grants[0]
    changes: dict[str, dict[str, object]] = {
        "is missing in `files`": {"files": good.files[:2]},
        "is no member of `AppResource`": {"resources": ("order-reminder",), "grants": ()},
        "is granted to admin more than once": {"grants": (grant, grant)},
        "which is no resource of this module": {"resources": ()},
        "is not a file of this module": {"files": (*good.files, "src/main.ts")},
    }
    for told, change in changes.items():
        wrong = good.model_copy(update=change)
        said = list(check_module(wrong, brief("order-reminder"), files))
        assert any(told in sentence for sentence in said), (told, said)
