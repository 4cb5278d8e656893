"""A world around the engine: a queue in memory, scripted transports, and everything that was told.

world = World(account("billing"))
world.transport.answers["bad@example.org"] = [refused(550, "5.1.1 no such user")]
id_ = await world.drop("good@example.org", "bad@example.org")
async with world.running():
    await world.until(lambda: world.state(id_) is MessageState.FAILED)
"""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import TypeVar

from maild.clock import Clock
from maild.config.delivery_settings import DeliverySettings
from maild.config.model import Account, Limits, SmtpSettings, Tls, TlsMode
from maild.config.route import Route
from maild.delivery.classify import Judgement, judge_error, judge_reply
from maild.delivery.engine import Engine
from maild.delivery.events import DeliveryEvent
from maild.delivery.outgoing import Outgoing
from maild.delivery.plan import Plan
from maild.delivery.ports import EnginePorts, Tuning
from maild.delivery.transports.transport import BeforeDot, Order, Session
from maild.mail.address import Mailbox
from maild.mail.phase import Phase
from maild.mail.reply import Reply
from maild.net.keys import Keys
from maild.net.passwords import Passwords
from maild.net.step import NetError, Reason
from maild.spool.arrival import NORMAL_STREAM
from maild.spool.queue import (
    AccountSender,
    Arrival,
    InlineBody,
    Leased,
    MessageState,
    QueuedMessage,
    QueuedRecipient,
    QueueId,
    SenderChoice,
    Waiting,
)
from tests.fakes.clock import LoopClock
from tests.fakes.memory_queue import MemoryQueue

E = TypeVar("E")

OK = Reply.of(250, "2.0.0 queued")
HEAD = b"From: Sender <sender@example.org>\r\nTo: to@example.org\r\nSubject: hello\r\n"
PATIENT = Tuning(poll=timedelta(days=30), secret_watch=timedelta(days=30), sleep_at_most=timedelta(hours=6))

CURIOUS = replace(PATIENT, poll=timedelta(seconds=1))
"""Looks for changes every second."""

Answer = Judgement | BaseException
"""What a recipient is answered; an exception is raised by the whole transaction instead."""


def account(name: str = "billing", **changes: object) -> Account:
    settings = SmtpSettings(host="mail.example.org", port=465, tls=Tls(mode=TlsMode.IMPLICIT))
    plain = Account(name=name, transport=settings, username=f"{name}@example.org", limits=Limits(connections=1))
    return replace(plain, **changes)  # type: ignore[arg-type]


def refused(code: int, text: str, phase: Phase = Phase.RCPT) -> Judgement:
    return judge_reply(phase, Reply.of(code, text), is_own_sender=True)


def broken(phase: Phase, reason: Reason = Reason.LOST, *, is_uncertain: bool = False) -> Judgement:
    return judge_error(NetError(phase, reason, "it broke"), is_uncertain=is_uncertain, is_own_sender=True)


@dataclass(frozen=True, kw_only=True)
class Sent:
    """One transaction as the transport saw it."""

    account: str
    session: int
    sender: Mailbox | None
    recipients: tuple[str, ...]
    head: bytes
    at: float


@dataclass(kw_only=True)
class ScriptedTransport:
    """Answers are used up one a transaction; then everything is accepted."""

    answers: dict[str, list[Answer]] = field(default_factory=dict)
    opening: deque[NetError | None] = field(default_factory=deque)
    seconds: float = 0.0
    """How long a transaction takes."""
    groups: Callable[[tuple[Mailbox, ...]], tuple[tuple[Mailbox, ...], ...]] | None = None
    marks_dot: bool = True
    refuses: Callable[[Order], bool] = lambda _: False
    """Whose login is refused, after six seconds."""

    sent: list[Sent] = field(default_factory=list)
    orders: list[Order] = field(default_factory=list)
    open_sessions: int = 0
    most_sessions: int = 0

    def carries(self, account: Account) -> bool:
        return True

    def split(self, outgoing: Outgoing, recipients: tuple[Mailbox, ...]) -> tuple[tuple[Mailbox, ...], ...]:
        return (recipients,) if self.groups is None else self.groups(recipients)

    async def open(self, order: Order) -> Session:
        self.orders.append(order)
        if self.refuses(order):
            await asyncio.sleep(6)
            raise NetError(Phase.AUTH, Reason.REPLY, "no", reply=Reply.of(535, "5.7.8 no"))
        await asyncio.sleep(0.001)
        error = self.opening.popleft() if self.opening else None
        if error is not None:
            raise error
        self.open_sessions += 1
        self.most_sessions = max(self.most_sessions, self.open_sessions)
        return ScriptedSession(self, order, len(self.orders))

    def answer(self, mailbox: Mailbox) -> Answer:
        script = self.answers.get(str(mailbox), [])
        return script.pop(0) if script else judge_reply(Phase.BODY, OK, is_own_sender=True)


