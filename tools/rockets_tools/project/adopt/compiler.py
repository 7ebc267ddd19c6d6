"""Compiler settings under which generated code compiles, and to where it can be started."""

import fnmatch
import os
import posixpath
import re
from collections.abc import Iterator, Mapping

from pydantic import JsonValue

from rockets_tools.build.compile import CONFIGS
from rockets_tools.files import FORBIDDEN
from rockets_tools.project.adopt.changes import Changes
from rockets_tools.project.adopt.json_text import JsonText

NEEDED = ("experimentalDecorators", "emitDecoratorMetadata")
REFUSED = (
    "noImplicitOverride",
    "noPropertyAccessFromIndexSignature",
    "exactOptionalPropertyTypes",
    "verbatimModuleSyntax",
    "erasableSyntaxOnly",
    "isolatedDeclarations",
)
"""Checks that generated code, or the SDK's pattern itself, does not pass."""
FIELDS_ASSIGNED = re.compile(r"es20(?:17|18|19|20|21)", re.IGNORECASE)
"""Targets for which class fields are not defined anew by default, over what a base class has."""
TOO_OLD = re.compile(r"es(?:3|5|6|2015|2016)", re.IGNORECASE)
OUTPUT = "dist"
SOURCES = "src"


def adopt_compiler(changes: Changes) -> None:
    """Check tsconfig, and add what keeps decorated classes and the SDK's types working."""
    path = next((name for name in CONFIGS if changes.files.exists(name)), None)
    if path is None:
        changes.refuse(
            "adopt-compiler",
            "The project has no tsconfig.json.",
            "Add one; the project that rockets new makes has what is needed.",
            CONFIGS[-1],
        )
        return
    with changes.refusing():
        chain = list(_chain(changes, path))
        options: dict[str, JsonValue] = {}
        for _, config in reversed(chain):
            found = config.value("compilerOptions")
            options |= found if isinstance(found, dict) else {}
        complete = _is_complete(chain)
        _check_flags(changes, path, options, complete=complete)
        _check_output(changes, path, options, dict(_inputs(chain)))
        target = str(options.get("target", ""))
        wanted: dict[str, str] = {}
        if "useDefineForClassFields" not in options and not FIELDS_ASSIGNED.fullmatch(target):
            wanted["useDefineForClassFields"] = "false"
        if "skipLibCheck" not in options and complete:
            wanted["skipLibCheck"] = "true"
        config = chain[0][1]
        config.add("compilerOptions", wanted)
        changes.replace(path, config.result())


def _check_flags(
    changes: Changes, path: str, options: Mapping[str, JsonValue], *, complete: bool
) -> None:
    for name in NEEDED:
        if options.get(name) is not True and (complete or name in options):
            changes.refuse(
                "adopt-compiler",
                f"{path} does not set {name}, without which no module of Nest works.",
                f'Set "{name}": true.',
                path,
            )
    target = str(options.get("target", "es5" if complete else ""))
    if TOO_OLD.fullmatch(target):
        changes.refuse(
            "adopt-compiler",
            f"{path} compiles for {target}, which is too old for the SDK's pattern.",
            'Set "target": "ES2021".',
            path,
        )
    if options.get("skipLibCheck") is False:
        changes.refuse(
            "adopt-compiler",
            f"{path} has packages' own types checked, and those of the SDK do not pass.",
            'Set "skipLibCheck": true.',
            path,
        )
    for name in (*REFUSED, "useDefineForClassFields"):
        if options.get(name) is True:
            changes.refuse(
                "adopt-compiler",
                f"{path} sets {name}, and generated code does not compile or run under it.",
                f'Set "{name}": false.',
                path,
            )


def _check_output(
    changes: Changes, path: str, options: Mapping[str, JsonValue], inputs: Mapping[str, JsonValue]
) -> None:
    """The compiled main file is started as dist/main.js."""
    out = posixpath.normpath(str(options.get("outDir", "")))
    if out != OUTPUT:
        changes.refuse(
            "adopt-compiler",
            f"{path} does not compile to {OUTPUT}, from where the application is started.",
            f'Set "outDir": "{OUTPUT}".',
            path,
        )
    root = options.get("rootDir")
    if root is not None:
        rooted = posixpath.normpath(str(root)) == SOURCES
    elif isinstance(include := inputs.get("include"), list):
        rooted = all(posixpath.normpath(str(each)).split("/")[0] == SOURCES for each in include)
    else:
        exclude = inputs.get("exclude")
        patterns = [str(each) for each in exclude] if isinstance(exclude, list) else []
        rooted = next(_outside(str(changes.files.root), patterns), None) is None
    if not rooted:
        changes.refuse(
            "adopt-compiler",
            f"{path} compiles files outside {SOURCES}, so that the application is not "
            f"{OUTPUT}/main.js.",
            f'Set "rootDir": "{SOURCES}" and "include": ["{SOURCES}"].',
            path,
        )


def _chain(changes: Changes, path: str) -> Iterator[tuple[str, JsonText]]:
    """The configuration and those it extends, as far as they are files of the project."""
    seen: set[str] = set()
    while path not in seen:
        seen.add(path)
        text = changes.read(path)
        if text is None:
            return
        config = JsonText(text, path)
        yield path, config
        base = config.value("extends")
        if not isinstance(base, str) or not base.startswith("."):
            return
        path = posixpath.normpath(posixpath.join(posixpath.dirname(path), base))
        path = path if path.endswith(".json") else f"{path}.json"


def _is_complete(chain: list[tuple[str, JsonText]]) -> bool:
    """Nothing is inherited from a package, which nobody here has read."""
    base = chain[-1][1].value("extends") if chain else None
    return base is None


def _inputs(chain: list[tuple[str, JsonText]]) -> Iterator[tuple[str, JsonValue]]:
    """`include` and `exclude`: the nearest configuration that has one decides."""
    for name in ("include", "exclude"):
        for _, config in chain:
            if (found := config.value(name)) is not None:
                yield name, found
                break


def _outside(root: str, exclude: list[str]) -> Iterator[str]:
    """TypeScript files beside the sources that a configuration without `include` would take."""
    skipped = {*FORBIDDEN, OUTPUT, SOURCES, ".rockets"}
    excluded = [re.sub(r"^\./|/\*\*(/\*)?$|/$", "", pattern) for pattern in exclude]

    def is_excluded(path: str) -> bool:
        return any(
            fnmatch.fnmatch(path, pattern) or fnmatch.fnmatch(path, f"{pattern}/*")
            for pattern in excluded
        )

    for folder, folders, names in os.walk(root):
        relative = os.path.relpath(folder, root)
        prefix = "" if relative == "." else f"{relative}/"
        folders[:] = [
            each
            for each in folders
            if not (prefix == "" and each in skipped)
            and each not in FORBIDDEN
            and not is_excluded(f"{prefix}{each}")
        ]
        for name in names:
            path = f"{prefix}{name}"
            if name.endswith(".ts") and not name.endswith(".d.ts") and not is_excluded(path):
                yield path
