"""Keeps what is said of a file to what a person can read: its first findings, and one that says how many follow. Pure.

A file that is no configuration at all can have ten thousand findings; to show them takes longer than to find them.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby
from typing import Final

from maild.diagnostics import Diagnostic, Location, Report, Severity
from maild.rules.catalogue import INFOS

MOST_SHOWN: Final = 100
"""Findings of one file; who has more mends the first and looks again."""


def without_excess(report: Report) -> Report:
    """The report with no more than so many findings of each file, in the order of the file."""
    if len(report.diagnostics) <= MOST_SHOWN:
        return report
    groups = groupby(report.diagnostics, key=lambda diagnostic: diagnostic.sort_key[0])
    return replace(report, diagnostics=tuple(one for _, group in groups for one in _first(tuple(group))))


def _first(found: Sequence[Diagnostic]) -> Iterator[Diagnostic]:
    yield from found[:MOST_SHOWN]
    left_out = found[MOST_SHOWN:]
    location = left_out[0].location if left_out else None
    if location is None:
        yield from left_out
    else:
        yield _closing(left_out, location)


def _closing(left_out: Sequence[Diagnostic], location: Location) -> Diagnostic:
    info = INFOS["ML907"]
    errors = sum(diagnostic.severity is Severity.ERROR for diagnostic in left_out)
    among = f", {'all' if errors == len(left_out) else errors} of them errors" if errors and len(left_out) > 1 else ""
    findings = "1 more finding" if len(left_out) == 1 else f"{len(left_out)} more findings"
    return Diagnostic(
        code=info.code,
        name=info.name,
        severity=min((diagnostic.severity for diagnostic in left_out), key=lambda severity: severity.rank),
        message=f"From here on the file has {findings}{among}, not shown here.",
        help="Put right what is shown first, then check again; most of it may have one cause.",
        location=Location(file=location.file, span=location.span),
    )