class ScriptedSession:
    def __init__(self, transport: ScriptedTransport, order: Order, number: int) -> None:
        self._transport = transport
        self._order = order
        self._number = number
        self._is_open = True
        self.is_usable = True

    async def deliver(
        self, outgoing: Outgoing, recipients: tuple[Mailbox, ...], before_dot: BeforeDot
    ) -> Mapping[Mailbox, Judgement]:
        transport = self._transport
        if transport.marks_dot:
            await before_dot(recipients)
        transport.sent.append(
            Sent(
                account=self._order.account.name,
                session=self._number,
                sender=outgoing.sender,
                recipients=tuple(map(str, recipients)),
                head=outgoing.head,
                at=asyncio.get_running_loop().time(),
            )
        )
        await asyncio.sleep(transport.seconds)
        answers = {mailbox: transport.answer(mailbox) for mailbox in recipients}
        for answer in answers.values():
            if isinstance(answer, BaseException):
                raise answer
        judgements = {mailbox: answer for mailbox, answer in answers.items() if isinstance(answer, Judgement)}
        if any(_breaks(judgement) for judgement in judgements.values()):
            self.is_usable = False
        return judgements

    async def close(self) -> None:
        await asyncio.sleep(0)

    def abort(self) -> None:
        if self._is_open:
            self._is_open = False
            self._transport.open_sessions -= 1


def _breaks(judgement: Judgement) -> bool:
    reply = getattr(judgement.verdict, "reply", None)
    return reply is None or reply.code == 421


@dataclass(kw_only=True)
class Receipts:
    """What was written last, by message; `fail_with` makes it fail."""

    written: dict[QueueId, QueuedMessage] = field(default_factory=dict)
    fail_with: OSError | None = None

    async def write(self, messages: Sequence[QueuedMessage]) -> None:
        if self.fail_with is not None:
            raise self.fail_with
        self.written |= {message.id: message for message in messages}


@dataclass(kw_only=True)
class Failures:
    """What was kept; `fail_with` makes it fail."""

    kept: list[tuple[Leased, QueuedMessage]] = field(default_factory=list)
    fail_with: OSError | None = None

    def keep(self, leased: Leased, message: QueuedMessage) -> None:
        if self.fail_with is not None:
            raise self.fail_with
        self.kept.append((leased, message))


class World:
    """See above. To be made inside of a running loop."""

    events: list[DeliveryEvent]

    def __init__(
        self,
        *accounts: Account,
        queue: MemoryQueue | None = None,
        tuning: Tuning = PATIENT,
        clock: Clock | None = None,
        delivery: DeliverySettings | None = None,
        routes: tuple[Route, ...] = (),
        default_account: str | None = None,
        keys: Keys | None = None,
    ) -> None:
        self.queue = queue or MemoryQueue()
        self.transport = ScriptedTransport()
        self.receipts = Receipts()
        self.failures = Failures()
        self.events = []
        self.probes: list[str] = []
        self.clock = clock or LoopClock()
        self.plan = Plan(
            generation=1,
            accounts={one.name: one for one in accounts},
            folder=Path(),
            default_account=default_account,
            routes=routes,
            delivery=delivery or DeliverySettings(),
        )
        ports = EnginePorts(
            queue=self.queue,
            receipts=self.receipts,
            failures=self.failures,
            transports=(self.transport,),
            keys=keys or Passwords(),
            clock=self.clock,
            random=lambda: 0.5,
            emit=self.events.append,
            probe_wanted=self.probes.append,
        )
        self.engine = Engine(ports, self.plan, tuning)
        self._count = 0

    async def drop(
        self,
        *recipients: str,
        head: bytes = HEAD,
        account: str | None = None,
        sender: SenderChoice | None = None,
        lifetime: timedelta = timedelta(days=5),
        stream: int = NORMAL_STREAM,
    ) -> QueueId:
        """A message comes into the queue, and the engine is told."""
        self._count += 1
        id_ = QueueId(f"{self._count:026}")
        now = self.clock.now()
        arrival = Arrival(
            id=id_,
            sender=sender or AccountSender(),
            recipients=tuple(Mailbox.parse(one) for one in recipients or ("to@example.org",)),
            head=head,
            body=InlineBody(data=b"body\r\n"),
            message_id=f"<{id_}@example.org>",
            received_at=now,
            expires_at=now + lifetime,
            account=account,
            drop=f"{id_}.eml",
            stream=stream,
        )
        await self.queue.accept([arrival])
        self.engine.wake([Waiting.of(self.queue.message(id_))])
        return id_

    def plan_with(self, *accounts: Account) -> Plan:
        """The plan after this one, with other accounts."""
        self.plan = replace(
            self.plan, generation=self.plan.generation + 1, accounts={one.name: one for one in accounts}, changed=None
        )
        return self.plan

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """The engine runs meanwhile; its failure is the test's."""
        task = asyncio.create_task(self.engine.run())
        try:
            yield
            assert not task.done(), task
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    async def until(self, is_true: Callable[[], bool], within: timedelta = timedelta(days=30)) -> None:
        """Wait until something holds."""
        async with asyncio.timeout(within.total_seconds()):
            while not is_true():  # noqa: ASYNC110 -- whatever a test wants to wait for
                await asyncio.sleep(0.01 if self.loop_time() < 5 else 1 if self.loop_time() < 3600 else 60)

    def loop_time(self) -> float:
        return asyncio.get_running_loop().time()

    def state(self, id_: QueueId) -> MessageState:
        return self.queue.message(id_).state

    def recipient(self, id_: QueueId, address: str) -> QueuedRecipient:
        return next(one for one in self.queue.message(id_).recipients if str(one.mailbox) == address)

    def events_of(self, kind: type[E]) -> list[E]:
        return [event for event in self.events if isinstance(event, kind)]
