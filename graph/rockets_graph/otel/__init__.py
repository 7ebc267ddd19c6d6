"""A run as OpenTelemetry spans: the mapping, live while it runs, and from a recorded trace."""

from rockets_graph.otel.live import live_sinks, live_spans

__all__ = ["live_sinks", "live_spans"]
