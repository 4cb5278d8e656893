"""When to look at the configuration folder next, and at what. Pure: instants are seconds of a monotonic clock.

Three reasons: somebody asked, at once; something hinted at a change, when it has been quiet for a moment; and every now
and then regardless, because hints get lost. While git is at work the last two wait for it, but not for ever: a crashed
git leaves its lock behind.
"""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final

from maild.config.reload_settings import ReloadSettings
from maild.watch.hint import Hint
from maild.watch.settle import Burst, SettleTiming, note_event, remaining_s

REMOTE_RESCAN_S: Final = 5.0
"""On a network file system nobody tells what other machines change."""


class Trigger(StrEnum):
    """What caused a look."""

    START = "start"
    EVENT = "event"
    RESCAN = "rescan"
    SIGNAL = "signal"
    REQUEST = "request"
    CANARY = "canary"
    """No look at all: the canary has a verdict on what was read before."""

    @property
    def is_asked(self) -> bool:
        """Whether somebody asked for it, who knows what there should be."""
        return self in {Trigger.START, Trigger.SIGNAL, Trigger.REQUEST}


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """A look that is due; `touched` are the only files that are worth it, None: all."""

    trigger: Trigger
    touched: Collection[Path] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Circumstances:
    """What decides besides the hints.

    Attributes:
        at_s: now.
        settings: those in force.
        is_git_busy: git is changing the work tree.
        is_remote: the folder lies on a network file system.
        confirm_at_s: when a missing file is to be looked for again; None: nothing is missing.
    """

    at_s: float
    settings: ReloadSettings
    is_git_busy: bool = False
    is_remote: bool = False
    confirm_at_s: float | None = None


_URGENCY: Final = (Trigger.CANARY, Trigger.REQUEST, Trigger.SIGNAL)


class Agenda:
    """What there is to look at."""

    def __init__(self) -> None:
        self._asked: Trigger | None = None
        self._burst: Burst | None = None
        self._touched: set[Path] | None = set()
        self._looked_at_s = 0.0

    @property
    def has_hints(self) -> bool:
        """Whether something was hinted at since the last look began."""
        return self._burst is not None

    def hint(self, hint: Hint, *, at_s: float) -> None:
        """Something in the folder may have changed."""
        self._burst = note_event(self._burst, at_s=at_s)
        if hint.touched is None:
            self._touched = None
        elif self._touched is not None:
            self._touched |= hint.touched

    def ask(self, trigger: Trigger) -> None:
        """Somebody wants a look, now. Of several the one counts that most depends on it: a signal is waited for by the
        service manager, a request by whoever made it, though any look answers it.
        """
        if self._asked is None or _URGENCY.index(trigger) > _URGENCY.index(self._asked):
            self._asked = trigger

    def begin(self, look: Look) -> None:
        """A look begins: what comes during it is a reason for another one."""
        self._asked = None
        if look.trigger is not Trigger.CANARY:
            self._burst, self._touched = None, set()

    def end(self, look: Look, *, at_s: float) -> None:
        """The look is over."""
        if look.trigger is not Trigger.CANARY:
            self._looked_at_s = at_s

    def next(self, now: Circumstances) -> Look | float:
        """The look that is due, or how many seconds nothing is, unless somebody hints or asks."""
        if self._asked is not None:
            return Look(trigger=self._asked)
        timing = _timing(now.settings)
        rescan_at_s = self._rescan_at_s(now)
        if self._burst is not None:
            # A rescan in the middle of it would find half of the truth.
            settle_s = remaining_s(self._burst, timing, at_s=now.at_s, is_git_busy=now.is_git_busy)
            is_whole = self._touched is None or rescan_at_s <= now.at_s
            if settle_s > 0:
                return settle_s
            return Look(trigger=Trigger.EVENT, touched=None if is_whole else self._touched)
        if rescan_at_s > now.at_s:
            return rescan_at_s - now.at_s
        if now.is_git_busy and now.at_s < rescan_at_s + timing.git_limit_s:
            return timing.quiet_s
        return Look(trigger=Trigger.RESCAN)

    def _rescan_at_s(self, now: Circumstances) -> float:
        every_s = now.settings.rescan.total_seconds()
        at_s = self._looked_at_s + (min(every_s, REMOTE_RESCAN_S) if now.is_remote else every_s)
        return at_s if now.confirm_at_s is None else min(at_s, now.confirm_at_s)


def _timing(settings: ReloadSettings) -> SettleTiming:
    quiet_s = settings.settle.total_seconds()
    return SettleTiming(quiet_s=quiet_s, limit_s=max(SettleTiming().limit_s, quiet_s))
