"""What holds for every file: nothing else is touched, twice is once, waves can be cut anywhere."""

from collections.abc import Callable, Sequence
from functools import reduce
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rockets_tools.generate.result import ClassReference, Wiring
from rockets_tools.integrate.wiring.acl import wire_acl
from rockets_tools.integrate.wiring.app_module import ModuleWiring, wire_module
from rockets_tools.integrate.wiring.source import Source
from rockets_tools.integrate.wiring.typeorm import element_texts, entities_array, wire_entities

GOLDEN = Path(__file__).parent / "golden"
CASES = sorted(str(path.relative_to(GOLDEN)) for path in GOLDEN.rglob("*.ts"))
NAMES = ["Product", "Tag", "ProductTag", "Event", "OrderLineItem", "A", "Café1", "Zoo"]


def wire(kind: str, text: str, wirings: Sequence[Wiring]) -> str:
    if kind == "typeorm":
        file = "src/config/typeorm.settings.ts"
        return wire_entities(text, [each.entity for each in wirings], file=file) or text
    if kind == "module":
        wanted = ModuleWiring(
            modules=[each.module for each in wirings],
            query_services=[each.query_service for each in wirings],
        )
        return wire_module(text, wanted, file="src/app.module.ts") or text
    return wire_acl(text, wirings, file="src/app.acl.ts") or text


@pytest.mark.parametrize("case", CASES)
def test_waves_can_be_cut_anywhere(case: str, wiring: Callable[..., Wiring]) -> None:
    """All at once, one by one and in two halves: the same bytes."""
    kind = case.partition("/")[0]
    before = (GOLDEN / case).read_text().partition("//// after\n")[0]
    wirings = [wiring(name, admin="any:create,read", user="own:read") for name in NAMES]
    whole = wire(kind, before, wirings)
    assert reduce(lambda text, each: wire(kind, text, [each]), wirings, before) == whole
    assert wire(kind, wire(kind, before, wirings[:3]), wirings[3:]) == whole
    assert wire(kind, whole, wirings) == whole


gap = st.sampled_from(
    ["", " ", "\n", "\n  ", "\n\t\t", " /* ] } é */ ", " // , ] import {\n", "\n\n"]
)
element = st.sampled_from(
    ["UserEntity", "...base", "RoleEntity as never", "[Inner][0]", "make({ entities: 1 })", "'a]'"]
)


@st.composite
def settings_file(draw: st.DrawFn) -> tuple[str, list[str]]:
    """A settings file in some layout, and the elements of its array."""
    elements = draw(st.lists(element, max_size=4))
    text = draw(gap)
    for number, each in enumerate(elements):
        comma = "," if number + 1 < len(elements) or draw(st.booleans()) else ""
        text += each + draw(gap) + comma + draw(gap)
    before = draw(
        st.sampled_from(["", "#!/usr/bin/env node\n", "'use strict';\n", "// import x\n\n"])
    )
    imports = draw(
        st.sampled_from(["", 'import a from "a";\n', "import {\n  b,\n} from 'b'; // b\n"])
    )
    tail = draw(st.sampled_from(["", " as const", " satisfies unknown[]"]))
    body = f"const base = [];\nexport const s = {{ type: 'x', entities: [{text}]{tail} }};"
    ending = draw(st.sampled_from(["", "\n", "\n// end"]))
    newline = draw(st.sampled_from(["\n", "\r\n"]))
    return (before + imports + body + ending).replace("\n", newline), elements


def words(text: str) -> str:
    return "".join(text.split())


@given(settings_file(), st.lists(st.sampled_from("PQRSTUVWXYZ"), unique=True, min_size=1))
def test_any_layout(case: tuple[str, list[str]], letters: list[str]) -> None:
    text, elements = case
    references = [
        ClassReference(name=f"Thing{x}Entity", file=f"src/things/{x}.entity.ts") for x in letters
    ]
    file = "src/config/typeorm.settings.ts"
    wired = wire_entities(text, references, file=file)
    assert wired is not None
    source = Source(wired, file)
    names = [reference.name for reference in references]
    array = entities_array(source)
    assert (
        list(element_texts(source, array))
        == [each for each in elements if not each.startswith("...")] + names
    )
    assert all(wired.count(name) == 2 for name in names)
    rest = iter(words(wired))
    assert all(char in rest for char in words(text))
    assert wire_entities(wired, references, file=file) is None
