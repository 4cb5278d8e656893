"""Decides whether a drop is complete: nobody is writing it and nobody is going to. Pure.

No system call says so, and events prove nothing (a writer may reopen and append), so it is judged from what a file
looks like:

- Is it closed? A read lease (fcntl F_SETLEASE) is refused while anybody has the file open for writing: certain and
  immediate, but only for the file's owner or with CAP_LEASE; otherwise nobody knows.
- Was it put in place? A rename, a link, a chmod or `cp -p` changes ctime and leaves mtime. A file that was last
  written to has both alike. So ctime != mtime says that somebody did something after the last write, and the blessed
  way (write, fsync, rename) always looks like this unless all of it happened within one tick of the kernel's clock.
- How long has nothing happened to it? ctime cannot be set by anybody, so its age is trusted; should the file system's
  clock be ahead of ours (a network), what counts is how long we saw it unchanged.

The last row of the table is for writers that close and reopen: they must pause longer than this to be misjudged.
"""

from dataclasses import dataclass
from typing import Final

MILLISECOND_NS: Final = 1_000_000

OPEN_LOOK_NS: Final = 250 * MILLISECOND_NS
"""How soon to look again at a file that is being written."""

PLACED_UNSURE_NS: Final = 300 * MILLISECOND_NS
"""Put in place, but nobody knows whether it is closed: `cp -p` sets the times just before its close."""

CLOSED_NS: Final = 1000 * MILLISECOND_NS
"""Closed, and last written to: cp, scp, a shell's `>`; long enough for the next `>>` of the same script."""

UNSURE_NS: Final = 2000 * MILLISECOND_NS
"""Nothing is known but the time. Also asked of whatever is to be rejected, closed or not: half a message looks like
none, and a rejection is final."""


UNPROVEN_NS: Final = 600_000 * MILLISECOND_NS
"""A drop that is known not to be whole, by its checksum, is given ten minutes of silence to become so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What a file looked like.

    Attributes:
        is_closed: whether nobody has it open for writing; None: nobody can say.
        is_complete: whether it appeared complete: `write_drop` put it there, or its rename was seen.
        unchanged_since_ns: since when we have seen it exactly like this.
    """

    mtime_ns: int
    ctime_ns: int
    is_closed: bool | None
    is_complete: bool
    unchanged_since_ns: int


def wait_to_take_ns(look: Look, *, now_ns: int) -> int:
    """How long to wait before the file may be taken in; 0: now."""
    if look.is_closed is False:
        return OPEN_LOOK_NS
    return _remaining_ns(_needed_ns(look), look, now_ns)


def wait_to_reject_ns(look: Look, *, now_ns: int) -> int:
    """How long to wait before a file that looks wrong may be judged to be wrong; 0: now."""
    if look.is_closed is False:
        return OPEN_LOOK_NS
    return _remaining_ns(UNSURE_NS, look, now_ns)


def wait_unproven_ns(look: Look, *, now_ns: int) -> int:
    """How long to wait before a drop that does not match its checksum is judged to be wrong; 0: now."""
    return _remaining_ns(UNPROVEN_NS, look, now_ns)


def _needed_ns(look: Look) -> int:
    is_placed = look.ctime_ns != look.mtime_ns
    if look.is_complete or (is_placed and look.is_closed):
        return 0
    if look.is_closed:
        return CLOSED_NS
    return PLACED_UNSURE_NS if is_placed else UNSURE_NS


def _remaining_ns(needed_ns: int, look: Look, now_ns: int) -> int:
    quiet_ns = now_ns - min(look.ctime_ns, look.unchanged_since_ns)
    return min(needed_ns, max(0, needed_ns - quiet_ns))
