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
        """Markdown: the summary, then headings as rules have them; there is no bad and no good file to show."""
        return (
            f"{self.summary}.\n\n## What it finds\n{self.finds}\n\n## Why it matters\n{self.why}\n\n"
            f"## What to do\n{self.mend}\n\n"
            "## Found by\n`maild probe`, `maild test` and the daemon; it is about the world, not about a file.\n"
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
