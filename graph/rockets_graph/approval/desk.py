"""Asking a person on a terminal; without one, only showing."""

import sys
from typing import TYPE_CHECKING

import click

from rockets_graph.approval.blocks import Page
from rockets_graph.approval.terminal import show_details, show_summary
from rockets_graph.cli.output import print_problems, printable
from rockets_graph.from_doc.document import Question
from rockets_graph.from_doc.request import Answer
from rockets_tools.errors import InputError, Problem

if TYPE_CHECKING:
    from rich.console import Console

LONG = 15
"""Sections of details above which they are shown when asked for."""
PLAIN_WIDTH = 140
"""Columns where nobody says how wide the output is."""
_WORDS = {
    "y": "yes",
    "n": "no",
    "e": "edit",
    "a": "answer",
    "t": "tell",
    "s": "show",
}


class TerminalDesk:
    """Shows on stderr, asks on stdin."""

    def __init__(self, *, quiet: bool) -> None:
        self.quiet = quiet
        """Stderr is for a program: the page is only shown to a person who is asked."""

    @property
    def interactive(self) -> bool:
        return sys.stdin.isatty() and sys.stderr.isatty()

    def show(self, page: Page, *, whole: bool) -> None:
        if self.quiet and not self.interactive:
            return
        out = _console()
        show_summary(page, out)
        if whole and not (self.interactive and is_long(page)):
            show_details(page, out)

    def tell(self, problems: tuple[Problem, ...]) -> None:
        print_problems(problems)

    def ask(self, page: Page, choices: frozenset[Answer]) -> Answer:
        hidden = len(page.details) > LONG
        offered = [
            word for word in _WORDS.values() if word in choices or (word == "show" and hidden)
        ]
        click.echo(err=True)
        while True:
            said: str = click.prompt(
                f"Build this? [{' / '.join(offered)}]", err=True, prompt_suffix=" "
            )
            word = _WORDS.get(said.strip().lower(), said.strip().lower())
            if word == "show" and hidden:
                show_details(page, _console())
            for choice in choices:
                if word == choice:
                    return choice

    def settle(self, question: Question) -> str:
        click.echo(printable(question.text), err=True)
        for option in question.options:
            click.echo(printable(f"  {option}"), err=True)
        said: str = click.prompt("answer", default=printable(question.assumed), err=True)
        return question.assumed if said == printable(question.assumed) else said

    def remark(self) -> str:
        said: str = click.prompt("What shall be otherwise?", err=True, prompt_suffix="\n")
        return said

    def edit(self, text: str) -> str | None:
        """Open $VISUAL or $EDITOR; a file that was not saved means no change."""
        try:
            return click.edit(text, extension=".json")
        except (click.ClickException, UnicodeDecodeError) as error:
            said = error.format_message() if isinstance(error, click.ClickException) else str(error)
            raise InputError(
                Problem(
                    code="editor",
                    message=f"The editor did not work: {said}.",
                    fix="Set EDITOR to one that does, or edit a plan of rockets plan --out.",
                )
            ) from error


def is_long(page: Page) -> bool:
    """Its details are shown when they are asked for."""
    return len(page.details) > LONG


def _console() -> "Console":
    from rich.console import Console

    terminal = sys.stderr.isatty()
    return Console(stderr=True, highlight=False, width=None if terminal else PLAIN_WIDTH)
