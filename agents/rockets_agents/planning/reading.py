"""What is known while a document is read: the plan so far and all that was said beside it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from pydantic import JsonValue

from rockets_agents.loop import Seat, work
from rockets_agents.model import Usage
from rockets_agents.model.budget import Budget
from rockets_agents.planning.checks import planned, settled
from rockets_agents.planning.desk import bare_desk
from rockets_agents.planning.drafted import Assumption, Drafted, Question
from rockets_agents.planning.jobs import SETTLE
from rockets_agents.planning.merging import SOURCE, Clash, Object, find, pointers
from rockets_agents.planning.passages import name_of, passages_at
from rockets_agents.planning.said import Asked, Decided, PlanDraft, SettleBrief, Variants
from rockets_agents.planning.sources import spans, unmarked
from rockets_agents.planning.watchfulness import grant_notices, talk_notice
from rockets_tools.documents import Prose
from rockets_tools.errors import Problem

MOST_CLASHES = 60
"""More are settled as the document had it first, and told."""


@dataclass(kw_only=True)
class Reading:
    """What is known after each part; addresses stay names until the plan is whole."""

    document: Prose
    seat: Seat
    plan: Object
    """With `x-source`."""
    usage: Usage = field(default_factory=Usage)
    clashes: list[Clash] = field(default_factory=list[Clash])
    assumptions: list[Decided] = field(default_factory=list[Decided])
    questions: dict[str, Asked] = field(default_factory=dict[str, Asked])
    notices: list[Problem] = field(default_factory=list[Problem])
    refusals: list[str] = field(default_factory=list[str])

    def take(self, answer: PlanDraft, usage: Usage) -> None:
        """Add what one part of the document came to."""
        self.usage += usage
        if answer.refusal is not None:
            self.refusals.append(answer.refusal)
        merged = planned(answer, self.plan)
        self.plan = merged.plan
        self.clashes += merged.clashes
        self.note(answer)

    def note(self, answer: PlanDraft) -> None:
        self.assumptions += answer.assumptions
        for question in answer.questions:
            self.questions[_free(question.id, self.questions)] = question
        for noticed in answer.noticed:
            line = (spans(noticed.lines) or ((1, 1),))[0][0]
            self.notices.append(
                Problem(
                    code="document-noticed",
                    message=f"The Lead noticed: {noticed.text}",
                    fix="Read these lines; nothing was done on their behalf.",
                    file=self.document.file,
                    line=line,
                )
            )

    async def settle(self) -> None:
        """One call for all that parts of the document say differently."""
        clashes, more = self.clashes[:MOST_CLASHES], self.clashes[MOST_CLASHES:]
        for clash in more:
            self._decided(clash.about, "The document contradicts itself; its first word holds.")
        if not clashes:
            return
        variants = tuple(
            Variants(number=number, about=clash.about, first=clash.first, second=clash.second)
            for number, clash in enumerate(clashes)
        )
        cited = [
            lines for clash in clashes for lines in (_lines(clash.first), _lines(clash.second))
        ]
        brief = SettleBrief(
            document=name_of(self.document),
            passages=passages_at(self.document, [span for lines in cited for span in lines]),
            clashes=variants,
            plan=self.plan,
        )
        done = await work(SETTLE, brief, desk=bare_desk(), seat=self.seat)
        self.usage += done.work.usage
        self.plan = settled(done.answer, self.plan, variants)
        for choice in done.answer.choices:
            about = clashes[choice.number].about
            self._decided(about, f"The document contradicts itself: {choice.why}")

    def carry(
        self,
        draft: Drafted,
        questions: Iterable[Question],
        agreed: Iterable[Assumption],
        *,
        changed: frozenset[str],
    ) -> None:
        """Keep what was decided and asked about parts that did not change."""
        names = {pointer: name for name, pointer in pointers(draft.plan).items()}
        known = pointers(self.plan)
        for assumption in (*draft.assumptions, *agreed):
            name = names.get(assumption.pointer, "")
            if find(known, name) is not None and _entity(name) not in changed:
                self.assumptions.append(Decided(about=name, text=assumption.text))
        for question in questions:
            about = tuple(n for p in question.pointers if (n := names.get(p, "")) in known)
            if about:
                self.questions[question.id] = Asked(
                    id=question.id,
                    about=about,
                    text=question.text,
                    options=question.options,
                    assumption=question.assumption,
                )

    def nothing(self, budget: Budget) -> Drafted:
        """The document describes no application."""
        reason = self.refusals[0] if self.refusals else "It names nothing that is stored."
        return Drafted(
            plan={},
            provenance={},
            notices=self._notices(()),
            blockers=(
                Problem(
                    code="document-no-application",
                    message=f"The document describes no application that stores data: {reason}",
                    fix="Give a document that says what is stored and who may do what with it.",
                    file=self.document.file,
                    line=1,
                ),
            ),
            budget=budget.state,
            usage=self.usage,
        )

    def drafted(self, budget: Budget, *, earlier: tuple[Problem, ...] = ()) -> Drafted:
        plan, provenance = unmarked(self.plan, self.document.file)
        known = pointers(plan)
        grants = grant_notices(plan, provenance, self.document)
        kept = (n for n in earlier if n.code == "document-noticed")
        return Drafted(
            plan=plan,
            provenance=provenance,
            notices=self._notices((*kept, *grants)),
            assumptions=tuple(
                Assumption(pointer=pointer, text=decided.text)
                for decided in self.assumptions
                if (pointer := find(known, decided.about)) is not None
            ),
            questions=tuple(_questions(self.questions, known)),
            budget=budget.state,
            usage=self.usage,
        )

    def _notices(self, more: Iterable[Problem]) -> tuple[Problem, ...]:
        return (*self.document.notices, *talk_notice(self.document), *self.notices, *more)

    def _decided(self, about: str, text: str) -> None:
        self.assumptions.append(Decided(about=about.partition("/")[0], text=text[:1000]))


def _questions(asked: Mapping[str, Asked], known: Mapping[str, str]) -> Iterator[Question]:
    """Those about something that is still in the plan."""
    for id_, question in asked.items():
        found = [find(known, address) for address in question.about]
        places = tuple(pointer for pointer in found if pointer is not None)
        if places:
            yield Question(
                id=id_,
                pointers=places,
                text=question.text,
                options=question.options,
                assumption=question.assumption,
            )


def _free(id_: str, taken: Mapping[str, Asked]) -> str:
    if id_ not in taken:
        return id_
    return next(f"{id_}-{n}" for n in range(2, 1000) if f"{id_}-{n}" not in taken)


def _lines(value: JsonValue) -> tuple[tuple[int, int], ...]:
    return (isinstance(value, dict) and spans(value.get(SOURCE))) or ()


def _entity(address: str) -> str:
    return address.replace("@", ".").partition(".")[0]


def changed_by(answer: PlanDraft) -> frozenset[str]:
    """Entities and modules, folded, that the answer gives anew."""
    return frozenset(_entity(name) for name in pointers(answer.plan))
