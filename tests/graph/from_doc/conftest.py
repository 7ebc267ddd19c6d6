"""A person at a terminal, who leaves with the test."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from tests.graph.from_doc.documents import Terminal


@pytest.fixture
def terminal() -> Iterator[Callable[..., Terminal]]:
    """Starts `rockets` on terminals: `terminal("from-doc", …, cwd=…)`."""
    opened: list[Terminal] = []

    def start(*arguments: object, **how: Any) -> Terminal:
        opened.append(Terminal(*arguments, **how))
        return opened[-1]

    yield start
    for one in opened:
        one.close()
