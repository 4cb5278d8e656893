"""Receipts: the JSON file that tells whoever dropped a file what became of it (`schemas/receipt.schema.json`).

A receipt is replaced as a whole (`exchange`), so a reader never sees half of one. That of a message is not fsynced: the
queue's row is the truth, a receipt only repeats it, and four thousand drops a second leave no time for an fsync each.
What a power cut does to these is found at the next start (`open_receipts`). What the queue knows nothing of is fsynced.
The folder mirrors the drop folder: `billing/a.eml` has `receipts/billing/a.eml.json`; a name that is dropped again gets
a new receipt in the place of the old one.

A receipt that cannot be written keeps nobody from sending: it is remembered and tried again with the next ones.
"""

import asyncio
import json
import os
from collections.abc import Awaitable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path
from typing import Final, TypeAlias, assert_never

from maild.mail.verdict import Deferred, Delivered, Failed, Uncertain, Verdict
from maild.spool.durable import replace_synced, sync_folder
from maild.spool.events import DropRepeated
from maild.spool.exchange import Exchanger
from maild.spool.layout import Layout
from maild.spool.queue import MessageState, QueuedMessage, QueuedRecipient
from maild.spool.seat import Seat

VERSION: Final = 1
REJECTED: Final = "rejected"
"""The state in the receipt of a drop that is no message."""
REPEATED: Final = "repeated"
"""The state in the receipt of a drop that is the message of another one."""

_encode: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
"""`json.dumps` would make an encoder for every receipt."""

Said: TypeAlias = QueuedMessage | Mapping[str, object]
"""What a receipt is made of, or says."""

_OF_THE_QUEUE: Final = frozenset(state.value for state in MessageState)
_MAX_UNWRITTEN: Final = 1000
_FILE_MODE: Final = 0o640


def receipt_of(message: QueuedMessage) -> dict[str, object]:
    """What the receipt of a message says, ready for JSON."""
    is_waiting = message.state is MessageState.QUEUED
    received_at = format_instant(message.received_at)
    return {
        "version": VERSION,
        "drop": message.drop,
        "state": message.state.value,
        "id": message.id,
        "message_id": message.message_id,
        "account": message.last_account or message.account,
        "attempts_made": message.attempts_made,
        "received_at": received_at,
        "updated_at": received_at if message.changed_at is None else format_instant(message.changed_at),
        "next_at": format_instant(message.next_at) if is_waiting else None,
        "expires_at": None if message.state.is_history else format_instant(message.expires_at),
        "recipients": [_recipient(recipient) for recipient in message.recipients],
        "notes": [{"code": note.code.value, "detail": note.detail} for note in message.notes],
    }


def rejection_of(drop: str, *, reason: str, detail: str, at: datetime) -> dict[str, object]:
    """What the receipt of a rejected drop says, ready for JSON."""
    return {
        "version": VERSION,
        "drop": drop,
        "state": REJECTED,
        "reason": reason,
        "detail": detail,
        "updated_at": format_instant(at),
    }


def repetition_of(repeat: DropRepeated) -> dict[str, object]:
    """What the receipt of a drop says that came again, ready for JSON."""
    return {
        "version": VERSION,
        "drop": repeat.drop,
        "state": REPEATED,
        "id": repeat.id,
        "of": repeat.of,
        "updated_at": format_instant(repeat.repeated_at),
    }


def format_instant(at: datetime) -> str:
    """The instant as RFC 3339 has it, in UTC, to the millisecond."""
    # Twice as fast as strftime; a receipt has half a dozen of these, and a message has two receipts.
    return at.isoformat(timespec="milliseconds").removesuffix("+00:00") + "Z"


