"""Notes: what was done to a message that its writer should know of, though it is sent all the same. Pure values.

They stand in the receipt and are logged once.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

MAX_NOTES: Final = 20
"""A message that goes through many accounts in turn must not collect notes for ever."""


class NoteCode(StrEnum):
    """What was done, as a word for programs."""

    SIGNATURE_BROKEN = "signature_broken"
    """A header field that a DKIM signature covers was changed; receivers will find the signature to be wrong."""
    LINE_ENDS_CHANGED = "line_ends_changed"
    """A CR that stood alone became a line end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """One note; `detail` is a sentence for people."""

    code: NoteCode
    detail: str


def merged(notes: tuple[Note, ...], more: tuple[Note, ...]) -> tuple[Note, ...]:
    """Both, each note once, the first so many."""
    return tuple(dict.fromkeys((*notes, *more)))[:MAX_NOTES] if more else notes
