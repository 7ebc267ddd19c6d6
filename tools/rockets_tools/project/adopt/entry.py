"""What starts the application: the port it listens on, the filters that stand before ours."""

import re

from tree_sitter import Node

from rockets_tools.generate.result import ClassReference
from rockets_tools.integrate.wiring.imports import Imports
from rockets_tools.integrate.wiring.source import Source
from rockets_tools.project.adopt.changes import Changes
from rockets_tools.project.adopt.survey import Survey

MAIN = "src/main.ts"
FILTER = "ExceptionsFilter"
FILTER_FILE = "src/common/filters/exceptions.filter.ts"
SDK_FILTERS = "@concepta/nestjs-exception"
DEFAULT_PORT = "3000"


def adopt_entry(changes: Changes, survey: Survey) -> None:
    """Check `main.ts`, let it listen where it is told to, have errors answered by our filter."""
    text = changes.read(MAIN)
    if text is None or "AppModule" not in text:
        changes.refuse(
            "adopt-main",
            f"The project has no {MAIN} that starts AppModule.",
            f"Start the application in {MAIN}: NestFactory.create(AppModule).",
            MAIN,
        )
        return
    changes.edit(MAIN, _wire_main)
    for path in survey.holding(r"\bAPP_FILTER\b"):
        changes.edit(path, _check_provided)


def _wire_main(source: Source) -> None:
    for name in ("setGlobalPrefix", "enableVersioning"):
        call = _call(source, source.root, name)
        if call is not None:
            raise source.error(
                call,
                "adopt-prefix",
                f"{name} moves every route, and modules are generated and proven at their plural "
                "name.",
                "Remove it, or let a proxy in front of the application do it.",
            )
    imports = Imports(source)
    listen = _call(source, source.root, "listen")
    port = None if listen is None else _first(listen)
    if port is not None and port.type == "number":
        source.replace(port.start_byte, port.end_byte, f"process.env.PORT || {source.text(port)}")
    elif port is not None and not re.search(r"port", source.text(port), re.IGNORECASE):
        raise source.error(
            port,
            "adopt-port",
            "The application does not listen on the port that the environment names.",
            f"Write it so: app.listen(process.env.PORT || {DEFAULT_PORT}).",
        )
    filters = _call(source, source.root, "useGlobalFilters")
    arguments = None if filters is None else filters.child_by_field_name("arguments")
    for argument in () if arguments is None else arguments.named_children:
        _take_filter(source, imports, argument)
    imports.flush()


def _check_provided(source: Source) -> None:
    """Filters of the project would never be asked again: ours catches everything before."""
    for found in re.finditer(rb"APP_FILTER\s*,\s*useClass:\s*(\w+)", source.data):
        local = found[1].decode()
        binding = Imports(source).bound_to(local)
        if binding is not None and (
            binding.imported == FILTER
            and (
                binding.specifier == SDK_FILTERS or binding.specifier.endswith("exceptions.filter")
            )
        ):
            continue
        raise source.error(
            found.start(),
            "adopt-filter",
            f"{local} would not be asked any more: the generated modules rely on {FILTER_FILE}, "
            "which answers every error.",
            f"Let {local} extend {FILTER} of {FILTER_FILE} for the errors it knows, or remove it.",
        )


def _take_filter(source: Source, imports: Imports, argument: Node) -> None:
    """The SDK's filter knows less than ours and is asked before it: ours takes its place."""
    constructor = argument.child_by_field_name("constructor")
    name = "" if constructor is None else source.text(constructor)
    binding = imports.bound_to(name)
    if constructor is not None and binding is not None and binding.imported == FILTER:
        ours = ClassReference(name=FILTER, file=FILTER_FILE)
        if binding.specifier == SDK_FILTERS and not imports.repoint(name, ours):
            local = imports.from_project(ours)
            source.replace(constructor.start_byte, constructor.end_byte, local)
        return
    raise source.error(
        argument,
        "adopt-filter",
        f"{name or source.text(argument)[:40]} is asked before the filter that the generated "
        "modules rely on.",
        f"Let it extend {FILTER} of {FILTER_FILE} for the errors it knows, or remove it.",
    )


def _first(call: Node) -> Node | None:
    arguments = call.child_by_field_name("arguments")
    found = (
        [] if arguments is None else [c for c in arguments.named_children if c.type != "comment"]
    )
    return found[0] if found else None


def _call(source: Source, node: Node, method: str) -> Node | None:
    """The first call of a method of this name."""
    if source.data.find(method.encode(), node.start_byte, node.end_byte) < 0:
        return None
    if node.type == "call_expression":
        function = node.child_by_field_name("function")
        name = None if function is None else function.child_by_field_name("property")
        if name is not None and source.text(name) == method:
            return node
    for child in node.named_children:
        if child.type not in {"comment", "string"} and (found := _call(source, child, method)):
            return found
    return None
