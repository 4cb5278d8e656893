"""The types of records that checks ask for: a closed set, for metrics are labelled by it. Pure."""

from typing import Final

TYPES: Final = ("A", "AAAA", "CAA", "MX", "PTR", "SOA", "SRV", "TLSA", "TXT")
"""A question of another type is a mistake of a check; a test sees to it."""
