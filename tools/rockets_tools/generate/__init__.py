"""Render the sixteen files of one entity, in memory."""

from rockets_tools.generate.codec import from_json, to_json
from rockets_tools.generate.render import render_entity

__all__ = ["from_json", "render_entity", "to_json"]
