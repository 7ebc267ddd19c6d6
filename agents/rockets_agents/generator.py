"""The Generator corrects what a review asks for, and writes the modules with behaviour."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Literal

from pydantic import Field

from rockets_agents.findings import Brief, Finding, Said
from rockets_agents.lead import ModuleSpec, ModuleTask, UsableEntity
from rockets_agents.role import Job, Role, reading_and
from rockets_tools.errors import InputError
from rockets_tools.files import ProjectFiles
from rockets_tools.plan.model import Action, Grant, Possession
from rockets_tools.plan.names import kebab, pascal
from rockets_tools.tree import paths_below

if TYPE_CHECKING:
    from rockets_tools.integrate import BehaviourModule

GENERATOR = Role(
    name="generator",
    model="sonnet",
    tools=reading_and(
        "build", "edit_file", "generate", "integrate", "send_message", "validate", "write_file"
    ),
    speaks_to=frozenset({"reviewer", "tester"}),
    writes=("src/", "test/"),
)


class ModuleBrief(Brief):
    module: ModuleSpec
    task: ModuleTask
    entities: tuple[UsableEntity, ...]
    files: tuple[str, ...]
    """What this job may write, folders with a slash at the end; the same list goes to its desk."""


class NamedClass(Said):
    name: str = Field(description="The exported class, e.g. `RefundModule`.")
    file: str = Field(description="Where it is, relative to the project root.")


class ResourceGrant(Said):
    """What one role may do with one resource of the module."""

    resource: str = Field(description="One of `resources`, e.g. `Refund`.")
    role: str = Field(description="A role that the project has.")
    possession: Literal["own", "any"]
    operations: tuple[Literal["create", "read", "update", "delete"], ...]


class ModuleWritten(Said):
    """A module with behaviour, as `integrate` needs to know it."""

    module: NamedClass
    files: tuple[str, ...] = Field(description="Every file written, relative to the root.")
    resources: tuple[str, ...] = Field(
        description="New members of `AppResource` it needs, e.g. `OrderReminder`; its handlers "
        "name them in kebab-case: `order-reminder`."
    )
    grants: tuple[ResourceGrant, ...]
    summary: str = Field(description="What it does, for the Reviewer and the report.")
    open: tuple[str, ...] = Field(description="What the plan lacks for it; empty when complete.")

    def as_behaviour(self, name: str) -> "BehaviourModule":
        """In the words of `integrate`; `name` is kebab-case."""
        from rockets_tools.generate.result import ClassReference
        from rockets_tools.integrate import BehaviourModule, ModuleGrant

        return BehaviourModule(
            name=name,
            module=ClassReference(name=self.module.name, file=self.module.file),
            files=self.files,
            resources=self.resources,
            grants=tuple(
                ModuleGrant(
                    resource=grant.resource,
                    role=grant.role,
                    grant=Grant(
                        possession=Possession(grant.possession),
                        actions=frozenset(map(Action, grant.operations)),
                    ),
                )
                for grant in self.grants
            ),
        )


class ModuleInWork(Said):
    """A module whose findings are to be mended, with what `integrate` was told of it."""

    module: str
    """As in the plan."""
    task: ModuleTask
    written: ModuleWritten


class FixBrief(Brief):
    round: int
    rounds: int
    files: tuple[str, ...]
    """What this job may change; the same list goes to its desk."""
    requests: tuple[Finding, ...]
    modules: tuple[ModuleInWork, ...] = ()
    """Those in work; none while entities are."""


class FixDone(Said):
    request: int = Field(description="Number of the fix request, from 0.")
    done: bool
    what: str = Field(description="The change, or the reason why there is none.")


class ModuleAccess(Said):
    """A module's resources and grants, all of them anew."""

    module: str = Field(description="Name of the module, as in the plan.")
    resources: tuple[str, ...]
    grants: tuple[ResourceGrant, ...]


class FixSummary(Said):
    """What became of each fix request."""

    fixes: tuple[FixDone, ...]
    access: tuple[ModuleAccess, ...] = Field(
        default=(), description="Of modules whose resources or grants change; else empty."
    )
    summary: str = Field(description="One or two sentences for the Reviewer.")

    def restated(self, module: ModuleInWork) -> ModuleWritten | None:
        """What `integrate` is to know of a module now; None when nothing of it changes."""
        for access in self.access:
            if access.module == module.module:
                update = {"resources": access.resources, "grants": access.grants}
                return module.written.model_copy(update=update)
        return None


