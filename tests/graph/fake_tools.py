"""Tools that do little, but do it to a real project folder, and fail where they are told to.

Each writes one line per call to `calls.log` beside the project, so that a test (and the kill
loop, from another process) can see what ran.
"""

import hashlib
import json
import os
import signal
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from rockets_graph.options import Options
from rockets_graph.state import Finding
from rockets_graph.toolbox import Artefact, Checked, Integrated, Line
from rockets_tools.errors import GateError, InputError, MachineError, Problem
from rockets_tools.files import ProjectFiles
from rockets_tools.generate.result import ClassReference, GeneratedFile, Rendered, Wiring
from rockets_tools.integrate import BehaviourModule
from rockets_tools.plan import Plan, entity_config
from rockets_tools.plan.model import Entity
from rockets_tools.tree import paths_below

RECORD = ".rockets/fake-record.json"
WIRING = "src/wiring.txt"


UNRULY, BROKEN, OPEN = "UNRULY", "BROKEN", "OPEN_DOOR"
"""Words in a source that make validate, build and smoke red, once for each line that has one."""
WRONG = "WRONG"
"""A word in a module's spec that makes the test red."""


def red(file: str | None = None, rule: str = "fake-rule") -> Checked:
    finding = Finding(severity="high", rule=rule, message="It is red.", file=file, line=1)
    return Checked(passed=False, findings=(finding,), details={"red": True})


