"""Envelope files that a crash left behind: they belong to an earlier drop of the same name. Shell code.

A drop is removed before its envelope file, so a crash in between leaves an envelope file that a later drop of that name
would seem to go by.
"""

import asyncio
from collections.abc import Iterable
from contextlib import suppress

from maild.spool.drop.listing import Folders
from maild.spool.drop.outcome import Copied
from maild.spool.drop.remove import remove_sidecar
from maild.spool.queue import FileBody, Queue


async def has_stale_envelope(drop: str, queue: Queue, copied: Copied) -> bool:
    """Whether the envelope file beside a drop in this folder is an earlier drop's. It is removed then, and the copy is
    thrown away: the drop is to be read again, by its header.

    Raises:
        QueueError: the ledger cannot be asked.
        OSError: it cannot be removed.
    """
    sidecar = copied.arrival.sidecar
    if sidecar is None:
        return False
    owner = await queue.is_taken(sidecar)
    if owner is None or await queue.is_taken(copied.source) == owner:
        return False
    await asyncio.to_thread(_remove, drop, copied)
    return True


def discard_body(copied: Copied) -> None:
    """Remove the body file of a copy that does not go into the queue."""
    if isinstance(copied.arrival.body, FileBody):
        # One that stays is an orphan, and those are cleared at the next start.
        with suppress(OSError):
            copied.arrival.body.path.unlink()


def discard_bodies(copied: Iterable[Copied]) -> None:
    """The same for many."""
    for one in copied:
        discard_body(one)


def _remove(drop: str, copied: Copied) -> None:
    discard_body(copied)
    with Folders(drop) as folders:
        remove_sidecar(folders.descriptor(copied.found.account), copied.found.name, copied.arrival.sidecar)
