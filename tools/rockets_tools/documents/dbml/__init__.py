"""DBML, the language of dbdiagram.io."""
