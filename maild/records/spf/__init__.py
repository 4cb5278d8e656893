"""SPF: the grammar of its records, and whether an address may send for a domain (RFC 7208). Pure."""

from maild.records.spf.evaluate import evaluate_spf
from maild.records.spf.grammar import SpfSyntaxError, parse_spf, select_spf
from maild.records.spf.result import STRANGER, SpfResult, SpfSender
from maild.records.spf.term import SpfFault, SpfRecord, SpfVerdict

__all__ = [
    "STRANGER",
    "SpfFault",
    "SpfRecord",
    "SpfResult",
    "SpfSender",
    "SpfSyntaxError",
    "SpfVerdict",
    "evaluate_spf",
    "parse_spf",
    "select_spf",
]
