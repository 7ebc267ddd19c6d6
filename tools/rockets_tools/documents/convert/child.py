"""`python -m …convert.child KIND FILE`: convert one file and print it as JSON.

The formats and their readers are large and the file is a stranger's, so this runs beside the
program: a document that takes all memory or never ends takes this process with it and no other.
"""

import logging
import sys
from pathlib import Path

from rockets_tools.documents.convert import Converted

MEMORY = 2_000_000_000
"""Bytes."""
CPU_SECONDS = 115


def main(kind: str, path: Path) -> None:
    """Print the document as JSON of `Converted`."""
    logging.disable()
    _limit()
    converted = read(kind, path.read_bytes())
    # Half of a surrogate pair, which a font may map to, is no character and no JSON.
    sys.stdout.buffer.write(converted.model_dump_json().encode("utf-8", "replace"))


def read(kind: str, data: bytes) -> Converted:
    """The document, in this process."""
    from rockets_tools.documents.convert.docx import read_docx
    from rockets_tools.documents.convert.html import read_html
    from rockets_tools.documents.convert.pdf import read_pdf

    readers = {"pdf": read_pdf, "docx": read_docx, "html": read_html}
    return readers[kind](data)


def _limit() -> None:
    if sys.platform == "linux":  # elsewhere the system does not keep such limits
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
