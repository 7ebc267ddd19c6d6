"""Three-way merge of one text, by lines."""

from dataclasses import dataclass

from merge3 import Merge3


@dataclass(frozen=True, slots=True)
class Merged:
    """The merged text, or where it could not be merged."""

    text: str | None
    """None when there is a conflict."""
    conflicts: tuple[tuple[int, int], ...] = ()
    """First and last line, 1-based, of each conflicting part of the user's text."""


def merge(base: str, user: str, new: str) -> Merged:
    """What `new` changed since `base`, applied to `user`. Line ends are `\\n` in all three."""
    old, mine, theirs = (text.splitlines(keepends=True) for text in (base, user, new))
    merger = Merge3(old, mine, theirs)
    lines: list[str] = []
    conflicts: list[tuple[int, int]] = []
    for region in merger.merge_regions():
        if region[0] == "conflict":
            first, end = region[3] + 1, region[4]
            conflicts.append((first, max(first, end)))
        else:
            kind, start, end = region
            source = {"unchanged": merger.base, "b": merger.b}.get(kind, merger.a)
            lines.extend(source[start:end])
    return Merged(None, tuple(conflicts)) if conflicts else Merged("".join(lines))
