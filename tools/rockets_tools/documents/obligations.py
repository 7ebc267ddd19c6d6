"""Sentences of a document that oblige somebody: must, shall, only, never, …

A person wrote them to be kept, so the report names each that no part of the plan comes from. What
counts as a sentence depends on the document: text of Markdown and prose, comments and notes of
the schema languages. Every pattern is possessive or bounded, so reading is linear.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from rockets_tools.documents.kinds import Kind, of_fence

MAX_TEXT = 500
"""Characters of a sentence that are kept."""

_DUTY = re.compile(
    r"\b(?:must|shall|only|never|always|required|mandatory|prohibited|forbidden|cannot|can't"
    r"|can\snot|may\snot|not\sallowed|nobody|no\sone|at\smost|at\sleast|exactly\sone|ensure[sd]?"
    r"|unless|is\snot\spermitted|has\sto|have\sto|needs\sto|need\sto)\b",
    re.IGNORECASE,
)
_SENTENCE_END = re.compile(r"[.!?]['\")\]]?(?=\s|\Z)|\n\s*\n")
_LETTER = re.compile(r"[^\W\d_]")

_SQL = re.compile(
    r"""(?P<note>\bcomment\b[^;'"]{0,300}'(?:[^']|'')*+'?)
  | (?P<string>'(?:[^'\\]|''|\\(?:(?!'[,;)\s]).)?+)*+'?|"[^"]*+"?|`[^`]*+`?)
  | (?P<comment>--[^\n]*+|/\*(?:[^*]|\*(?!/))*+(?:\*/)?)""",
    re.VERBOSE | re.DOTALL | re.IGNORECASE,
)
"""A backslash escapes a quote, but for one that ends the value: the dialects differ. What is not
closed goes on to the end, so that nothing is read twice."""
_SMALL = re.compile(
    r"""(?P<note>\bnote\b[\s:{]{0,200}(?:'''(?:[^'\\]|\\.|'(?!''))*+(?:''')?|'(?:[^'\\\n]|\\.)*+'?))
  | (?P<string>'(?:[^'\\\n]|\\.)*+'?|"(?:[^"\\\n]|\\.)*+"?)
  | (?P<comment>//[^\n]*+|/\*(?:[^*]|\*(?!/))*+(?:\*/)?|%%[^\n]*+)""",
    re.VERBOSE | re.DOTALL | re.IGNORECASE,
)
_MARKS = re.compile(
    r"^[ \t]*(?:/\*+|\*/|\*|--+|///?|%%+|#+)?[ \t]*|[ \t]*\*+/[ \t]*$", re.MULTILINE
)
_FENCE = re.compile(r"^\s{0,3}(`{3,}|~{3,})\s*([^`\n]*)$")
_ITEM = re.compile(r"^\s*(?:[-*+•]|\d{1,9}[.)])\s+")
_BLANK = re.compile(r"^\s*$")


@dataclass(frozen=True, slots=True)
class Obligation:
    """One sentence, on one line of text, with its lines, 1-based, both inclusive."""

    text: str
    first: int
    last: int


def obligations(text: str, kind: Kind | None) -> list[Obligation]:
    """The obligations of a document, in its order; `kind` None: prose."""
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    return [
        Obligation(_one_line(sentence), first, last)
        for block, line in _blocks(text, kind)
        for sentence, first, last in _sentences(block, line)
        if _DUTY.search(sentence)
    ]


def uncited(found: Iterable[Obligation], cited: Iterable[range]) -> list[Obligation]:
    """Those that have no line in common with any of the line ranges."""
    lines = {line for span in cited for line in span}
    return [duty for duty in found if not any(n in lines for n in range(duty.first, duty.last + 1))]


def _blocks(text: str, kind: Kind | None) -> Iterator[tuple[str, int]]:
    """Pieces of running text with the line they begin on."""
    if kind is None or kind is Kind.MARKDOWN:
        yield from _prose(text)
    elif kind is Kind.OPENAPI:
        yield from _descriptions(text)
    else:
        yield from _comments(text, _SQL if kind is Kind.SQL else _SMALL, 1)


def _prose(text: str) -> Iterator[tuple[str, int]]:
    """Paragraphs, items, headings and rows; of a schema in a fence its comments."""
    block: list[str] = []
    begin, fence, label = 1, "", ""
    for number, line in enumerate(text.split("\n"), start=1):
        mark = _FENCE.match(line)
        if mark is not None and (not fence or (mark[1][0] == fence[0] and not mark[2].strip())):
            yield from _closed(block, begin, label if fence else None)
            block, begin = [], number + 1
            fence, label = ("", "") if fence else (mark[1], mark[2] or "text")
        elif fence:
            block.append(line)
        else:
            alone = line.lstrip().startswith(("#", "|", ">"))
            if _BLANK.match(line) or _ITEM.match(line) or alone:
                yield from _closed(block, begin, None)
                block, begin = [], number
            if _BLANK.match(line):
                begin = number + 1
            else:
                block.append(line)
            if alone:
                yield from _closed(block, begin, None)
                block, begin = [], number + 1
    yield from _closed(block, begin, label if fence else None)


def _closed(block: list[str], begin: int, fence: str | None) -> Iterator[tuple[str, int]]:
    """A block that came to its end; `fence` is the label of the fence it was in."""
    if not block:
        return
    text = "\n".join(block)
    kind = None if fence is None else of_fence(fence)
    if kind is None or kind in (Kind.MARKDOWN, Kind.OPENAPI):
        yield text, begin
    else:
        yield from _comments(text, _SQL if kind is Kind.SQL else _SMALL, begin)


def _comments(text: str, scanner: re.Pattern[str], line: int) -> Iterator[tuple[str, int]]:
    """Comments and notes; comments on lines that follow each other are one text."""
    at, held, begin = 0, "", line
    for match in scanner.finditer(text):
        group = match.lastgroup
        if group == "string":
            continue
        body = match[0]
        if group == "note":
            body = body[body.index("'") :].strip("'").replace("''", "'")
        between = text[at : match.start()]
        line += between.count("\n")
        follows = held.startswith(("--", "//", "%%")) and body[:2] == held[:2]
        if held and follows and not between.strip() and between.count("\n") <= 1:
            held += f"\n{body}"
        else:
            if held:
                yield _MARKS.sub("", held), begin
            held, begin = body, line
        line += match[0].count("\n")
        at = match.end()
    if held:
        yield _MARKS.sub("", held), begin


def _descriptions(text: str) -> Iterator[tuple[str, int]]:
    """What an OpenAPI document says in sentences."""
    from rockets_tools.documents.yaml_text import BrokenYamlError, Value, parse

    try:
        pending = [parse(text)]
    except BrokenYamlError:
        return
    seen: set[int] = set()
    found: list[tuple[str, int]] = []
    while pending:
        value: Value = pending.pop()
        if id(value) in seen:
            continue
        seen.add(id(value))
        for key in ("description", "summary"):
            said = value.keys.get(key)
            if said is not None and isinstance(said.scalar, str):
                found.append((said.scalar, said.line))
        pending += [*value.keys.values(), *value.items]
    yield from sorted(found, key=lambda item: item[1])


def _sentences(block: str, line: int) -> Iterator[tuple[str, int, int]]:
    """Sentences of a text with their lines."""
    at = 0
    for end in (*(match.end() for match in _SENTENCE_END.finditer(block)), len(block)):
        sentence = block[at:end]
        lead = len(sentence) - len(sentence.lstrip())
        first = line + sentence.count("\n", 0, lead)
        last = first + sentence.strip().count("\n")
        line += sentence.count("\n")
        at = end
        if _LETTER.search(sentence):
            yield sentence.strip(), first, last


def _one_line(sentence: str) -> str:
    text = " ".join(_ITEM.sub("", sentence).split())
    return text if len(text) <= MAX_TEXT else f"{text[:MAX_TEXT]}…"
