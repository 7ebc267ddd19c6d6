"""JavaScript patterns: the same answers as Node, and never a hang."""

import json
import subprocess

import pytest
from tests.effort import at_most

from rockets_tools.node import find_node
from rockets_tools.plan import jsregex
from rockets_tools.plan.js_text import Dice

PATTERNS = [
    "^[A-Z]{3}-\\d{4,8}$",
    "^\\w+@\\w+\\.com$",
    "[\\d\\-x]+",
    "^(?=.*[A-Z])(?=.*\\d)(?=.*[!@#]).{8,}$",
    "(?<y>\\d{4})-\\k<y>",
    "a{,3}",
    '^[^"\\\\]*$',
    "\\bfoo\\b",
    "\\Boo\\B",
    "^(\\w)\\1$",
    "[[]",
    "[]",
    "[^]",
    "^\\S+$",
    "x(?!y)",
    "\\/a\\/",
    "^[\\w.-]+$",
    "[a-\\d]",
    "\\cJ",
    "\\u0041\\x42",
    "(?:a|b)??",
    "{",
    "}",
    "a{2}{",
    "[\\b]",
    "\\0",
    "[\\s\\S]",
    "[&a-]",
    "^\\p$",
    "^\\s$",
    "^.$",
    "^a$|^b$",
    "é+",
    "😀",
    "(?<=a)b",
    "(?<!a)b",
    "[^\\W_]",
    "\\e\\a\\z\\Z",
    "^(?:(a)|b)*$",
    "[]-a]",
    "^]$",
    "[\\w-]",
    "[+--]",
    "^$",
    "",
]
TEXTS = [
    "",
    "a",
    "aa",
    "foo bar foo",
    "ABC-1234",
    "ABC-123",
    "1",
    "\n",
    "a\n",
    "-",
    '"',
    "/a/",
    "[",
    "A\nB",
    "AB",
    "\xa0",
    "\u2028",
    "{",
    "}",
    "]",
    "a{,3}",
    "aa{",
    "xx",
    "x",
    "xy",
    "&",
    "p",
    "é",
    "😀",
    "2024-2024",
    "2024-2025",
    "b",
    "ab",
    "bb",
    "a1_",
    "\x00",
    "\x08",
    "x@y.com",
    "Aa1!aaaa",
    "eazZ",
    "_",
    "\ufeff",
    "\u180e",
    "bar ok",
    "+",
    ",",
    "a]",
    "]a]",
]


@pytest.mark.node
def test_node_says_the_same() -> None:
    ours = [[jsregex.test(p, t) for t in TEXTS] for p in PATTERNS]
    program = (
        "const [p, t] = JSON.parse(require('fs').readFileSync(0));"
        "console.log(JSON.stringify(p.map((p) => t.map((t) => new RegExp(p).test(t)))))"
    )
    run = subprocess.run(
        [str(find_node().node), "-e", program],
        input=json.dumps([PATTERNS, TEXTS]),
        capture_output=True,
        text=True,
        check=True,
    )
    theirs = json.loads(run.stdout)
    different = [
        (p, t)
        for p, mine, other in zip(PATTERNS, ours, theirs, strict=True)
        for t, a, b in zip(TEXTS, mine, other, strict=True)
        if a is not b
    ]
    assert different == []


@pytest.mark.parametrize(
    ("pattern", "reason"),
    [
        ("(", "Unbalanced"),
        ("a**", "Invalid atom"),
        ("[b-a]", "reversed"),
        ("(?P<x>a)", "Invalid"),
        (r"\p{L}", "u flag"),
        ("(?i:a)", "too new"),
        (r"\2(a)", "group 2"),
        (r"\k<a>(?<a>b)", "group 1"),
        (r"\xg", "hexadecimal"),
        ("(a{1000}){1000}", "more than 10000"),
        ("a{0,4294967296}", "too complex"),
        ("(" * 500 + ")" * 500, "nested"),
        ("\\", "Incomplete"),
    ],
)
def test_what_cannot_be_used_says_why(pattern: str, reason: str) -> None:
    assert reason in (jsregex.fault(pattern) or "")


def test_deep_but_possible_nesting() -> None:
    assert jsregex.fault("(?:" * 60 + "a" + ")" * 60) is None


@pytest.mark.parametrize("pattern", [r"^(a+)+$", r"^(a|aa)+$", r"(x+x+)+y", r"^(.*?,){20}P"])
def test_catastrophic_patterns_give_up(pattern: str) -> None:
    with at_most(2):
        assert jsregex.test(pattern, "a" * 40 + "x" * 40 + "1," * 40 + "!") in (False, None)


def test_examples_are_the_same_every_time_and_mostly_match() -> None:
    pattern = r"^[A-Z]{2}-(red|green)\d+(x?)\2$"
    made = [
        jsregex.example(pattern, Dice("7"), growth=3, readable=True),
        jsregex.example(pattern, Dice("7"), growth=3, readable=True),
    ]
    assert made[0] == made[1]
    assert jsregex.matches(pattern, made[0])
