"""The shared queue: many hosts on one PostgreSQL database. Needs the extra `postgres`; nobody imports it who has not.

`maild.spool.shared` is the door: it imports what is here when a site wants it, and says what is missing.
"""
