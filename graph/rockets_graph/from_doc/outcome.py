"""What came of `rockets from-doc`: the report of the run, and what belongs to the document."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pydantic import JsonValue

from rockets_graph.from_doc.document import Document
from rockets_graph.from_doc.proposal import Proposal
from rockets_graph.report import Report

Approval = Literal["asked", "given", "earlier", "none"]
"""A person said yes; `--yes`; the plan in force was approved before; a dry run."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """`report.exit_code` is the exit status."""

    report: Report
    document: Document
    project: Path
    created: bool = False
    """The project is new."""
    approval: Approval = "none"
    proposal: Proposal | None = None
    """None when an approved plan was only gone on with."""

    def as_json(self) -> dict[str, JsonValue]:
        """The run's report with `project`, `created`, `approval`, `adoption`,
        `document` and `plan`."""
        document: dict[str, JsonValue] = {
            "file": self.document.shown,
            "kind": self.document.kind,
            "sha256": self.document.sha256,
        }
        known = self.proposal
        return {
            **self.report.as_json(),
            "project": str(self.project),
            "created": self.created,
            "approval": self.approval,
            "adoption": self._adoption(),
            "document": document if known is None else {**document, **_said(known)},
            "plan": None if known is None else _plan(known),
        }

    def _adoption(self) -> dict[str, JsonValue] | None:
        known = self.proposal
        if known is None or known.place.adoption is None:
            return None
        return known.place.adoption.as_json()


def _said(known: Proposal) -> dict[str, JsonValue]:
    return {
        "notices": [{**notice.as_json()} for notice in known.draft.notices],
        "uncited": [
            {"text": duty.text, "first": duty.first, "last": duty.last} for duty in known.uncited
        ],
    }


def _plan(known: Proposal) -> dict[str, JsonValue]:
    drafted = known.draft.drafted
    return {
        "hash": known.plan.hash,
        "roles": list(known.plan.roles),
        "guesses": [
            {"part": part.name, "guess": guess} for part in known.parts for guess in part.guesses
        ],
        "assumptions": [{"pointer": a.pointer, "text": a.text} for a in known.assumptions],
        "questions": [
            {"id": q.id, "text": q.text, "assumed": q.assumed, "options": list(q.options)}
            for q in known.questions
        ],
        "undoneEdits": list(known.undone),
        "planning": None if drafted is None else drafted.usage.model_dump(mode="json"),
    }
