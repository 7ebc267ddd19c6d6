"""docs/plan.md names every key of the plan's schema."""

import re
from pathlib import Path

from rockets_tools.plan import plan_schema

PAGE = Path(__file__).resolve().parents[1] / "docs" / "plan.md"


def test_every_key_of_the_schema_is_explained() -> None:
    schema = plan_schema()
    parts = [schema, *schema["$defs"].values()]
    keys = {key for part in parts for key in part.get("properties", {})}
    explained = set(re.findall(r"\b\w+\b", PAGE.read_text(encoding="utf-8")))
    assert keys - explained == set()
