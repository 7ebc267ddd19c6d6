"""One thing is edited; the replay stops where that is first seen, and says the field."""

import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.command import ROOT
from tests.graph.replay.conftest import replayed
from tests.graph.team.conftest import SERVICE
from tests.graph.trace.conftest import events_of, only


def edited(package: str, file: str, old: str, new: str, into: Path) -> Path:
    """A folder with a copy of a package, one file of which is changed."""
    home = next(ROOT.glob(f"*/{package}"))
    shutil.copytree(home, into / package, ignore=shutil.ignore_patterns("__pycache__"))
    path = into / package / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    return into


def diverged(run: Path, folder: Path, env: Mapping[str, str], tmp_path: Path) -> dict[str, Any]:
    changed = {**env, "PYTHONPATH": f"{folder}:{env['PYTHONPATH']}"}
    done = replayed(run, tmp_path / "again", changed)
    assert (done.code, done.json["same"]) == (1, False), done.err
    assert done.err.startswith("diverged: ")
    found: dict[str, Any] = done.json["divergence"]
    return found


def test_an_edited_prompt(shop_run: Path, offline: Mapping[str, str], tmp_path: Path) -> None:
    begin = "{% block system %}\n"
    new = f"{begin}Be kind.\n"
    folder = edited("rockets_prompts", "reviewer.md", begin, new, tmp_path / "changed")
    found = diverged(shop_run, folder, offline, tmp_path)
    first = only(events_of(shop_run), "model-request", role="reviewer")[0]
    assert (found["event"], found["kind"], found["role"]) == (first.seq, first.kind, "reviewer")
    assert (found["node"], found["task"]) == ("reviewer", "review:wave-1:part-1")
    assert [field["path"] for field in found["fields"]] == ["system[0].text"]
    assert "+Be kind." in found["fields"][0]["diff"]


def test_an_edited_schema_of_a_tool(
    shop_run: Path, offline: Mapping[str, str], tmp_path: Path
) -> None:
    text = (ROOT / "agents/rockets_agents/toolset/reading.py").read_text(encoding="utf-8")
    line = next(one for one in text.splitlines() if one.startswith("class ReadFile"))
    folder = edited(
        "rockets_agents",
        "toolset/reading.py",
        line,
        f"{line}\n    encoding: str = 'utf-8'",
        tmp_path / "changed",
    )
    found = diverged(shop_run, folder, offline, tmp_path)
    requests = only(events_of(shop_run), "model-request")
    first = next(event for event in requests if event.tools)
    assert (found["event"], found["kind"]) == (first.seq, "model-request")
    paths = [field["path"] for field in found["fields"]]
    assert all(path.startswith("tools[") for path in paths), paths
    assert any(path.endswith("properties.encoding") for path in paths)


def test_an_edited_template(shop_run: Path, offline: Mapping[str, str], tmp_path: Path) -> None:
    template = "targets/concepta_5/entity/{module}/{kebab}-access-query.service.ts.jinja"
    old, new = "\nexport class", "\n// Mine.\nexport class"
    folder = edited("rockets_tools", template, old, new, tmp_path / "changed")
    found = diverged(shop_run, folder, offline, tmp_path)
    first = only(events_of(shop_run), "tool-result", tool="render")[0]
    assert (found["event"], found["kind"], found["node"]) == (first.seq, "tool-result", "generate")
    (field,) = found["fields"]
    assert field["path"] == f"result.Category.{SERVICE}"
    assert "+// Mine." in field["diff"]
