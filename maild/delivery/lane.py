"""A lane: one account's way out. Its gate, its line of leased messages, its couriers, each with a session.

Lanes know nothing of each other, so that one account's flood or outage delays nobody else. What is due for the account
but has no place in the line waits in the queue, in a pool of the lane's own (`delivery.homes`). In the line the streams
take turns, and each of them finds a place in it: a flood has no more than its turn.

    schedule --engine--> line (leased, bounded) --> courier: session, verdicts
                 +-----> parked (in the queue) --room--> leased again

The lane writes nothing and talks to nobody. Messages that must leave the line are handed to `give_back`.
"""

import asyncio
from collections import Counter, deque
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from maild.config.model import Account
from maild.delivery.attempt import Part
from maild.delivery.budget import effective_limits
from maild.delivery.cap import Cap
from maild.delivery.door import Door
from maild.delivery.gate import Gate
from maild.delivery.house import House
from maild.delivery.lessons import GUESSED_FOR, STATED_FOR, Lesson
from maild.delivery.line import Line
from maild.delivery.outgoing import Outgoing
from maild.delivery.snapshot import AccountSnapshot
from maild.delivery.transports.transport import Transport
from maild.delivery.trouble import Trouble, TroubleKind
from maild.mail.address import Mailbox
from maild.mail.verdict import Deferred, Delivered, Failed, Uncertain, Verdict
from maild.net.keys import Key
from maild.spool.allowance import AllowanceKind

SHORTEST_LINE: Final = 32
"""Messages in a full line at least: a lease costs a transaction, however many messages it is for."""


