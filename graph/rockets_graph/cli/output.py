"""What a command prints: one JSON document on stdout, everything for people on stderr."""

import json
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from rockets_tools.errors import Problem

if TYPE_CHECKING:
    from rich.console import Console


def wants_json(*, forced: bool) -> bool:
    """`--json` was given, or nobody is reading stdout on a terminal."""
    return forced or not sys.stdout.isatty()


def print_json(document: object) -> None:
    """The one document on stdout: UTF-8 in every locale, also where a file's name is not."""
    try:
        text = json.dumps(document, ensure_ascii=False, indent=2, allow_nan=False)
    except ValueError:
        # A trace or an answer from elsewhere may hold a NaN, which JSON has not.
        plain = json.loads(json.dumps(document), parse_constant=lambda _: None)
        text = json.dumps(plain, ensure_ascii=False, indent=2)
    # What UTF-8 cannot hold (half a surrogate pair) becomes the escape that JSON has for it.
    click.echo(text.encode("utf-8", "backslashreplace"))


def console() -> "Console":
    """Rich output for people, on stderr; plain when stderr is not a terminal."""
    from rich.console import Console

    return Console(stderr=True, highlight=False, soft_wrap=not sys.stderr.isatty())


def printable(text: str) -> str:
    """Text from a document or a file, safe to show: control and bidi characters are escaped."""
    return "".join(
        character if character.isprintable() or character == "\n" else ascii(character)[1:-1]
        for character in text
    )


def shown(text: str) -> str:
    """The same, so that no line in it can be taken for one of ours."""
    return printable(text).replace("\n", "\n    ")


def problem_text(problem: Problem, *, label: str = "error") -> str:
    """One problem for a person: sentence, place, next step."""
    place = problem.file or ""
    if problem.line is not None:
        place += f":{problem.line}"
    if problem.pointer:
        place += f" ({problem.pointer})" if place else problem.pointer
    lines = [f"{label}: {problem.message} [{problem.code}]"]
    if place:
        lines.append(f"  at {place}")
    lines.append(f"  fix: {problem.fix}")
    return printable("\n".join(lines))


def print_problems(problems: Sequence[Problem], *, label: str = "error") -> None:
    """Each problem in sentences, on stderr."""
    for problem in problems:
        click.echo(problem_text(problem, label=label), err=True)


def print_failure(problems: Sequence[Problem]) -> None:
    """The error of a command: sentences on stderr and, unless it is a terminal, JSON on stdout."""
    print_problems(problems)
    if "--json" in sys.argv or not sys.stdout.isatty():
        print_json({"success": False, "errors": [problem.as_json() for problem in problems]})
