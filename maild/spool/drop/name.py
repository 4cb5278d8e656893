"""Names in the drop folder: which are drops, which are none of our business, which nobody can mean. Pure.

A drop ends in `.eml` (in any case: Windows writes `.EML`) and may hold everything that can be seen, in any script; a
receipt, a log line and a rejected file carry its name, so control characters, undecodable octets and characters that
turn the writing direction are refused. What programs write while they are not done yet is never read.
"""

import re
from enum import Enum, auto
from typing import Final

MAX_NAME_OCTETS: Final = 200
"""File systems take 255; a receipt adds `.json`, its temporary name a dot and `.tmp`, a rejected one an id."""

SUFFIX: Final = ".eml"
SIDECAR_SUFFIX: Final = ".env.json"

TAKEN_PREFIX: Final = ".maild-taken."
"""What a drop is called between being in the queue and being removed."""

# `x.eml.tmp` and the like do not end in .eml; these are the shapes that may. Haraka writes `__tmp__…`.
_UNFINISHED: Final = re.compile(r"\.|~|#|__tmp__|\.?sw[opx]$", re.IGNORECASE)
OWN_STEM: Final = "maild-[0-9a-f]{24}"
_OWN: Final = re.compile(rf"{OWN_STEM}\.eml")


class NameKind(Enum):
    """What a name in the drop folder means."""

    DROP = auto()
    IGNORED = auto()
    """Not a drop, or not yet: hidden, unfinished, another suffix."""
    BAD = auto()
    """It ends as a drop does but cannot be shown or kept under this name."""


def name_kind(name: str) -> NameKind:
    """What a name means. Octets that are no UTF-8 are surrogates in it, as `os.fsdecode` makes them."""
    if name[-4:].lower() != SUFFIX or _UNFINISHED.match(name) is not None:
        return NameKind.IGNORED
    # A surrogate is not printable either, so what passes here can be encoded.
    if not name.isprintable() or len(name.encode()) > MAX_NAME_OCTETS or name[:1] in "- ":
        return NameKind.BAD
    return NameKind.DROP


def is_own_name(name: str) -> bool:
    """Whether `write_drop` made this name: such a file appears under it complete and never again."""
    return _OWN.fullmatch(name) is not None


def own_name(random: bytes) -> str:
    """A name of the kind that `is_own_name` knows, from 12 random bytes."""
    return f"maild-{random[:12].hex()}{SUFFIX}"


def sidecar_name(drop: str) -> str:
    """The envelope file of a drop: `x.env.json` for `x.eml`."""
    return drop[: -len(SUFFIX)] + SIDECAR_SUFFIX


def safe_name(name: str) -> str:
    """The name with everything that cannot be shown replaced, short enough to be kept."""
    shown = "".join(char if char.isprintable() and char != "/" else "_" for char in name).lstrip(".- ")
    return shown.encode()[: MAX_NAME_OCTETS - len(SUFFIX)].decode(errors="ignore").removesuffix(SUFFIX) + SUFFIX
