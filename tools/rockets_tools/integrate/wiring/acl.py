"""Roles, resources and grants into the project's access rules."""

import re
from collections.abc import Mapping, Sequence

from rockets_tools.integrate.wiring.access import Access
from rockets_tools.integrate.wiring.acl_chain import Statement
from rockets_tools.integrate.wiring.acl_inheritance import check_inheritance
from rockets_tools.integrate.wiring.acl_names import RESOURCES, ROLES, Names, member_name
from rockets_tools.integrate.wiring.acl_rules import Rules
from rockets_tools.integrate.wiring.imports import Imports
from rockets_tools.integrate.wiring.source import PRINT_WIDTH, Source
from rockets_tools.plan.model import Action, Grant, Possession

ORDER = (Action.CREATE, Action.READ, Action.UPDATE, Action.DELETE)


def wire_acl(text: str, wirings: Sequence[Access], *, file: str) -> str | None:
    """The access rules with exactly the plan's grants for each entity; None: they are there.

    Per role with a grant there is one statement. Where a statement of the project could grant
    more (a blanket over all resources, a grant written by hand), everything granted so far on the
    entity's resources is removed first, so that what follows is all that anybody may do. A role
    that inherits more than the plan gives it is refused. Raises `WiringError`.
    """
    source = Source(text, file)
    add_rules(source, wirings)
    return source.result()


def add_rules(source: Source, wirings: Sequence[Access]) -> None:
    """Gather the edits of `wire_acl`, and warnings about overruled grants in `source.notes`."""
    imports = Imports(source)
    names: list[Names] = []
    for name in (ROLES, RESOURCES):
        binding = imports.bound_to(name)
        names.append(Names(source, name, imported=binding.statement if binding else None))
    roles, resources = names
    relevant = frozenset(r.value for wiring in wirings for r in wiring.resources)
    rules = Rules(source, imports, roles, resources, relevant)
    for wiring in wirings:
        for resource in wiring.resources:
            resources.add(resource.member, resource.value)
        for role, _ in wiring.grants:
            roles.add(member_name(role), role)
    check_inheritance(source, rules, wirings)
    roles.flush()
    resources.flush()
    _Grants(source, rules, roles, resources).wire(wirings)


