"""Feature modules and access query services into the application's root module."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest

from tree_sitter import Node

from rockets_tools.generate.result import ClassReference
from rockets_tools.integrate.wiring.imports import Imports
from rockets_tools.integrate.wiring.lists import append, property_value, refuse_spread
from rockets_tools.integrate.wiring.source import PRINT_WIDTH, Source
from rockets_tools.integrate.wiring.typeorm import element_texts

ROOT_CLASS = "AppModule"
NEST = "@nestjs/common"
CRUD = "@concepta/nestjs-crud"
ACCESS_CONTROL = "@concepta/nestjs-access-control"
REGISTRATIONS = frozenset({"forRoot", "forRootAsync", "register", "registerAsync"})


@dataclass(frozen=True, slots=True, kw_only=True)
class ModuleWiring:
    """What the root module is to say."""

    modules: Sequence[ClassReference] = ()
    query_services: Sequence[ClassReference] = ()
    crud_root: bool = True
    """Add `CrudModule.forRoot({})` where the file has no root registration of it."""
    moved: Mapping[str, str] = field(default_factory=dict[str, str])
    """File of a class to the file it was generated into before."""


def wire_module(text: str, wiring: ModuleWiring, *, file: str) -> str | None:
    """The module file with everything of `wiring` in it; None: all there. Raises `WiringError`."""
    source = Source(text, file)
    imports = Imports(source)
    apart = bool(wiring.query_services) and _imports_on_one_line(source, imports)
    crud = wiring.crud_root and not registers(source, imports, "CrudModule", CRUD)
    if crud:
        imports.from_package("CrudModule", CRUD)
    for references in zip_longest(wiring.modules, wiring.query_services):
        for reference in filter(None, references):  # by entity, however the waves are cut
            imports.from_project(reference, wiring.moved.get(reference.file))
    if wiring.modules or crud:
        _add_modules(source, imports, wiring, crud=crud)
    if apart:  # laying out that line may move the registration which the services go into
        imports.flush()
        return _wire_query_services(source.result() or text, text, wiring, file)
    if wiring.query_services:
        _add_query_services(source, imports, wiring)
    imports.flush()
    return source.result()


def _wire_query_services(text: str, original: str, wiring: ModuleWiring, file: str) -> str | None:
    source = Source(text, file)
    imports = Imports(source)
    _add_query_services(source, imports, wiring)
    imports.flush()
    wired = source.result() or text
    return None if wired == original else wired


def _imports_on_one_line(source: Source, imports: Imports) -> bool:
    value = property_value(source, _metadata(source, imports), "imports")
    array = None if value is None else source.value_of(value)
    return array is not None and array.start_point.row == array.end_point.row


def registers(source: Source, imports: Imports, module: str, package: str) -> list[Node]:
    """The calls `module.forRoot(…)` and its kin of a module of `package`, in file order."""
    local = imports.local(module, package)
    if local is None:
        return []
    return [
        call
        for call in _calls(source, source.root, local.encode())
        if _registration(source, call, local)
    ]


def module_imports(source: Source, imports: Imports) -> Node | None:
    """The array literal behind `imports` of the root module; None when it has none."""
    value = property_value(source, _metadata(source, imports), "imports")
    array = None if value is None else source.value_of(value)
    if array is not None and array.type != "array":
        raise source.error(
            array,
            "wiring-imports-shape",
            "The imports of the root module are not an array literal here.",
            "Write them as an array: imports: [ConfigModule, …].",
        )
    return array


def add_modules(source: Source, imports: Imports, items: Sequence[str]) -> None:
    """Append expressions to the `imports` of the root module."""
    array = module_imports(source, imports)
    if array is not None:
        append(source, array, items)
    elif items:
        _add_list(source, _metadata(source, imports), "imports", items)


def _add_modules(source: Source, imports: Imports, wiring: ModuleWiring, *, crud: bool) -> None:
    items: list[str] = []
    array = module_imports(source, imports)
    present: set[str] = set()
    if array is not None:
        present = {_module_name(text) for text in element_texts(source, array)}
    if crud:
        items.append(f"{imports.from_package('CrudModule', CRUD)}.forRoot({{}})")
    for module in wiring.modules:
        name = imports.from_project(module, wiring.moved.get(module.file))
        if name not in present:
            present.add(name)
            items.append(name)
    add_modules(source, imports, items)


def _add_query_services(source: Source, imports: Imports, wiring: ModuleWiring) -> None:
    calls = registers(source, imports, "AccessControlModule", ACCESS_CONTROL)
    if len(calls) != 1:
        raise source.error(
            calls[1] if calls else 0,
            "wiring-access-control",
            f"{source.file} registers AccessControlModule {len(calls)} times; exactly one "
            "registration can hold the access query services.",
            "Register it once: AccessControlModule.forRoot({ settings, queryServices: [] }).",
        )
    names: list[str] = [
        imports.from_project(service, wiring.moved.get(service.file))
        for service in wiring.query_services
    ]
    given = _arguments(calls[0])
    if not given:
        _give_options(source, calls[0], names)
        return
    options = source.value_of(given[0])
    if options.type != "object":
        raise source.error(
            options,
            "wiring-access-control",
            "The options of AccessControlModule are not an object literal here.",
            "Write them as an object literal with `queryServices: []`.",
        )
    refuse_spread(source, options, "queryServices")
    value = property_value(source, options, "queryServices")
    if value is None:
        _add_list(source, options, "queryServices", names)
        return
    array = source.value_of(value)
    if array.type != "array":
        raise source.error(
            array,
            "wiring-query-services-shape",
            "`queryServices` is not an array literal here.",
            "Write it as an array of classes: queryServices: [].",
        )
    present = set(element_texts(source, array))
    append(source, array, [name for name in names if name not in present])


def _metadata(source: Source, imports: Imports) -> Node:
    """The object literal given to `@Module` of the root class."""
    decorator_name = imports.local("Module", NEST) or "Module"
    found: dict[str, Node] = {}
    for statement in source.root.children:
        holder = statement
        if statement.type == "export_statement":
            holder = statement.child_by_field_name("declaration") or statement
        if holder.type not in {"class_declaration", "abstract_class_declaration"}:
            continue
        name = holder.child_by_field_name("name")
        for child in (*statement.children, *holder.children):
            if child.type == "decorator" and name is not None:
                call = child.named_children[0]
                function = call.child_by_field_name("function")
                if function is not None and source.text(function) == decorator_name:
                    found[source.text(name)] = call
    only = next(iter(found.values())) if len(found) == 1 else None
    root_call = found.get(ROOT_CLASS, only)
    if root_call is None:
        raise source.error(
            0,
            "wiring-no-app-module",
            f"{source.file} has no class {ROOT_CLASS} with a @Module decorator.",
            f"Decorate the root module: @Module({{ imports: [] }}) export class {ROOT_CLASS} {{}}.",
        )
    given = _arguments(root_call)
    metadata = source.value_of(given[0]) if given else root_call
    if metadata.type != "object":
        raise source.error(
            metadata,
            "wiring-module-shape",
            "The argument of @Module is not an object literal here.",
            "Write it as one: @Module({ imports: [] }).",
        )
    refuse_spread(source, metadata, "imports")
    return metadata


def _arguments(call: Node) -> list[Node]:
    arguments = call.child_by_field_name("arguments")
    return [c for c in arguments.named_children if c.type != "comment"] if arguments else []


def _give_options(source: Source, call: Node, services: Sequence[str]) -> None:
    """Options for a registration without any."""
    text = f"{{ queryServices: [{', '.join(services)}] }}"
    line = source.data[source.line_start(call.start_byte) : source.line_end(call.end_byte)].decode()
    if len(line) + len(text) > PRINT_WIDTH:
        base = source.line_indent(call.start_byte)
        text = f"{{\n{_list_property(source, base, 'queryServices', services)},\n{base}}}"
    source.insert(call.end_byte - 1, text)


def _add_list(source: Source, obj: Node, name: str, items: Sequence[str]) -> None:
    """A new property that holds a list."""
    base = source.line_indent(obj.end_byte)
    append(source, obj, [_list_property(source, base, name, items).lstrip()])


def _list_property(source: Source, base: str, name: str, items: Sequence[str]) -> str:
    """On several lines when one would be too long; `base` is the indentation of its object."""
    indent = base + source.indent
    line = f"{indent}{name}: [{', '.join(items)}]"
    if len(line) < PRINT_WIDTH:
        return line
    inner = "".join(f"\n{indent}{source.indent}{item}," for item in items)
    return f"{indent}{name}: [{inner}\n{indent}]"


def _module_name(element: str) -> str:
    """`ProductModule` of `ProductModule`, `ProductModule.forRoot()`, `forwardRef(() => …)`."""
    inner = element.rpartition("=>")[2].strip(" \t\r\n)") if "=>" in element else element
    return inner.partition(".")[0].strip()


def _registration(source: Source, call: Node, local: str) -> bool:
    function = call.child_by_field_name("function")
    if function is None or function.type != "member_expression":
        return False
    obj = function.child_by_field_name("object")
    method = function.child_by_field_name("property")
    return (
        obj is not None
        and method is not None
        and source.text(obj) == local
        and source.text(method) in REGISTRATIONS
    )


def _calls(source: Source, node: Node, name: bytes) -> Iterator[Node]:
    """Call expressions below `node`; branches without the name in their text are not entered."""
    if source.data.find(name, node.start_byte, node.end_byte) < 0:
        return
    if node.type == "call_expression":
        yield node
    for child in node.named_children:
        if child.type not in {"comment", "string", "import_statement"}:
            yield from _calls(source, child, name)
