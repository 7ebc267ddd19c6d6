"""Every run is recorded as typed events, so that it can be looked at, compared and replayed."""
