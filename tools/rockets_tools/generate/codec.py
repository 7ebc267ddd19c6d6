"""`Rendered` as the JSON that generate answers and integrate takes, and back."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, JsonValue, StringConstraints, ValidationError
from pydantic.alias_generators import to_camel

from rockets_tools.errors import InputError, Problem
from rockets_tools.generate.result import (
    ClassReference,
    GeneratedFile,
    Rendered,
    Resource,
    Wiring,
)
from rockets_tools.plan.model import Action, Grant, Possession

Identifier = Annotated[str, StringConstraints(pattern=r"^[A-Za-z_$][A-Za-z0-9_$]*$")]
"""What becomes a name in the project's code."""
Word = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]*$")]
"""What becomes a string in the project's code: a role, a resource, an entity's name."""

SourceFile = Annotated[
    str,
    StringConstraints(
        pattern=r"^(?:[A-Za-z0-9_@][A-Za-z0-9._@-]*/)*[A-Za-z0-9_@][A-Za-z0-9._@-]*\.ts$",
        max_length=500,
    ),
]
"""What becomes the path of an import: inside the project, nothing to escape."""


class _Json(BaseModel):
    model_config = ConfigDict(alias_generator=to_camel, extra="forbid", validate_by_name=True)


class _File(_Json):
    path: str
    content: str


class _ClassReference(_Json):
    name: Identifier
    file: SourceFile


class _Resource(_Json):
    member: Identifier
    value: Word


class _Grant(_Json):
    role: Word
    possession: Possession
    operations: list[Action]


class _Wiring(_Json):
    entity: _ClassReference
    module: _ClassReference
    query_service: _ClassReference
    resources: list[_Resource]
    grants: list[_Grant]


class _Rendered(_Json):
    entity: Word
    files: list[_File]
    wiring: _Wiring
    config: dict[str, JsonValue]


def to_json(rendered: Rendered) -> dict[str, JsonValue]:
    """`{entity, files: [{path, content}], wiring: {...}, config: {...}}`, keys in camelCase."""
    return {
        "entity": rendered.entity,
        "files": [{"path": file.path, "content": file.content} for file in rendered.files],
        "wiring": _wiring(rendered.wiring),
        "config": rendered.config,
    }


def from_json(value: JsonValue) -> Rendered:
    """The opposite; the value may come from a foreign program, so nothing in it is believed.

    Raises `InputError` (`generate-answer`) with a pointer for each thing that is wrong. Paths of
    files to write are not checked here: `ProjectFiles` refuses those that lead out of the project.
    """
    try:
        given = _Rendered.model_validate(value)
    except ValidationError as error:
        raise InputError(
            [
                Problem(
                    code="generate-answer",
                    message=f"The answer of generate is not as agreed: {detail['msg']}.",
                    fix="Give what `rockets generate` printed; its --help says the form.",
                    pointer="".join(f"/{part}" for part in detail["loc"]),
                )
                for detail in error.errors()
            ]
        ) from error
    wiring = given.wiring
    return Rendered(
        entity=given.entity,
        files=tuple(GeneratedFile(path=file.path, content=file.content) for file in given.files),
        wiring=Wiring(
            entity=_class(wiring.entity),
            module=_class(wiring.module),
            query_service=_class(wiring.query_service),
            resources=tuple(Resource(member=r.member, value=r.value) for r in wiring.resources),
            grants=tuple(
                (g.role, Grant(possession=g.possession, actions=frozenset(g.operations)))
                for g in sorted(wiring.grants, key=lambda grant: grant.role)
            ),
        ),
        config=given.config,
    )


def _wiring(wiring: Wiring) -> dict[str, JsonValue]:
    return {
        "entity": _reference(wiring.entity),
        "module": _reference(wiring.module),
        "queryService": _reference(wiring.query_service),
        "resources": [{"member": r.member, "value": r.value} for r in wiring.resources],
        "grants": [_grant(role, grant) for role, grant in wiring.grants],
    }


def _grant(role: str, grant: Grant) -> dict[str, JsonValue]:
    operations: list[JsonValue] = [action.value for action in Action if action in grant.actions]
    return {"role": role, "possession": grant.possession.value, "operations": operations}


def _reference(reference: ClassReference) -> dict[str, JsonValue]:
    return {"name": reference.name, "file": reference.file}


def _class(reference: _ClassReference) -> ClassReference:
    return ClassReference(name=reference.name, file=reference.file)
