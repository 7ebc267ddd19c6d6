"""What `rockets from-doc` is asked to do, and the person it can ask back."""

import shlex
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol

from pydantic import TypeAdapter, ValidationError

from rockets_graph.approval.blocks import Page
from rockets_graph.from_doc.document import Question
from rockets_graph.options import Options
from rockets_tools.errors import InputError, Problem

Answer = Literal["yes", "no", "edit", "answer", "tell"]
"""Build it; do not; change the plan's text; answer its questions; tell the Lead what to change."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """The command as it was typed."""

    document: Path
    options: Options
    """Of the run; `spec` and `approved_hash` are not used."""
    kind: str | None = None
    yes: bool = False
    plan_hash: str | None = None
    """The only plan that `yes` approves."""
    answers: Path | None = None
    page: Path | None = None
    """File to write the page to."""
    fresh: bool = False
    """The Lead reads prose anew, also where what he said before is remembered."""

    def require_page(self, *, is_new: bool) -> None:
        """Raise `InputError` where writing the page would harm: it takes the place of what was
        given, or stands in the way of a project that `is_new`."""
        if self.page is None:
            return
        page = self.page.resolve()
        given = [path.resolve() for path in (self.document, self.answers) if path is not None]
        if page in given or (is_new and page.is_relative_to(self.options.project.resolve())):
            what = (
                "it would be overwritten" if page in given else "a new project is to be made there"
            )
            raise InputError(
                Problem(
                    code="page-in-the-way",
                    message=f"The page cannot be written there: {what}.",
                    fix="Name another file with --page.",
                    file=str(self.page),
                )
            )

    def command(self, *more: str) -> str:
        """This request as it is typed, with more options."""
        options = self.options
        words = ["rockets", "from-doc", str(self.document), "--project", str(options.project)]
        # What is common to both commands follows `rockets orchestrate --project DIR --resume`.
        words += shlex.split(options.resume_command())[5:]
        for flag, given in (
            ("--kind", self.kind),
            ("--answers", self.answers),
            ("--page", self.page),
            ("--workers", options.workers),
        ):
            if given is not None:
                words += [flag, str(given)]
        return shlex.join([*words, *more])


class Desk(Protocol):
    """Where a person sits; without one nobody is asked."""

    @property
    def interactive(self) -> bool:
        """Somebody can answer."""
        ...

    def show(self, page: Page, *, whole: bool) -> None:
        """Show the page, at least its summary."""

    def tell(self, problems: tuple[Problem, ...]) -> None:
        """Say what is wrong with what the person did."""

    def ask(self, page: Page, choices: frozenset[Answer]) -> Answer:
        """What the person says to the page."""
        ...

    def settle(self, question: Question) -> str:
        """The answer to one question, possibly what is assumed."""
        ...

    def remark(self) -> str:
        """What the Lead shall do otherwise."""
        ...

    def edit(self, text: str) -> str | None:
        """The plan's text after the person edited it; None when it was left alone."""


def read_answers(path: Path | None) -> dict[str, str]:
    """`{"question id": "answer"}` of a JSON file the user named."""
    if path is None:
        return {}
    from rockets_tools.documents.read import decoded, document_bytes

    data = document_bytes(path, fix="Name a JSON file with answers.")
    text = decoded(data, str(path))
    try:
        return TypeAdapter(dict[str, str]).validate_json(text)
    except ValidationError as error:
        raise InputError(
            Problem(
                code="answers-malformed",
                message="This is no JSON object of question ids and answers.",
                fix='Write {"question-id": "answer"}; the ids are on the page of --dry-run.',
                file=str(path),
            )
        ) from error
