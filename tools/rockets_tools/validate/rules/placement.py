"""Rules 2, 3 and 4: who may hold a repository."""

from collections.abc import Iterator

from tree_sitter import Node

from rockets_tools.validate.module import ClassSyntax
from rockets_tools.validate.result import Issue, Severity
from rockets_tools.validate.rule import FileCheck, Rule
from rockets_tools.validate.shared import Shared
from rockets_tools.validate.source import (
    ACCESS_QUERY,
    ADAPTER,
    MODEL,
    WORKFLOW,
    Source,
)
from rockets_tools.validate.syntax import arguments, line_of, string_value, text_of, walk

INJECT_REPOSITORY = Rule(
    id="inject-repository-location",
    number=2,
    severity=Severity.CRITICAL,
    summary="@InjectRepository is used only in *-typeorm-crud.adapter.ts.",
    help="The CRUD adapter is the one place that checks what a client may filter, sort and join. "
    "A repository injected anywhere else reaches rows past those checks. Inject the model service.",
)
INJECT_DYNAMIC_REPOSITORY = Rule(
    id="inject-dynamic-repository-location",
    number=3,
    severity=Severity.CRITICAL,
    summary="@InjectDynamicRepository is used only in *-model.service.ts and "
    "*-access-query.service.ts.",
    help="Model services validate what is written and access query services decide who may; "
    "everything else goes through them. Inject the model service.",
)
REPOSITORY_USE = Rule(
    id="service-bypasses-model",
    number=4,
    severity=Severity.HIGH,
    summary="A service or controller goes through model services, never a repository.",
    help="A repository, an EntityManager or getRepository() in a service skips validation and "
    "ownership. Add the query to the entity's model service and inject that.",
)

_DECORATORS = {
    "InjectRepository": (INJECT_REPOSITORY, frozenset({ADAPTER})),
    "getRepositoryToken": (INJECT_REPOSITORY, frozenset({ADAPTER})),
    "InjectDynamicRepository": (INJECT_DYNAMIC_REPOSITORY, frozenset({MODEL, ACCESS_QUERY})),
    "getDynamicRepositoryToken": (INJECT_DYNAMIC_REPOSITORY, frozenset({MODEL, ACCESS_QUERY})),
}
_TOKENS_ARE_FINE_IN = frozenset({"getRepositoryToken", "getDynamicRepositoryToken"})
"""Functions that are harmless unless they are what `@Inject` is given."""
_OPEN_DOORS = frozenset({"@nestjs/typeorm", "@concepta/nestjs-typeorm-ext"})
HANDLES = frozenset(
    {"Repository", "TreeRepository", "MongoRepository", "EntityManager", "MongoEntityManager"}
)
OPENERS = frozenset(
    {
        "getRepository",
        "getTreeRepository",
        "getMongoRepository",
        "getCustomRepository",
        "createQueryBuilder",
        "createQueryRunner",
        "createEntityManager",
    }
)
_HANDED_ON = frozenset({"queryRunner", "connection"})
"""What of a transaction's manager may be passed to model services."""
_WORKERS = frozenset({"Injectable", "Controller", "CrudController", "Resolver", "WebSocketGateway"})
_DATA_LAYER = ("src/common/crud/", "src/common/access/")


def _injections(source: Source, _: Shared) -> Iterator[Issue]:
    """Every mention of an injection decorator that is not its import."""
    module = source.module
    for node in walk(module.root):
        if node.type == "import_statement" or node.parent is None:
            continue
        if node.type == "export_statement" and node.child_by_field_name("source") is not None:
            continue
        name = _mentioned(source, node)
        rule, allowed = _DECORATORS.get(name, (None, frozenset[str]()))
        if rule is None or source.kind in allowed:
            continue
        if name in _TOKENS_ARE_FINE_IN and not _inside_inject(source, node):
            continue
        yield rule.at(source.path, line_of(node), _misplaced(name, rule))
    for exported, origin in module.reexports:
        rule, _allowed = _DECORATORS.get(origin.name, (None, frozenset[str]()))
        if exported == "*" and origin.module in _OPEN_DOORS:
            rule = INJECT_REPOSITORY
        if rule is not None:
            message = f"{origin.module} is re-exported, which hides where its decorators are used."
            yield rule.at(source.path, source.line_of(origin.module), message)


def _mentioned(source: Source, node: Node) -> str:
    if node.type == "member_expression":
        return source.module.exported_name(node)
    if node.type != "identifier" or node.parent is None:
        return ""
    if node.parent.type in {
        "import_specifier",
        "export_specifier",
        "member_expression",
        "pair_pattern",
    }:
        return ""
    return source.module.exported_name(node)


