"""What can go wrong between the team and a model, named by who has to act.

    RocketsError (rockets_tools.errors)
    ├── ModelError                    carries role, task, model, status, request id, what was lost
    │   ├── AccountError              the user, on the account: waiting does not help     exit 3
    │   │   ├── KeyMissingError           no key in the environment
    │   │   ├── KeyRefusedError           401
    │   │   ├── AccessRefusedError        403
    │   │   ├── ModelNotFoundError        404: choose another model
    │   │   └── SpendLimitError           402, or a spend limit is reached: pay or raise it
    │   ├── RequestRefusedError       the caller: 400, 422; the request has to change     exit 1
    │   │   └── RequestTooLargeError      413, or more than the context window holds
    │   ├── ModelUnreachableError     nobody now: tries or time used up; resume later     exit 1
    │   └── BudgetSpentError          the user: raise the budget and resume               exit 1
    └── InputError
        ├── ModelNameError            the user: neither an alias nor an id                exit 2
        └── PriceUnknownError         the user: a cost limit needs known prices           exit 2

    Exception
    └── ModelOutputError              the model: its answer cannot be used; `feedback` says why

A `ModelError` is shown to a person; a `ModelOutputError` goes back to the model, and only when
its tries are used up does the loop turn it into a finding. No text in here holds a secret.
"""

from rockets_tools.errors import GateError, InputError, MachineError, Problem, RocketsError

from .usage import Usage


class ModelError(RocketsError):
    """A call that gave no answer."""

    def __init__(
        self,
        problem: Problem,
        *,
        role: str = "",
        task: str = "",
        model: str = "",
        status: int | None = None,
        request_id: str | None = None,
        attempts: int = 0,
        lost: Usage | None = None,
    ) -> None:
        super().__init__(problem)
        self.role = role
        self.task = task
        self.model = model
        self.status = status
        """HTTP status of the last attempt; None where there was none."""
        self.request_id = request_id
        self.attempts = attempts
        self.lost = lost or Usage()
        """Tokens of attempts that broke after the model had begun."""


class AccountError(ModelError, MachineError):
    """The account, the key or its rights; the run is resumable once that is mended."""


class KeyMissingError(AccountError):
    pass


class KeyRefusedError(AccountError):
    pass


class AccessRefusedError(AccountError):
    pass


class ModelNotFoundError(AccountError):
    pass


class SpendLimitError(AccountError):
    pass


class RequestRefusedError(ModelError, GateError):
    """The request itself is wrong; the same request will be refused again."""


class RequestTooLargeError(RequestRefusedError):
    pass


class ModelUnreachableError(ModelError, GateError):
    """Overload, limits or a broken line for longer than we wait; what a script can do goes on."""


class BudgetSpentError(ModelError, GateError):
    """Raised before a call is sent, so nothing is half done; the message says what was spent."""


class ModelNameError(InputError):
    pass


class PriceUnknownError(InputError):
    pass


class ModelOutputError(Exception):
    """An answer that cannot be used."""

    def __init__(self, feedback: str, *, answer: str, stop_reason: str) -> None:
        super().__init__(feedback)
        self.feedback = feedback
        """What to tell the model."""
        self.answer = answer
        self.stop_reason = stop_reason
