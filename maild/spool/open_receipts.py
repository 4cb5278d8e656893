"""Finds receipts that do not tell the end of their message. Blocking; for the start of the daemon.

A crash between the queue's record and the receipt leaves the receipt behind, and so does `maild queue` while no daemon
runs. Whoever starts asks the queue about the messages named here and writes the receipts of those that are done.
"""

import json
import os
from collections.abc import Iterator
from typing import Final

from maild.spool.layout import Layout
from maild.spool.queue import MessageState, QueueId

MAX_RECEIPT_BYTES: Final = 16 * 1024 * 1024
"""A receipt of a message to ten thousand recipients is a few megabytes."""

_OPEN: Final = frozenset(state.value for state in MessageState if not state.is_history)


def open_receipts(layout: Layout) -> Iterator[QueueId]:
    """The ids in receipts whose state is not final; what is no receipt of ours is passed over."""
    for folder, _, names in os.walk(layout.receipts):
        for name in names:
            if name.endswith(".json") and not name.startswith("."):
                id_ = _open_id(os.path.join(folder, name))
                if id_ is not None:
                    yield id_


def _open_id(path: str) -> QueueId | None:
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK)
        with os.fdopen(descriptor, "rb") as file:
            receipt = json.loads(file.read(MAX_RECEIPT_BYTES))
    except (OSError, ValueError):
        return None
    if not isinstance(receipt, dict) or receipt.get("state") not in _OPEN:
        return None
    id_ = receipt.get("id")
    return QueueId(id_) if isinstance(id_, str) else None
