"""The team of a run: whom the graph's nodes ask, and what a model-backed node does.

Nodes import from here only when they have a team: a sequential run loads none of it.
"""
