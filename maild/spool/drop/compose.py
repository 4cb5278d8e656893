"""Makes a queue's arrival of an open drop: header finished, envelope decided, body in wire form. Shell code.

Small messages are read whole. Of a large one the first mebibyte is read, which holds its header; the rest streams
through the line-end mender into a file in `spool/bodies/`, fsynced before anybody hears of it, so a message of 50 MB
costs two mebibytes of memory.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Final

from maild.mail.address import Mailbox
from maild.mail.header import Header
from maild.mail.message import (
    LineEnds,
    Split,
    finish_header,
    has_message_id,
    recipients_of,
    sender_domain_of,
    split_message,
)
from maild.mail.priority import priority_of
from maild.mail.signature import body_notes
from maild.mail.tls_wish import with_wish
from maild.spool.drop.envelope import FoundEnvelope, read_at_most, read_some
from maild.spool.drop.listing import Found
from maild.spool.durable import replace_synced
from maild.spool.queue import (
    AccountSender,
    Arrival,
    Body,
    FileBody,
    InlineBody,
    QueueId,
    SenderChoice,
    SourceIdentity,
)
from maild.spool.queue_id import RANDOM_BYTES, make_queue_id
from maild.spool.sidecar import Sidecar
from maild.spool.stream import stream_of

MAX_INLINE_BYTES: Final = 1024 * 1024
"""A body larger than this would make the database slow for all others."""

_CHUNK_BYTES: Final = 1024 * 1024

_BY_HEADER: Final = Sidecar()


@dataclass(frozen=True, slots=True, kw_only=True)
class Composed:
    """An arrival, and whether the drop had a blank line after its header."""

    arrival: Arrival
    has_blank_line: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Composer:
    """Composes what arrives at one moment.

    Attributes:
        bodies: the folder of large bodies.
        random_bytes: gives so many random bytes.
        hostname: for the Message-ID of a message whose header names no sender.
        serial: counts the messages of one listing, so that the ids of one moment keep their order.
    """

    now: datetime
    lifetime: timedelta
    bodies: Path
    random_bytes: Callable[[int], bytes]
    hostname: str
    serial: Iterator[int] = field(default_factory=count)

    def compose(self, descriptor: int, source: SourceIdentity, found: Found, envelope: FoundEnvelope) -> Composed:
        """The arrival that an open drop makes.

        Raises:
            MessageError: it is no message, or says nobody whom it is for.
            ReadFailedError: it cannot be read.
            OSError: its body cannot be written.
        """
        sidecar = envelope.content
        id_ = make_queue_id(self.now, self._random())
        # Not a mebibyte whatever its size: making room for that costs more than all the rest. What a writer appends
        # meanwhile is noticed by who asked.
        start = read_at_most(descriptor, min(source.size_bytes, _CHUNK_BYTES))
        split = split_message(start)
        sender, recipients = _envelope(split, sidecar)
        domain = self.hostname if has_message_id(split.header) else self._domain_for(split.header, sender)
        finished = finish_header(split.header, now=self.now, message_id=f"<{id_.lower()}@{domain}>")
        wanted = sidecar or _BY_HEADER
        first_at = self.now if wanted.not_before is None else max(self.now, wanted.not_before)
        body, has_bare_cr = self._body(id_, descriptor, split.rest, is_large=source.size_bytes > _CHUNK_BYTES)
        arrival = Arrival(
            id=id_,
            sender=sender,
            recipients=recipients,
            head=with_wish(finished.head) if wanted.requires_tls else finished.head,
            body=body,
            message_id=finished.message_id,
            received_at=self.now,
            expires_at=first_at + (wanted.lifetime or self.lifetime),
            not_before=wanted.not_before,
            account=wanted.account or found.account or None,
            drop=found.drop,
            source=source,
            sidecar=envelope.identity,
            idempotency_key=wanted.idempotency_key,
            wish=wanted.wish,
            notes=(*finished.notes, *(body_notes(split.header) if has_bare_cr else ())),
            stream=stream_of(wanted.priority or priority_of(split.header), sender, split.header),
        )
        return Composed(arrival=arrival, has_blank_line=split.has_blank_line)

    def discard(self, arrival: Arrival) -> None:
        """Forget an arrival that does not go into the queue."""
        if isinstance(arrival.body, FileBody):
            # One that stays is an orphan, and those are cleared at the next start.
            with suppress(OSError):
                os.unlink(arrival.body.path)

    def _domain_for(self, header: Header, sender: SenderChoice) -> str:
        """The domain of a new Message-ID: the sender's, as far as he is known yet."""
        return (sender.domain if isinstance(sender, Mailbox) else sender_domain_of(header)) or self.hostname

    def _random(self) -> bytes:
        """Sixteen bits that count and sixty-four that nobody can guess."""
        counted = (next(self.serial) & 0xFFFF).to_bytes(2, "big")
        return counted + self.random_bytes(RANDOM_BYTES - len(counted))

    def _body(self, id_: QueueId, descriptor: int, rest: bytes, *, is_large: bool) -> tuple[Body, bool]:
        """The body, and whether a CR stood alone in it."""
        ends = LineEnds()
        if not is_large:
            return InlineBody(data=ends.feed(rest) + ends.finish()), ends.has_bare_cr
        name = f"{id_}.body"
        chunks = _mended(ends, rest, descriptor)
        size_bytes = replace_synced(self.bodies, name, chunks, mode=0o600)
        return FileBody(path=self.bodies / name, size_bytes=size_bytes), ends.has_bare_cr


def _envelope(split: Split, sidecar: Sidecar | None) -> tuple[SenderChoice, tuple[Mailbox, ...]]:
    if sidecar is None:
        return AccountSender(), recipients_of(split.header)
    return sidecar.sender, sidecar.recipients or recipients_of(split.header)


def _mended(ends: LineEnds, rest: bytes, descriptor: int) -> Iterator[bytes]:
    yield ends.feed(rest)
    while chunk := read_some(descriptor, _CHUNK_BYTES):
        yield ends.feed(chunk)
    yield ends.finish()