@dataclass
class FakeTools:
    """See `Toolbox`. `trouble` says which call fails and how; `kill_at` after how many writes."""

    files: ProjectFiles
    trouble: Mapping[str, str] = field(default_factory=dict)
    kill_at: int = -1
    generator: str = "fake 1"
    workers: int = 1
    packages: bool = False
    services: bool = False
    """Each entity gets a service, too, which the Reviewer reads."""
    _writes: int = 0

    def preflight(self) -> None:
        if self.trouble.get("preflight"):
            raise InputError(Problem(code="no-acl", message="No ACL.", fix="Add it."))

    def announce(self, plan_text: str, entities: Sequence[str]) -> None:
        pass

    def render(self, plan: Plan, entities: Sequence[str]) -> list[Rendered]:
        self._log(f"render {','.join(entities)}")
        bad = self.trouble.get("render")
        if bad in entities:
            raise GateError(Problem(code="fake", message=f"{bad} fails.", fix="Fix it."))
        return [_rendered(plan.entities[name], services=self.services) for name in entities]

    def integrate(self, artefacts: Sequence[Artefact]) -> Integrated:
        self._log(f"integrate {len(artefacts)}")
        self._hit("integrate")
        record: dict[str, str] = json.loads(self.files.read(RECORD) or "{}")
        wired = set((self.files.read(WIRING) or "").split())
        for artefact in artefacts:
            for file in artefact.files:
                if self.files.read(file.path) not in (None, record.get(file.path), file.content):
                    continue  # the user's
                self._write(file.path, file.content)
                record[file.path] = file.content
                wired.add(file.path)
            self._write(RECORD, json.dumps(record))
        self._write(WIRING, "".join(f"{path}\n" for path in sorted(wired)))
        return Integrated(actions=("wrote",), warnings=(), conflicts=())

    def validate(
        self, plan: Plan | None, entities: Sequence[str] | None, *, migrations: bool
    ) -> Checked:
        self._log(f"validate {','.join(entities or ['all'])} {migrations}")
        self._hit("validate")
        bad = self.trouble.get("validate-file")
        if bad is not None and plan is not None:
            owner = plan.entities[bad]
            if entities is None or bad in entities:
                return red(_path(owner))
        folders = None
        if plan is not None and entities is not None:
            folders = tuple(f"{plan.entities[name].paths.module}/" for name in entities)
        unruly = [
            finding
            for finding in self._lines_with(UNRULY)
            if folders is None or (finding["file"] or "").startswith(folders)
        ]
        if unruly:
            return Checked(passed=False, findings=tuple(unruly))
        if migrations and self.files.read("src/migrations/1.txt") is None:
            return red(rule="table-migrated")
        if self.trouble.get("validate-all"):
            return red("src/app.module.ts")
        return Checked(passed=True)

    def changed(self, plan: Plan, entities: Sequence[str]) -> Mapping[str, Mapping[str, str]]:
        record: dict[str, str] = json.loads(self.files.read(RECORD) or "{}")
        found: dict[str, dict[str, str]] = {}
        for name in entities:
            entity = plan.entities[name]
            for path in (_path(entity), *([service_path(entity)] if self.services else [])):
                if (text := self.files.read(path)) != record.get(path, 0):
                    digest = hashlib.sha256((text or "").encode()).hexdigest()
                    found.setdefault(name, {})[path] = digest
        return found

    def orphans(self, plan: Plan) -> list[str]:
        here = {_path(entity) for entity in plan.entities.values()}
        return [p for p in (self.files.read(WIRING) or "").split() if p not in here]

    def needs_packages(self) -> bool:
        return not self.packages and not self.files.exists("packages.txt")

    def install(self, output: Line) -> None:
        self._log("install")
        self._hit("install")
        output("added 1 package")
        self._write("packages.txt", "installed\n")

    def migrate(self, plan: Plan, output: Line) -> Checked:
        self._log("migrate")
        self._hit("migrate")
        if found := self._lines_with(BROKEN):
            return Checked(passed=False, findings=tuple(found))
        tables = "".join(f"{entity.table}\n" for entity in plan.entities.values())
        if self.files.read("src/migrations/1.txt") is None:
            self._write("src/migrations/1.txt", tables)
        return Checked(passed=True, details={"method": "typeorm", "files": [], "proven": True})

    def build(self, output: Line) -> Checked:
        self._log("build")
        self._hit("build")
        self._write("dist/app.js", "built\n")
        if found := self._lines_with(BROKEN):
            for finding in found:
                output(f"{finding['file']}({finding['line']},1): error TS1: It is broken.")
            return Checked(passed=False, findings=tuple(found))
        return red("src/app.ts") if self.trouble.get("build-red") else Checked(passed=True)

    def smoke(self, plan: Plan, output: Line) -> Checked:
        self._log("smoke")
        self._hit("smoke")
        output("listening")
        if found := self._lines_with(OPEN):
            return Checked(passed=False, findings=tuple(found))
        details = {"cells": 4, "passed": 4, "failed": 0, "attacks": 1}
        return red() if self.trouble.get("smoke-red") else Checked(passed=True, details={**details})

    def integrate_modules(self, modules: Sequence[BehaviourModule]) -> Integrated:
        self._log(f"integrate-modules {','.join(module.name for module in modules)}")
        for grant in (grant for module in modules for grant in module.grants):
            actions = ",".join(sorted(action.value for action in grant.grant.actions))
            self._log(f"granted {grant.resource} {grant.role} {actions}")
        self._hit("integrate-modules")
        wired = set((self.files.read(WIRING) or "").split())
        wired |= {module.module.file for module in modules}
        self._write(WIRING, "".join(f"{path}\n" for path in sorted(wired)))
        return Integrated(actions=("wired",))

    def test(self, specs: Sequence[str], output: Line) -> Checked:
        self._log(f"test {','.join(specs)}")
        self._hit("test")
        wrong = [path for path in specs if WRONG in (self.files.read(path) or "")]
        if self.trouble.get("test-red") or wrong:
            return red((wrong or [*specs])[0])
        return Checked(passed=True)

    def close(self) -> None:
        pass

    def _lines_with(self, word: str) -> list[Finding]:
        return [
            Finding(severity="error", rule=word.lower(), message=f"{word}.", file=path, line=number)
            for path in sorted(paths_below(self.files, "src"))
            for number, line in enumerate((self.files.read(path) or "").splitlines(), start=1)
            if word in line
        ]

    def _hit(self, step: str) -> None:
        problem = Problem(code=f"{step}-trouble", message=f"{step} fails.", fix="Fix it.")
        match self.trouble.get(step):
            case "gate":
                raise GateError(problem)
            case "machine":
                raise MachineError(problem)
            case "interrupt":
                raise KeyboardInterrupt
            case "kill":
                os.kill(os.getpid(), signal.SIGKILL)

    def _write(self, path: str, text: str) -> None:
        if self._writes == self.kill_at:
            os.kill(os.getpid(), signal.SIGKILL)
        self._writes += 1
        self.files.write(path, text)

    def _log(self, line: str) -> None:
        with open(f"{self.files.root}.calls", "a", encoding="utf-8") as stream:
            stream.write(f"{line}\n")


def calls(project: Path) -> list[str]:
    log = Path(f"{project}.calls")
    return log.read_text(encoding="utf-8").splitlines() if log.exists() else []


def fake_tools(files: ProjectFiles, _: Options) -> FakeTools:
    return FakeTools(files)


def _path(entity: Entity) -> str:
    return f"{entity.paths.module}/{entity.kebab}.txt"


def service_path(entity: Entity) -> str:
    return f"{entity.paths.module}/{entity.kebab}-access-query.service.ts"


def _rendered(entity: Entity, *, services: bool) -> Rendered:
    nothing = ClassReference(name="X", file="src/x.ts")
    text = json.dumps(entity_config(entity), indent=1)
    files = [GeneratedFile(path=_path(entity), content=f"{text}\n")]
    if services:
        content = f"export class {entity.name}AccessQueryService {{}}\n"
        files.append(GeneratedFile(path=service_path(entity), content=content))
    return Rendered(
        entity=entity.kebab,
        files=tuple(files),
        wiring=Wiring(
            entity=nothing, module=nothing, query_service=nothing, resources=(), grants=()
        ),
        config={},
    )
