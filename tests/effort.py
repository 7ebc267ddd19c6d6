"""Work that must not explode: bounded in this process's own processor time, so that a busy machine
changes nothing."""

import time
from collections.abc import Generator
from contextlib import contextmanager


@contextmanager
def at_most(seconds: float) -> Generator[None]:
    """Fail when the block works longer; what it takes is meant to be a small part of that."""
    started = time.process_time()
    yield
    took = time.process_time() - started
    assert took < seconds, f"{took:.1f} s of work"
