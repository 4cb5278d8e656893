"""When round trips begin, what they send, and what becomes of them. In virtual time, with a queue in memory."""

import asyncio
import os
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from maild.config.model import Account, SmtpSettings, Tls, TlsMode
from maild.config.probe_settings import RoundTripSettings
from maild.daemon.roundtrips import AGAIN_S, FIRST_S, RoundTripPorts, RoundTrips
from maild.delivery.events import AttemptFinished, MessageExpired
from maild.delivery.trouble import Trouble, TroubleKind
from maild.mail.address import Mailbox
from maild.mail.phase import Phase
from maild.mail.reply import Reply
from maild.mail.verdict import Deferred, Delivered, Failed, Fault, Verdict
from maild.net.step import Reason
from maild.probe.arrival.round_trip import Trips
from maild.probe.result import CheckVerdict
from maild.spool.queue import MessageState, QueuedMessage, QueueError, QueueFilter, QueueId, Waiting
from tests.fakes.clock import LoopClock
from tests.fakes.memory_queue import MemoryQueue
from tests.virtual_time import run_virtual

BILLING = Account(
    name="billing",
    transport=SmtpSettings(host="mail.test", port=465, tls=Tls(mode=TlsMode.IMPLICIT)),
    username="billing@shop.example",
)
TO = Mailbox("test", "example.net")
HOUR_S = 3600.0
FIRST_AT_S = FIRST_S * 1.5
"""The first trip, with every random number a half."""


