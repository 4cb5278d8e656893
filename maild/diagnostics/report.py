"""A set of diagnostics together with the texts they point into, in the order in which a person mends them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from maild.diagnostics.diagnostic import Diagnostic, Severity

if TYPE_CHECKING:
    from maild.diagnostics.explanation import Explanation  # asked for by few


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What one look at some files came to.

    Attributes:
        diagnostics: sorted by file, position and code, without doubles.
        sources: the text of each file by the name used in the diagnostics, for source lines in output; masked
            already where a line holds a literal secret.
        files_checked: how many files were looked at.
        explanations: what is to be told of the codes, for formats that carry it; empty where nobody asked.
        fixable: how many of them `--fix` mends; None: nobody tried, so those with a safe fix.
    """

    diagnostics: tuple[Diagnostic, ...]
    sources: Mapping[str, str] = field(default_factory=dict)
    files_checked: int = 0
    explanations: Mapping[str, "Explanation"] = field(default_factory=dict)
    fixable: int | None = None

    @classmethod
    def of(
        cls, diagnostics: Iterable[Diagnostic], *, sources: Mapping[str, str] | None = None, files_checked: int = 0
    ) -> "Report":
        """A report with its diagnostics sorted and doubles dropped."""
        ordered = sorted(dict.fromkeys(diagnostics), key=lambda diagnostic: diagnostic.sort_key)
        return cls(diagnostics=tuple(ordered), sources=dict(sources or {}), files_checked=files_checked)

    def count(self, severity: Severity) -> int:
        """How many diagnostics have this severity."""
        return sum(1 for diagnostic in self.diagnostics if diagnostic.severity is severity)

    def at_or_above(self, severity: Severity) -> bool:
        """Whether anything is at least as bad as this."""
        return any(diagnostic.severity.rank <= severity.rank for diagnostic in self.diagnostics)

    def of_file(self, file: str) -> tuple[Diagnostic, ...]:
        """The diagnostics of one file."""
        return tuple(
            diagnostic
            for diagnostic in self.diagnostics
            if diagnostic.location is not None and diagnostic.location.file == file
        )
