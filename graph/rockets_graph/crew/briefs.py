"""What jobs are told about the plan and the wave in work."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from pydantic import JsonValue

from rockets_agents.findings import Attempt as Tried
from rockets_agents.lead import ModuleSpec, UsableEntity
from rockets_agents.reviewer import ReviewedFile
from rockets_agents.toolset import numbered
from rockets_graph.crew.bench import as_said
from rockets_graph.state import Attempt, Gate
from rockets_tools.errors import InputError
from rockets_tools.files import ProjectFiles
from rockets_tools.plan.model import Entity, NonCrud, Plan

READ_BY_REVIEWER = ("-access-query.service.ts", ".crud.service.ts")
"""Endings of the generated files that the semantic rules are about."""
MOST_FINDINGS = 40
"""Of a red gate that a job is told: hundreds have the same cause."""
MOST_CHARACTERS = 150_000
"""Of the files in one review; a larger wave is read in parts."""


def usable_entities(plan: Plan, names: Iterable[str] | None = None) -> tuple[UsableEntity, ...]:
    """Entities as a module with behaviour may use them; all of the plan's by default."""
    wanted = plan.entities.keys() if names is None else set(names)
    return tuple(
        UsableEntity(
            name=entity.name,
            folder=entity.paths.module,
            model_service=f"{entity.name}ModelService",
            fields=(
                *(f"{field.name}: {field.type.value}" for field in entity.fields),
                *(f"{r.foreign_key}: uuid" for r in entity.owning_relations),
            ),
        )
        for name, entity in plan.entities.items()
        if name in wanted
    )


def module_spec(module: NonCrud) -> ModuleSpec:
    """An item of `nonCrud`, as the plan has it."""
    return ModuleSpec(
        name=module.name,
        type=module.type,
        description=module.description,
        pattern=module.pattern,
    )


def tested_modules(plan: Plan, gate: Gate) -> tuple[ModuleSpec, ...]:
    """What the plan says of the modules whose own tests make the gate; none for the other gates."""
    return tuple(map(module_spec, plan.non_crud)) if gate == "test" else ()


def access_of(entity: Entity) -> dict[str, JsonValue]:
    """An entity as far as access, owners and relations go, in the plan's words."""
    return {
        "entityName": entity.name,
        "operations": [*sorted(operation.value for operation in entity.operations)],
        "acl": {
            role: {
                "possession": grant.possession.value,
                "operations": [*sorted(action.value for action in grant.actions)],
            }
            for role, grant in entity.acl.items()
        },
        "ownerField": entity.owner.dotted if entity.owner else None,
        "relations": [
            {"name": r.name, "type": r.type.value, "targetEntity": r.target, "owning": r.owning}
            for r in entity.relations
        ],
        "softDelete": entity.soft_delete,
    }


def worth_reading(rendered: Mapping[str, str], changed: Iterable[str]) -> list[str]:
    """Of a wave's files those that the Reviewer reads: what the semantic rules are about, and
    whatever is not as it was rendered."""
    edited = set(changed)
    return sorted(p for p in rendered if p in edited or p.endswith(READ_BY_REVIEWER))


def reviewed(files: ProjectFiles, paths: Iterable[str]) -> list[ReviewedFile]:
    """The files as a review shows them; one that is gone or no text is left out."""
    found: list[ReviewedFile] = []
    for path in paths:
        try:
            text = files.read(path)
        except InputError:
            continue
        if text is not None:
            found.append(ReviewedFile(path=path, numbered=numbered(text)))
    return found


def in_parts(files: Sequence[ReviewedFile]) -> Iterator[tuple[ReviewedFile, ...]]:
    """As few groups as fit, order kept; one when there is nothing to read."""
    part: list[ReviewedFile] = []
    size = 0
    for file in files:
        if part and size + len(file.numbered) > MOST_CHARACTERS:
            yield tuple(part)
            part, size = [], 0
        part.append(file)
        size += len(file.numbered)
    if part:
        yield tuple(part)


def tried(attempts: Iterable[Attempt]) -> tuple[Tried, ...]:
    """Earlier tries of the Builder, in the words of a brief."""
    return tuple(
        Tried(
            number=attempt["number"],
            summary=attempt["summary"],
            files=tuple(attempt["files"]),
            outcome="no better" if attempt["outcome"] == "open" else attempt["outcome"],
            remaining=tuple(map(as_said, attempt["remaining"])),
        )
        for attempt in attempts
    )