class World:
    """A daemon around the round trips: what the queue took, and a Maildir that mail may come to."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.queue, self.trips = folder, MemoryQueue(), Trips()
        self.told: list[tuple[str, float]] = []
        self.trouble: Trouble | None = None
        self.woken = asyncio.Event()
        self.settings = RoundTripSettings(
            to=TO, arrives_in="inbox", interval=timedelta(hours=1), within=timedelta(minutes=10)
        )
        for name in ("new", "cur"):
            (folder / "inbox" / name).mkdir(parents=True)
        self.round_trips = RoundTrips(
            RoundTripPorts(
                queue=self.queue,
                wake=self._wake,
                trouble_of=lambda _: self.trouble,
                clock=LoopClock(),
                random=lambda: 0.5,
                random_bytes=os.urandom,
                tell=lambda name: self.told.append((name, asyncio.get_running_loop().time())),
            ),
            self.trips,
        )

    def _wake(self, waiting: Sequence[Waiting]) -> None:
        assert len(waiting) == 1
        self.woken.set()

    @asynccontextmanager
    async def running(self, *accounts: Account) -> AsyncIterator[None]:
        self.use(*accounts)
        task = asyncio.create_task(self.round_trips.run())
        try:
            yield
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    def use(self, *accounts: Account) -> None:
        self.round_trips.use(self.settings, {one.name: one for one in accounts}, self.folder)

    async def taken(self) -> QueuedMessage:
        """The next message that the queue takes."""
        await self.woken.wait()
        self.woken.clear()
        return (await self.queue.select(QueueFilter()))[-1]

    def attempted(self, id_: QueueId, verdict: Verdict) -> None:
        """Delivery tried to send it."""
        self.round_trips.on_event(
            AttemptFinished(
                id=id_,
                account="billing",
                generation=1,
                verdicts={TO: verdict},
                state=MessageState.SENT,
                seconds=1,
                waited_seconds=1,
                next_at=None,
                finished_at=LoopClock().now(),
            )
        )

    async def arrive(self, message: QueuedMessage, opinion: str) -> None:
        """It is in the Maildir."""
        shown = await self.queue.show(message.id)
        assert shown is not None
        head = f"Authentication-Results: mx.test; {opinion}\r\n".encode() + shown.head
        (self.folder / "inbox" / "new" / message.id).write_bytes(head + b"\r\n")

    async def result(self, count: int) -> tuple[CheckVerdict, str]:
        """What the trip of this number came to."""
        while len(self.told) < count:  # noqa: ASYNC110 -- virtual seconds
            await asyncio.sleep(1)
        check = self.trips.check("billing")
        assert check is not None
        return check.verdict, check.summary


SENT = Delivered(reply=Reply.of(250, "2.0.0 queued"))
LATER = Deferred(fault=Fault.RECIPIENT, phase=Phase.RCPT, reason="greylisted")
NEVER = Failed(fault=Fault.MESSAGE, phase=Phase.BODY, reason="the server refused it: 550 no")
TROUBLE = Trouble(kind=TroubleKind.LINE, phase=Phase.CONNECT, reason=Reason.REFUSED, detail="refused")


def test_a_message_goes_by_the_queue_and_is_waited_for_then_again_after_the_interval(tmp_path: Path) -> None:
    async def scenario() -> None:
        world, loop = World(tmp_path), asyncio.get_running_loop()
        async with world.running(BILLING):
            message = await world.taken()
            assert loop.time() == FIRST_AT_S
            assert (message.account, [one.mailbox for one in message.recipients]) == ("billing", [TO])
            assert message.wish.notify == frozenset()
            world.attempted(message.id, LATER)
            world.attempted(message.id, SENT)
            world.attempted(message.id, SENT)
            await world.arrive(message, "spf=pass; dkim=pass; dmarc=pass")
            verdict, summary = await world.result(1)
            assert (verdict, "mx.test says spf=pass" in summary) == (CheckVerdict.PASS, True)
            assert list((tmp_path / "inbox" / "new").iterdir()) == []
            done_at_s = world.told[0][1]
            await world.taken()
            assert loop.time() == done_at_s + HOUR_S

    run_virtual(scenario())


def test_what_is_refused_lost_or_unreadable_is_told_as_what_it_is(tmp_path: Path) -> None:
    async def scenario() -> list[tuple[CheckVerdict, str]]:
        world, told = World(tmp_path), []
        world.settings = replace(world.settings, accounts=("billing", "nobody"))
        async with world.running(BILLING):
            world.attempted((await world.taken()).id, NEVER)
            told.append(await world.result(1))
            world.attempted((await world.taken()).id, SENT)
            told.append(await world.result(2))
            world.round_trips.on_event(MessageExpired(id=(await world.taken()).id, account="billing"))
            told.append(await world.result(3))
            (tmp_path / "inbox" / "cur").rmdir()
            world.attempted((await world.taken()).id, SENT)
            told.append(await world.result(4))
        return told

    refused, lost, expired, unread = run_virtual(scenario())
    assert refused == (CheckVerdict.FAIL, "the test message was refused")
    assert lost == (CheckVerdict.FAIL, "the test message not arrived within 600 s")
    assert expired[0] is CheckVerdict.INDETERMINATE
    assert expired[1].endswith("was not sent: its time was over before the account could send it")
    assert unread == (CheckVerdict.INDETERMINATE, "whether the test message arrived could not be told")


def test_nothing_is_sent_through_an_account_that_cannot_send(tmp_path: Path) -> None:
    async def scenario() -> None:
        world = World(tmp_path)
        world.trouble = TROUBLE
        async with world.running(BILLING):
            assert (await world.result(2))[1] == "the test message was not sent: the account cannot send now"
            assert [at_s for _, at_s in world.told] == [FIRST_AT_S, FIRST_AT_S + AGAIN_S]
            assert await world.queue.select(QueueFilter()) == ()

    run_virtual(scenario())


def test_a_queue_that_takes_nothing_and_a_delivery_that_says_nothing_end_a_trip(tmp_path: Path) -> None:
    async def scenario() -> None:
        world = World(tmp_path)
        async with world.running(BILLING):
            await world.taken()
            assert (await world.result(1))[1].endswith("delivery said nothing of it")
            world.queue.fail_with = QueueError("no space left")
            assert (await world.result(2))[1].endswith("the queue does not take it")

    run_virtual(scenario())


def test_other_settings_or_another_account_begin_anew(tmp_path: Path) -> None:
    async def scenario() -> None:
        world = World(tmp_path)
        async with world.running(BILLING):
            message = await world.taken()
            world.use(replace(BILLING, username="other@shop.example"))
            world.attempted(message.id, SENT)
            await world.arrive(message, "spf=pass")
            again = await world.taken()
            assert (again.id != message.id, world.trips.check("billing")) == (True, None)
            world.round_trips.use(None, {"billing": BILLING}, tmp_path)
            world.attempted(again.id, SENT)
            await asyncio.sleep(3 * HOUR_S)
            assert (world.told, world.woken.is_set()) == ([], False)

    run_virtual(scenario())


def test_the_mailbox_s_password_is_read_for_each_trip(tmp_path: Path) -> None:
    async def scenario() -> list[str]:
        world = World(tmp_path)
        world.settings = replace(
            world.settings, arrives_in="imap://me@127.0.0.1:1", password_file=Path("pw"), accounts=("billing",)
        )
        details = []
        async with world.running(BILLING):
            for number, content in enumerate((None, b"\xff", b"secret\n"), start=1):
                if content is not None:
                    (tmp_path / "pw").write_bytes(content)
                world.attempted((await world.taken()).id, SENT)
                await world.result(number)
                check = world.trips.check("billing")
                assert check is not None
                details.append(check.diagnostics[0].message)
        return details

    missing, no_text, closed = run_virtual(scenario())
    assert missing == "The password in pw cannot be read: No such file or directory."
    assert no_text == "The password in pw cannot be read: it is no text."
    assert closed == "127.0.0.1 cannot be reached: Connection refused."
