"""Tools that speak: send_message, task_update."""

from typing import ClassVar

from pydantic import Field

from rockets_agents.errors import ToolRefusedError
from rockets_agents.findings import Note
from rockets_agents.model import RoleName
from rockets_agents.role import ToolName
from rockets_agents.toolset.desk import TaskStatus
from rockets_agents.toolset.session import Session, Tool


class SendMessage(Tool):
    """Tells a teammate something that does not fit into your answer. It reads it when it works
    next; nothing is done because of it before. Do not repeat your answer."""

    name: ClassVar[ToolName] = "send_message"
    edits: ClassVar[bool] = True

    to: RoleName
    text: str = Field(min_length=1, max_length=4_000)

    def run(self, session: Session) -> str:
        role = session.role
        if self.to not in role.speaks_to:
            reached = ", ".join(sorted(role.speaks_to))
            raise ToolRefusedError(f"The {role.name} speaks to {reached}, not to {self.to}.")
        session.desk.team.send(Note(sender=role.name, receiver=self.to, text=self.text))
        return f"Sent to {self.to}."


class TaskUpdate(Tool):
    """Notes how a task of the task list stands, for the people who watch. It starts and stops
    nothing."""

    name: ClassVar[ToolName] = "task_update"
    edits: ClassVar[bool] = True

    task: str = Field(min_length=1, max_length=200, description="Id in the task list.")
    status: TaskStatus
    remark: str = Field(default="", max_length=1_000)

    def run(self, session: Session) -> str:
        session.desk.team.update(self.task, self.status, self.remark)
        return f"Noted {self.status}."
