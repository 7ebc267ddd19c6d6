"""From a document to the project: read, show, approve, make, run."""