def check_fixes(answer: FixSummary, brief: FixBrief, files: ProjectFiles) -> Iterator[str]:
    """Every request has its answer; what is said of a module anew holds like the first answer."""
    given = sorted(fix.request for fix in answer.fixes)
    if given != list(range(len(brief.requests))):
        yield f"There must be one entry for each request, 0 to {len(brief.requests) - 1}."
    known = {module.module: module for module in brief.modules}
    said = [access.module for access in answer.access]
    for name in dict.fromkeys(said):
        if name not in known:
            yield f"{name} is no module in work: `access` is about {', '.join(known) or 'none'}."
        elif said.count(name) > 1:
            yield f"{name} is in `access` more than once."
        elif (written := answer.restated(known[name])) is not None:
            problems = [*_check_grants(written, known[name].task)]
            yield from problems or _check_wiring(written, name, files)


def check_module(answer: ModuleWritten, brief: ModuleBrief, files: ProjectFiles) -> Iterator[str]:
    """What it names is there and its own, all of it is named, and it can be wired as it is."""
    problems = [*_check_files(answer, brief, files), *_check_grants(answer, brief.task)]
    yield from problems or _check_wiring(answer, brief.module.name, files)


def _check_files(answer: ModuleWritten, brief: ModuleBrief, files: ProjectFiles) -> Iterator[str]:
    if answer.module.file not in answer.files:
        yield f"{answer.module.file} is missing in `files`."
    for path in dict.fromkeys((answer.module.file, *answer.files)):
        text = _text(files, path)
        if not any(
            path == own or (own.endswith("/") and path.startswith(own)) for own in brief.files
        ):
            yield f"{path} is not a file of this module."
        elif text is None:
            yield f"There is no file {path}."
        elif path == answer.module.file and f"class {answer.module.name} " not in text:
            yield f"{path} has no class {answer.module.name}."
    for folder in (own.rstrip("/") for own in brief.files if own.endswith("/")):
        for path in sorted(set(paths_below(files, folder)) - set(answer.files)):
            yield f"{path} is there, too: name it in `files`, so that it is reviewed."


def _check_grants(answer: ModuleWritten, task: ModuleTask) -> Iterator[str]:
    """On resources of its own, to whom the task lets in, each once."""
    callers = {"admin", *(role for handler in task.handlers for role in handler.roles)}
    for resource in answer.resources:
        if pascal(kebab(resource)) != resource:
            yield f"{resource} is no member of `AppResource`: write it like `OrderReminder`."
    granted = [(grant.resource, grant.role) for grant in answer.grants]
    for resource, role in dict.fromkeys(granted):
        if role not in callers:
            yield f"{resource} is granted to {role}, for whom the task has no handler."
        if resource not in answer.resources:
            yield f"A grant is about {resource}, which is no resource of this module."
        if granted.count((resource, role)) > 1:
            yield f"{resource} is granted to {role} more than once: one grant has all operations."


def _check_wiring(answer: ModuleWritten, name: str, files: ProjectFiles) -> Iterator[str]:
    """What `integrate` would refuse, in its words."""
    from rockets_tools.integrate import refusals

    module = answer.as_behaviour(kebab(name))
    for problem in refusals(files, [module]):
        yield problem.message


def _text(files: ProjectFiles, path: str) -> str | None:
    try:
        return files.read(path)
    except InputError:
        return None


FIX = Job(
    role=GENERATOR,
    name="fix",
    brief=FixBrief,
    answer=FixSummary,
    check=check_fixes,
    tools=reading_and(
        "edit_file", "generate", "integrate", "send_message", "validate", "write_file"
    ),
    max_turns=40,
)
WRITE_MODULE = Job(
    role=GENERATOR,
    name="write_module",
    brief=ModuleBrief,
    answer=ModuleWritten,
    check=check_module,
    tools=reading_and("build", "edit_file", "send_message", "validate", "write_file"),
    max_turns=60,
    max_tokens=32_000,
    thinking=True,
)
