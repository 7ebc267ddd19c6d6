"""A file that an export makes: whole or not at all."""

import os
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from rockets_tools.files import disk_error


@contextmanager
def replaced(path: Path) -> Generator[BinaryIO]:
    """A stream for what the file is to hold; it takes its name when all went well.

    Raises:
        MachineError: the disk refuses.
    """
    temporary: str | None = None
    try:
        handle, temporary = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
        with open(handle, "wb") as stream:
            yield stream
        # A trace has what was said; it is the owner's to show to others.
        os.replace(temporary, path)
        temporary = None
    except OSError as error:
        raise disk_error(error, str(path)) from error
    finally:
        if temporary is not None:
            os.unlink(temporary)
