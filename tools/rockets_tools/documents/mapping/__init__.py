"""From a schema to a plan: names, keys, relations, owners."""
