"""The addresses of an entity's routes."""

from collections.abc import Iterable
from urllib.parse import quote, urlencode

from rockets_tools.plan.model import Entity

Query = Iterable[tuple[str, str]]


def many(entity: Entity, query: Query = ()) -> str:
    """The list."""
    return _with_query(f"/{entity.plural}", query)


def one(entity: Entity, row_id: str, query: Query = ()) -> str:
    """One record."""
    return _with_query(f"/{entity.plural}/{quote(row_id, safe='')}", query)


def bulk(entity: Entity) -> str:
    """Bulk create."""
    return f"/{entity.plural}/bulk"


def recover(entity: Entity, row_id: str, query: Query = ()) -> str:
    """Recovery of a deleted record."""
    return _with_query(f"/{entity.plural}/recover/{quote(row_id, safe='')}", query)


def _with_query(path: str, query: Query) -> str:
    text = urlencode(list(query), quote_via=quote)
    return f"{path}?{text}" if text else path
