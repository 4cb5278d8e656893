"""maild's own recovery, in this process and in virtual time: what a power cut left in a spool, and what becomes of it.

All of it is real but the time, the way out, and the identity of files: those of a rebuilt spool have other numbers than
those that the ledger knows, so what stands between queue and intake translates. The way out takes everything.
"""

import asyncio
import json
import os
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Final, assert_never

from maild.config.delivery_settings import DeliverySettings
from maild.config.model import Account
from maild.daemon.catchup import catch_up
from maild.daemon.intakeloop import IntakeLoop
from maild.delivery.classify import Judgement, judge_error, judge_reply
from maild.delivery.engine import Engine
from maild.delivery.outgoing import Outgoing
from maild.delivery.plan import Plan
from maild.delivery.ports import EnginePorts
from maild.delivery.transports.transport import BeforeDot, Order, Session
from maild.mail.address import Mailbox
from maild.mail.phase import Phase
from maild.mail.reply import Reply
from maild.net.passwords import Passwords
from maild.net.smtp import Content
from maild.net.step import NetError
from maild.spool.failures import FailureKeeper
from maild.spool.intake import Intake
from maild.spool.layout import Layout, prepare
from maild.spool.queue import (
    Arrival,
    FileBody,
    InlineBody,
    MessageState,
    OwedReport,
    QueuedMessage,
    QueueError,
    QueueFilter,
    QueueId,
    RecipientState,
    SourceIdentity,
)
from maild.spool.receipt import ReceiptWriter
from maild.spool.sqlite import SqliteQueue
from tests.delivery.world import PATIENT, account
from tests.fakes.clock import LoopClock
from tests.virtual_time import run_virtual

