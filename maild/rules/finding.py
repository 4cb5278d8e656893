"""What a rule hands back: words and a place in the document. The engine makes a diagnostic of it. Pure."""

from dataclasses import dataclass
from typing import TypeAlias

from maild.config.fault import Pointer
from maild.diagnostics import Fix, Severity, Span


@dataclass(frozen=True, slots=True, kw_only=True)
class AtKey:
    """The key itself: for a key that should not be there, or whose value must not be pointed out."""

    pointer: Pointer


@dataclass(frozen=True, slots=True, kw_only=True)
class AtValue:
    """The value that stands at the pointer."""

    pointer: Pointer


@dataclass(frozen=True, slots=True, kw_only=True)
class AtSpan:
    """A stretch of the text, where the document could not be read; `pointer` if it is known all the same."""

    span: Span
    pointer: Pointer | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WholeFile:
    """No place in it: the file as a whole."""


Place: TypeAlias = AtKey | AtValue | AtSpan | WholeFile


@dataclass(frozen=True, slots=True, kw_only=True)
class Because:
    """A second place, and what it has to do with the finding, in a few words."""

    place: Place
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that is wrong.

    Attributes:
        message: what is wrong and why it matters, in words for a person. Never a secret.
        place: where.
        help: what to do.
        because: other places that explain it.
        severity: where it is another than its rule's, as for what begins at a date.
        fix: edits that mend it, where they can be told; `repair` makes them.
        is_fixed: whether no setting and no comment weakens it, though others of its rule: the file cannot be used.
    """

    message: str
    place: Place
    help: str = ""
    because: tuple[Because, ...] = ()
    severity: Severity | None = None
    fix: Fix | None = None
    is_fixed: bool = False
