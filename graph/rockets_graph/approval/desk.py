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
    "yes": "build it",
    "no": "stop, nothing is written",
    "edit": "change the plan in your editor",
    "answer": "answer its questions",
    "tell": "say in words what shall be otherwise",
    "show": "see every line of it",
}
"""What can be said, and what it does; the first letter is enough."""


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
        offered = [word for word in _WORDS if word in choices or (word == "show" and hidden)]
        click.echo(err=True)
        while True:
            said = _asked(f"Build this? [{' / '.join(offered)}]", suffix=" ").strip().lower()
            word = next((word for word in offered if said in {word, word[0]}), None)
            for choice in choices:
                if word == choice:
                    return choice
            if word == "show":
                show_details(page, _console())
            else:
                click.echo("; ".join(f"{word}: {_WORDS[word]}" for word in offered), err=True)

    def settle(self, question: Question) -> str:
        click.echo(printable(question.text), err=True)
        for number, option in enumerate(question.options, 1):
            click.echo(printable(f"  {number}  {option}"), err=True)
        # What is typed is compared with what was shown.
        meant = {printable(option): option for option in (*question.options, question.assumed)}
        meant = {str(n): option for n, option in enumerate(question.options, 1)} | meant
        while True:
            said = _asked("answer", default=printable(question.assumed)).strip()
            if said in meant or not question.options:
                return meant.get(said, said)
            click.echo("Type one of these answers, or its number.", err=True)

    def remark(self) -> str:
        return _asked("What shall be otherwise?", suffix="\n")

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


def _asked(question: str, *, default: str | None = None, suffix: str = ": ") -> str:
    """What is typed; the end of the input is an interruption, as Ctrl-C is."""
    try:
        said: str = click.prompt(question, default=default, err=True, prompt_suffix=suffix)
    except click.Abort as stop:
        raise KeyboardInterrupt from stop
    return said


def _console() -> "Console":
    from rich.console import Console

    terminal = sys.stderr.isatty()
    return Console(stderr=True, highlight=False, width=None if terminal else PLAIN_WIDTH)