class Lane:
    """See above.

    Attributes:
        epoch: grows when the account changes: sessions of an older epoch send nothing more.
        is_retired: takes nothing any more; couriers end after what they have in hand. `rests`: until the next `use`.
        refused_key: that of the last refused login.
        sessions, in_flight: what the couriers have open and in hand; they keep count.
    """

    refused_key: Key | None

    def __init__(self, house: House, account: Account, folder: Path, transport: Transport) -> None:
        self._house: Final = house
        self.account = account
        self.folder = folder
        self.transport = transport
        self.gate: Final = Gate(account, house.ports, house.nudge)
        self.door: Final = Door()
        self.is_retired, self.rests, self.refused_key = False, False, None
        self.line: Final = Line()
        self.epoch = self.sessions = self.in_flight = 0
        self._waiters: Final[deque[asyncio.Future[bool]]] = deque()
        self._couriers = 0
        self.cap: Final = Cap(house.tuning.cap_pause)
        self._verdicts: Final[Counter[type[Verdict]]] = Counter()
        self.remember()

    def remember(self) -> None:
        """Go by what was learnt of the account and by what it sent before."""
        self.gate.budget.lower(self._house.lessons.of(self.account.name))
        self._house.history.owe(self)

    def room(self, now: datetime) -> int:
        """How many messages the line takes now. It is filled when it is half empty, not one by one."""
        if self.is_retired or self.rests or self.gate.is_blocked(now) or self.gate.is_shut(now):
            return 0
        if not self.gate.is_closed:
            return 0 if self.line else 1
        is_full = len(self.line) > self._line_length // 2 or self.line.is_heavy
        return 0 if is_full else self._line_length - len(self.line)

    def is_open(self, now: datetime) -> bool:
        """Whether messages go freely."""
        return not (self.is_retired or self.rests) and self.gate.is_closed and not self.gate.is_blocked(now)

    def takes(self, now: datetime, stream: int) -> bool:
        """Whether the line takes one message more of this stream: the first one always, so that it has its turn."""
        if self.is_retired or self.rests or self.gate.is_blocked(now) or self.gate.is_shut(now):
            return False
        if not self.gate.is_closed:
            return not self.line
        return stream not in self.line.streams or (len(self.line) < self._line_length and not self.line.is_heavy)

    def offer(self, part: Part) -> None:
        """Put a leased message in the line."""
        self.gate.enter(part)
        self.line.append(part)
        self._call_courier()

    @property
    def session_messages(self) -> int:
        """How many messages a session may carry."""
        own = self.gate.budget.limit(AllowanceKind.PER_SESSION, self._house.ports.clock.now())
        most = self._house.tuning.session_messages
        return most if own is None else min(own, most)

    def split(self, outgoing: Outgoing, recipients: tuple[Mailbox, ...]) -> list[tuple[Mailbox, ...]]:
        """Which recipients share a transaction, no more of them than the account may have in one."""
        limit = self.gate.budget.limit(AllowanceKind.PER_MESSAGE, self._house.ports.clock.now())
        groups = self.transport.split(outgoing, recipients)
        if limit is None:
            return list(groups)
        most = limit or len(recipients)
        return [group[start : start + most] for group in groups for start in range(0, len(group), most)]

    def succeeded(self) -> None:
        """A transaction came through; after a breaker closed, one more courier may have followed the first."""
        if self.gate.succeeded():
            for _ in range(min(len(self.line), self._allowed(self._house.ports.clock.now()) - self._couriers)):
                self._call_courier()
        elif self.line:
            self._call_courier()  # the cap may have grown

    async def next_part(self, idle: timedelta) -> Part | None:
        """The next message to send; None when the courier should end.

        Args:
            idle: how long to wait for one.
        """
        while not self.is_retired and self._couriers <= self._allowed(self._house.ports.clock.now()):
            if self.line:
                return self._pop()
            if not self.gate.is_closed or not await self._is_called(idle):
                return self._pop() if self.line and not self.is_retired else None
        return None

    def put_back(self, part: Part) -> None:
        """The courier cannot send it and ends; whoever can sends it next."""
        self.line.put_back(part)
        self._wake_one()

    def lower_cap(self, now: datetime) -> None:
        """The server refused one session more while others work: make do with those."""
        self.cap.lower(self.sessions, now)

    def courier_gone(self, *, is_followed: bool) -> None:
        """A courier ended; another one follows where there is work and this one did not end with the engine."""
        self._couriers -= 1
        if self.line and is_followed:
            self._call_courier()

    def learn(self, kind: AllowanceKind, value: int, lasting: timedelta = STATED_FOR) -> None:
        """The server allows only so much."""
        budget, was_counted = self.gate.budget, self.gate.budget.is_counted
        lesson = Lesson(kind=kind, value=value, lasting=lasting)
        self._house.lessons.learn(self.account.name, budget, lesson, self._house.ports.clock.now())
        if not was_counted:
            self._house.history.owe(self)

    def trip(self, trouble: Trouble, crowds: int | None = None) -> datetime:
        """The account cannot work: shut the gate, empty the line; returns until when. A crowd is only made smaller."""
        if trouble.is_crowd and (self._couriers > 1 or crowds not in {None, self.cap.lowerings}):  # also at the door
            self.cap.lower(self.sessions - 1, now := self._house.ports.clock.now())
            return now
        if trouble.stated is not None:
            self.learn(trouble.stated.kind, trouble.stated.value)
        elif trouble.kind is TroubleKind.QUOTA:
            # What went out in the last day was all that there is for a day.
            spent = self.gate.budget.day_spent(self._house.ports.clock.now())
            self.learn(AllowanceKind.PER_DAY, spent, GUESSED_FOR)
        until = self.gate.trip(trouble)
        self._empty_line(until, self.gate.shut_verdict())
        return until

    def block(self, until: datetime) -> None:
        """The budget is used up until then: empty the line."""
        self.gate.blocked_until = until
        self.gate.blocked_by = self.gate.budget.used_up(self._house.ports.clock.now())
        self._empty_line(until, None)

    def use(self, account: Account, folder: Path, transport: Transport) -> None:
        """Go on as this account. What changed in it may be what was wrong, so the gate opens."""
        self.rests = False
        if account == self.account and folder == self.folder:
            return
        # Another server, or another customer of it, has other allowances.
        is_other = (account.transport, account.username) != (self.account.transport, self.account.username)
        self.account, self.folder, self.transport = account, folder, transport
        self.epoch += 1
        self.door.call_off()
        self.gate.budget.use(effective_limits(account))
        if is_other:
            self._house.lessons.forget(account.name)
        self.remember()
        self.gate.blocked_until = None
        self.cap.forget()
        self.gate.heal()
        self._dismiss_idle()

    def credentials_changed(self) -> None:
        """A file that it logs in with has changed; after a refused login only another password is worth a trial."""
        if not self.gate.is_for_login:
            self.gate.hurry()

    def retire(self) -> None:
        """The account is gone, or the engine stops."""
        self.is_retired = True
        self.clear_line()

    def clear_line(self) -> None:
        """Give the whole line back, to be routed anew. The sessions stay."""
        self._empty_line(None, None)

    def count(self, verdict: Verdict) -> None:
        """Count a verdict."""
        self._verdicts[type(verdict)] += 1

    def snapshot(self, now: datetime, waiting: int) -> AccountSnapshot:
        """What the lane is doing, while so many messages wait for it."""
        is_blocked = self.gate.is_blocked(now)
        return AccountSnapshot(
            breaker=self.gate.breaker,
            waiting=waiting,
            in_flight=self.in_flight,
            sessions=self.sessions,
            connections=self._allowed(now),
            blocked_until=self.gate.blocked_until if is_blocked else None,
            blocked_by=self.gate.blocked_by if is_blocked else "",
            lowered=self.gate.budget.lowered(now),
            day_left=self.gate.budget.day_left(now),
            delivered=self._verdicts[Delivered],
            deferred=self._verdicts[Deferred],
            failed=self._verdicts[Failed],
            uncertain=self._verdicts[Uncertain],
        )

    @property
    def _line_length(self) -> int:
        return max(SHORTEST_LINE, 4 * self.gate.budget.connections)

    def _pop(self) -> Part:
        part = self.line.pop()
        if len(self.line) == self._line_length // 2 or not self.line:
            self._house.nudge()
        return part

    async def _is_called(self, idle: timedelta) -> bool:
        """Whether there is work for a courier that waits so long; false also when it is sent home."""
        waiter: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._waiters.append(waiter)
        try:
            async with asyncio.timeout(idle.total_seconds()):
                return await waiter
        except TimeoutError:
            return False
        finally:
            if waiter in self._waiters:
                self._waiters.remove(waiter)

    def _call_courier(self) -> None:
        if not self._wake_one() and self._couriers < self._allowed(self._house.ports.clock.now()):
            self._couriers += 1
            self._house.start_courier(self)

    def _wake_one(self) -> bool:
        """Whether a courier was idle and is not any more."""
        while self._waiters:
            if _answer(self._waiters.popleft(), has_work=True):
                return True
        return False

    def _dismiss_idle(self) -> None:
        """Couriers that wait for work end, and their sessions with them."""
        while self._waiters:
            _answer(self._waiters.popleft(), has_work=False)

    def _allowed(self, now: datetime) -> int:
        return self.cap.of(self.gate.connections, now)

    def _empty_line(self, until: datetime | None, verdict: Deferred | None) -> None:
        parts = self.line.clear()
        for part in parts:
            if until is not None:
                part.attempt.wait_for(self.account.name, until, is_first=True)
            if verdict is not None:
                part.verdicts |= dict.fromkeys(part.recipients, verdict)
            self.gate.leave(part)
        if parts:
            self._house.give_back(parts)
        if until is not None or self.is_retired:
            self._dismiss_idle()
        self._house.nudge()


def _answer(waiter: asyncio.Future[bool], *, has_work: bool) -> bool:
    if waiter.done():
        return False
    waiter.set_result(has_work)
    return True
