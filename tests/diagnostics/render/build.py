from maild.diagnostics import Diagnostic, Fix, Location, Related, Report, Severity, Span
from maild.diagnostics.explanation import Explanation

SOURCE = "smtp:\n  host: smtp.gmail.com\n  port: 465\n  tls: {mode: starttls}\n"

EXPLANATION = Explanation(
    code="ML303",
    name="port-tls-mode-mismatch",
    severity=Severity.ERROR,
    summary="The port speaks TLS in another way.",
    sections={"What it finds": "A port and a mode\nthat do not fit.", "Bad": "```yaml\nport: 465\n```"},
    is_fixed=True,
)


def span(line: int, column: int, end_column: int, end_line: int | None = None) -> Span:
    return Span(line=line, column=column, end_line=end_line or line, end_column=end_column)


def diagnostic(
    *,
    at: Span | None = None,
    file: str | None = "a.yaml",
    severity: Severity = Severity.ERROR,
    message: str = "Port 465 speaks TLS at once.",
    help_text: str = "",
    related: tuple[Related, ...] = (),
    pointer: str | None = None,
    fix: Fix | None = None,
) -> Diagnostic:
    return Diagnostic(
        code="ML303",
        name="port-tls-mode-mismatch",
        severity=severity,
        message=message,
        help=help_text,
        location=None if file is None else Location(file=file, span=at, pointer=pointer),
        related=related,
        fix=fix,
    )


def related(message: str, at: Span | None, file: str = "a.yaml") -> Related:
    return Related(location=Location(file=file, span=at), message=message)


def report(*diagnostics: Diagnostic, source: str = SOURCE, files_checked: int = 1) -> Report:
    return Report.of(diagnostics, sources={"a.yaml": source}, files_checked=files_checked)
