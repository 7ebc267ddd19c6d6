"""A recorded run for other eyes: one HTML file, a zip for a bug report, OpenTelemetry spans."""
