"""What a look at a drop comes to: six values. Pure, but for knowing a file's status when it sees one."""

import os
from dataclasses import dataclass
from typing import TypeAlias

from maild.spool.drop.listing import Found
from maild.spool.queue import Arrival, SourceIdentity


@dataclass(frozen=True, slots=True, kw_only=True)
class Copied:
    """The drop is a message and was copied. `mtime_ns` is the drop's, to know it again when it is removed."""

    found: Found
    arrival: Arrival
    source: SourceIdentity
    mtime_ns: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """The drop is no message; `reason` is a word, `detail` a sentence. `source` is None for what is no regular file."""

    found: Found
    reason: str
    detail: str
    source: SourceIdentity | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NotYet:
    """The drop may still be written to; worth another look after so long."""

    wait_ns: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Crowded:
    """The drop's owner has dropped as much as he may for now; worth another look after so long."""

    found: Found
    user: int
    wait_ns: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Unreadable:
    """The drop may not be read."""

    found: Found
    detail: str


@dataclass(frozen=True, slots=True)
class Gone:
    """The drop is not there any more, or not to be looked at."""


class ReadFailedError(Exception):
    """This one file cannot be read to its end (a bad sector, a stale handle); its text says why."""


Outcome: TypeAlias = Copied | Refused | NotYet | Crowded | Unreadable | Gone


def identity_of(status: os.stat_result) -> SourceIdentity:
    """What the ledger knows a file by."""
    return SourceIdentity(
        device=status.st_dev, inode=status.st_ino, ctime_ns=status.st_ctime_ns, size_bytes=status.st_size
    )
