"""What the daemon remembers of events for the status page: the last probe and login suspension of each account, why
nothing is taken in, how often watches were rebuilt. An observer; holds state of the past, decides nothing.
"""

from collections.abc import Mapping

from maild.observe.events import Event, WatchRebuilt
from maild.probe.events import LoginSuspended, LoginTried, ProbeFinished
from maild.probe.result import ProbeResult
from maild.spool.events import IntakePaused, IntakeResumed


class Memory:
    """The newest of each kind."""

    def __init__(self) -> None:
        self._probes: dict[str, ProbeResult] = {}
        self._suspended: dict[str, str] = {}
        self.intake_paused = ""
        """Why no drops are taken in; empty while they are."""
        self.watch_rebuilds = 0

    @property
    def probes(self) -> Mapping[str, ProbeResult]:
        """The last probe by account."""
        return self._probes

    @property
    def suspended(self) -> Mapping[str, str]:
        """By account: why probes do not log in."""
        return self._suspended

    def on_event(self, event: Event) -> None:
        """Remember what matters of an event."""
        match event:
            case ProbeFinished(result=result):
                self._probes[result.account] = result
            case LoginSuspended(account=account, detail=detail):
                self._suspended[account] = detail
            case LoginTried(account=account, is_rejected=False):
                self._suspended.pop(account, None)
            case IntakePaused(detail=detail, reason=reason):
                self.intake_paused = detail or reason
            case IntakeResumed():
                self.intake_paused = ""
            case WatchRebuilt():
                self.watch_rebuilds += 1
            case _:
                pass

    def forget(self, accounts: frozenset[str]) -> None:
        """Drop what belongs to accounts that are gone or changed: it says nothing about the new ones."""
        for name in accounts:
            self._probes.pop(name, None)
            self._suspended.pop(name, None)
