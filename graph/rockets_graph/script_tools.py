"""The toolbox with foreign programs in the place of generate, integrate or validate."""

import hashlib
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rockets_graph.project_tools import ProjectTools, checked
from rockets_graph.toolbox import Artefact, Checked, Integrated
from rockets_tools.errors import GateError, Problem
from rockets_tools.generate.result import Rendered
from rockets_tools.plan import generation_input
from rockets_tools.plan.model import Plan
from rockets_tools.scripts import Generated, Scripts


@dataclass(kw_only=True)
class ScriptTools(ProjectTools):
    """As `ProjectTools`; what the folder has no program for, our own tools do."""

    scripts: Scripts
    workers: int = os.cpu_count() or 1
    """Each batch starts processes of its own."""

    def __post_init__(self) -> None:
        self.keeps_records = not self.scripts.has("integrate")

    @property
    def generator(self) -> str:
        """Changes with the program's text; a resume does not mix two generators."""
        if not self.scripts.has("generate"):
            return super().generator
        text = self.scripts.programs["generate"].read_bytes()
        return f"script {hashlib.sha256(text).hexdigest()[:16]}"

    def preflight(self) -> None:
        if not self.scripts.has("integrate"):
            super().preflight()

    def announce(self, plan_text: str, entities: Sequence[str]) -> None:
        if not self.scripts.has("generate"):
            super().announce(plan_text, entities)

    def render(self, plan: Plan, entities: Sequence[str]) -> Sequence[Artefact]:
        if not self.scripts.has("generate"):
            return super().render(plan, entities)
        answers = {
            name: self.scripts.generate(generation_input(plan, name), self.files)
            for name in entities
        }
        if self.scripts.has("integrate"):
            return list(answers.values())
        from rockets_tools.generate import from_json

        return [
            from_json({"entity": plan.entities[name].kebab, **answer.as_json()})
            for name, answer in answers.items()
        ]

    def integrate(self, artefacts: Sequence[Artefact]) -> Integrated:
        if not self.scripts.has("integrate"):
            return super().integrate(artefacts)
        from rockets_tools.generate import to_json

        actions: list[str] = []
        warnings: list[str] = []
        for item in artefacts:
            if isinstance(item, Generated):
                document = item.as_json()
            elif isinstance(item, Rendered):
                document = to_json(item)
            else:
                raise TypeError(f"nobody can integrate a {type(item).__name__}")
            answer = self.scripts.integrate(document, self.files.root)
            if not answer.success:
                raise GateError(
                    Problem(
                        code="script-integrate",
                        message="The integrate program reports no success.",
                        fix=" ".join(answer.warnings) or "Run it by hand with the same input.",
                    )
                )
            actions += answer.actions
            warnings += answer.warnings
        return Integrated(actions=tuple(actions), warnings=tuple(warnings))

    def validate(
        self, plan: Plan | None, entities: Sequence[str] | None, *, migrations: bool
    ) -> Checked:
        if not self.scripts.has("validate"):
            return super().validate(plan, entities, migrations=migrations)
        return checked(self.scripts.validate(self.files.root))

    def changed(self, plan: Plan, entities: Sequence[str]) -> Mapping[str, Mapping[str, str]]:
        # A foreign integrate keeps no record of ours; what it wrote is taken as it is.
        return {} if self.scripts.has("integrate") else super().changed(plan, entities)

    def orphans(self, plan: Plan) -> Sequence[str]:
        return () if self.scripts.has("integrate") else super().orphans(plan)
