"""A desk to work at in tests: a small project on disk, steps that answer what they are told."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from rockets_agents.errors import ToolRefusedError
from rockets_agents.findings import Note
from rockets_agents.toolset import Desk, GateReport, TaskStatus
from rockets_tools.files import ProjectFiles

GREEN = GateReport(passed=True)

SERVICE = """\
import { Injectable } from '@nestjs/common';

@Injectable()
export class HealthService {
  check(): string {
    return 'ok';
  }
}
"""
ACCESS = """\
import type { CanAccess } from '@concepta/nestjs-access-control';
import { Injectable } from '@nestjs/common';

@Injectable()
export class NoteAccessQueryService implements CanAccess {
  async canAccess(context: unknown): Promise<boolean> {
    if (mayUseOwn(context)) {
      return true;
    }
    return false;
  }
}
"""
PROJECT = {
    "package.json": '{"name": "shop", "dependencies": {"@concepta/nestjs-crud": "5.0.0"}}\n',
    "tsconfig.json": '{"compilerOptions": {"strict": true}}\n',
    "eslint.config.mjs": "export default [];\n",
    ".env": "JWT_MODULE_ACCESS_SECRET=do-not-show\n",
    ".env.example": "PORT=3000\n",
    ".npmrc": "//registry/:_authToken=do-not-show\n",
    "secrets/prod.env": "KEY=do-not-show\n",
    "tls/server.key": "do-not-show\n",
    ".git/config": "do-not-show\n",
    ".rockets/state.json": '{"do-not-show": true}\n',
    "node_modules/left/index.js": "do-not-show\n",
    "dist/main.js": "do-not-show\n",
    "src/app.module.ts": "export class AppModule {}\n",
    "src/app.acl.ts": "export const acRules = grants();\n",
    "src/config/typeorm.settings.ts": "export const entities = [];\n",
    "src/config/environment.ts": "export const secret = env('SECRET');\n",
    "src/common/access/caller.ts": "export class Caller {}\n",
    "src/migrations/1-First.ts": "export class First {}\n",
    "src/modules/health/health.service.ts": SERVICE,
    "src/modules/note/note-access-query.service.ts": ACCESS,
    "test/app.test.mjs": "import 'node:test';\n",
}


def make_project(root: Path) -> ProjectFiles:
    for path, text in PROJECT.items():
        file = root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return ProjectFiles(root)


def tree(root: Path) -> dict[str, str]:
    return {
        path.relative_to(root).as_posix(): path.read_text(encoding="utf-8")
        for path in sorted(root.rglob("*"))
        if path.is_file() and not path.is_symlink()
    }


@dataclass
class Bench:
    """A `Workbench` that notes what it was asked for."""

    answers: dict[str, list[GateReport]] = field(default_factory=dict)
    """By step; the last one is repeated. Green where there is none."""
    calls: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)

    def generate(self, entities: Sequence[str]) -> GateReport:
        return self._answer("generate", entities)

    def integrate(self) -> GateReport:
        return self._answer("integrate")

    def validate(self, paths: Sequence[str] | None) -> GateReport:
        return self._answer("validate", paths or ())

    def build(self) -> GateReport:
        return self._answer("build")

    def migrate(self) -> GateReport:
        return self._answer("migrate")

    def smoke(self) -> GateReport:
        return self._answer("smoke")

    def _answer(self, step: str, arguments: Sequence[str] = ()) -> GateReport:
        self.calls.append((step, tuple(arguments)))
        left = self.answers.get(step, [])
        return (left.pop(0) if len(left) > 1 else left[0]) if left else GREEN


@dataclass
class Mates:
    """A `Team` that keeps what it was told."""

    notes: list[Note] = field(default_factory=list)
    updates: list[tuple[str, TaskStatus, str]] = field(default_factory=list)

    def send(self, note: Note) -> None:
        self.notes.append(note)

    def update(self, task: str, status: TaskStatus, remark: str) -> None:
        if task != "build":
            raise ToolRefusedError(f"There is no task {task}.")
        self.updates.append((task, status, remark))


def make_desk(
    files: ProjectFiles, *, writable: tuple[str, ...] = ("src/",), bench: Bench | None = None
) -> Desk:
    return Desk(files=files, workbench=bench or Bench(), team=Mates(), writable=writable)
