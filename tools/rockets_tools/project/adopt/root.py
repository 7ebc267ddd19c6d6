"""The root module: registrations of a fresh project's that this one lacks."""

import re
from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path

from tree_sitter import Node

from rockets_tools.generate.result import ClassReference
from rockets_tools.integrate.layout import APP_MODULE
from rockets_tools.integrate.wiring.app_module import (
    add_modules,
    module_imports,
    registers,
)
from rockets_tools.integrate.wiring.imports import Imports
from rockets_tools.integrate.wiring.lists import append, property_value
from rockets_tools.integrate.wiring.source import Source
from rockets_tools.project.adopt.changes import Changes
from rockets_tools.project.adopt.survey import Survey
from rockets_tools.project.adopt.template import Moved, template_text

NOT_GRAFTED = frozenset({"TypeOrmExtModule", "SwaggerUiModule"})
"""What the project must have already, and what only its own main.ts can use."""
OPTIONS = (("AccessControlModule", "service"), ("CrudModule", "settings"))
"""The SDK's own service answers 500 for a role that no rule names, where ours answers 403; its own
settings empty JSON columns."""


class TemplateModule:
    """The root module of a fresh project, in parts."""

    def __init__(self, templates: Path) -> None:
        self._source = Source(template_text(templates, APP_MODULE), APP_MODULE)
        self._imports = Imports(self._source)
        array = module_imports(self._source, self._imports)
        elements = [] if array is None else array.named_children
        self.elements: dict[str, Node] = {
            re.split(r"\W", self._source.text(node), maxsplit=1)[0]: node
            for node in elements
            if node.type != "comment"
        }
        """By name of the module, in their order."""

    def package(self, name: str) -> str | None:
        """Where a module comes from; None for one of the project's own."""
        binding = self._imports.bound_to(name)
        return None if binding is None or binding.specifier[0] == "." else binding.specifier

    def text(self, node: Node, imports: Imports, moved: Mapping[str, Moved]) -> str:
        """The code of a node, with what it uses imported into another root module."""
        text = self._source.text(node)
        for name in dict.fromkeys(re.findall(r"\b[A-Za-z_$][\w$]*", text)):
            binding = self._imports.bound_to(name)
            if binding is None:
                continue
            if binding.specifier[0] == ".":
                file = f"src/{binding.specifier.removeprefix('./')}.ts"
                place = moved.get(file, Moved(file))
                theirs = place.names.get(name, name)
                reference = ClassReference(name=theirs, file=place.file or file)
                local = imports.from_project(reference)
            else:
                local = imports.from_package(binding.imported, binding.specifier)
            if local != name:
                text = re.sub(rf"(?<![\w$.]){re.escape(name)}\b(?!\s*:)", local, text)
        return text

    def option(self, module: str, name: str) -> Node | None:
        """The value of one of the options a module is registered with."""
        arguments = self.elements[module].child_by_field_name("arguments")
        options = None if arguments is None else arguments.named_children[0]
        return None if options is None else property_value(self._source, options, name)


def adopt_root(
    changes: Changes,
    survey: Survey,
    template: TemplateModule,
    left_out: frozenset[str],
    moved: Mapping[str, Moved],
    *,
    environment: bool,
) -> None:
    """Append what is missing to AppModule, in the order of a fresh project's.

    `environment`: complete the process's environment before anything else is imported.
    """
    names = [name for name in template.elements if name not in NOT_GRAFTED | left_out]
    packages = {name: package for name in names if (package := template.package(name))}
    registered = survey.registered(packages)
    wanted = [
        name
        for name in names
        if name not in registered and (name in packages or not _is_imported(survey, name))
    ]

    def wire(source: Source) -> None:
        imports = Imports(source)
        if environment:
            imports.for_effect("./config/environment")
        add_modules(
            source, imports, [template.text(template.elements[n], imports, moved) for n in wanted]
        )
        imports.flush()

    changes.edit(APP_MODULE, wire)
    for module, option in OPTIONS:
        if module in registered:
            add = partial(_add_option, template, module, option, moved)
            changes.edit(registered[module], add)


def _is_imported(survey: Survey, name: str) -> bool:
    """Some module imports it already."""
    return any(re.search(rf"import[^;]*\b{name}\b", text) for text in survey.texts.values())


def _add_option(
    template: TemplateModule, module: str, option: str, moved: Mapping[str, Moved], source: Source
) -> None:
    """Register a module of the SDK with an option of ours, unless it has that option already."""
    imports = Imports(source)
    ours, package = template.option(module, option), template.package(module)
    if ours is None or package is None:
        return
    for call in registers(source, imports, module, package):
        function = call.child_by_field_name("function")
        if function is None or source.text(function).endswith("Async"):
            continue
        options = next(_objects(source, call), None)
        if options is None:
            arguments = call.child_by_field_name("arguments")
            if arguments is not None and not arguments.named_children:
                text = template.text(ours, imports, moved)
                source.insert(arguments.end_byte - 1, f"{{ {option}: {text} }}")
        elif property_value(source, options, option) is None:
            append(source, options, [f"{option}: {template.text(ours, imports, moved)}"])
    imports.flush()


def _objects(source: Source, call: Node) -> Iterator[Node]:
    arguments = call.child_by_field_name("arguments")
    for argument in () if arguments is None else arguments.named_children:
        value = source.value_of(argument)
        if value.type == "object":
            yield value
