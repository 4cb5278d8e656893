"""Finishes, at the start, what a crash of the intake left half done in the drop folder. Shell code.

Two things can be left: a drop under its hidden name, in the queue and not removed; and an envelope file whose drop is
gone. The second is only removed when the ledger knows it: it may also be one that was put there in advance of its
drop. Only for the process that holds the spool's lock.
"""

import asyncio
import os
from dataclasses import dataclass
from itertools import islice
from typing import Final

from maild.spool.drop.listing import Folders, list_accounts
from maild.spool.drop.name import SIDECAR_SUFFIX, SUFFIX
from maild.spool.drop.outcome import identity_of
from maild.spool.drop.remove import clear_taken, remove_known
from maild.spool.queue import Queue, SourceIdentity

MAX_ENVELOPES: Final = 1000
"""One crash leaves one; a folder full of others' envelope files must not delay the start."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Envelope:
    account: str
    name: str
    identity: SourceIdentity


async def clear_leftovers(drop: str, queue: Queue) -> None:
    """Remove what is in the queue already.

    Args:
        drop: the drop folder.
        queue: whose ledger knows.

    Raises:
        OSError: the drop folder cannot be read or written to.
        QueueError: the ledger cannot be asked.
    """
    for envelope in await asyncio.to_thread(_clear_drops, drop):
        if await queue.is_taken(envelope.identity) is not None:
            await asyncio.to_thread(_remove, drop, envelope)


def _clear_drops(drop: str) -> list[_Envelope]:
    with Folders(drop) as folders:
        clear_taken(folders)
        accounts = ["", *list_accounts(folders)]
        return [one for account in accounts for one in _lonely_envelopes(folders, account)]


def _lonely_envelopes(folders: Folders, account: str) -> list[_Envelope]:
    folder = folders.descriptor(account)
    with os.scandir(folder) as entries:
        names = list(islice((one.name for one in entries if one.name.endswith(SIDECAR_SUFFIX)), MAX_ENVELOPES))
    lonely = []
    for name in names:
        try:
            os.stat(name.removesuffix(SIDECAR_SUFFIX) + SUFFIX, dir_fd=folder, follow_symlinks=False)
        except FileNotFoundError:
            status = os.stat(name, dir_fd=folder, follow_symlinks=False)
            lonely.append(_Envelope(account=account, name=name, identity=identity_of(status)))
    return lonely


def _remove(drop: str, envelope: _Envelope) -> None:
    with Folders(drop) as folders:
        remove_known(folders.descriptor(envelope.account), envelope.name, envelope.identity)
