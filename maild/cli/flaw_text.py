"""Findings about the spool as lines for people, for commands that print more than a report. Pure."""

from collections.abc import Iterable, Iterator

from maild.diagnostics import Diagnostic


def flaw_lines(flaws: Iterable[Diagnostic]) -> Iterator[str]:
    """Each finding with its way out and where to read on."""
    for flaw in flaws:
        yield f"{flaw.severity.value}[{flaw.code}] {flaw.name}: {flaw.message}"
        yield f"  help: {flaw.help}"
        yield f"  docs: maild explain {flaw.code}"
