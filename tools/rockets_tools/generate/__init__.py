"""Render the sixteen files of one entity, in memory."""
