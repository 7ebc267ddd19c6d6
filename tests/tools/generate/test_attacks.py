"""No text of a plan leaves its string literal, whatever is in it.

The generator is fed the resolved model here, past everything that `plan check` would refuse.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
import tree_sitter_typescript
from hypothesis import given
from hypothesis import strategies as st
from tree_sitter import Language, Node, Parser

from rockets_tools.generate import render_entity
from rockets_tools.generate.result import Rendered
from rockets_tools.plan import Plan
from rockets_tools.plan.model import Entity, Field, FieldType

PARSER = Parser(Language(tree_sitter_typescript.language_typescript()))

ATTACKS = (
    "'); process.exit(1); //",
    '"); process.exit(1); //',
    "`${process.exit(1)}`",
    "*/ process.exit(1); /*",
    "\\",
    "\\'",
    '\\"',
    "\n); process.exit(1);",
    "\r\n",
    "\u2028); process.exit(1)\u2029",
    "\x00\x1b[31m",
    "\u202e reversed \u2066 isolated",
    "\ud800",
    "</script><script>",
    "{{ 7 * 7 }}{% raw %}",
    "constructor",
    "__proto__",
    "/[/]\\/(",
    "'" * 50,
    "日本語 👩‍👩‍👧 é",
)
STRINGS = frozenset({"string", "regex", "template_string"})


def _shape(node: Node) -> Iterator[str]:
    """The kinds of all nodes outside string literals, in order."""
    yield "string" if node.type in STRINGS else node.type
    if node.type not in STRINGS:
        for child in node.children:
            yield from _shape(child)


def _shapes(rendered: Rendered) -> dict[str, list[str]]:
    shapes: dict[str, list[str]] = {}
    for file in rendered.files:
        tree = PARSER.parse(file.content.encode())
        assert not tree.root_node.has_error, file.content
        shapes[file.path] = list(_shape(tree.root_node))
    return shapes


def _entity(plan: Plan, text: str) -> Entity:
    """An entity that has the text wherever a plan can put one."""
    field = Field(
        name="f",
        column=f"c{text}",
        type=FieldType.STRING,
        has_default=True,
        default=f"d{text}",
        pattern=f"p'\"{text}",
        description=f"e{text}",
        example=f"x{text}",
    )
    enum = Field(
        name="g",
        column="g",
        type=FieldType.ENUM,
        enum_name="Kind",
        enum_values=("plain", f"v{text}"),
        has_default=True,
        default="plain",
    )
    data = Field(
        name="h",
        column="h",
        type=FieldType.JSON,
        has_default=True,
        default={f"k'-{text}": [f"v{text}"]},
        example={f"k'-{text}": f"v{text}"},
    )
    product = plan.entities["Product"]
    relations = tuple(
        replace(r, column=f"r{text}", description=f"s{text}") for r in product.relations
    )
    return replace(
        product,
        table=f"t{text}",
        plural=f"p{text}",
        fields=(field, enum, data),
        relations=relations,
        unique=((f"u{text}", "f"),),
    )


def _is_sql(text: str) -> bool:
    """Defaults with these are put together by SQL, which is another shape on purpose."""
    return "\\" in text or "::" in text


@pytest.mark.parametrize("text", ATTACKS)
def test_hostile_texts_stay_texts(plan: Callable[[str], Plan], text: str) -> None:
    seed = plan("seed")
    harmless = "\\harmless" if _is_sql(text) else "harmless"
    hostile = render_entity(_entity(seed, text), seed.entities)
    expected = render_entity(_entity(seed, harmless), seed.entities)
    got, want = _shapes(hostile), _shapes(expected)
    for path in want:
        # Quoting and line breaks may differ, the code around the texts may not.
        assert _without_layout(got[path]) == _without_layout(want[path]), path


@given(text=st.text(max_size=20).filter(lambda text: not _is_sql(text)))
def test_any_text_stays_a_text(plan: Callable[[str], Plan], text: str) -> None:
    seed = plan("seed")
    got = _shapes(render_entity(_entity(seed, text), seed.entities))
    want = _shapes(render_entity(_entity(seed, "x"), seed.entities))
    for path in want:
        assert _without_layout(got[path]) == _without_layout(want[path]), path


def _without_layout(shape: list[str]) -> list[str]:
    """Broken lines have a comma at their end."""
    return [kind for kind in shape if kind != ","]


def test_files_are_plain_text_of_one_encoding(plan: Callable[[str], Plan]) -> None:
    seed = plan("seed")
    for text in ATTACKS:
        for file in render_entity(_entity(seed, text), seed.entities).files:
            content = file.content
            assert content.encode().decode() == content
            assert not {"\r", "\x00", "\u2028", "\u202e", "\ufeff"} & set(content)
            assert content.endswith("\n")
            assert not content.endswith("\n\n")
