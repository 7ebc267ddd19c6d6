"""The one directory that a client may name files in."""

import os
from pathlib import Path

from rockets_tools.errors import InputError, Problem
from rockets_tools.files import ProjectFiles


class Root:
    """Paths of a client: relative to the root, or absolute below it; all others are refused.

    Every call looks anew, so that a folder that has become a symlink meanwhile is seen as one.
    """

    def __init__(self, folder: Path) -> None:
        if not folder.is_dir():
            raise InputError(
                Problem(
                    code="root-not-found",
                    message=f"There is no folder {folder}.",
                    fix="Name an existing folder with --root.",
                    file=str(folder),
                )
            )
        self.folder = Path(os.path.realpath(folder))
        self._names = {str(self.folder), str(folder.absolute())}

    def relative(self, named: str) -> str:
        """The path as it is called in answers."""
        for root in self._names:
            if named == root or named.startswith(f"{root}{os.sep}"):
                return named[len(root) + 1 :] or "."
        return named

    def path(self, named: str) -> Path:
        """The absolute path. Raises `InputError` (`path-outside-project`) for one that leaves the
        root, by `..` or a symlink, or that goes into `node_modules` or `.git`."""
        relative = self.relative(named)
        return self.folder if relative == "." else ProjectFiles(self.folder).path(relative)

    def project(self, named: str) -> ProjectFiles:
        """The door to a Rockets project below the root, or the root itself."""
        from rockets_tools.project import require_target

        files = ProjectFiles(self.path(named))
        require_target(files)
        return files

    def write_plan(self, named: str, text: str) -> str:
        """Write a plan and answer its relative path; a client can put nothing but plans on disk."""
        relative = self.relative(named)
        name = relative.rpartition("/")[2]
        if not name.endswith("plan.json") or ".rockets" in relative.split("/"):
            raise InputError(
                Problem(
                    code="plan-name",
                    message=f"The plan cannot be written to {relative}.",
                    fix="Name a file that ends in plan.json, outside of .rockets.",
                    file=relative,
                )
            )
        ProjectFiles(self.folder).write(relative, text)
        return relative
