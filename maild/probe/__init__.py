"""Probes: asking the world whether an account could send right now."""
