"""The same work as tools of an MCP server, for assistants that are not Claude Code."""
