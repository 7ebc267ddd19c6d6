"""The TypeORM settings: reachable by URL, on one connection where that must be, with migrations."""

import posixpath
import re
from collections.abc import Iterator
from pathlib import Path

from tree_sitter import Node

from rockets_tools.integrate.layout import typeorm_settings
from rockets_tools.integrate.wiring.imports import Imports
from rockets_tools.integrate.wiring.lists import append, property_value
from rockets_tools.integrate.wiring.source import WRAPPERS, Source, string_value
from rockets_tools.integrate.wiring.typeorm import settings_objects
from rockets_tools.migrate.files import FOLDER as MIGRATIONS
from rockets_tools.migrate.files import migrations_of
from rockets_tools.project.adopt.changes import Changes
from rockets_tools.project.adopt.rendering import rendered
from rockets_tools.project.adopt.survey import Survey
from rockets_tools.project.adopt.template import specifier

ORMCONFIG = "src/ormconfig.ts"
URL = "url: process.env.DATABASE_URL"
POOL = "poolSize: process.env.DATABASE_URL?.includes('//pglite@') ? 1 : undefined"
"""The embedded database has one session for all clients."""
UUID = ("uuidExtension: 'pgcrypto'", "installExtensions: false")
"""gen_random_uuid() is part of PostgreSQL: no extension to install."""
MODULE_NAME = re.compile(r"[\w$]+")


def adopt_database(changes: Changes, survey: Survey, templates: Path) -> None:
    """Make the settings usable by `migrate` and `smoke`, and give them a `src/ormconfig.ts`."""
    path = typeorm_settings(changes.files)
    if path is None:
        changes.refuse(
            "no-typeorm-settings",
            "The project has no TypeORM settings with a list of `entities`.",
            "Write them as an object with `entities: [...]`, for example in "
            "src/config/typeorm.settings.ts; autoLoadEntities is not enough for migrations.",
        )
        return
    extension = bool(survey.holding(r"uuid_generate_v4\s*\("))
    if extension:
        changes.warn(
            "adopt-uuid-ossp",
            "A migration of the project uses uuid_generate_v4(), which the embedded database has "
            "not.",
            "Set DATABASE_URL to a PostgreSQL server with the extension uuid-ossp.",
        )
    if not migrations_of(changes.files) and survey.holding(r"@Entity\("):
        changes.warn(
            "adopt-no-migrations",
            "The project has entities and no migration: the first one makes their tables too.",
            "On a database that has these tables already, take them out of that migration.",
            MIGRATIONS,
        )
    changes.edit(path, _take_out)
    changes.edit(path, lambda source: _wire(source, extension=extension))
    _data_source(changes, survey, path, templates)


def _take_out(source: Source) -> None:
    """Settings written into the module's decorator become an exported function above the class.

    A function, because the environment may be complete only when the decorator runs.
    """
    settings = settings_objects(source)[0]
    holder = settings
    while holder.parent is not None and holder.parent.type in {*WRAPPERS, "arrow_function"}:
        holder = holder.parent
    is_factory = holder.type == "arrow_function"
    parameters = holder.child_by_field_name("parameters") if is_factory else None
    if parameters is not None and parameters.named_children:
        return
    top = settings
    inside = False
    while top.parent is not None and top.parent.type != "program":
        top = top.parent
        inside = inside or top.type == "decorator"
    parent = holder.parent
    if not inside or parent is None or parent.type not in {"arguments", "pair"}:
        return
    name = "typeOrmSettings"
    if name in source.declarations:
        return
    options = Imports(source).bound_to("TypeOrmModuleOptions")
    text = dedented(source.text(settings), source.line_indent(settings.start_byte))
    end = source.semicolon
    kind = "" if options is None else ": TypeOrmModuleOptions"
    suffix = " satisfies TypeOrmModuleOptions" if options is None else ""
    source.replace(holder.start_byte, holder.end_byte, name if is_factory else f"{name}()")
    source.insert(
        source.line_start(top.start_byte),
        f"export const {name} = (){kind} => ({text}{suffix}){end}\n\n",
    )
    if options is None:
        imports = Imports(source)
        imports.type_from_package("TypeOrmModuleOptions", "@nestjs/typeorm")
        imports.flush()


def dedented(text: str, indent: str) -> str:
    """A text cut out of deeper code, its further lines moved to the left."""
    return text.replace(f"\n{indent}", "\n")