LATER: Final = timedelta(minutes=1)
"""When it is started again: no file is suspected of still being written."""
_TAKEN: Final = Reply.of(250, "2.0.0 taken")
_ALL: Final = QueueFilter(states=tuple(MessageState))


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """A message as it left after the restart."""

    recipients: tuple[str, ...]
    content: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What came of it.

    Attributes:
        found: the messages right after recovery, before anything was taken in or sent.
        left: the messages at the end.
        receipts: by drop, at the end.
    """

    found: tuple[QueuedMessage, ...]
    left: tuple[QueuedMessage, ...]
    sent: tuple[Sent, ...]
    receipts: Mapping[str, Mapping[str, object]]
    owed: tuple[OwedReport, ...]

    @property
    def doubted(self) -> frozenset[tuple[str, str]]:
        """Message and recipient of whom it is said that he may have got it."""
        return frozenset(
            (message.message_id, str(one.mailbox))
            for message in self.found
            for one in message.recipients
            if one.state is RecipientState.UNCERTAIN
        )


Translate = Callable[[SourceIdentity], SourceIdentity]


class TranslatingQueue(SqliteQueue):
    """Knows files by what they were before the power cut."""

    def __init__(self, layout: Layout, translate: Translate) -> None:
        super().__init__(layout.queue_file, layout.bodies)
        self._translate = translate

    async def accept(self, arrivals: Sequence[Arrival]) -> tuple[QueueId, ...]:
        return await super().accept(
            [replace(one, source=self._known(one.source), sidecar=self._known(one.sidecar)) for one in arrivals]
        )

    async def is_taken(self, source: SourceIdentity) -> QueueId | None:
        return await super().is_taken(self._translate(source))

    def _known(self, identity: SourceIdentity | None) -> SourceIdentity | None:
        return None if identity is None else self._translate(identity)


@dataclass(slots=True)
class WayOut:
    """A transport that takes all."""

    sent: list[Sent] = field(default_factory=list)

    def take(self, sent: Sent) -> None:
        self.sent.append(sent)

    def carries(self, _: Account) -> bool:
        return True

    def split(self, _: Outgoing, recipients: tuple[Mailbox, ...]) -> tuple[tuple[Mailbox, ...], ...]:
        return (recipients,)

    async def open(self, _: Order) -> Session:
        return _WayOutSession(self)


async def _octets_of(outgoing: Outgoing) -> bytes:
    """Header, blank line and body, as SMTP reads it."""
    match outgoing.body:
        case InlineBody(data=data):
            content = Content.of(b"%b\r\n%b" % (outgoing.head, data))
        case FileBody(path=path):
            content = Content(start=outgoing.head + b"\r\n", file=path)
        case _:
            assert_never(outgoing.body)
    return b"".join([block async for block in content.blocks()])


@dataclass(slots=True)
class _WayOutSession:
    way: WayOut
    is_usable: bool = True

    async def deliver(
        self, outgoing: Outgoing, recipients: tuple[Mailbox, ...], before_dot: BeforeDot
    ) -> Mapping[Mailbox, Judgement]:
        try:
            content = await _octets_of(outgoing)
        except NetError as error:
            return dict.fromkeys(recipients, judge_error(error, is_uncertain=False, is_own_sender=True))
        await before_dot(recipients)
        self.way.take(Sent(recipients=tuple(map(str, recipients)), content=content))
        return dict.fromkeys(recipients, judge_reply(Phase.BODY, _TAKEN, is_own_sender=True))

    async def close(self) -> None:
        pass

    def abort(self) -> None:
        pass


def restart(spool: Path, translate: Translate) -> Outcome:
    """Start again, take in and send all there is, and stop."""
    return run_virtual(_restart(Layout(spool), translate))


async def _restart(layout: Layout, translate: Translate) -> Outcome:
    way = WayOut()
    with prepare(layout):
        queue = TranslatingQueue(layout, translate)
        try:
            await queue.recover(now=datetime.now(UTC))
            found = await queue.select(_ALL)
            await work_off(layout, queue, way, timedelta(days=2))
            left = await queue.select(_ALL)
            owed = await queue.owed_reports(10)
        finally:
            await queue.close()
    return Outcome(found=found, left=left, sent=tuple(way.sent), receipts=_receipts(layout), owed=owed)


async def work_off(layout: Layout, queue: SqliteQueue, way: WayOut, patience: timedelta) -> None:
    """Take in and send until nothing is left, as the daemon does.

    Raises:
        TimeoutError: something is left after so long, which is no time at all in virtual time.
    """
    clock, receipts = LoopClock(datetime.now(UTC) + LATER), ReceiptWriter(layout)
    ports = EnginePorts(
        queue=queue,
        receipts=receipts,
        failures=FailureKeeper(layout),
        keys=Passwords(),
        transports=(way,),
        clock=clock,
        random=Random(1).random,
        emit=lambda _: None,
        probe_wanted=lambda _: None,
    )
    accounts = {"billing": account(username="billing@example.com")}
    engine = Engine(ports, Plan(generation=1, accounts=accounts, folder=Path(), delivery=DeliverySettings()), PATIENT)
    intake = Intake(
        layout=layout,
        queue=queue,
        receipts=receipts,
        clock=clock,
        random_bytes=os.urandom,
        emit=lambda _: None,
        wake=engine.wake,
        lifetime=timedelta(days=5),
    )
    await catch_up(layout, queue, receipts)
    running = asyncio.create_task(engine.run())
    try:
        loop = IntakeLoop(intake, layout.drop, clock)
        async with asyncio.timeout(patience.total_seconds()):
            await loop.take_all()
            while await _is_left(layout, queue):
                await asyncio.sleep(10)
                await loop.take_all()
        if running.done():
            await running
    finally:
        await engine.stop(1)
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running
        receipts.close()


async def _is_left(layout: Layout, queue: SqliteQueue) -> bool:
    with suppress(QueueError, OSError):
        is_dropped = any(
            name.endswith(".eml") and name[0] != "." for name in await asyncio.to_thread(os.listdir, layout.drop)
        )
        return is_dropped or any((await queue.counts()).values())
    return True


def _receipts(layout: Layout) -> dict[str, Mapping[str, object]]:
    paths = layout.receipts.rglob("*.json")
    return {path.relative_to(layout.receipts).as_posix().removesuffix(".json"): _read(path) for path in paths}


def _read(path: Path) -> Mapping[str, object]:
    try:
        document: dict[str, object] = json.loads(path.read_bytes())
    except ValueError:
        return {"state": "unreadable"}
    return document
