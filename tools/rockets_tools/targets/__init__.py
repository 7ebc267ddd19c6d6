"""SDK generations a project can be on: one folder of templates each, and one row here.

A new target is a folder beside this file (`project/`: a whole fresh project, `entity/`: what one
entity becomes) and its row in `TARGETS`.
"""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """One SDK generation, and how a project on it is recognised."""

    id: str
    """As people write it, e.g. `concepta-5`."""
    sdk: str
    """One phrase for messages."""
    packages: tuple[str, ...]
    """npm packages, any of which as a dependency means this target."""
    major: int
    """Major version of those packages."""
    folder: str | None
    """Name of its folder of templates; None: recognised, but nothing is written for it."""

    @property
    def templates(self) -> Path:
        """The folder of templates. Only for a target that has one."""
        if self.folder is None:
            raise LookupError(f"target {self.id} has no templates")
        return Path(__file__).parent / self.folder


CONCEPTA_5 = Target(
    id="concepta-5",
    sdk="the Rockets SDK 5 (@concepta packages)",
    packages=("@concepta/nestjs-crud", "@concepta/nestjs-access-control"),
    major=5,
    folder="concepta_5",
)
ROCKETS_1 = Target(
    id="rockets-1",
    sdk="Rockets 1 (@bitwild packages)",
    packages=("@bitwild/rockets", "@bitwild/rockets-auth"),
    major=1,
    folder=None,
)
TARGETS = (ROCKETS_1, CONCEPTA_5)
"""In the order they are tried: Rockets 1 projects use @concepta packages too, of another major."""