def _wire(source: Source, *, extension: bool) -> None:
    for settings in settings_objects(source):
        _check(source, settings)
        wanted: list[str] = []
        if property_value(source, settings, "url") is None:
            wanted.append(URL)
        elif b"DATABASE_URL" not in source.data:
            raise source.error(
                settings,
                "adopt-database-url",
                "The TypeORM settings take their URL from somewhere else than DATABASE_URL.",
                "Use url: process.env.DATABASE_URL, so that every step can bring a database.",
            )
        if property_value(source, settings, "poolSize") is None:
            wanted.append(POOL.replace("'", source.quote))
        if not extension:
            wanted += [
                text.replace("'", source.quote)
                for text in UUID
                if property_value(source, settings, text.partition(":")[0]) is None
            ]
        wanted += _wire_migrations(source, settings)
        append(source, settings, wanted)


def _check(source: Source, settings: Node) -> None:
    kind = property_value(source, settings, "type")
    named = None if kind is None else string_value(source, source.value_of(kind))
    if named is not None and named not in {"postgres", "pg"}:
        raise source.error(
            kind or settings,
            "adopt-database-type",
            f"The project's database is {named}; what is generated is for PostgreSQL.",
            "Use type: 'postgres'; without a server the embedded one is used.",
        )
    ssl = property_value(source, settings, "ssl")
    value = None if ssl is None else source.value_of(ssl)
    if value is not None and value.type in {"true", "object"}:
        raise source.error(
            value,
            "adopt-database-ssl",
            "The TypeORM settings ask every database for SSL, which the embedded one has not.",
            "Make it depend on the environment, for example on process.env.DATABASE_SSL.",
        )


def _wire_migrations(source: Source, settings: Node) -> list[str]:
    """Properties to add; a list that is there gets our folder."""
    above = posixpath.relpath(MIGRATIONS, posixpath.dirname(source.file))
    steps = ", ".join(source.quoted(step) for step in above.split("/"))
    value = property_value(source, settings, "migrations")
    array = None if value is None else source.value_of(value)
    if array is not None and array.type != "array":
        return []
    elements = [] if array is None else [c for c in array.named_children if c.type != "comment"]
    patterns = [_pattern(source, element) for element in elements]
    if any(pattern is None or _finds_ours(pattern) for pattern in patterns):
        return []
    join = Imports(source)
    name = join.local("join", "path") or join.from_package("join", "node:path")
    item = f"{name}(__dirname, {steps}, {source.quoted('*.js')})"
    join.flush()
    if array is None:
        return [f"migrations: [{item}]"]
    append(source, array, [item])
    return []


def _pattern(source: Source, element: Node) -> str | None:
    """The file pattern an element stands for, relative to the project; None: cannot be told."""
    here = posixpath.dirname(source.file)
    text = string_value(source, element)
    if text is not None:
        return posixpath.normpath(text)
    code = source.text(element)
    if not re.fullmatch(r"[\s\w.,+(){}$`'\"/*\\?\[\]-]*__dirname[\s\S]*", code):
        return None
    literals = [string_value(source, node) for node in _strings(element)]
    joined = "/".join(filter(None, literals))
    if not literals:
        joined = re.sub(r"[`${}]|__dirname", "", code)
    return posixpath.normpath(posixpath.join(here, joined.lstrip("/")))


def _strings(node: Node) -> Iterator[Node]:
    if node.type == "string":
        yield node
    for child in node.named_children:
        yield from _strings(child)


def _finds_ours(pattern: str) -> bool:
    """The pattern covers the compiled migrations of `src/migrations`."""
    folder = posixpath.basename(MIGRATIONS)
    parts = pattern.split("/")
    parts = parts[1:] if parts[0] in {"dist", "src"} else parts
    if parts and parts[0] == "**":
        return "migrations" in pattern or len(parts) == 2
    return len(parts) >= 2 and parts[0] == folder


def _data_source(changes: Changes, survey: Survey, settings: str, templates: Path) -> None:
    text = changes.read(ORMCONFIG)
    if text is not None:
        if not re.search(r"export\s+default\b|\bas\s+default\b", text) or not (
            "DataSource" in text or re.search(r"export\s*\{[^}]*default", text)
        ):
            changes.refuse(
                "adopt-ormconfig",
                f"{ORMCONFIG} does not export a DataSource as its default, which the migration "
                "commands need.",
                f"Rename that file, and {ORMCONFIG} is made from it.",
                ORMCONFIG,
            )
        return
    made = _existing_data_source(survey, templates) or _from_settings(changes, settings, templates)
    if made is None:
        changes.refuse(
            "adopt-ormconfig",
            f"The migration commands need the TypeORM settings outside of Nest, and {settings} "
            "exports nothing they could be taken from.",
            f"Export them from {settings} as an object or as a function without parameters, or "
            f"write {ORMCONFIG} with a DataSource as its default export.",
            settings,
        )
    else:
        changes.add(ORMCONFIG, made)


