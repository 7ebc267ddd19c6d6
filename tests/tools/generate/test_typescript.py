"""Literals: what JavaScript reads back is what went in, and prettier finds nothing to change."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import JsonValue

from rockets_tools.generate.enums import enum_members
from rockets_tools.generate.imports import FileNames
from rockets_tools.generate.layout import Array, Call, Node, Object, fit
from rockets_tools.generate.typescript import literal, number, regular_expression, string

HOSTILE = [
    "plain",
    "it's",
    'say "hi"',
    'it\'s "both"',
    "'" * 20 + '"',
    "back\\slash \\n \\u0041",
    "line\nbreak\ttab\r\b\f\v",
    "\u2028\u2029\u202e\ufeff\u200b",
    "\x00\x1f\x7f\x9f",
    "日本語 👩‍👩‍👧 é e\u0301 \uff57\uff49\uff44\uff45",
    "${x} `y` */ // <!--",
    "",
]


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("plain", "'plain'"),
        ("it's", '"it\'s"'),
        ('it\'s "it"', "'it\\'s \"it\"'"),
        ("a\\b", "'a\\\\b'"),
        ("a\nb", "'a\\nb'"),
        ("\u2028", "'\\u2028'"),
        ("\x00", "'\\u0000'"),
        ("\ud800", "'\\ud800'"),
        ("日本", "'日本'"),
    ],
)
def test_strings(text: str, source: str) -> None:
    assert string(text) == source


@pytest.mark.parametrize(
    ("value", "source"),
    [
        (5, "5"),
        (-3, "-3"),
        (1.5, "1.5"),
        (1e21, "1e21"),
        (1e-7, "1e-7"),
        (2.0, "2"),
        (12345678901234567890, "1.2345678901234567e19"),
    ],
)
def test_numbers(value: float, source: str) -> None:
    assert number(value) == source


@pytest.mark.parametrize(
    ("pattern", "source"),
    [
        (r"^[A-Z]{3}-\d{4}$", r"/^[A-Z]{3}-\d{4}$/"),
        ("^https?://", r"/^https?:\/\//"),
        (r"a\/b", r"/a\/b/"),
        ("two  spaces", "'two  spaces'"),
        (r"\.", r"/\./"),
        (r"[\.]", r"'[\\.]'"),
        ("a\nb", r"'a\nb'"),
        ("(", "/(/"),
    ],
)
def test_patterns(pattern: str, source: str) -> None:
    assert regular_expression(pattern) == source


def test_enum_members_are_distinct_identifiers() -> None:
    values = ("in-progress", "in progress", "1st", "ü", "", "a b", "aB", "constructor")
    members = enum_members(values)
    assert members["in-progress"] == "InProgress"
    assert members["in progress"] == "InProgress2"
    assert members["1st"] == "Value1st"
    assert (members["ü"], members[""]) == ("Value", "Value2")
    assert len(set(members.values())) == len(values)
    assert all(member.isidentifier() for member in members.values())


def test_imports_are_merged_sorted_aliased_and_wrapped() -> None:
    names = FileNames("src/modules/a", {"Column"})
    assert names.use("Column", "typeorm", alias="BaseColumn", value=True) == "BaseColumn"
    assert names.use("Entity", "typeorm", alias="BaseEntity", value=True) == "Entity"
    assert names.use("Type", "/src/shared/a/b", alias="X", value=False) == "Type"
    assert names.use("near", "/src/modules/a/near", alias="X", value=False) == "near"
    assert names.use("Date", "/src/modules/a/near", alias="DateEnum", value=True) == "DateEnum"
    assert names.statements() == (
        "import { Column as BaseColumn, Entity } from 'typeorm';\n"
        "import type { Type } from '../../shared/a/b';\n"
        "import { Date as DateEnum, type near } from './near';\n"
    )


def test_long_imports_break() -> None:
    names = FileNames("src", ())
    for index in range(8):
        names.use(f"ANameOfSomeLength{index}", "package", alias="", value=True)
    text = names.statements()
    assert text.startswith("import {\n  ANameOfSomeLength0,\n")
    assert max(map(len, text.splitlines())) <= 100


@pytest.mark.node
def test_javascript_reads_back_what_went_in(tmp_path: Path) -> None:
    node = shutil.which("node")
    assert node is not None
    patterns = [r"^[A-Z]{3}-\d{4}$", "^https?://[^/]+/$", "a/b\\/c", "[/]x", "[\\.]  ", "\n'\"`"]
    values: list[JsonValue] = [*HOSTILE, {"__proto__": 1, "a-b": {"c": [1, 2.5, None, True]}}, 1e21]
    script = tmp_path / "read.cjs"
    script.write_text(
        "const values = "
        + fit(Array([literal(v) for v in values]), 0)
        + ";\nconst patterns = "
        + fit(Array([regular_expression(p) for p in patterns]), 0)
        + ".map((p) => new RegExp(p).source);\n"
        + "console.log(JSON.stringify({ values, patterns }));\n",
        encoding="utf-8",
    )
    answer = json.loads(
        subprocess.run([node, script], capture_output=True, check=True, text=True).stdout
    )
    assert answer["values"] == values
    same = (
        "console.log(JSON.stringify(JSON.parse(process.argv[1]).map((p) => new RegExp(p).source)))"
    )
    wanted = subprocess.run(
        [node, "-e", same, json.dumps(patterns)], capture_output=True, check=True, text=True
    ).stdout
    assert answer["patterns"] == json.loads(wanted)


def _nodes() -> st.SearchStrategy[Node]:
    texts = st.one_of(
        st.sampled_from(HOSTILE),
        st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "Zs"]), max_size=60),
    )
    leaves = st.one_of(
        texts.map(string),
        st.integers(-(10**6), 10**12).map(number),
        st.sampled_from(["true", "null", "aName", "() => Thing", "A_RATHER_LONG_CONSTANT_NAME"]),
    )
    keys = st.sampled_from(
        ["a", "id", "type", "name", "where", "default", "description", "enumName"]
    )
    return st.recursive(
        leaves,
        lambda inner: st.one_of(
            st.lists(inner, max_size=4).map(Array),
            st.dictionaries(keys, inner, max_size=4).map(Object),
        ),
        max_leaves=12,
    )


@pytest.mark.node
def test_prettier_has_nothing_to_change(tmp_path: Path, warm_modules: Path) -> None:
    """Random decorators, as the generator lays them out."""
    blocks: list[str] = []

    @given(st.lists(_nodes(), max_size=3), st.sampled_from(["Is", "ApiPropertyOptional"]))
    def collect(arguments: list[Node], name: str) -> None:
        blocks.append(f"class C {{\n  @{fit(Call(name, arguments), 2, 1)}\n  x!: string;\n}}\n")

    collect()
    (tmp_path / "all.ts").write_text("\n".join(blocks), encoding="utf-8")
    options = ["--no-config", "--print-width=100", "--single-quote", "--trailing-comma=all"]
    prettier = warm_modules / "prettier/bin/prettier.cjs"
    result = subprocess.run(
        ["node", prettier, *options, tmp_path / "all.ts"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert result.stdout == "\n".join(blocks)
