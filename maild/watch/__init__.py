"""Watching folders: events are hints, a rescan is the truth."""
