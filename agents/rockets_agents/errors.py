"""What can go wrong in an agent's work, named by who has to act (a model's own: `model.errors`).

    Exception
    ├── ToolRefusedError          the model: told as the result of its call, and it goes on
    └── RoleMismatchError         the programmer: a role's prompt was written for another role
    rockets_tools.errors.GateError
    └── AgentError                the Lead, then a person: the job ended without an answer    exit 1
        ├── TurnsUsedUpError          every turn was used, and none was the answer
        ├── RepeatedCallError         it makes the same call over and over
        ├── ContextFullError          it read and said more than the model holds
        └── AnswerUnusableError       its answers did not hold, and the repair rounds are over

An `AgentError` carries the work so far, so that the trace, the budget and the next try know it.
"""

from typing import TYPE_CHECKING

from rockets_tools.errors import GateError, Problem

if TYPE_CHECKING:
    from rockets_agents.work import Work


class ToolRefusedError(Exception):
    """A call that is not carried out; the message tells the model why, and what would be."""


class RoleMismatchError(Exception):
    """Role and prompt disagree about tools, model or output."""


class AgentError(GateError):
    """A job that ended without an answer."""

    def __init__(self, problem: Problem, work: "Work") -> None:
        super().__init__(problem)
        self.work = work


class TurnsUsedUpError(AgentError):
    pass


class RepeatedCallError(AgentError):
    pass


class ContextFullError(AgentError):
    pass


class AnswerUnusableError(AgentError):
    pass
