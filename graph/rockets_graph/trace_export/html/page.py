"""A story as one HTML page."""

import base64
import hashlib
from collections.abc import Iterator
from importlib.resources import files

from rockets_graph.trace_export.html.story import Story
from rockets_graph.trace_export.html.visible import island, printed


def page(story: Story) -> Iterator[str]:
    """The page in pieces.

    Its policy lets run and style nothing but the two texts of this package, by their hash, and
    load nothing at all.
    """
    from jinja2 import Environment, StrictUndefined

    here = files("rockets_graph.trace_export.html")
    template, style, script = (
        (here / name).read_text(encoding="utf-8")
        for name in ("page.html.j2", "style.css", "page.js")
    )
    environment = Environment(
        autoescape=True,
        undefined=StrictUndefined,
        finalize=printed,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    policy = (
        f"default-src 'none'; script-src '{_hash(script)}'; style-src '{_hash(style)}'; "
        "base-uri 'none'; form-action 'none'"
    )
    return environment.from_string(template).generate(
        story=story,
        policy=policy,
        style=style,
        script=script,
        data=island(story.data()),
    )


def _hash(text: str) -> str:
    digest = hashlib.sha256(text.encode()).digest()
    return f"sha256-{base64.b64encode(digest).decode()}"
