"""Attacks on every entity and on the application: what must not work, tried."""
