"""Document → plan → approval → project → verified project.

Everything that can be refused is refused before the first write: the document is read, the plan
checked, the place looked at and the run rehearsed; then a person is asked; then it is done.
"""

import os
from collections.abc import Mapping
from typing import TYPE_CHECKING

from rockets_graph.approval.blocks import Page
from rockets_graph.events import Note, Reporter, silent
from rockets_graph.from_doc.document import Document, Draft, of_prose, of_schema, read
from rockets_graph.from_doc.make import make, rehearse
from rockets_graph.from_doc.outcome import Approval, Outcome
from rockets_graph.from_doc.place import Place, find_place
from rockets_graph.from_doc.proposal import (
    Proposal,
    edited,
    plan_text,
    propose,
    require_known,
)
from rockets_graph.from_doc.request import Answer, Desk, Request, read_answers
from rockets_graph.from_doc.subject import subject_of
from rockets_graph.ledger import PLAN_FILE
from rockets_graph.orchestrate import MakeTools, orchestrate, real_tools
from rockets_graph.report import Report
from rockets_tools.documents import Prose
from rockets_tools.errors import InputError, Problem

if TYPE_CHECKING:
    from rockets_graph.from_doc.lead import Lead


def from_doc(
    request: Request,
    desk: Desk,
    emit: Reporter = silent,
    *,
    environment: Mapping[str, str] | None = None,
    make_tools: MakeTools = real_tools,
) -> Outcome:
    """Do what is asked; `outcome.report.exit_code` is the exit status.

    Raises `InputError` (exit 2) with nothing written: what is wrong with the document, the plan
    or the place, or that nobody approved it; `MachineError` (exit 3) when the machine cannot
    start; `AgentError` (exit 1) when the Lead comes to no plan; `NotBegunError`, a
    KeyboardInterrupt, before the plan is approved. A later one leaves a project to go on with.
    """
    given = os.environ if environment is None else environment
    return _Work(request, desk, emit, given, make_tools).run()


class NotBegunError(KeyboardInterrupt):
    """Interrupted before the plan was approved: nothing was written."""


