"""What can be wrong with a trace."""

from rockets_tools.errors import InputError, Problem


class TraceError(InputError):
    """The trace given cannot be used, or not beyond some place; nothing was changed."""


def trace_error(
    code: str,
    message: str,
    *,
    fix: str = "Take the trace from where it was recorded again.",
    file: str | None = None,
    line: int | None = None,
) -> TraceError:
    """An error of one sentence, and what to do about it."""
    return TraceError(Problem(code=code, message=message, fix=fix, file=file, line=line))
