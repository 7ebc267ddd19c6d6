"""A recorded run, done again from its trace alone: no network, no Node, no tokens."""