class _Work:
    def __init__(
        self,
        request: Request,
        desk: Desk,
        emit: Reporter,
        environment: Mapping[str, str],
        make_tools: MakeTools,
    ) -> None:
        self.request, self.desk, self.emit = request, desk, emit
        self.options = request.options
        self.environment = environment
        self.make_tools = make_tools
        self.answers: dict[str, str] = {}
        self.lead: Lead | None = None

    def run(self) -> Outcome:
        place = find_place(self.options.project)
        self.request.require_page(is_new=place.is_new)
        document = read(self.request.document, self.request.kind)
        if self.options.resume and self.is_approved(document, place):
            return self.go_on(document)
        try:
            proposal, planned, approval = self.approve(self.proposed(document, place))
        except KeyboardInterrupt as stop:
            raise NotBegunError from stop
        dry = self.options.dry_run
        return Outcome(
            report=planned if dry else self.make(proposal),
            document=document,
            project=self.options.project,
            created=place.is_new and not dry,
            approval=approval,
            proposal=proposal,
        )

    def proposed(self, document: Document, place: Place) -> Proposal:
        """The plan of the document, with the answers that were given beforehand."""
        self.answers = read_answers(self.request.answers)
        draft = self.draft(document, place)
        require_known(
            self.answers, propose(draft, place, {}).questions, file=str(self.request.answers)
        )
        return self.answered(propose(draft, place, self.answers))

    def is_approved(self, document: Document, place: Place) -> bool:
        """The plan in force is this document's, as it was approved.

        Raises `InputError` when it is this document's and another than the approved one.
        """
        known = place.provenance
        if known is None or place.plan is None:
            return False
        if document.record(place.project) not in known.documents:
            return False
        from rockets_tools.plan import read_plan

        if read_plan(plan_text(place.plan), file=PLAN_FILE).plan.hash == known.plan_hash:
            return True
        raise InputError(
            Problem(
                code="plan-changed",
                message="The plan in force is not the one that was approved.",
                fix="Look at it with rockets plan show and start it as yours with "
                f"{self.options.resume_command()}, or run this without --resume.",
                file=PLAN_FILE,
            )
        )

    def go_on(self, document: Document) -> Outcome:
        self.emit(Note(text="the plan of this document is approved; going on with it"))
        report = orchestrate(
            self.options, self.emit, environment=self.environment, make_tools=self.make_tools
        )
        return Outcome(
            report=report, document=document, project=self.options.project, approval="earlier"
        )

    def draft(self, document: Document, place: Place) -> Draft:
        """What the document says, read by a reader of schemas or by the Lead."""
        content = document.content
        if not isinstance(content, Prose):
            return of_schema(document, content)
        from rockets_graph.from_doc.lead import open_lead
        from rockets_graph.from_doc.memory import memory_of_user
        from rockets_graph.from_doc.merge import from_elsewhere

        memory = memory_of_user(self.environment)
        self.lead = open_lead(self.options, self.emit, memory, fresh=self.request.fresh)
        if not (self.request.yes or self.options.dry_run or self.desk.interactive):
            raise self.not_approved("The Lead has not read it yet, to spend no token for nothing.")
        existing = from_elsewhere(place, document.record(place.project).file)
        return of_prose(document, self.lead.draft(content, existing))

    def approve(self, proposal: Proposal) -> tuple[Proposal, Report, Approval]:
        """Show the plan and ask until there is a yes; what is returned is what was shown."""
        from rockets_graph.approval.content import page as page_of

        while True:
            planned = rehearse(proposal, self.options, self.environment)
            page = page_of(subject_of(proposal, planned, self.options))
            self.write_page(page)
            dry = self.options.dry_run
            self.desk.show(page, whole=dry or not self.request.yes)
            if dry:
                return proposal, planned, "none"
            if self.request.yes:
                self.require_hash(proposal)
                return proposal, planned, "given"
            if not self.desk.interactive:
                raise self.not_approved("Read the page above.", "--plan-hash", proposal.plan.hash)
            said = self.desk.ask(page, self.choices(proposal))
            if said == "yes":
                return proposal, planned, "asked"
            if said == "no":
                raise InputError(
                    Problem(
                        code="plan-refused",
                        message="The plan was not approved, so nothing was done.",
                        fix="Change the document, or say edit in place of no."
                        + (" The same document, read again, costs nothing." if self.lead else ""),
                    )
                )
            proposal = self.changed(proposal, said)

    def choices(self, proposal: Proposal) -> frozenset[Answer]:
        """What can be said; an edited plan is the person's, and the Lead does not touch it."""
        choices: set[Answer] = {"yes", "no", "edit"}
        if not proposal.is_edited:
            choices |= {"answer"} if proposal.questions else set()
            choices |= {"tell"} if self.lead is not None else set()
        return frozenset(choices)

    def changed(self, proposal: Proposal, said: Answer) -> Proposal:
        """The plan after the person's change, or as it was when that came to nothing."""
        try:
            if said == "answer":
                self.answers |= {q.id: self.desk.settle(q) for q in proposal.questions}
                return self.answered(proposal)
            if said == "tell":
                return self.answered(proposal, self.desk.remark())
            return self.edited(proposal)
        except InputError as error:
            self.desk.tell(error.problems)
            return proposal

    def answered(self, proposal: Proposal, *remarks: str) -> Proposal:
        """The proposal with the answers and remarks in it."""
        draft = proposal.draft
        content, drafted = draft.document.content, draft.drafted
        if isinstance(content, Prose) and drafted is not None and self.lead is not None:
            open_ids = {question.id for question in drafted.questions}
            given = {name: a for name, a in self.answers.items() if name in open_ids}
            if given or remarks:
                drafted = self.lead.revise(content, drafted, answers=given, remarks=remarks)
                draft = of_prose(draft.document, drafted)
        return propose(draft, proposal.place, self.answers)

    def edited(self, proposal: Proposal) -> Proposal:
        """The plan as the person edited it; a bad one goes back to the editor."""
        text = proposal.text
        while True:
            changed = self.desk.edit(text)
            if changed is None:
                return proposal
            try:
                return edited(proposal, changed)
            except InputError as error:
                self.desk.tell(error.problems)
                text = changed

    def require_hash(self, proposal: Proposal) -> None:
        """`--plan-hash` names the plan that was looked at; any other is not approved."""
        wanted = self.request.plan_hash
        if wanted is not None and proposal.plan.hash != wanted:
            raise InputError(
                Problem(
                    code="plan-changed",
                    message="The plan is not the one that --plan-hash approves: its hash is "
                    f"{proposal.plan.hash}.",
                    fix="Look at the plan again; the document or the project changed since.",
                    file=proposal.draft.document.shown,
                )
            )

    def not_approved(self, first: str, *more: str) -> InputError:
        """The refusal to go on where nobody can be asked."""
        return InputError(
            Problem(
                code="plan-not-approved",
                message="Nobody has approved the plan: there is no terminal to ask on.",
                fix=f"{first} To approve: {self.request.command('--yes', *more)}",
                file=str(self.request.document),
            )
        )

    def make(self, proposal: Proposal) -> Report:
        return make(
            proposal,
            self.options,
            self.emit,
            environment=self.environment,
            make_tools=self.make_tools,
        )

    def write_page(self, page: Page) -> None:
        """Where `--page` says, also in a dry run: that is what it is for."""
        file = self.request.page
        if file is None:
            return
        from rockets_graph.approval.markdown import markdown
        from rockets_tools.files import disk_error

        try:
            file.write_text(markdown(page), encoding="utf-8")
        except OSError as error:
            raise disk_error(error, str(file)) from error
