"""One entity of the plan to its sixteen files, in memory."""

from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING

from rockets_tools.generate.contexts import CONTEXTS, Context
from rockets_tools.generate.headings import HELPERS
from rockets_tools.generate.result import (
    ClassReference,
    GeneratedFile,
    Rendered,
    Resource,
    Wiring,
)
from rockets_tools.generate.source_file import CLASS_FILES, SourceFile, entity_key, modules, place
from rockets_tools.generate.templates import templates
from rockets_tools.generate.typescript import string
from rockets_tools.plan.generation import entity_config
from rockets_tools.plan.model import Entity

if TYPE_CHECKING:
    from jinja2 import Template


def render_entity(entity: Entity, related: Mapping[str, Entity]) -> Rendered:
    """The files of an entity, what to wire, and the entity as it was generated from.

    `related` has at least every entity of the plan that a relation of `entity` targets or its
    owner path runs through; the whole `plan.entities` is fine. Nothing is written. Calling it
    twice gives the same bytes.
    """
    shared: Context = {
        **HELPERS,
        "kebab": entity.kebab,
        "camel": string(entity.camel),
        "entity_key": entity_key(entity),
        "path": string(entity.plural),
        "table": string(entity.table),
        "resource_one": string(entity.kebab),
        "resource_many": string(f"{entity.kebab}-list"),
        "soft_delete": entity.soft_delete,
        "has_owner": entity.owner is not None,
        "operations": frozenset(operation.value for operation in entity.operations),
    }
    own = modules(entity)
    files: list[GeneratedFile] = []
    for pattern, template in templates().items():
        file = SourceFile(entity, related, pattern, _declared(pattern, entity), own)
        files.append(_render(file, pattern, template, shared))
    return assemble(entity, tuple(files))


def assemble(entity: Entity, files: tuple[GeneratedFile, ...]) -> Rendered:
    """Its rendered files with what does not depend on templates."""
    return Rendered(
        entity=entity.kebab, files=files, wiring=_wiring(entity), config=entity_config(entity)
    )


def _render(file: SourceFile, pattern: str, template: "Template", shared: Context) -> GeneratedFile:
    build = CONTEXTS.get(pattern)
    context = {
        **shared,
        "use": _Use(file),
        "own": _Own(file, value=True),
        "types": _Own(file, value=False),
        **(build(file) if build else {}),
    }
    # As `template.render` does, less the copies: the context is ours alone.
    environment = template.environment
    jinja = environment.context_class(environment, context, template.name, template.blocks)
    body = "".join(template.root_render_func(jinja))
    imports = file.names.statements()
    return GeneratedFile(path=file.path, content=f"{imports}\n{body}" if imports else body)


def _declared(pattern: str, entity: Entity) -> list[str]:
    names = [f"{entity.name}{suffix}" for suffix in _suffixes(pattern)]
    if "Interface" in _suffixes(pattern):
        names += [field.enum_name for field in entity.fields if field.enum_name]
    return names


@lru_cache(maxsize=64)
def _suffixes(pattern: str) -> tuple[str, ...]:
    """Suffixes of the classes a file declares."""
    module = pattern.removesuffix(".ts")
    return tuple(suffix for suffix, file in CLASS_FILES.items() if file == module)


def _wiring(entity: Entity) -> Wiring:
    def reference(suffix: str) -> ClassReference:
        file = place(CLASS_FILES[suffix], entity)
        return ClassReference(name=f"{entity.name}{suffix}", file=f"{file}.ts")

    return Wiring(
        entity=reference("Entity"),
        module=reference("Module"),
        query_service=reference("AccessQueryService"),
        resources=(
            Resource(member=entity.name, value=entity.kebab),
            Resource(member=f"{entity.name}List", value=f"{entity.kebab}-list"),
        ),
        grants=tuple(entity.acl.items()),
    )


class _Use:
    """`use.Column` in a template: a name from a library, imported."""

    def __init__(self, file: SourceFile) -> None:
        self._file = file

    def __getattr__(self, name: str) -> str:
        local = self.__dict__[name] = self._file.use(name)
        return local


class _Own:
    """`own.Dto` in a template: a class of the entity, imported unless this file declares it."""

    def __init__(self, file: SourceFile, *, value: bool) -> None:
        self._file = file
        self._value = value

    def __getattr__(self, name: str) -> str:
        local = self.__dict__[name] = self._file.own(name, value=self._value)
        return local
