"""What coding assistants get: a command, a check after edits, a page for `AGENTS.md`.

One set of files, used from where they are by the plugin of this repository
(`.claude-plugin/plugin.json`) and copied by `rockets install-command`.
"""

from importlib import resources
from pathlib import Path

FOLDER = Path(__file__).parent

SKILL = "skills/rockets-from-doc/SKILL.md"
HOOK = "hooks/check_edit.py"
HOOK_SETTINGS = "hooks/hooks.json"
AGENTS = "agents.md"


def shipped(name: str) -> str:
    """The text of one of our files."""
    return (FOLDER / name).read_text(encoding="utf-8")


def nine_rules() -> str:
    """The engineering rules as the team's roles are told them, in Markdown."""
    page = resources.files("rockets_prompts") / "includes" / "rules.md"
    return page.read_text(encoding="utf-8").strip() + "\n"


def agents_section() -> str:
    """What `AGENTS.md` says about us."""
    rules = nine_rules().partition("\n\n")[2]
    return shipped(AGENTS).replace("RULES\n", rules)
