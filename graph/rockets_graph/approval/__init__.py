"""A plan as a page a person can check line by line, and the question that follows it."""
