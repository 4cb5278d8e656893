"""A diagnostic as the language server protocol has it. Pure.

A code can be a link there, and is none here: there is no web page behind it. What `maild explain` tells of it is shown
beside the place instead (`cli.lsp.hover`), without a network, and always of this very version.
"""

from collections.abc import Callable
from typing import Final

from lsprotocol.types import (
    Diagnostic as Problem,
)
from lsprotocol.types import (
    DiagnosticRelatedInformation,
    DiagnosticSeverity,
    DiagnosticTag,
    Range,
)
from lsprotocol.types import Location as ProblemLocation

from maild.diagnostics import Diagnostic, Location, Severity

SOURCE: Final = "maild"

_SEVERITIES: Final = {
    Severity.ERROR: DiagnosticSeverity.Error,
    Severity.WARNING: DiagnosticSeverity.Warning,
    Severity.INFO: DiagnosticSeverity.Information,
}
TAGS: Final = {
    # Has no effect, so an editor may show it pale: a definition, a route, a comment that nothing comes of.
    "ML217": DiagnosticTag.Unnecessary,
    "ML311": DiagnosticTag.Unnecessary,
    "ML602": DiagnosticTag.Unnecessary,
    "ML901": DiagnosticTag.Unnecessary,
    "ML902": DiagnosticTag.Unnecessary,
    # Works today, or did until lately, and has something better: an editor may strike it through.
    "ML314": DiagnosticTag.Deprecated,
    "ML410": DiagnosticTag.Deprecated,
}
"""The rules whose findings are more than a finding."""


def problem_of(found: Diagnostic, locate: Callable[[Location], ProblemLocation], here: Range) -> Problem:
    """The finding for an editor.

    Args:
        found: the finding.
        locate: where a place is for the editor.
        here: the finding's own range.
    """
    tag = TAGS.get(found.code)
    return Problem(
        range=here,
        message=f"{found.message}\n{found.help}" if found.help else found.message,
        severity=_SEVERITIES[found.severity],
        code=found.code,
        source=SOURCE,
        tags=None if tag is None else [tag],
        related_information=[
            DiagnosticRelatedInformation(location=locate(one.location), message=one.message) for one in found.related
        ],
        data={
            "name": found.name,
            "docs": found.docs,
            "fix": None if found.fix is None else "safe" if found.fix.is_safe else "unsafe",
        },
    )
