"""The plugin's files are what Claude Code documents; the facts are from its reference pages.

Manifest, marketplace, hooks and skills reference, October 2026.
"""

import json
import re
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import jsonschema
import yaml
from tests.command import ROOT

from rockets_graph import assistant
from rockets_tools.targets import TARGETS

PLUGIN = ROOT / ".claude-plugin"
KEBAB = "^[a-z][a-z0-9]*(-[a-z0-9]+)*$"
PATH = {"type": "string", "pattern": r"^\./(?!.*\.\.)[^\\]*$"}
TEXT = {"type": "string", "minLength": 1}

MANIFEST = {
    "type": "object",
    "required": ["name", "version", "description", "author"],
    "additionalProperties": False,
    "properties": {
        "name": {"type": "string", "pattern": KEBAB},
        "displayName": TEXT,
        "version": {"type": "string", "pattern": r"^\d+\.\d+\.\d+$"},
        "description": TEXT,
        "author": {"type": "object", "required": ["name"], "properties": {"name": TEXT}},
        "license": TEXT,
        "keywords": {"type": "array", "items": TEXT},
        "skills": {"type": "array", "items": PATH},
        "hooks": PATH,
    },
}
MARKETPLACE = {
    "type": "object",
    "required": ["name", "owner", "plugins", "description"],
    "additionalProperties": False,
    "properties": {
        "name": {"type": "string", "pattern": KEBAB},
        "owner": {"type": "object", "required": ["name"], "properties": {"name": TEXT}},
        "description": TEXT,
        "plugins": {
            "type": "array",
            "minItems": 1,
            "items": {
                "type": "object",
                "required": ["name", "source", "description"],
                "additionalProperties": False,
                "properties": {
                    "name": {"type": "string", "pattern": KEBAB},
                    "source": PATH,
                    "description": TEXT,
                    "category": TEXT,
                    "tags": {"type": "array", "items": TEXT},
                },
            },
        },
    },
}
HOOKS = {
    "type": "object",
    "required": ["hooks"],
    "additionalProperties": False,
    "properties": {
        "description": TEXT,
        "hooks": {
            "type": "object",
            "additionalProperties": False,
            "properties": {
                "PostToolUse": {
                    "type": "array",
                    "items": {
                        "type": "object",
                        "required": ["matcher", "hooks"],
                        "additionalProperties": False,
                        "properties": {
                            # Only such characters: a list of exact names, not an expression.
                            "matcher": {"type": "string", "pattern": "^[A-Za-z|]+$"},
                            "hooks": {
                                "type": "array",
                                "items": {
                                    "type": "object",
                                    "required": ["type", "command", "timeout"],
                                    "additionalProperties": False,
                                    "properties": {
                                        "type": {"const": "command"},
                                        "command": TEXT,
                                        "timeout": {"type": "integer", "maximum": 60},
                                    },
                                },
                            },
                        },
                    },
                }
            },
        },
    },
}
SKILL = {
    "type": "object",
    "required": ["name", "description"],
    "additionalProperties": False,
    "properties": {
        "name": {"type": "string", "pattern": KEBAB, "maxLength": 64},
        "description": {"type": "string", "maxLength": 1024, "not": {"pattern": "<"}},
        "argument-hint": TEXT,
        "allowed-tools": TEXT,
    },
}


def read(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def test_the_manifest() -> None:
    manifest = read(PLUGIN / "plugin.json")
    jsonschema.validate(manifest, MANIFEST)
    for path in (*manifest["skills"], manifest["hooks"]):
        assert (ROOT / path).exists(), path
    pyproject = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    assert f'version = "{manifest["version"]}"' in pyproject


def test_the_marketplace_names_the_plugin_by_its_own_name() -> None:
    marketplace = read(PLUGIN / "marketplace.json")
    jsonschema.validate(marketplace, MARKETPLACE)
    (entry,) = marketplace["plugins"]
    assert (ROOT / entry["source"] / ".claude-plugin/plugin.json").is_file()
    assert entry["name"] == read(PLUGIN / "plugin.json")["name"]


def test_nothing_but_manifests_is_in_the_manifests_folder() -> None:
    assert {path.name for path in PLUGIN.iterdir()} == {"plugin.json", "marketplace.json"}


def test_the_hook_runs_a_file_of_the_plugin() -> None:
    hooks = read(ROOT / read(PLUGIN / "plugin.json")["hooks"])
    jsonschema.validate(hooks, HOOKS)
    (group,) = hooks["hooks"]["PostToolUse"]
    assert {"Edit", "Write"} <= set(group["matcher"].split("|"))
    found = re.fullmatch(
        r'python3 -I "\$\{CLAUDE_PLUGIN_ROOT\}"/(\S+)', group["hooks"][0]["command"]
    )
    assert found
    assert (ROOT / found[1]).is_file()


def test_the_skill() -> None:
    (folder,) = read(PLUGIN / "plugin.json")["skills"]
    (skill,) = (ROOT / folder).glob("*/SKILL.md")
    text = skill.read_text(encoding="utf-8")
    _, head, body = text.split("---\n", 2)
    front = yaml.safe_load(head)
    jsonschema.validate(front, SKILL)
    assert front["name"] == skill.parent.name == "rockets-from-doc"
    assert "$ARGUMENTS" in body
    # Nothing that writes or runs is allowed without the user's permission.
    for word in ("orchestrate", "from-doc", "new", "Write", "Edit", "Bash(rockets *)", "Bash)"):
        assert word not in front["allowed-tools"]
    # No line that Claude Code would run by itself before anybody reads it.
    assert "!`" not in body
    assert "```!" not in body


def test_the_hook_knows_the_packages_of_the_targets_we_write_for() -> None:
    text = (assistant.FOLDER / assistant.HOOK).read_text(encoding="utf-8")
    written = {p for target in TARGETS if target.folder for p in target.packages}
    assert set(re.findall(r'"(@[\w/-]+)"', text)) == written


def test_the_wheel_has_all_of_it(tmp_path: Path) -> None:
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", tmp_path],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    (wheel,) = tmp_path.glob("*.whl")
    packed = set(zipfile.ZipFile(wheel).namelist())
    names = (assistant.SKILL, assistant.HOOK, assistant.HOOK_SETTINGS, assistant.AGENTS)
    assert {f"rockets_graph/assistant/{name}" for name in names} <= packed
