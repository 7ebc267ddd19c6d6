"""The few files that only an adopted project has."""

from pathlib import Path

from rockets_tools.project.adopt.template import specifier

FOLDER = "adopt"


def rendered(templates: Path, name: str, /, **values: str) -> str:
    """A template of the target's `adopt` folder."""
    from jinja2 import Environment, StrictUndefined, select_autoescape

    environment = Environment(
        autoescape=select_autoescape((), default_for_string=False),
        undefined=StrictUndefined,
        trim_blocks=True,
        keep_trailing_newline=True,
    )
    text = (templates / FOLDER / f"{name}.jinja").read_text(encoding="utf-8")
    return environment.from_string(text).render(**values)


def entity_file(templates: Path, path: str, name: str, *, their_name: str, their_file: str) -> str:
    """A file that exports a class of the project under the name generated modules know."""
    clause = name if name == their_name else f"{their_name} as {name}"
    where = specifier(path, their_file)
    return rendered(templates, "entity.ts", clause=clause, specifier=where)
