"""Tables of a Markdown document, and lists of fields, each under its heading."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from markdown_it.token import Token as MarkdownToken

from rockets_tools.documents.entity_headers import roles as roles_of
from rockets_tools.documents.entity_words import ENTITY

_NOISE = re.compile(
    rf"\b(?:{ENTITY})\b|[`*:#]+|\b_{{1,3}}|_{{1,3}}\b|^[\d.]{{1,9}}\s", re.IGNORECASE
)
"""What a heading has beside the name; `order_items` keeps what is inside of it."""
_NAMED = re.compile(rf"\b(?:{ENTITY})\b", re.IGNORECASE)
_BULLET = re.compile(
    r"[*_`]{0,3}(?P<name>[^\W\d][\w ]{0,60}?)[*_`]{0,3}\s{0,3}(?::|\u2013|\u2014|-|\(|=)"
    r"\s{0,3}[*_`]{0,3}"
    r"(?P<type>[^,;()]{1,200}(?:\([^)]{0,300}\))?)(?P<notes>[,;)].*)?"
)


@dataclass(slots=True)
class Grid:
    """One Markdown table under its heading."""

    heading: str
    line: int
    last: int
    rows: list[tuple[int, list[str]]] = field(default_factory=list[tuple[int, list[str]]])

    def roles(self) -> list[str] | None:
        """What each of its columns says, if it lists fields at all."""
        if not self.rows:
            return None
        return roles_of(self.rows[0][1], [cells for _, cells in self.rows[1:]])


def grids(tokens: Sequence[MarkdownToken]) -> list[Grid]:
    """Tables, and lists of fields under a heading that says it names an entity."""
    found: list[Grid] = []
    heading = ""
    for index, token in enumerate(tokens):
        if token.type == "heading_open":
            heading = tokens[index + 1].content
        elif token.type == "table_open" and token.map is not None:
            found.append(Grid(heading, token.map[0] + 1, token.map[1]))
        elif token.type == "tr_open" and token.map is not None:
            found[-1].rows.append((token.map[0] + 1, []))
        elif token.type == "inline" and tokens[index - 1].type in ("th_open", "td_open"):
            found[-1].rows[-1][1].append(token.content.strip())
        elif token.type == "bullet_list_open" and token.level == 0 and _NAMED.search(heading):
            grid = _listed(tokens[index:], heading)
            if grid is not None:
                found.append(grid)
    return found


def _listed(tokens: Sequence[MarkdownToken], heading: str) -> Grid | None:
    """`- **name**: string, required`, one field a line; None when a line is something else."""
    rows: list[tuple[int, list[str]]] = []
    last = 0
    for token in tokens:
        if token.type == "bullet_list_close" and token.level == 0:
            break
        if token.type == "bullet_list_open" and token.level > 0:
            return None
        if token.type == "inline" and token.map is not None:
            match = _BULLET.fullmatch(" ".join(token.content.split()))
            if match is None:
                return None
            notes = (match["notes"] or "").lstrip(",;) ")
            rows.append((token.map[0] + 1, [match["name"], match["type"], notes]))
            last = token.map[1]
    if not rows:
        return None
    return Grid(heading, rows[0][0], last, [(rows[0][0], ["name", "type", "notes"]), *rows])


def title(heading: str) -> str:
    """The name in a heading: of `### 2. `order_items` table (lines)` it is `order_items`."""
    return " ".join(_NOISE.sub(" ", re.sub(r"\([^)]{0,200}\)", " ", heading)).split())
