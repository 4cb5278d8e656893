"""One kind of live finding: its code, its words and its documentation. Data only."""

from dataclasses import dataclass

from maild.diagnostics import Diagnostic, Location, Severity


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveFinding:
    """One kind of finding.

    Attributes:
        summary: one line for a list.
        finds: what was seen when it is reported.
        why: why it matters.
        mend: what to do.
    """

    code: str
    name: str
    severity: Severity
    summary: str
    finds: str
    why: str
    mend: str

    @property
    def documentation(self) -> str:
        """Markdown with the headings that `maild explain` shows."""
        return (
            f"## What it finds\n\n{self.finds}\n\n## Why it matters\n\n{self.why}\n\n## What to do\n\n{self.mend}\n\n"
            "Reported by probes and by `maild test`, not by `maild check`: it is about the world, not about a file.\n"
        )

    def diagnostic(self, message: str, *, help_: str = "", location: Location | None = None) -> Diagnostic:
        """A diagnostic of this kind."""
        return Diagnostic(
            code=self.code,
            name=self.name,
            severity=self.severity,
            message=message,
            help=help_,
            location=location,
        )
