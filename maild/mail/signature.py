"""Which DKIM signatures a change of the header breaks (RFC 6376). Pure; checks no signature and needs no key.

A signature names the fields it covers in its `h=` tag, also fields that must not be added (§5.4, a name once more than
there are fields). From each name the last fields count. So a signature survives exactly the changes that leave the
values of those names alone, and this compares them before and after.
"""

import re
from collections import Counter
from typing import Final

from maild.mail.header import Field, Header
from maild.mail.note import Note, NoteCode

MAX_SIGNATURES: Final = 20
"""A message has one, or a handful after lists and forwarders."""

_TAG: Final = re.compile(r"(?:^|;)\s*([A-Za-z][A-Za-z0-9_]*)\s*=([^;]*)")
_SIGNATURE: Final = "dkim-signature"


def signature_notes(before: Header, after: Header, cause: str) -> tuple[Note, ...]:
    """A note for each signature that the change breaks; `cause` is why it was made, as the end of a sentence."""
    if before == after:
        return ()
    notes = []
    for signature in before.all(_SIGNATURE)[:MAX_SIGNATURES]:
        tags = {name.lower(): value.strip() for name, value in _TAG.findall(signature.text)}
        broken = [
            name for name, count in _covered(tags).items() if _last(before, name, count) != _last(after, name, count)
        ]
        if broken:
            names = ", ".join(name.title() for name in broken)
            domain = "".join(char for char in tags.get("d", "") if char.isprintable())[:255]
            words = f"the DKIM signature of {domain or 'an unnamed domain'} covers {names}, which changed: {cause}"
            notes.append(Note(code=NoteCode.SIGNATURE_BROKEN, detail=words))
    return tuple(notes)


def body_notes(header: Header) -> tuple[Note, ...]:
    """What to say when single CRs of the body became line ends: with a signature over it, that breaks it."""
    words = "a CR without LF stood in the body and became a line end, because no mail server takes it"
    notes = [Note(code=NoteCode.LINE_ENDS_CHANGED, detail=words)]
    if _SIGNATURE in header:
        words = "the DKIM signature covers the body, in which a CR without LF became a line end"
        notes.append(Note(code=NoteCode.SIGNATURE_BROKEN, detail=words))
    return tuple(notes)


def _covered(tags: dict[str, str]) -> Counter[str]:
    return Counter(name for word in tags.get("h", "").split(":") if (name := word.strip().lower()))


def _last(header: Header, name: str, count: int) -> tuple[Field, ...]:
    return header.all(name)[-count:]
