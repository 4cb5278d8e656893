"""A record of findings that a site lives with, so that only new ones are shown. Pure.

It only ever gets shorter: what was put right leaves it and is an error again when it comes back. A fixed rule is never
recorded, since its file cannot be used; nor is one that looks further than at its file, since it may find nothing on
another machine and would come and go.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Final

from maild.diagnostics import Diagnostic, Location, Report
from maild.diagnostics.fingerprint import fingerprints
from maild.errors import PermanentError
from maild.rules.catalogue import INFOS
from maild.rules.tool.ml905_baseline_entry_fixed import INFO as PUT_RIGHT

_VERSION: Final = 1


class BaselineError(PermanentError):
    """A text is no baseline."""


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Entry:
    """One finding; the file's name counts from the baseline's own folder."""

    file: str
    code: str
    fingerprint: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Baseline:
    """All findings that a site lives with."""

    entries: frozenset[Entry] = frozenset()

    @property
    def files(self) -> frozenset[str]:
        """The files that have any."""
        return frozenset(entry.file for entry in self.entries)

    def to_json(self) -> str:
        """The text of the file: one entry a line and in order, so that version control shows what left it."""
        lines = [
            json.dumps({"code": entry.code, "file": entry.file, "fingerprint": entry.fingerprint})
            for entry in sorted(self.entries)
        ]
        body = "\n    " + ",\n    ".join(lines) + "\n  " if lines else ""
        return f'{{\n  "version": {_VERSION},\n  "findings": [{body}]\n}}\n'


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """A report beside a baseline.

    Attributes:
        new: the report without what is recorded.
        stays: the entries without what was put right.
        put_right: the entries that go.
    """

    new: Report
    stays: Baseline
    put_right: tuple[Entry, ...]


def read_baseline(text: str) -> Baseline:
    """The baseline in a file's text.

    Raises:
        BaselineError: the text is none, or one of a newer maild.
    """
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise BaselineError("it is no JSON") from error
    match value:
        case {"version": int(version), "findings": [*findings]} if version == _VERSION:
            return Baseline(entries=frozenset(_entry(finding) for finding in findings))
        case {"version": int(version)} if version != _VERSION:
            raise BaselineError(f"its version is {version}, and this maild knows version {_VERSION}")
        case _:
            raise BaselineError("it is no baseline of maild")


def record(report: Report, name_of: Callable[[str], str]) -> Baseline:
    """A new baseline with everything in the report that can be recorded; `name_of` names a file for it."""
    return Baseline(entries=frozenset(entry for _, entry in _entries(report, name_of) if entry is not None))


def compare(
    report: Report, baseline: Baseline, *, name_of: Callable[[str], str], gone: frozenset[str] = frozenset()
) -> Compared:
    """What is new in the report, and what of the baseline was put right.

    Of files that the report is not about nothing is known; `gone` are those of them that are no more.
    """
    looked_at = frozenset(map(name_of, report.sources)) | gone
    found = list(_entries(report, name_of))
    known = frozenset(entry for _, entry in found if entry is not None) & baseline.entries
    stays = frozenset(entry for entry in baseline.entries if entry in known or entry.file not in looked_at)
    new = [diagnostic for diagnostic, entry in found if entry not in known]
    return Compared(
        new=replace(report, diagnostics=tuple(new)),
        stays=Baseline(entries=stays),
        put_right=tuple(sorted(baseline.entries - stays)),
    )


def never_recorded(report: Report) -> int:
    """How many findings of a report no baseline records, since their rules are fixed or look further than the file."""
    return sum(not _can_be_recorded(diagnostic) for diagnostic in report.diagnostics)


def put_right(entry: Entry, file: str) -> Diagnostic:
    """The diagnostic for an entry of the baseline `file` that can go."""
    return Diagnostic(
        code=PUT_RIGHT.code,
        name=PUT_RIGHT.name,
        severity=PUT_RIGHT.severity,
        message=f"{entry.code} of {entry.file} was put right, so the baseline needs no entry for it.",
        help="`maild check --baseline FILE --write-baseline` takes it out.",
        location=Location(file=file),
    )


def _entry(finding: object) -> Entry:
    match finding:
        case {"code": str(code), "file": str(file), "fingerprint": str(fingerprint)}:
            return Entry(code=code, file=file, fingerprint=fingerprint)
        case _:
            raise BaselineError("an entry has not code, file and fingerprint")


def _entries(report: Report, name_of: Callable[[str], str]) -> Iterator[tuple[Diagnostic, Entry | None]]:
    """Each diagnostic with its entry; None where it cannot be recorded."""
    renamed = replace(
        report,
        diagnostics=tuple(_renamed(diagnostic, name_of) for diagnostic in report.diagnostics),
        sources={name_of(file): text for file, text in report.sources.items()},
    )
    marks = fingerprints(renamed)
    for diagnostic, named, mark in zip(report.diagnostics, renamed.diagnostics, marks, strict=True):
        if named.location is None or not _can_be_recorded(diagnostic):
            yield diagnostic, None
        else:
            yield diagnostic, Entry(code=diagnostic.code, file=named.location.file, fingerprint=mark)


def _can_be_recorded(diagnostic: Diagnostic) -> bool:
    info = INFOS[diagnostic.code]
    return not (info.is_fixed or diagnostic.is_fixed or info.looks_around)


def _renamed(diagnostic: Diagnostic, name_of: Callable[[str], str]) -> Diagnostic:
    location = diagnostic.location
    if location is None:
        return diagnostic
    return replace(diagnostic, location=replace(location, file=name_of(location.file)))
