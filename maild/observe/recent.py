"""What happened lately, for the page: verdicts by minute for an hour, the last probes of each account. Pure.

Kept in memory only: it is there for looking at, and what must be known after a restart is in the queue's history and in
Prometheus. Bounded: an hour of minutes, and so many probes for each account that is in force.
"""

from collections import Counter, deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final, assert_never

from maild.delivery.events import AttemptFinished
from maild.mail.verdict import Deferred, Delivered, Failed, Uncertain, Verdict
from maild.observe.events import Event
from maild.probe.events import ProbeFinished

MINUTES: Final = 60
PROBES: Final = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Minute:
    """How many recipients had which verdict in one minute; `ago` 0 is the present one."""

    ago: int
    delivered: int = 0
    deferred: int = 0
    failed: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ProbePoint:
    """One probe of an account: how long it took, and whether the account could send; None: that could not be told."""

    seconds: float
    can_send: bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecentPicture:
    """The last hour, oldest minute first, and the last probes by account, oldest first."""

    minutes: tuple[Minute, ...]
    probes: Mapping[str, tuple[ProbePoint, ...]]


class Recent:
    """Keeps it; told every event, on the event loop."""

    def __init__(self) -> None:
        self._verdicts: dict[int, Counter[str]] = {}
        self._probes: dict[str, deque[ProbePoint]] = {}

    def on_event(self, event: Event) -> None:
        """Note one event."""
        if isinstance(event, AttemptFinished):
            minute = _minute(event.finished_at)
            counts = self._verdicts.get(minute)
            if counts is None:
                counts = self._verdicts[minute] = Counter()
                for old in [one for one in self._verdicts if one <= minute - MINUTES]:
                    del self._verdicts[old]
            counts.update(map(_word, event.verdicts.values()))
        if isinstance(event, ProbeFinished):
            points = self._probes.setdefault(event.result.account, deque(maxlen=PROBES))
            points.append(ProbePoint(seconds=event.result.seconds, can_send=event.result.can_send))

    def picture(self, now: datetime, accounts: Iterable[str]) -> RecentPicture:
        """How it stands at `now`; what is kept of any account but these is forgotten."""
        self._probes = {name: self._probes[name] for name in accounts if name in self._probes}
        present = _minute(now)
        minutes = tuple(
            Minute(ago=ago, **self._verdicts.get(present - ago, Counter())) for ago in range(MINUTES - 1, -1, -1)
        )
        return RecentPicture(minutes=minutes, probes={name: tuple(points) for name, points in self._probes.items()})


def _minute(at: datetime) -> int:
    return int(at.timestamp() // 60)


def _word(verdict: Verdict) -> str:
    match verdict:
        case Delivered():
            return "delivered"
        case Deferred():
            return "deferred"
        case Failed() | Uncertain():
            # Uncertain ones need somebody's eye as much.
            return "failed"
        case _:
            assert_never(verdict)
