"""DMARC: the grammar of its records, which one is about a domain, and what is aligned (RFC 9989, RFC 7489). Pure."""

from maild.records.dmarc.record import DmarcError, DmarcPolicy, DmarcRecord, Psd, parse_dmarc, select_dmarc
from maild.records.dmarc.walk import (
    DmarcFindings,
    DmarcFlaw,
    Reading,
    Registrable,
    find_dmarc,
    is_aligned,
    names_to_ask,
)

__all__ = [
    "DmarcError",
    "DmarcFindings",
    "DmarcFlaw",
    "DmarcPolicy",
    "DmarcRecord",
    "Psd",
    "Reading",
    "Registrable",
    "find_dmarc",
    "is_aligned",
    "names_to_ask",
    "parse_dmarc",
    "select_dmarc",
]
