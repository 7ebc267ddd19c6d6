"""Runs over HTTP: the graph that LangGraph's server serves (`langgraph.json`, docs/server.md)."""
