"""HTML as lines of Markdown: headings, lists, tables, paragraphs; nothing that is not shown."""

import re
from html.parser import HTMLParser

from rockets_tools.documents.convert import Converted
from rockets_tools.documents.convert.hidden import Hidden

_SILENT = frozenset({"script", "style", "template", "head", "noscript", "svg", "math", "iframe"})
_VOID = frozenset({"br", "hr", "img", "input", "meta", "link", "col", "wbr", "area", "base"})
_BLOCKS = frozenset(
    [
        "p",
        "div",
        "section",
        "article",
        "header",
        "footer",
        "main",
        "aside",
        "nav",
        "dl",
        "dt",
        "dd",
        "blockquote",
        "pre",
        "form",
        "fieldset",
        "figure",
        "figcaption",
        "address",
        "body",
        "html",
    ]
)
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_ENCODING = re.compile(rb"<meta[^>]{0,200}charset=[\"']?([\w-]{1,40})", re.IGNORECASE)
_UNSEEN = re.compile(
    r"display\s*+:\s*+none|visibility\s*+:\s*+hidden|opacity\s*+:\s*+0(?![.\d])"
    r"|font-size\s*+:\s*+0|(?<![-\w])color\s*+:\s*+(?:white\b|#fff(?:fff)?\b|transparent)",
    re.IGNORECASE,
)
_SPACE = re.compile(r"[ \t\r\n\f]+")


def read_html(data: bytes) -> Converted:
    """A page as a browser shows it, without its looks."""
    named = _ENCODING.search(data[:5000])
    text = _decoded(data, named[1].decode("ascii") if named else "utf-8")
    hidden = Hidden()
    return Converted(text=markdown(text, hidden), remarks=hidden.remarks())


def markdown(html: str, hidden: Hidden) -> str:
    """Lines of Markdown; what is not shown goes to `hidden`."""
    page = _Page(hidden)
    page.feed(html)
    page.close()
    return page.text()


def _decoded(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding, "replace")
    except LookupError:
        return data.decode("utf-8", "replace")


class _Page(HTMLParser):
    """Keeps the line under way; a block ends it, a row of a table is one line."""

    def __init__(self, hidden: Hidden) -> None:
        super().__init__(convert_charrefs=True)
        self._hidden = hidden
        self._lines: list[str] = []
        self._line: list[str] = []
        self._prefix = ""
        self._lists: list[str] = []
        self._rows = 0
        self._tables = 0
        """How many tables are open, one in the other."""
        self._unseen: list[str] = []
        """Open elements from the first one that is not shown on."""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _VOID:
            if tag == "br" and not self._unseen:
                self._line.append(" " if self._tables else "\n")
        elif self._unseen or tag in _SILENT or _is_unseen(dict(attrs)):
            self._unseen.append(tag)
        elif tag == "table" or self._tables:
            self._start_in_table(tag)
        elif tag in ("ul", "ol"):
            self._end_line() if self._lists else self._end_block()
            self._lists.append(tag)
        elif tag == "li":
            self._end_line()
            mark = "1." if self._lists[-1:] == ["ol"] else "-"
            self._prefix = f"{'  ' * (len(self._lists) - 1)}{mark} "
        elif tag in _HEADINGS:
            self._end_block()
            self._prefix = f"{'#' * int(tag[1])} "
        elif tag in _BLOCKS:
            self._end_block()

    def _start_in_table(self, tag: str) -> None:
        """A table in a table is part of its cell; a cell or row ends the one before it."""
        if tag == "table":
            self._tables += 1
            if self._tables == 1:
                self._end_block()
                self._rows = 0
        elif self._tables > 1 or tag not in ("tr", "td", "th"):
            self._line.append(" ")
        elif tag == "tr":
            self._end_row()
        else:
            self._line.append(" | ")

    def handle_endtag(self, tag: str) -> None:
        if self._unseen:
            if tag in self._unseen:  # what was left open inside ends with it
                while self._unseen.pop() != tag:
                    pass
        elif self._tables:
            self._end_in_table(tag)
        elif tag in ("ul", "ol"):
            self._end_line()
            del self._lists[-1:]
            if not self._lists:
                self._end_block()
        elif tag == "li":
            self._end_line()
        elif tag in _BLOCKS or tag in _HEADINGS:
            self._end_block()

    def _end_in_table(self, tag: str) -> None:
        self._tables -= tag == "table"
        if not self._tables:
            self._end_row()
            self._end_block()

    def handle_data(self, data: str) -> None:
        if not self._unseen:
            self._line.append(_SPACE.sub(" ", data))
        elif self._unseen[0] not in _SILENT:
            self._hidden.add("text that is not shown", data, line=len(self._lines) + 1)

    def handle_comment(self, data: str) -> None:
        self._hidden.add("HTML comments", data, line=len(self._lines) + 1)

    def text(self) -> str:
        self._end_block()
        return "\n".join(self._lines).strip("\n") + "\n"

    def _end_line(self) -> None:
        said = "".join(self._line).strip()
        self._line.clear()
        prefix, self._prefix = self._prefix, ""
        if not said:
            self._prefix = prefix if prefix.strip() in ("-", "1.") else ""
            return
        for part in (piece.strip() for piece in said.split("\n")):
            if part:
                self._lines.append(f"{prefix}{part}")
                prefix = " " * len(prefix) if prefix.strip() in ("-", "1.") else ""

    def _end_block(self) -> None:
        self._end_line()
        if self._lines and self._lines[-1]:
            self._lines.append("")

    def _end_row(self) -> None:
        cells = _SPACE.sub(" ", "".join(self._line)).strip()
        self._line.clear()
        self._prefix = ""
        if not cells.strip("| "):
            return
        row = f"{'' if cells.startswith('|') else '| '}{cells} |"
        self._lines.append(row)
        self._rows += 1
        if self._rows == 1:
            self._lines.append("|" + " --- |" * (row.count("|") - 1))


def _is_unseen(attributes: dict[str, str | None]) -> bool:
    return "hidden" in attributes or _UNSEEN.search(attributes.get("style") or "") is not None
