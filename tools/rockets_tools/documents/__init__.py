"""Structured documents (SQL, DBML, Prisma, …) become plans, without a model."""

from rockets_tools.documents.read import Imported, Source, load_document, read_document

__all__ = ["Imported", "Source", "load_document", "read_document"]
