"""Finds receipts that do not tell the end of their message, or are not there. Blocking; for the start of the daemon.

A crash between the queue's record and the receipt leaves the receipt behind, and so does `maild queue` while no daemon
runs. Whoever starts asks the queue about the messages named here and writes the receipts of those that are done.
"""

import json
import os
import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from maild.spool.layout import Layout
from maild.spool.queue import MessageState, QueueId

MAX_RECEIPT_BYTES: Final = 16 * 1024 * 1024
"""A receipt of a message to ten thousand recipients is a few megabytes."""

_OPEN: Final = frozenset(state.value for state in MessageState if not state.is_history)


@dataclass(frozen=True, slots=True)
class OpenReceipt:
    """One that does not tell the end of this message."""

    id: QueueId


@dataclass(frozen=True, slots=True)
class MislaidReceipt:
    """One that a power cut left with the content of another drop's, or with none, or took away; `drop` is what it
    should be of.
    """

    drop: str


def open_receipts(layout: Layout) -> Iterator[OpenReceipt | MislaidReceipt]:
    """The receipts whose state is not final or whose content is another's. What looks like no receipt of ours at all is
    passed over.
    """
    for folder, _, names in os.walk(layout.receipts):
        for name in names:
            if name.endswith(".json") and not name.startswith("."):
                path = os.path.join(folder, name)
                found = _look(path, drop=os.path.relpath(path, layout.receipts).removesuffix(".json"))
                if found is not None:
                    yield found


def missing_receipts(layout: Layout, drops: Iterable[str]) -> Iterator[MislaidReceipt]:
    """Those of these drops that have no receipt: its name was not on the disk yet."""
    for drop in drops:
        if not os.path.lexists(layout.receipt(drop)):
            yield MislaidReceipt(drop)


def _look(path: str, *, drop: str) -> OpenReceipt | MislaidReceipt | None:
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK)
        with os.fdopen(descriptor, "rb") as file:
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                return None
            receipt = json.loads(file.read(MAX_RECEIPT_BYTES))
    except OSError:
        return None
    except ValueError:
        return MislaidReceipt(drop)
    if not isinstance(receipt, dict):
        return None
    if receipt.get("drop") != drop:
        return MislaidReceipt(drop)
    id_ = receipt.get("id")
    return OpenReceipt(QueueId(id_)) if receipt.get("state") in _OPEN and isinstance(id_, str) else None
