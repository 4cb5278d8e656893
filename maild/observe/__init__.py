"""Observation: events become log lines, metrics and the status page."""
