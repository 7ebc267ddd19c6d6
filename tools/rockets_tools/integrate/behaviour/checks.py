"""Whether what is said of modules with behaviour may be wired: all that is wrong, at once."""

import re
from collections.abc import Iterator, Sequence

from tree_sitter import Node

from rockets_tools.errors import InputError, Problem
from rockets_tools.files import STATE_FOLDER
from rockets_tools.integrate.behaviour.data import BehaviourModule, resource_of
from rockets_tools.integrate.behaviour.record import WrittenModule
from rockets_tools.integrate.behaviour.surroundings import Surroundings
from rockets_tools.integrate.record import KEBAB
from rockets_tools.integrate.wiring.source import Source, WiringError
from rockets_tools.plan.names import DANGEROUS

CLASS = re.compile(r"[A-Z][A-Za-z0-9]{0,79}")
MEMBER = re.compile(r"[A-Z][A-Za-z0-9]{0,59}")
FIX = "Correct what is said of the module, then integrate it again."


def problems_of(
    modules: Sequence[BehaviourModule],
    known: dict[str, WrittenModule | None],
    around: Surroundings,
) -> Iterator[Problem]:
    """`known` has the record of each of them by name."""
    files: dict[str, str] = {}
    resources: dict[str, str] = {}
    for module in modules:
        if not KEBAB.fullmatch(module.name) or module.name in files.values():
            yield _problem(
                "module-name", f"{module.name!r} is no name, or one that is there twice."
            )
            continue
        yield from _files(module, around, files)
        yield from _class(module, around)
        yield from _resources(module, known[module.name], around, resources)
        yield from _grants(module, around)


def _files(
    module: BehaviourModule, around: Surroundings, taken: dict[str, str]
) -> Iterator[Problem]:
    """Its sources are in a folder of its own and there; its tests below `test/`."""
    folder = module.folder
    if not folder.startswith("src/") or folder.rpartition("/")[2] != module.name:
        message = (
            f"The sources of {module.name} are in {folder or 'no folder'}, not in one of its own."
        )
        yield _problem("module-folder", message, module.module.file)
        return
    if module.module.file not in module.files:
        message = f"{module.module.file} is not among the files of {module.name}."
        yield _problem("module-file", message, module.module.file)
    for path in dict.fromkeys(module.files):
        owner = taken.setdefault(path, module.name)
        other = around.owner_of_file.get(path) or f"the module {owner}"
        inside = path.startswith((f"{folder}/", "test/")) and STATE_FOLDER not in path.split("/")
        if not inside or not _is_plain(around, path):
            yield _problem("module-file", f"{path} is no place for a file of {module.name}.", path)
        elif path in around.owner_of_file or owner != module.name:
            message = f"{module.name} claims {path}, which is a file of {other}."
            yield _problem("path-taken", message, path)
        elif not around.files.exists(path):
            yield _problem("module-file", f"{module.name} has no {path}.", path)


def _is_plain(around: Surroundings, path: str) -> bool:
    """Inside the project, and spelled the one way under which it is compared."""
    try:
        around.files.require_inside(path)
    except InputError:
        return False
    return all(part not in {"", "."} for part in path.split("/"))


def _class(module: BehaviourModule, around: Surroundings) -> Iterator[Problem]:
    """The class is exported from its file, and a Nest module."""
    name, path = module.module.name, module.module.file
    message: str | None = None
    if not CLASS.fullmatch(name):
        message = f"{name!r} is no name of a module class."
    elif _is_plain(around, path) and (text := around.files.read(path)) is not None:
        try:
            declared = Source(text, path).declarations.get(name)
        except WiringError as error:
            yield from error.problems
            return
        if declared is None or not _is_module(declared):
            message = f"{path} exports no class {name} with @Module."
    if message is not None:
        yield _problem("module-class", message, path)


def _is_module(declared: Node) -> bool:
    statement = declared.parent
    if declared.type != "class_declaration" or statement is None:
        return False
    decorators = (n for n in (*statement.children, *declared.children) if n.type == "decorator")
    return statement.type == "export_statement" and any(
        (n.text or b"").startswith(b"@Module(") for n in decorators
    )


def _resources(
    module: BehaviourModule,
    record: WrittenModule | None,
    around: Surroundings,
    taken: dict[str, str],
) -> Iterator[Problem]:
    """Members are identifiers, and nobody else's.

    One that the access rules have and no record explains is judged by `integrate_modules`.
    """
    mine = (
        {} if record is None else {r.member: r.value for r in (*record.resources, *record.retired)}
    )
    for member in dict.fromkeys(module.resources):
        if not MEMBER.fullmatch(member) or member in DANGEROUS:
            yield _problem("module-resource", f"{member!r} is no member of AppResource.")
            continue
        value = resource_of(member).value
        owner = taken.setdefault(value, module.name)
        other = around.owner_of_resource.get(value)
        if owner != module.name:
            other = f"the module {owner}"
        if other is None and around.value_of(member) not in {None, value, mine.get(member)}:
            other = "something else"
        if other is not None:
            message = f"{module.name} wants the resource {member}, which is of {other}."
            yield _problem("resource-taken", message)


def _grants(module: BehaviourModule, around: Surroundings) -> Iterator[Problem]:
    """To roles that are there, on the module's own resources, each once."""
    seen = set[tuple[str, str]]()
    for grant in module.grants:
        pair = grant.resource, grant.role
        if grant.resource not in module.resources:
            message = f"{module.name} grants {grant.resource!r}, which is no resource of its own."
            yield _problem("grant-foreign-resource", message)
        if not around.knows_role(grant.role):
            message = f"{module.name} grants to {grant.role!r}, a role that the project has not."
            yield _problem("grant-unknown-role", message)
        if pair in seen:
            message = f"{module.name} grants {grant.resource!r} to {grant.role!r} twice."
            yield _problem("grant-twice", message)
        seen.add(pair)


def _problem(code: str, message: str, file: str | None = None) -> Problem:
    return Problem(code=code, message=message, fix=FIX, file=file)
