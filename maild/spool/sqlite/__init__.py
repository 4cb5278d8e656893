"""The queue in one SQLite file: rows and small bodies in the database, large bodies in files beside it."""

from maild.spool.sqlite.queue import SqliteQueue

__all__ = ["SqliteQueue"]
