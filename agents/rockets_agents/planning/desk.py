"""A desk with nothing on it: planning reads the document it is given and reaches for nothing."""

import os
from pathlib import Path

from rockets_agents.errors import ToolRefusedError
from rockets_agents.toolset import Desk, GateReport
from rockets_tools.files import ProjectFiles


def bare_desk() -> Desk:
    """For a job without tools."""
    nothing = _Nothing()
    return Desk(files=ProjectFiles(Path(os.devnull)), workbench=nothing, team=nothing)


class _Nothing:
    """No step and no teammate."""

    def generate(self, *_: object, **__: object) -> GateReport:
        raise _refused()

    integrate = validate = build = migrate = smoke = generate

    def send(self, *_: object, **__: object) -> None:
        raise _refused()

    update = send


def _refused() -> ToolRefusedError:
    return ToolRefusedError("There is no project yet.")
