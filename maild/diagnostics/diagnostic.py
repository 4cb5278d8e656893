"""The one type for everything that is wrong: YAML, schema, rules and live checks alike.

A diagnostic is a value and raises nothing. Its words are for a person: what is wrong, why it matters, what to do. It
never holds a secret.
"""

from dataclasses import dataclass, field
from enum import StrEnum


class Severity(StrEnum):
    """How much it matters. An error keeps a file from being applied; the order of definition is worst first."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"

    @property
    def rank(self) -> int:
        """0 for the worst; for sorting and for `--fail-on`."""
        return list(Severity).index(self)


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Span:
    """A stretch of a text, 1-based lines and columns, columns in characters, the end exclusive."""

    line: int
    column: int
    end_line: int
    end_column: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Location:
    """Where: a file, and in it a span and the JSON Pointer (RFC 6901) of the value concerned, where there is one."""

    file: str
    span: Span | None = None
    pointer: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Related:
    """A second place that explains the first, such as the line whose `protocol: smtp` decided it."""

    location: Location
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """A stretch of a file's text, which may be empty, and what stands there afterwards. Never a secret."""

    span: Span
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Fix:
    """What mends a finding.

    Attributes:
        edits: made together or not at all; none overlaps another.
        is_safe: whether it surely means what the person meant; if not, a person should look.
    """

    edits: tuple[Edit, ...]
    is_safe: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnostic:
    """One thing that is wrong.

    Attributes:
        code: `ML` and three digits; never reused.
        name: the rule's readable name, such as `port-25-submission`.
        severity: after the site's own settings were applied.
        message: what is wrong and why it matters, one or two sentences.
        help: what to do, with the exact replacement where there is one, which may be several lines; empty when the
            message says it all.
        location: None when the finding is about no file.
        related: other places that explain it.
        fix: edits of the location's file that mend it, if a program can tell them.
        is_fixed: whether no comment takes it away, though others of its rule.
        docs: where to read on, `maild explain CODE`.
    """

    code: str
    name: str
    severity: Severity
    message: str
    help: str = ""
    location: Location | None = None
    related: tuple[Related, ...] = field(default=())
    fix: Fix | None = None
    is_fixed: bool = False

    @property
    def docs(self) -> str:
        """The command that explains the rule."""
        return f"maild explain {self.code}"

    @property
    def sort_key(self) -> tuple[str, int, int, str, str]:
        """By file, then position, then code: the order in which a person mends them."""
        span = self.location.span if self.location else None
        return (
            self.location.file if self.location else "",
            span.line if span else 0,
            span.column if span else 0,
            self.code,
            self.message,
        )
