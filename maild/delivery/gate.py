"""An account's gate: the breaker and the budget at work, with their events.

It decides whether the next message may go; it writes nothing and waits for nothing.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Final

from maild.config.model import Account
from maild.delivery import breaker as breakers
from maild.delivery.attempt import Part
from maild.delivery.breaker import Breaker, Closed, HalfOpen, Open
from maild.delivery.budget import Budget, effective_limits
from maild.delivery.events import BreakerClosed, BreakerOpened
from maild.delivery.ports import EnginePorts
from maild.delivery.trouble import Trouble, TroubleKind
from maild.mail.phase import Phase
from maild.mail.verdict import Deferred, Fault
from maild.net.step import Reason

BREAKS_IN_A_ROW: Final = 3
"""So many different messages whose sessions broke, and none that got through: then it is the line, not the message."""


class Gate:
    """Says whether the account's next message may go. `blocked_until` is the budget's time, None when it has room, and
    `blocked_by` what of it is used up then.
    """

    def __init__(self, account: Account, ports: EnginePorts, changed: Callable[[], None]) -> None:
        self._name: Final = account.name
        self._ports: Final = ports
        self._changed: Final = changed
        self._trial: Part | None = None
        self._breaks = 0
        self._ramp: int | None = None
        self.breaker: Breaker = Closed()
        self.budget: Final = Budget(effective_limits(account))
        self.blocked_until: datetime | None = None
        self.blocked_by = ""

    @property
    def connections(self) -> int:
        """How many sessions there may be now: the limit, but after a time of trouble 1, and one more with each
        transaction that comes through: 1, 2, 4 and so on. A server that has just come back is not to be run over by
        all that waited.
        """
        most = self.budget.connections
        return most if self._ramp is None else min(most, self._ramp)

    @property
    def is_closed(self) -> bool:
        """Whether the breaker lets messages through freely."""
        return isinstance(self.breaker, Closed)

    @property
    def is_tripped(self) -> bool:
        """Whether the breaker is open and no trial is under way."""
        return isinstance(self.breaker, Open)

    @property
    def is_for_login(self) -> bool:
        """Whether the breaker is open because a login was refused: then only another password is worth a trial."""
        trouble = breakers.trouble_of(self.breaker)
        return trouble is not None and trouble.kind is TroubleKind.LOGIN

    def is_shut(self, now: datetime) -> bool:
        """Whether the breaker lets nothing through, not even a trial."""
        return not breakers.may_send(self.breaker, now)

    def is_blocked(self, now: datetime) -> bool:
        """Whether the budget lets nothing through."""
        if self.blocked_until is not None and now >= self.blocked_until:
            self.blocked_until = None
        return self.blocked_until is not None

    def opens_at(self) -> datetime | None:
        """When it may let something through though nothing happens; None when it is open or a trial is under way."""
        times = [at for at in (breakers.open_until(self.breaker), self.blocked_until) if at is not None]
        return max(times) if times else None

    def enter(self, part: Part) -> None:
        """A message is on its way; with the breaker open it is the trial."""
        if isinstance(self.breaker, Open):
            self.breaker = breakers.begin_trial(self.breaker)
            self._trial = part

    def leave(self, part: Part) -> None:
        """A message is through. If it was the trial and told nothing, the next one is."""
        if self._trial is part:
            self._trial = None
            self.breaker = breakers.abandon_trial(self.breaker, self._ports.clock.now())
            self._changed()

    def trip(self, trouble: Trouble) -> datetime:
        """The account cannot work; returns until when it is left alone."""
        before = self.breaker
        self.breaker = after = breakers.trip(before, trouble, self._ports.clock.now(), self._ports.random())
        self._trial = None
        self._breaks = 0
        if after != before:
            self._ports.emit(
                BreakerOpened(
                    account=self._name,
                    phase=after.trouble.phase,
                    reason=after.trouble.reason,
                    detail=after.trouble.detail,
                    until=after.until,
                )
            )
            if trouble.kind is TroubleKind.LOGIN:
                self._ports.probe_wanted(self._name)
            self._changed()
        return after.until

    def heal(self) -> None:
        """The account works: the trial succeeded, or a probe or a change of its file says so."""
        self._breaks = 0
        self._trial = None
        if not self.is_closed:
            self.breaker = Closed()
            self._ramp = 1
            self._ports.emit(BreakerClosed(account=self._name))
            self._changed()

    def succeeded(self) -> bool:
        """A transaction came through. While the breaker is open this is old news from a session of before.

        Returns:
            Whether more sessions are allowed than before.
        """
        self._breaks = 0
        if isinstance(self.breaker, HalfOpen):
            self.heal()
        elif self._ramp is not None and self.is_closed:
            self._ramp = None if self._ramp + 1 >= self.budget.connections else self._ramp + 1
            return True
        return False

    def broke(self, detail: str) -> Trouble | None:
        """A session broke in the middle of a message; the account's trouble when it was not the first one."""
        self._breaks += 1
        if self._breaks < BREAKS_IN_A_ROW:
            return None
        words = f"{BREAKS_IN_A_ROW} messages in a row broke off: {detail}"
        return Trouble(kind=TroubleKind.LINE, phase=Phase.BODY, reason=Reason.LOST, detail=words)

    def hurry(self) -> None:
        """Let a trial begin at once."""
        self.breaker = breakers.hurry(self.breaker, self._ports.clock.now())
        self._changed()

    def shut_verdict(self) -> Deferred | None:
        """What to tell of a message that waits for the breaker; None when that is closed."""
        trouble = breakers.trouble_of(self.breaker)
        if trouble is None:
            return None
        return Deferred(fault=Fault.ACCOUNT, phase=trouble.phase, reason=f"the account cannot send: {trouble.detail}")
