"""Roles that inherit: what they get beside their own grants, and whether the plan allows it."""

from collections.abc import Iterable, Mapping, Sequence

from rockets_tools.integrate.wiring.access import Access
from rockets_tools.integrate.wiring.acl_names import ROLES
from rockets_tools.integrate.wiring.acl_rules import Rules
from rockets_tools.integrate.wiring.source import Source
from rockets_tools.plan.model import Grant, Possession


def check_inheritance(source: Source, rules: Rules, wirings: Sequence[Access]) -> None:
    """A role that inherits gets what the other has, whatever is taken back from itself."""
    edges = [(s, heir, origin) for s in rules.statements for heir, origin in s.extends]
    if not edges:
        return
    parents: dict[str, set[str]] = {}
    for statement, heir, origin in edges:
        if heir is None or origin is None:
            raise source.error(
                statement.start,
                "wiring-inheritance",
                "Which role inherits from which cannot be told here.",
                f"Name both roles: {rules.name}.grant({ROLES}.X).extend({ROLES}.Y).",
            )
        parents.setdefault(heir, set()).add(origin)
    for wiring in wirings:
        grants = dict(wiring.grants)
        for statement, heir, _ in edges:
            if heir is None:
                continue
            own = grants.get(heir)
            for ancestor in _ancestors(heir, parents):
                given = grants.get(ancestor)
                if given is not None and not _covers(own, given):
                    raise source.error(
                        statement.start,
                        "wiring-inheritance",
                        f"Role {heir} inherits from {ancestor}, and so would get more on "
                        f"{wiring.resources[0].member} than the plan gives it.",
                        f"Remove the inheritance, or give {heir} the same operations in the plan.",
                    )


def _covers(own: Grant | None, given: Grant) -> bool:
    if not given.actions:
        return True
    if own is None or not given.actions <= own.actions:
        return False
    return own.possession is Possession.ANY or given.possession is Possession.OWN


def _ancestors(role: str, parents: Mapping[str, Iterable[str]]) -> list[str]:
    found: list[str] = []
    waiting = list(parents.get(role, ()))
    while waiting:
        ancestor = waiting.pop()
        if ancestor not in found:
            found.append(ancestor)
            waiting.extend(parents.get(ancestor, ()))
    return sorted(found)
