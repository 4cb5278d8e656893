"""Where messages wait that are not being sent: for their time, for an account, or for a configuration with a way.

The queue on disk says of every message which of these it is, by the name of a pool; this holds windows on the pools
(`delivery.schedule`) and gives the pools their names:

    ""            waits for its time, and is routed when that has come
    "billing"     asked for this account by name, and is due
    "billing/7"   was led to this account by the routes, and is due
    "/7"          nobody can send it by the configuration as it is

The number changes when the routes do, when a closed account turns out to have another one beside it, and at every
start. What was put into a pool under an older name is nobody's then, and is routed anew as if its time had come: so
everything can be freed at once, however much it is, without touching it.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Final

from maild.delivery.breaker import trouble_of
from maild.delivery.lane import Lane
from maild.delivery.schedule import Schedule, take, take_one_each
from maild.delivery.trouble import Trouble
from maild.delivery.turns import Turns
from maild.spool.queue import Census, QueuedMessage, QueueId, Span, Waiting

MAX_SPANS: Final = 128
"""Read in one go."""


class Homes:
    """See above."""

    def __init__(self) -> None:
        self._lanes: Final[dict[str, Lane]] = {}
        self._timed = Schedule()
        self._pools: dict[str, Schedule] = {}
        self._number = 0
        self._numbers: Final[dict[str, int]] = {}
        self._nowhere = "/0"
        self._loose: tuple[Schedule, ...] | None = None
        self._deferred: Counter[str] = Counter()
        self._turns: Final = Turns()
        self.changes = 0
        """How often a count has changed so far."""
        self._early: list[Waiting] | None = []
        """What arrived before the queue was looked at, and was perhaps not seen there."""

    @property
    def lanes(self) -> Mapping[str, Lane]:
        """Those of the plan in force, by account."""
        return MappingProxyType(self._lanes)

    def add_lane(self, lane: Lane) -> None:
        """An account is there."""
        self._lanes[lane.account.name] = lane
        self.free(lane)

    def remove_lane(self, lane: Lane) -> None:
        """An account is gone; what waited for it is routed anew."""
        del self._lanes[lane.account.name]
        self._loose = None

    # Counts.

    @property
    def resting_count(self) -> int:
        """Messages that wait, whatever for, and are not taken out of the queue."""
        return sum(schedule.count for schedule in (self._timed, *self._pools.values()))

    @property
    def in_line_count(self) -> int:
        """Messages that are taken out and wait for a courier."""
        return sum(len(lane.line) for lane in self._lanes.values())

    @property
    def unroutable_count(self) -> int:
        """Messages that wait for a configuration."""
        return self._count(self._nowhere)

    def parked_count(self, lane: Lane) -> int:
        """Messages that wait for a lane and are not taken out."""
        return sum(map(self._count, self._names(lane.account.name)))

    def waiting_count(self, lane: Lane) -> int:
        """Messages that wait for a lane, and those whose last attempt went through it."""
        return self.parked_count(lane) + len(lane.line) + max(0, self._deferred[lane.account.name])

    def count(self, census: Census) -> None:
        """So many wait; who else changes the queue does not tell what was before."""
        counts: Counter[str] = Counter()
        for (pool, _), count in census.pools.items():
            counts[pool] += count
        for schedule in (self._timed, *self._pools.values()):
            schedule.count = counts[schedule.pool]
        self._deferred = Counter(census.deferred)

    def doubt(self, census: Census, now: datetime, *, is_thorough: bool) -> None:
        """Others send from this queue too: what is on disk is perhaps not what is known.

        What another host has put into a pool of its own waits for its account there. It is looked at by the thorough
        only, for a host that is gone; else hosts whose account cannot send would pass its messages to and fro.
        """
        for (pool, stream), count in census.pools.items():
            if is_thorough or not pool or self._is_owned(pool):
                self._schedule(pool).doubt(stream, count, now)

    def trouble_of(self, account: str) -> Trouble | None:
        """Why this account cannot send; None when it can, or has no lane."""
        lane = self._lanes.get(account)
        return None if lane is None else trouble_of(lane.gate.breaker)

    # What comes in.

    def load(self, census: Census) -> None:
        """This is in the queue; nothing of it is known yet."""
        self._timed, self._pools, self._loose = Schedule(), {}, None
        for pool, stream in census.pools:
            self._schedule(pool).expect(stream)
            number = pool.rpartition("/")[2]
            self._number = max(self._number, int(number) if "/" in pool and number.isdecimal() else 0)
        self.count(census)
        self.free_stranded()
        self.free(*self._lanes.values())
        for waiting in self._early or ():
            self._schedule(waiting.pool).add(waiting)
        self._early = None

    def pool_of(self, account: str, message: QueuedMessage) -> str:
        """The pool of a message that waits for this account; nameless when there is no such."""
        if account not in self._lanes:
            return ""
        return account if message.account == account else f"{account}/{self._numbers[account]}"

    @property
    def nowhere(self) -> str:
        """The pool of what nobody can send."""
        return self._nowhere

    def arrive(self, waiting: Waiting) -> None:
        """A message is new in the queue."""
        self.changes += 1
        schedule = self._schedule(waiting.pool)
        schedule.add(waiting)
        schedule.count += 1
        if self._early is not None:
            self._early.append(waiting)

    def put(self, message: QueuedMessage, *, is_first: bool = False) -> None:
        """A message is queued again, where the queue says it is; in front of the others there, if it had its turn."""
        self.changes += 1
        schedule = self._schedule(message.pool)
        schedule.add(Waiting.of(message), is_first=is_first and message.pool != "")
        schedule.count += 1
        if not message.pool and message.last_account is not None:
            self._deferred[message.last_account] += 1

    def notice(self, message: QueuedMessage) -> None:
        """Somebody else has queued a message; it was perhaps counted already."""
        self._schedule(message.pool).add(Waiting.of(message))

    # What goes out.

    def take(self, now: datetime, limit: int) -> list[QueueId]:
        """Take out what has to be routed."""
        return take(self._routable(), now, limit, self._turns)

    def take_fresh(self, now: datetime, crowded: set[int]) -> list[QueueId]:
        """Take out one message of each stream that has to be routed and is not crowded."""
        return take_one_each(self._routable(), now, crowded)

    def unpark(self, lane: Lane, now: datetime, count: int) -> list[QueueId]:
        """Take out what waits for a lane."""
        pools = self._pools_of(lane) if count else ()
        return take(pools, now, count, lane.line.turns) if pools else []

    def unpark_fresh(self, lane: Lane, now: datetime) -> list[QueueId]:
        """Take out one message of each stream that waits for a lane and has none in its line."""
        return take_one_each(self._pools_of(lane), now, lane.line.streams)

    def taken(self, messages: Iterable[QueuedMessage]) -> None:
        """These were leased."""
        self.changes += 1
        for message in messages:
            schedule = self._timed if not message.pool else self._pools.get(message.pool)
            if schedule is not None:
                schedule.count -= 1
            if not message.pool and message.last_account is not None:
                self._deferred[message.last_account] -= 1

    def wanted(self) -> list[Span]:
        """What is to be read, to be handed to `fill`; some more may be wanted after that."""
        for pool in [pool for pool, schedule in self._pools.items() if schedule.is_empty]:
            del self._pools[pool]
            self._loose = None
        spans: list[Span] = []
        for schedule in (self._timed, *self._pools.values()):
            if len(spans) >= MAX_SPANS:
                break
            if schedule.pool != self._nowhere:
                spans.extend(schedule.wanted())
        return spans

    def fill(self, spans: Sequence[Span], found: Sequence[Sequence[Waiting]]) -> None:
        """What was found in these spans."""
        for span, messages in zip(spans, found, strict=True):
            schedule = self._timed if not span.pool else self._pools.get(span.pool)
            if schedule is not None:
                schedule.fill(span, messages)

    # What is known.

    @property
    def has_parked(self) -> bool:
        """Whether something waits for an account, or for nobody any more."""
        return len(self._pools) > (self._nowhere in self._pools)

    def is_parked(self, lane: Lane) -> bool:
        """Whether something waits for this lane."""
        return bool(self._pools_of(lane))

    def holds(self, lane: Lane, stream: int) -> bool:
        """Whether something of this stream waits for this lane."""
        return any(schedule.holds(stream) for schedule in self._pools_of(lane))

    def next_at(self, now: datetime) -> datetime | None:
        """When the next message has to be routed."""
        times = [at for schedule in self._routable() if (at := schedule.next_at(now)) is not None]
        return min(times, default=None)

    # What is freed.

    def free(self, *lanes: Lane) -> None:
        """What the routes have led to these lanes is routed anew."""
        for lane in lanes:
            self._number += 1
            self._numbers[lane.account.name] = self._number
        self._loose = None

    def free_stranded(self) -> None:
        """What waits for a configuration is routed anew."""
        self._number += 1
        self._nowhere = f"/{self._number}"
        self._loose = None

    def _names(self, account: str) -> tuple[str, str]:
        return account, f"{account}/{self._numbers[account]}"

    def _pools_of(self, lane: Lane) -> tuple[Schedule, ...]:
        if not self._pools:
            return ()
        return tuple(self._pools[name] for name in self._names(lane.account.name) if name in self._pools)

    def _routable(self) -> tuple[Schedule, ...]:
        """What waits for its time, and all that is nobody's."""
        if self._loose is None:
            loose = (schedule for name, schedule in self._pools.items() if not self._is_owned(name))
            self._loose = (self._timed, *loose)
        return self._loose

    def _is_owned(self, pool: str) -> bool:
        account = pool.partition("/")[0]
        return pool == self._nowhere or (account in self._lanes and pool in self._names(account))

    def _schedule(self, pool: str) -> Schedule:
        if not pool:
            return self._timed
        schedule = self._pools.get(pool)
        if schedule is None:
            schedule = self._pools[pool] = Schedule(pool)
            self._loose = None
        return schedule

    def _count(self, pool: str) -> int:
        return self._pools[pool].count if pool in self._pools else 0
