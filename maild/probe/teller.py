"""What probes tell, and of which version of an account: an account has an epoch for each time that it, or what it logs
in with, was replaced. What a probe of an older epoch finds says nothing of the account as it is now. Pure.
"""

from collections.abc import Callable, Collection, Iterable
from typing import Final, assert_never

from maild.probe.events import LoginSuspended, LoginTried, ProbeEvent, ProbeFinished, QuestionAsked, ServerChanged


class Teller:
    """Passes events on to `emit`."""

    def __init__(self, emit: Callable[[ProbeEvent], None]) -> None:
        self._emit: Final = emit
        self._suspended: Final[set[str]] = set()
        self._epochs: Final[dict[str, int]] = {}

    def epoch(self, account: str) -> int:
        """Of the account as it is now."""
        return self._epochs.get(account, 0)

    def replaced(self, accounts: Iterable[str]) -> None:
        """These, or their secrets, are others now."""
        for account in accounts:
            self._epochs[account] = self.epoch(account) + 1

    def keep(self, accounts: Collection[str]) -> None:
        """There are these accounts, and no others any more."""
        self._suspended.intersection_update([name for name in self._suspended if name in accounts])

    def tell(self, event: ProbeEvent) -> None:
        """Pass it on; that a login is suspended is told once, though every probe finds it so."""
        match event:
            case LoginSuspended(account=account):
                if account in self._suspended:
                    return
                self._suspended.add(account)
            case LoginTried(account=account):
                self._suspended.discard(account)
            case ProbeFinished() | ServerChanged() | QuestionAsked():
                pass
            case _:
                assert_never(event)
        self._emit(event)

    def tell_of(self, account: str) -> Callable[[ProbeEvent], None]:
        """For a probe that begins now. Of a login that was replaced since, only that it was refused counts."""
        epoch = self.epoch(account)

        def tell(event: ProbeEvent) -> None:
            tells_good = isinstance(event, LoginTried) and not event.is_rejected
            if self.epoch(account) == epoch or not (tells_good or isinstance(event, LoginSuspended)):
                self.tell(event)

        return tell

    def tell_login(self, event: ProbeEvent) -> None:
        """Of an account that is tried out only what its server counts, too."""
        if isinstance(event, LoginTried):
            self._emit(event)