class ReceiptWriter:
    """Writes receipts in the order in which they are asked for, in a thread of its own."""

    def __init__(self, layout: Layout) -> None:
        self._root = os.fspath(layout.receipts)
        # One thread: the receipt of "sent" must not be overtaken by that of "queued".
        self._executor = ThreadPoolExecutor(max_workers=1, thread_name_prefix="maild-receipts")
        self._seat = Seat()
        self._unwritten: dict[str, Said] = {}
        self._exchanger = Exchanger(_FILE_MODE)

    @property
    def unwritten(self) -> int:
        """How many receipts could not be written and will be tried again."""
        return len(self._unwritten)

    async def write(self, messages: Sequence[QueuedMessage]) -> None:
        """Bring the receipts of these messages up to date; messages that were no drop have none."""
        await self.begin(messages)

    def begin(self, messages: Sequence[QueuedMessage]) -> Awaitable[None]:
        """The same, asked for now and not only when it is awaited: what is asked for later is written later."""
        return self._run({message.drop: message for message in messages if message.drop is not None})

    async def rejected(self, drop: str, reason: str, detail: str, at: datetime) -> None:
        """Write the receipt of a drop that is no message; `reason` is a word, `detail` a sentence."""
        await self._run({drop: rejection_of(drop, reason=reason, detail=detail, at=at)})

    async def repeated(self, repeats: Sequence[DropRepeated]) -> None:
        """Write the receipts of drops that are messages of others."""
        await self._run({repeat.drop: repetition_of(repeat) for repeat in repeats})

    async def purge(self, *, before: datetime) -> int:
        """Remove receipts that were not touched since; returns how many."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._executor, self._purge, before.timestamp())

    def close(self) -> None:
        """Let go of the thread, after what was asked for is written."""
        self._executor.shutdown(wait=True)

    def _run(self, receipts: Mapping[str, Said]) -> Awaitable[None]:
        loop = asyncio.get_running_loop()
        if receipts or self._unwritten:
            return loop.run_in_executor(self._executor, self._begin, self._seat.beside_caller(), receipts)
        nothing: asyncio.Future[None] = loop.create_future()
        nothing.set_result(None)
        return nothing

    # From here on: in the thread.

    def _begin(self, processor: int | None, receipts: Mapping[str, Said]) -> None:
        self._seat.take(processor)
        self._write_all(receipts)

    def _write_all(self, receipts: Mapping[str, Said]) -> None:
        # Later receipts of the same drop replace the earlier, and the oldest are given up first.
        wanted = {**self._unwritten, **receipts}
        self._unwritten = {}
        for drop, said in wanted.items():
            try:
                self._write(drop, receipt_of(said) if isinstance(said, QueuedMessage) else said)
            except OSError:
                if len(self._unwritten) < _MAX_UNWRITTEN:
                    self._unwritten[drop] = said

    def _write(self, drop: str, receipt: Mapping[str, object]) -> None:
        folder, _, name = drop.rpartition("/")
        root = f"{self._root}/{folder}" if folder else self._root
        data = _encode(receipt).encode() + b"\n"
        write = self._exchanger.replace if receipt["state"] in _OF_THE_QUEUE else _place_durably
        try:
            write(root, f"{name}.json", data)
        except FileNotFoundError:
            os.makedirs(root, mode=0o750, exist_ok=True)
            write(root, f"{name}.json", data)

    def _purge(self, before_s: float) -> int:
        removed = 0
        for folder, _, names in os.walk(self._root):
            for name in names:
                path = f"{folder}/{name}"
                try:
                    if os.lstat(path).st_mtime < before_s:
                        os.unlink(path)
                        removed += 1
                except FileNotFoundError:
                    continue
        return removed


def _place_durably(folder: str, name: str, data: bytes) -> None:
    replace_synced(Path(folder), name, [data], mode=_FILE_MODE)
    sync_folder(Path(folder))


def _recipient(recipient: QueuedRecipient) -> dict[str, object]:
    reply, reason = _words(recipient.verdict)
    return {
        "address": str(recipient.mailbox),
        "state": recipient.state.value,
        "is_copy": recipient.is_copy,
        "reply": reply,
        "reason": reason,
        "at": None if recipient.verdict_at is None else format_instant(recipient.verdict_at),
    }


def _words(verdict: Verdict | None) -> tuple[str | None, str | None]:
    """The server's words and ours."""
    match verdict:
        case None:
            return None, None
        case Delivered(reply=reply):
            return str(reply), None
        case Deferred(reason=reason, reply=reply) | Failed(reason=reason, reply=reply):
            return None if reply is None else str(reply), reason
        case Uncertain(reason=reason):
            return None, reason
        case _:
            assert_never(verdict)