def _existing_data_source(survey: Survey, templates: Path) -> str | None:
    """A data source that the project exports somewhere."""
    for path in survey.holding(r"\bnew\s+DataSource\s*\("):
        text = survey.texts[path]
        named = re.search(r"export\s+const\s+([\w$]+)[^=\n]*=\s*new\s+DataSource\b", text)
        source = f"{named[1]} as default" if named else None
        if source is None and re.search(r"export\s+default\b", text):
            source = "default"
        if source is not None:
            return rendered(
                templates,
                "ormconfig.ts",
                source=source,
                specifier=specifier(ORMCONFIG, path),
                imported="",
                settings="",
            )
    return None


def _from_settings(changes: Changes, path: str, templates: Path) -> str | None:
    text = changes.read(path)
    if text is None:
        return None
    with changes.refusing():
        source = Source(text, path)
        found = _exported_settings(source)
        if found is None:
            return None
        name, settings = found
        clause = f"{{ {name} }}" if name != "default" else "settings"
        where = specifier(ORMCONFIG, path)
        return rendered(
            templates,
            "ormconfig.ts",
            source="",
            specifier="",
            imported=f"import {clause} from '{where}';",
            settings=settings.replace("default", "settings") if name == "default" else settings,
        )
    return None


def _exported_settings(source: Source) -> tuple[str, str] | None:
    """Name of an export that leads to the settings, and the expression for their value."""
    settings = settings_objects(source)[0]
    for statement in source.root.children:
        if statement.type != "export_statement":
            continue
        if not (statement.start_byte <= settings.start_byte < statement.end_byte):
            name = _exported_name_of(source, statement, settings)
            if name is not None:
                return name
            continue
        declaration = statement.child_by_field_name("declaration")
        if declaration is None:  # export default {…} or export default registerAs(…)
            value = statement.child_by_field_name("value")
            return None if value is None else _use(source, "default", value)
        if declaration.type == "function_declaration":
            return _call(source, declaration)
        for declarator in declaration.named_children:
            name_node = declarator.child_by_field_name("name")
            value = declarator.child_by_field_name("value")
            if name_node is not None and value is not None and name_node.type == "identifier":
                return _use(source, source.text(name_node), value)
    return None


def _exported_name_of(source: Source, statement: Node, settings: Node) -> tuple[str, str] | None:
    """`export default config` and `export { config }` of a variable that holds the settings."""
    value = statement.child_by_field_name("value")
    if value is not None and source.value_of(value).start_byte == settings.start_byte:
        return "default", "default"
    declaration = statement.child_by_field_name("declaration")
    for declarator in () if declaration is None else declaration.named_children:
        name, given = (declarator.child_by_field_name(field) for field in ("name", "value"))
        if name is not None and given is not None and _leads_to(source, given, settings):
            return _use(source, source.text(name), given)
    return None


def _leads_to(source: Source, value: Node, settings: Node) -> bool:
    """The expression, or the body of a function given to `registerAs`, is the settings."""
    node = source.value_of(value)
    if node.start_byte == settings.start_byte:
        return True
    if node.type == "call_expression":
        arguments = node.child_by_field_name("arguments")
        return arguments is not None and any(
            _leads_to(source, each, settings) for each in arguments.named_children
        )
    if node.type == "arrow_function":
        body = node.child_by_field_name("body")
        return body is not None and _leads_to(source, body, settings)
    return False


def _use(source: Source, name: str, value: Node) -> tuple[str, str] | None:
    node = source.value_of(value)
    if node.type == "object":
        return name, name
    if node.type in {"arrow_function", "function_expression"}:
        parameters = node.child_by_field_name("parameters")
        empty = parameters is not None and not parameters.named_children
        return (name, f"{name}()") if empty and not _is_async(node) else None
    if node.type == "call_expression":
        function = node.child_by_field_name("function")
        if function is not None and source.text(function) == "registerAs":
            return name, f"{name}()"
    return None


def _call(source: Source, declaration: Node) -> tuple[str, str] | None:
    name = declaration.child_by_field_name("name")
    parameters = declaration.child_by_field_name("parameters")
    if name is None or (parameters is not None and parameters.named_children):
        return None
    return None if _is_async(declaration) else (source.text(name), f"{source.text(name)}()")


def _is_async(node: Node) -> bool:
    return any(child.type == "async" for child in node.children)