class _Grants:
    """The statements of the wave's entities, brought to what the plan says."""

    def __init__(self, source: Source, rules: Rules, roles: Names, resources: Names) -> None:
        self._source = source
        self._rules = rules
        self._roles = roles
        self._resources = resources
        self._deleted: set[int] = set()
        self._appended: list[str] = []
        self._barrier = 0
        """Appended statements must come after this offset."""

    def wire(self, wirings: Sequence[Access]) -> None:
        statements = self._rules.statements
        by_resource: dict[str, list[int]] = {}
        open_ones: list[int] = []
        for index, statement in enumerate(statements):
            if statement.resources is None:
                open_ones.append(index)
            for resource in statement.resources or ():
                by_resource.setdefault(resource, []).append(index)
        for wiring in wirings:
            pair = frozenset(resource.value for resource in wiring.resources)
            near = sorted({i for value in pair for i in by_resource.get(value, ())})
            ours = [i for i in near if self._is_ours(statements[i], pair)]
            foreign = [i for i in near if i not in ours]
            self._wire_entity(wiring, ours, foreign, open_ones[-1] if open_ones else None)
        self._delete()
        self._append()

    def _is_ours(self, statement: Statement, pair: frozenset[str]) -> bool:
        return statement.resources == pair and (statement.role is not None or statement.removes)

    def _wire_entity(
        self, wiring: Access, ours: list[int], foreign: list[int], last_open: int | None
    ) -> None:
        statements = self._rules.statements
        for index in foreign:
            self._note(wiring, statements[index])
        touching = [*foreign, *([] if last_open is None else [last_open])]
        removal = [i for i in ours if statements[i].removes]
        grants = [i for i in ours if not statements[i].removes]
        desired = {role: actions for role, grant in wiring.grants if (actions := _actions(grant))}
        resources = [self._resources.expression(r.value) for r in wiring.resources]
        clear = bool(touching or removal or self._rules.initial_grants)
        for index in touching:
            if statements[index].locks:
                raise self._source.error(
                    statements[index].start,
                    "wiring-lock",
                    "The rules are locked in the statement that grants, so nothing can be granted "
                    "or taken back after it.",
                    "Call lock() in a statement of its own.",
                )
        out_of_order = bool(ours) and (
            any(index > ours[0] for index in touching) or (clear and removal[:1] != ours[:1])
        )
        if out_of_order or not ours:
            self._deleted.update(ours)
            lines = [self._removal(resources)] if clear else []
            lines += [self._grant(role, desired[role], resources) for role in desired]
            if lines:
                self._appended.append("\n".join(lines))
                barrier = max((statements[i].end for i in touching), default=0)
                self._barrier = max(self._barrier, barrier)
            return
        self._deleted.update(removal[1:])
        self._update(grants, removal, desired, resources)

    def _update(
        self,
        grants: list[int],
        removal: list[int],
        desired: Mapping[str, tuple[str, ...]],
        resources: Sequence[str],
    ) -> None:
        """Change the statements that differ, where they stand."""
        source, statements = self._source, self._rules.statements
        existing: dict[str, int] = {}
        for index in grants:
            role = statements[index].role
            if role is None or role not in desired or role in existing:
                self._deleted.add(index)
            else:
                existing[role] = index
        anchor = removal[0] if removal else None
        before: list[str] = []
        after: dict[int, list[str]] = {}
        for role, actions in desired.items():
            if role not in existing:
                target = before if anchor is None else after.setdefault(anchor, [])
                target.append(self._grant(role, actions, resources))
                continue
            anchor = existing[role]
            statement = statements[anchor]
            if set(statement.actions) != set(actions):
                source.replace(
                    statement.start, statement.end, self._grant(role, actions, resources)
                )
        if before:
            kept = [index for index in grants if index not in self._deleted]
            if kept:
                start = source.line_start(statements[kept[0]].start)
                source.insert(start, "".join(f"{text}\n" for text in before))
            else:
                self._deleted.discard(grants[0])
                replaced = statements[grants[0]]
                source.replace(replaced.start, replaced.end, "\n".join(before))
        for index, texts in after.items():
            source.insert(self._line_tail(statements[index].end), "".join(f"\n{t}" for t in texts))

    def _append(self) -> None:
        if not self._appended:
            return
        source, rules = self._source, self._rules
        lock = next((s for s in rules.statements if s.locks), None)
        ends = [s.end for i, s in enumerate(rules.statements) if i not in self._deleted]
        limit = len(source.data) if lock is None else lock.start
        block = "\n\n".join(self._appended)
        end = max((each for each in (*ends, *rules.others) if each <= limit), default=0)
        end = max(end, rules.declaration.end_byte)
        if lock is not None and self._barrier > lock.start:
            raise source.error(
                lock.start,
                "wiring-lock",
                "The rules are locked before the last statement that grants.",
                "Move lock() behind all grants.",
            )
        if lock is not None and lock.start < end:
            raise source.error(
                lock.start,
                "wiring-lock",
                "The rules are locked where nothing can be granted before it.",
                "Call lock() in a statement of its own, behind all grants.",
            )
        source.insert(self._line_tail(end), f"\n\n{block}")

    def _delete(self) -> None:
        """Take out whole lines, and the blank line that would be left over."""
        source, data = self._source, self._source.data
        ranges: list[tuple[int, int]] = []
        for index in sorted(self._deleted):
            statement = self._rules.statements[index]
            start, end = source.line_start(statement.start), source.line_end(statement.end)
            alone = (
                not data[start : statement.start].strip() and not data[statement.end : end].strip()
            )
            if not alone:
                ranges.append((statement.start, statement.end))
                continue
            end = data.find(b"\n", end) + 1 or len(data)
            if ranges and ranges[-1][1] == start:
                ranges[-1] = (ranges[-1][0], end)
            else:
                ranges.append((start, end))
        for start, end in ranges:
            blank = re.search(rb"\n(\r?\n)\Z", data[max(0, start - 4) : start])
            follows = re.match(rb"\r?\n|\Z", data[end : end + 2])
            begin = start - len(blank[1]) if blank and follows else start
            source.replace(begin, end, "")

    def _line_tail(self, at: int) -> int:
        """Behind a comment that ends the line of a statement."""
        source = self._source
        end = source.line_end(at)
        rest = source.data[at:end].strip()
        return end if not rest or rest.startswith(b"//") else at

    def _grant(self, role: str, actions: Sequence[str], resources: Sequence[str]) -> str:
        """One statement, laid out as prettier does."""
        name, width, end = self._rules.name, PRINT_WIDTH, self._source.semicolon
        calls = [f".grant({self._roles.expression(role)})", f".resource([{', '.join(resources)}])"]
        calls += [f".{action}()" for action in actions]
        line = f"{name}{''.join(calls)}{end}"
        if len(line) <= width:
            return line
        indent = self._source.indent
        columns = 4 if indent == "\t" else len(indent)
        if columns + len(calls[1]) > width:
            inner = "".join(f"\n{indent}{indent}{resource}," for resource in resources)
            calls[1] = f".resource([{inner}\n{indent}])"
        merged = len(name) <= columns
        head = f"{name}{calls.pop(0)}" if merged else name
        return head + "".join(f"\n{indent}{call}" for call in calls) + end

    def _removal(self, resources: Sequence[str]) -> str:
        name, end, indent = self._rules.name, self._source.semicolon, self._source.indent
        line = f"{name}.removeResources([{', '.join(resources)}]){end}"
        if len(line) <= PRINT_WIDTH:
            return line
        inner = "".join(f"\n{indent}{resource}," for resource in resources)
        return f"{name}.removeResources([{inner}\n]){end}"

    def _note(self, wiring: Access, statement: Statement) -> None:
        resource = wiring.resources[0].member
        self._source.notes.append(
            self._source.problem(
                statement.start,
                "acl-overruled",
                f"What is granted here by hand on {resource} is replaced by the plan's grants.",
                "Write the grant into the plan's acl and remove this statement.",
            )
        )


def _actions(grant: Grant) -> tuple[str, ...]:
    possession = "Own" if grant.possession is Possession.OWN else "Any"
    return tuple(f"{action}{possession}" for action in ORDER if action in grant.actions)
