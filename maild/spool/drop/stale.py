"""Envelope files that a crash left behind: they belong to an earlier drop of the same name. Shell code.

A drop is removed before its envelope file, so a crash in between leaves an envelope file that a later drop of that name
would seem to go by.
"""

import asyncio
from collections.abc import Sequence

from maild.spool.drop.bodies import discard_bodies, discard_body
from maild.spool.drop.listing import Folders
from maild.spool.drop.outcome import Copied
from maild.spool.drop.remove import remove_sidecar
from maild.spool.queue import Queue, QueueError


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


async def without_stale(drop: str, queue: Queue, copied: Sequence[Copied]) -> Sequence[Copied]:
    """Those that do not go by the envelope file of an earlier drop; see `has_stale_envelope` for the others.

    Raises:
        QueueError, OSError: as there; all copies are thrown away then.
    """
    try:
        return [one for one in copied if not await has_stale_envelope(drop, queue, one)]
    except (QueueError, OSError):
        await asyncio.to_thread(discard_bodies, copied)
        raise


def _remove(drop: str, copied: Copied) -> None:
    discard_body(copied)
    with Folders(drop) as folders:
        remove_sidecar(folders.descriptor(copied.found.account), copied.found.name, copied.arrival.sidecar)
