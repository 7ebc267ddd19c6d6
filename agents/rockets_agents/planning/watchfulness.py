"""What a person should look at before approving: grants nobody asked for, talk to the model."""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from itertools import accumulate

from pydantic import JsonValue

from rockets_agents.planning.merging import GUESS, Object
from rockets_agents.planning.sources import Provenance
from rockets_tools.documents import Prose, Source
from rockets_tools.documents.provenance import PlanPart, plan_parts
from rockets_tools.documents.sections import Heading, headings
from rockets_tools.errors import Problem
from rockets_tools.plan import names
from rockets_tools.plan.problems import quoted

MOST_NAMED = 8
"""Entities or lines named in one sentence."""
MOST_ABOVE = 40
"""Lines above a cited one that may name the role it is about: a list's intro, a table's head."""
EVERYBODY = "user"
"""The role of every account."""
_CHANGES = frozenset({"create", "update", "delete"})
_ANYBODY = re.compile(
    r"\b(?:users?|every(?:one|body)?|any(?:one|body)|all|members?|customers?|clients?|people|person"
    r"|account|signed|logged|authenticated|who(?:ever)?|owners?|own|their|his|her)\b",
    re.IGNORECASE,
)
_TO_A_MODEL = re.compile(
    r"""
    (?: ignore | disregard | forget | override ) \b [^.]{0,60}
        \b (?: instruction | prompt | rule | above | previous | prior )
    | \b system \s (?: prompt | message | override )
    | \b (?: you\sare | act\sas | pretend ) \b [^.]{0,40}
        \b (?: ai | assistant | language\smodel | lead | administrator | developer\smode ) \b
    | \b as\san\sai \b
    | \b ai \s (?: agent | assistant | model ) s? \b [^.]{0,40}
        \b (?: must | should | shall | please | now ) \b
    | \b tool_ (?: result | use | call )
    | </? (?: data | system | document | tool | function | instructions? | assistant | human )
        \b [^>\n]{0,80} >
    | ^ \s{0,8} (?: system | assistant | human ) \s? :
    | \b (?: reveal | print | output | send | paste ) \b [^.]{0,40}
        \b (?: api[ _-]?key | secret | credential | system\sprompt | environment\svariable ) s? \b
    """,
    re.IGNORECASE | re.VERBOSE | re.MULTILINE,
)
_BESIDE = 2
"""Lines of the same paragraph around such words that go with them."""


def talk_to_models(prose: Prose) -> frozenset[int]:
    """Lines that look as if they were written for a model and not for a reader."""
    lines = ["", *prose.lines, ""]
    starts = [0, *accumulate(len(line) + 1 for line in prose.lines)]
    found: set[int] = set()
    for match in _TO_A_MODEL.finditer(prose.text):
        first, last = (bisect_right(starts, place) for place in (match.start(), match.end() - 1))
        for _ in range(_BESIDE):
            first -= bool(lines[first - 1].strip())
            last += bool(lines[min(last + 1, len(lines) - 1)].strip())
        found.update(range(first, last + 1))
    return frozenset(found)


def talk_notice(prose: Prose) -> Iterator[Problem]:
    """One notice for all of these lines."""
    lines = sorted(talk_to_models(prose))
    if lines:
        yield Problem(
            code="document-talks-to-model",
            message=f"{len(lines)} lines look written for a language model and not for a reader"
            f" (lines {_listed(map(str, lines))}).",
            fix="Read them; look closely at what the plan takes from there.",
            file=prose.file,
            line=lines[0],
        )


def grant_notices(plan: Object, provenance: Provenance, prose: Prose) -> Iterator[Problem]:
    """Grants without words in the document that give them, and those to everybody."""
    grants = [part for part in plan_parts(plan) if part.kind == "grant" and _operations(part)]
    told = talk_to_models(prose)
    for code, message, found in (
        ("assumed", "The document does not grant this; the Lead assumed it", _assumed(grants)),
        (
            "unnamed",
            "The lines cited for these grants do not name the role",
            _unnamed(grants, provenance, prose),
        ),
        (
            "from-talk",
            "These grants rest on lines that look written for a language model",
            (g for g in grants if told & _lines(provenance.get(g.pointer, ()))),
        ),
        (
            "to-everybody",
            f"These let every account ({EVERYBODY}) change rows that are not its own",
            (g for g in grants if _role(g) == EVERYBODY and _is_wide(g)),
        ),
    ):
        parts = list(found)
        if parts:
            sources = provenance.get(parts[0].pointer, ())
            yield Problem(
                code=f"grant-{code}",
                message=f"{message}: {_listed(map(_shown, parts))}.",
                fix="Approve them only if they are meant.",
                file=prose.file,
                line=sources[0].first if sources else None,
                pointer=parts[0].pointer,
            )


def _assumed(grants: Iterable[PlanPart]) -> Iterator[PlanPart]:
    return (g for g in grants if isinstance(g.value, dict) and g.value.get(GUESS))


def _unnamed(
    grants: Iterable[PlanPart], provenance: Provenance, prose: Prose
) -> Iterator[PlanPart]:
    found = headings(prose)
    for grant in grants:
        sources = provenance.get(grant.pointer, ())
        if sources and not any(_names(_role(grant), _around(s, prose, found)) for s in sources):
            yield grant


def _around(source: Source, prose: Prose, found: tuple[Heading, ...]) -> str:
    """The lines, what stands above them in their section, and the headings they are under."""
    above = [h for h in found if h.line <= source.first]
    start = max(above[-1].line if above else 1, source.first - MOST_ABOVE)
    chain: dict[int, str] = {}
    for heading in above:
        chain = {level: text for level, text in chain.items() if level < heading.level}
        chain[heading.level] = heading.text
    return "\n".join([*chain.values(), *prose.lines[start - 1 : source.last]])


def _names(role: str, text: str) -> bool:
    if role == EVERYBODY:
        return _ANYBODY.search(text) is not None
    low = text.casefold()
    return all(_stem(word) in low for word in names.words(role))


@cache
def _stem(word: str) -> str:
    """`libraries` and `library`, `managers` and `manager` begin the same."""
    return word if len(word) <= 4 else word[: max(4, len(word) - 3)]


def _is_wide(grant: PlanPart) -> bool:
    value = grant.value if isinstance(grant.value, dict) else {}
    return value.get("possession", "any") == "any" and bool(_operations(grant) & _CHANGES)


def _operations(grant: PlanPart) -> set[str]:
    value: Mapping[str, JsonValue] = grant.value if isinstance(grant.value, dict) else {}
    found = value.get("operations")
    return {str(item) for item in found} if isinstance(found, list) else set()


def _role(grant: PlanPart) -> str:
    return grant.name.rpartition("@")[2]


def _shown(grant: PlanPart) -> str:
    return f"{quoted(grant.name)} ({', '.join(sorted(_operations(grant)))})"


def _lines(sources: Iterable[Source]) -> set[int]:
    return {line for source in sources for line in range(source.first, source.last + 1)}


def _listed(words: Iterable[str]) -> str:
    found = list(words)
    more = f" and {len(found) - MOST_NAMED} more" if len(found) > MOST_NAMED else ""
    return f"{', '.join(found[:MOST_NAMED])}{more}"
