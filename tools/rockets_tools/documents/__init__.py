"""Documents: structured ones (SQL, DBML, Prisma, …) become plans without a model, others text."""

from rockets_tools.documents.prose import Prose, open_document, read_prose
from rockets_tools.documents.read import Imported, Source, load_document, read_document

__all__ = [
    "Imported",
    "Prose",
    "Source",
    "load_document",
    "open_document",
    "read_document",
    "read_prose",
]
