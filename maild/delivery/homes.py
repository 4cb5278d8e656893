"""Where messages wait that are not being sent: the schedule, the lanes, or nowhere until a configuration has a way.

One owner for all three, so that no message waits in two places: whatever is put somewhere is taken from everywhere else
first. Holds ids and instants only.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from maild.delivery.breaker import trouble_of
from maild.delivery.lane import Lane
from maild.delivery.schedule import Schedule, Taken
from maild.delivery.trouble import Trouble
from maild.spool.queue import QueueId, Waiting


class Homes:
    """See above. `lanes` are those of the plan in force, by account."""

    def __init__(self) -> None:
        self.lanes: Final[dict[str, Lane]] = {}
        self._schedule: Final = Schedule()
        self._nowhere: Final[dict[QueueId, None]] = {}
        self._deferred_by: Final[dict[QueueId, Lane]] = {}
        self._parked_in: Final[dict[QueueId, Lane]] = {}

    @property
    def waiting_count(self) -> int:
        """Messages that wait, whatever for."""
        return self.resting_count + self.in_line_count

    @property
    def resting_count(self) -> int:
        """Those of them that are not taken out of the queue."""
        return len(self._schedule) + len(self._nowhere) + len(self._parked_in)

    @property
    def in_line_count(self) -> int:
        """Messages that are leased and wait for a courier."""
        return sum(len(lane.line) for lane in self.lanes.values())

    @property
    def has_parked(self) -> bool:
        """Whether a due message waits for its account."""
        return bool(self._parked_in)

    @property
    def unroutable_count(self) -> int:
        """Messages that wait for a configuration."""
        return len(self._nowhere)

    def trouble_of(self, account: str) -> Trouble | None:
        """Why this account cannot send; None when it can, or has no lane."""
        lane = self.lanes.get(account)
        return None if lane is None else trouble_of(lane.gate.breaker)

    def schedule_all(self, waiting: Iterable[Waiting]) -> None:
        """Many new ones at once; none of them may wait in a lane or nowhere."""
        self._schedule.extend(waiting)

    def schedule(self, id_: QueueId, at: datetime, account: str | None = None) -> None:
        """A message waits for its time; `account` is the one of its last attempt."""
        self.discard(id_)
        self._schedule.add(id_, at)
        lane = None if account is None else self.lanes.get(account)
        if lane is not None:
            self._deferred_by[id_] = lane
            lane.deferred_count += 1

    def park(self, id_: QueueId, account: str, received_at: datetime, *, is_first: bool) -> bool:
        """A due message waits in its account's lane; False when there is no such lane."""
        lane = self.lanes.get(account)
        if lane is None:
            return False
        self.discard(id_)
        self._parked_in[id_] = lane
        lane.park(id_, received_at, is_first=is_first)
        return True

    def unpark(self, lane: Lane, count: int) -> tuple[QueueId, ...]:
        """Take out the next messages that wait in a lane."""
        ids = lane.unpark(count)
        for id_ in ids:
            self._parked_in.pop(id_, None)
        return ids

    def strand(self, id_: QueueId) -> None:
        """A message that no account can send waits for another configuration."""
        self.discard(id_)
        self._nowhere[id_] = None

    def discard(self, id_: QueueId) -> None:
        """A message waits nowhere any more."""
        self._schedule.discard(id_)
        self._nowhere.pop(id_, None)
        self._forget_deferral(id_)
        lane = self._parked_in.pop(id_, None)
        if lane is not None:
            lane.parked.pop(id_, None)

    def take(self, now: datetime, limit: int) -> Taken:
        """What is due by the schedule."""
        taken = self._schedule.take(now, limit)
        for id_ in taken.ready:
            self._forget_deferral(id_)
        return taken

    def next_at(self, now: datetime) -> datetime | None:
        """When the next message of the schedule is due."""
        return self._schedule.next_at(now)

    def free(self, now: datetime, *lanes: Lane) -> None:
        """What is parked in these lanes is routed anew, at once."""
        for lane in lanes:
            self._schedule.extend(Waiting(id=id_, next_at=now) for id_ in lane.parked)
            for id_ in lane.parked:
                self._parked_in.pop(id_, None)
            lane.parked.clear()

    def free_stranded(self, now: datetime) -> None:
        """What waits for a configuration is routed anew, at once."""
        self._schedule.extend(Waiting(id=id_, next_at=now) for id_ in self._nowhere)
        self._nowhere.clear()

    def _forget_deferral(self, id_: QueueId) -> None:
        lane = self._deferred_by.pop(id_, None)
        if lane is not None:
            lane.deferred_count -= 1
