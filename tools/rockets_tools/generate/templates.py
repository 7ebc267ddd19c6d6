"""The templates of target concepta-5, compiled once."""

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jinja2 import Template

FOLDER = Path(__file__).parent.parent / "targets" / "concepta_5" / "entity"
SUFFIX = ".jinja"


@lru_cache(maxsize=1)
def templates() -> Mapping[str, "Template"]:
    """Every template by the path pattern of its output, sorted by that."""
    from jinja2 import Environment, StrictUndefined, select_autoescape

    environment = Environment(
        # This is no HTML: `typescript.py` escapes what comes from a plan.
        autoescape=select_autoescape((), default_for_string=False),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    paths = sorted(FOLDER.rglob(f"*{SUFFIX}"))
    return {
        path.relative_to(FOLDER).as_posix().removesuffix(SUFFIX): environment.from_string(
            path.read_text(encoding="utf-8")
        )
        for path in paths
    }
