"""Keeps what could not be sent: `failed/<id>.eml` as it would have been sent, and `failed/<id>.json` with the reason.

Durable when it returns, because the queue forgets the content right after. Doing it twice is harmless: both files are
replaced as a whole. The JSON is a receipt with the envelope's sender added, and what puts the message back.
What can go wrong is `QueueError`: then nothing may be forgotten and the message stays in the queue.
"""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final, assert_never

from maild.spool.durable import replace_synced, sync_folder
from maild.spool.layout import Layout
from maild.spool.onward import onward_envelope
from maild.spool.queue import (
    AccountSender,
    FileBody,
    InlineBody,
    Leased,
    NullSender,
    QueuedMessage,
    QueueError,
    QueueId,
    SenderChoice,
)
from maild.spool.receipt import receipt_of
from maild.spool.sidecar import format_sidecar

_CHUNK_BYTES: Final = 1024 * 1024


class FailureKeeper:
    """Writes to `spool/failed/`."""

    def __init__(self, layout: Layout) -> None:
        self._folder = layout.failed

    def keep(self, leased: Leased, message: QueuedMessage) -> None:
        """Keep the content of `leased` and the state that `message` is going to have. Blocks for two fsyncs or three.

        Raises:
            QueueError: it could not be made durable.
        """
        try:
            # The reason goes last: where it stands, the message is complete.
            replace_synced(self._folder, f"{message.id}.eml", message_chunks(leased), mode=0o600)
            replace_synced(self._folder, f"{message.id}.json", [failure_text(message).encode()], mode=0o600)
            sync_folder(self._folder)
        except OSError as error:
            raise QueueError(
                f"the failed message {message.id} cannot be kept in {self._folder}: {error.strerror}"
            ) from error


def kept_chunks(layout: Layout, id_: QueueId) -> Iterator[bytes] | None:
    """A message that is kept in `failed/`, chunk by chunk; None when it is not there.

    Raises:
        OSError: it cannot be read; also while it is gone through.
    """
    path = layout.failed / f"{id_}.eml"
    return _chunks_of(path) if path.is_file() else None


def failure_text(message: QueuedMessage) -> str:
    """The JSON that is kept beside a message that could not be sent."""
    envelope = onward_envelope(message, message.changed_at or message.received_at)
    document = receipt_of(message) | {
        "sender": _sender_text(message.sender),
        "envelope": json.loads(format_sidecar(envelope)),
    }
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def message_chunks(leased: Leased) -> Iterator[bytes]:
    """A message in wire form, chunk by chunk.

    Raises:
        OSError: its body's file cannot be read.
    """
    yield leased.head + b"\r\n"
    match leased.body:
        case InlineBody(data=data):
            yield data
        case FileBody(path=path):
            yield from _chunks_of(path)
        case _:
            assert_never(leased.body)


def _chunks_of(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK_BYTES):
            yield chunk


def _sender_text(sender: SenderChoice) -> str | None:
    """As in an envelope file: None is the account's own address, empty text the null sender."""
    match sender:
        case AccountSender():
            return None
        case NullSender():
            return ""
        case mailbox:
            return str(mailbox)


def read_kept(layout: Layout, id_: QueueId, limit: int) -> bytes | None:
    """The beginning of a message that is kept in `failed/`; None when it is not there. Blocking.

    Raises:
        OSError: it cannot be read.
    """
    try:
        descriptor = os.open(layout.failed / f"{id_}.eml", os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK)
    except FileNotFoundError:
        return None
    with os.fdopen(descriptor, "rb") as file:
        return file.read(limit)