def _inside_inject(source: Source, node: Node) -> bool:
    above = node.parent
    while above is not None and above.type in {"call_expression", "arguments"}:
        callee = above.child_by_field_name("function")
        if callee is not None and source.module.exported_name(callee) == "Inject":
            return True
        above = above.parent
    return False


def _misplaced(name: str, rule: Rule) -> str:
    shown = f"@{name}" if name.startswith("Inject") else f"@Inject({name}(…))"
    where = "a CRUD adapter" if rule is INJECT_REPOSITORY else "a model or access query service"
    return f"{shown} outside {where}: inject the entity's model service instead."


def _repositories(source: Source, _: Shared) -> Iterator[Issue]:
    """Repository-like injections and openers in classes that Nest instantiates."""
    if source.kind in {ADAPTER, MODEL, ACCESS_QUERY, WORKFLOW}:
        return
    if source.path.startswith(_DATA_LAYER):
        return
    for owner in source.module.classes:
        if not _WORKERS.isdisjoint(d.name for d in owner.decorators) and not is_workflow(owner):
            for node, what in repository_uses(source, owner):
                message = f"{owner.name} uses {what}: go through the entity's model service."
                yield REPOSITORY_USE.at(source.path, line_of(node), message)


def is_workflow(owner: ClassSyntax) -> bool:
    """Rule 8 judges it, and says the same of repositories."""
    return owner.name.endswith(("Workflow", "WorkflowService"))


def repository_uses(source: Source, owner: ClassSyntax) -> Iterator[tuple[Node, str]]:
    """Where a class takes or opens a repository, and what it is."""
    injected = source.module.injected(owner)
    for parameter in injected:
        if parameter.type in HANDLES:
            yield parameter.node, f"a {parameter.type}"
    names = {p.name for p in injected}
    data_sources = {p.name for p in injected if p.type == "DataSource"}
    managers = set[str]()
    for node in walk(owner.node):
        if node.type not in {"member_expression", "subscript_expression"}:
            continue
        key = node.child_by_field_name("property") or node.child_by_field_name("index")
        name = string_value(key) or text_of(key)
        receiver = text_of(node.child_by_field_name("object")).removeprefix("this.").rstrip("?!")
        if name in OPENERS and _is_called(node):
            yield node, f"{name}()"
        elif receiver in data_sources and name in {"manager", "query"}:
            yield node, f"DataSource.{name}"
        elif name == "repository" and receiver in names and _is_called(node):
            yield node, f"{receiver}.repository()"
        elif receiver in data_sources and name == "transaction":
            managers |= _managers(node)
        elif receiver in managers and name not in _HANDED_ON:
            yield node, f"{receiver}.{name} of a transaction"


def _managers(transaction: Node) -> set[str]:
    """Names under which a transaction's callback receives its EntityManager."""
    for argument in arguments(transaction.parent):
        single = argument.child_by_field_name("parameter")
        held = argument.child_by_field_name("parameters")
        if single is not None:
            return {text_of(single)}
        if held is not None and held.named_children:
            return {text_of(held.named_children[0].child_by_field_name("pattern"))}
    return set()


def _is_called(node: Node) -> bool:
    return (
        node.parent is not None
        and node.parent.type == "call_expression"
        and node.parent.child_by_field_name("function") == node
    )


CHECKS = (
    FileCheck(
        rules=(INJECT_REPOSITORY, INJECT_DYNAMIC_REPOSITORY),
        applies=lambda kind: kind not in {ADAPTER, MODEL, ACCESS_QUERY},
        tokens=("Repository", "* from '@", '* from "@'),
        check=_injections,
    ),
    FileCheck(
        rules=(INJECT_REPOSITORY,),
        applies=lambda kind: kind in {MODEL, ACCESS_QUERY},
        tokens=("InjectRepository", "getRepositoryToken"),
        check=_injections,
    ),
    FileCheck(
        rules=(INJECT_DYNAMIC_REPOSITORY,),
        applies=lambda kind: kind == ADAPTER,
        tokens=("InjectDynamicRepository", "getDynamicRepositoryToken"),
        check=_injections,
    ),
    FileCheck(
        rules=(REPOSITORY_USE,),
        applies=lambda kind: kind not in {ADAPTER, MODEL, ACCESS_QUERY},
        tokens=("Repository", "EntityManager", "DataSource", "createQuery", ".repository("),
        check=_repositories,
    ),
)
