"""One file of the project: its text now, its syntax when asked."""

import re
from collections.abc import Iterator, Mapping
from functools import cached_property

from rockets_tools.validate.module import Module, Origin

CONTROLLER = ".crud.controller"
ADAPTER = "-typeorm-crud.adapter"
MODEL = "-model.service"
ACCESS_QUERY = "-access-query.service"
ENTITY = ".entity"
MODULE = ".module"
STATE_MACHINE = "-state-machine.service"
WORKFLOW = "-workflow.service"
NOTIFICATION = "-notification.service"
OTHER = ""

_KIND = re.compile(
    r"(\.crud\.controller|-typeorm-crud\.adapter|-model\.service|-access-query\.service|\.entity"
    r"|\.module|-state-machine\.service|-workflow\.service|-notification\.service)\.ts\Z"
)
_NAMED = (".controller.ts", ".adapter.ts", ".service.ts", ".entity.ts", ".module.ts")
_TAIL = len("-state-machine.service.ts")
_CLASS = re.compile(r"^export (?:default )?class (\w+)", re.MULTILINE)
_IMPORTING = re.compile(r"^import\b(?! ')|\brequire\(", re.MULTILINE)
_IMPORT = re.compile(r"^import (?:type )?\{([^}]*)\} from '([^'\n]*)';$", re.MULTILINE)
_DECLARED = re.compile(r"\b(?:class|const|enum|let|var)\s+(\w+)")
_TIDY = re.compile(r"/\*\*(?:[^\n*]*\*/|\n(?: *\*(?!/)[^\n]*\n)* *\*/)")


def kind_of(path: str) -> str:
    """The kind of file its name announces, or `OTHER`."""
    if not path.endswith(_NAMED):
        return OTHER
    found = _KIND.search(path, max(0, len(path) - _TAIL))
    return OTHER if found is None else found[1]


class Source:
    """A TypeScript file."""

    def __init__(self, path: str, text: str) -> None:
        self.path = path
        self.text = text
        self.kind = kind_of(path)

    @cached_property
    def module(self) -> Module:
        return Module(self.text, self._plain_imports)

    @cached_property
    def is_plain(self) -> bool:
        """No template string, and no block comment but `/** one line */` and ` * starred lines`.

        Then a line that starts with code is code: patterns anchored at a line's start answer the
        common questions without a parse, and cannot be fooled by a comment or a string.
        """
        return _is_plain(self.text)

    @cached_property
    def declared(self) -> frozenset[str]:
        """Names that something in the file declares; a comment may add one that nothing does."""
        return frozenset(_DECLARED.findall(self.text))

    @cached_property
    def class_name(self) -> str | None:
        """The first class the file declares."""
        if self.is_plain:
            found = _CLASS.search(self.text)
            if found is not None:
                return found[1]
        return self.module.classes[0].name if self.module.classes else None

    def origin(self, name: str) -> Origin | None:
        """Where an imported name comes from."""
        if self.is_plain:
            alone = f"\nimport {{ {name} }} from '"
            start = self.text.find(alone) + len(alone)
            if start > len(alone):
                return Origin(self.text[start : self.text.find("'", start)], name)
        return self.imports.get(name)

    @property
    def imports(self) -> Mapping[str, Origin]:
        """Local name to origin; without a parse where all imports are laid out by prettier."""
        plain = self._plain_imports
        return self.module.imports if plain is None else plain

    @cached_property
    def _plain_imports(self) -> Mapping[str, Origin] | None:
        found = list(_IMPORT.finditer(self.text))
        # What follows the last import, a template string say, cannot make it another one.
        plain = _is_plain(self.text[: found[-1].end()]) if found else self.is_plain
        if not plain or len(found) != len(_IMPORTING.findall(self.text)):
            return None
        return dict(_origins(found))

    def line_of(self, text: str) -> int:
        """The line on which a text stands first."""
        return self.text.count("\n", 0, max(self.text.find(text), 0)) + 1

    def has_any(self, tokens: tuple[str, ...]) -> bool:
        """Whether one of the texts is in the file."""
        text = self.text
        # map, not a generator: this runs for every file and check.
        return any(map(text.__contains__, tokens))


def _is_plain(text: str) -> bool:
    comments = text.count("/*")
    return "`" not in text and (comments == 0 or comments == len(_TIDY.findall(text)))


def _origins(found: list[re.Match[str]]) -> Iterator[tuple[str, Origin]]:
    for statement in found:
        names, module = statement.groups()
        for item in names.split(","):
            name, _, local = item.strip().removeprefix("type ").partition(" as ")
            yield local or name, Origin(module, name)
