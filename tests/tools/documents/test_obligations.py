"""Sentences that oblige, and which of them the plan carries."""

import pytest
from tests.effort import at_most

from rockets_tools.documents.kinds import Kind
from rockets_tools.documents.obligations import Obligation, obligations, uncited

PROSE = """\
# The shop

Customers may only see their own
orders. Prices are in euros. An order must
never be deleted.

- Admins can refund. Nobody else may.
1. A refund needs a reason.

| role | rule |
| --- | --- |
| clerk | must log in |

```sql
-- a price must be positive
create table a (b int, -- at most ten; 'x
 c text default '-- must not be found');
```
"""


def found(text: str, kind: Kind | None) -> list[tuple[str, int, int]]:
    return [(duty.text, duty.first, duty.last) for duty in obligations(text, kind)]


def test_prose_in_sentences_with_their_lines() -> None:
    for kind in (None, Kind.MARKDOWN):
        assert found(PROSE, kind) == [
            ("Customers may only see their own orders.", 3, 4),
            ("An order must never be deleted.", 4, 5),
            ("Nobody else may.", 7, 7),
            ("| clerk | must log in |", 12, 12),
            ("a price must be positive", 15, 15),
            ("at most ten; 'x", 16, 16),
        ]


@pytest.mark.parametrize(
    ("kind", "text", "expected"),
    [
        (
            Kind.SQL,
            ("/* Only clerks\n   may write. */\ncreate table a (b int default 'must');\n"
            "comment on table a is 'It''s never empty.';\n-- Fine.\n-- Must stay\n-- together.\n"),
            [("Only clerks may write.", 1, 2), ("It's never empty.", 4, 4),
             ("Must stay together.", 6, 7)],
        ),
        (
            Kind.DBML,
            ("Table a {\n  b int [note: 'must be even'] // always\n  c varchar [default: 'only']\n"
            "  Note: '''\n  Rows are never\n  deleted.\n  '''\n}\n"),
            [("must be even", 2, 2), ("always", 2, 2), ("Rows are never deleted.", 5, 6)],
        ),
        (Kind.PRISMA, "/// Must be unique.\nmodel A {\n  id Int // never shown\n}\n",
         [("Must be unique.", 1, 1), ("never shown", 3, 3)]),
        (Kind.JDL, "/** Only for admins. */\nentity A\n", [("Only for admins.", 1, 1)]),
        (Kind.MERMAID, "%% must not grow\nerDiagram\n", [("must not grow", 1, 1)]),
        (
            Kind.OPENAPI,
            ("openapi: 3.0.0\ncomponents:\n  schemas:\n    A:\n      description: Must be paid.\n"
            "      properties:\n        description:\n          type: string\n"),
            [("Must be paid.", 5, 5)],
        ),
    ],
)  # fmt: skip
def test_schemas_in_comments_and_notes(
    kind: Kind, text: str, expected: list[tuple[str, int, int]]
) -> None:
    assert found(text, kind) == expected


def test_one_common_line_cites() -> None:
    duty = Obligation("x must", 4, 6)
    assert uncited([duty], [range(1, 4), range(7, 9)]) == [duty]
    assert uncited([duty], [range(6, 7)]) == []


@pytest.mark.parametrize("kind", [None, *Kind])
@pytest.mark.parametrize(
    "text",
    [
        "'" * 300_000, "-- must\n" * 50_000, "a must " * 100_000, "comment " * 100_000,
        "/*" * 200_000, "comment'" * 60_000, "```\n" * 100_000, "note '" * 50_000,
        "must. " * 100_000, "\n\n\n" * 100_000, "{" * 100_000, "- " * 100_000, "\\'" * 100_000,
        "''" * 100_000, " " * 300_000, "$a$" * 100_000, "/*a" * 100_000, '\\"' * 100_000,
        "note '''a\\'" * 50_000, "note" + " " * 300_000, "note " * 100_000, "`" * 100_001,
        "must\u2028" * 100_000,
    ],
    ids=lambda text: ascii(text[:8]),
)  # fmt: skip
def test_reading_is_linear(kind: Kind | None, text: str) -> None:
    with at_most(5):
        obligations(text, kind)
