"""Keeps the service manager informed: ready, reloading, and one line about what is going on. An observer."""

from collections.abc import Callable, Sequence

from maild.daemon.agenda import Trigger
from maild.daemon.configloop import ConfigLoop
from maild.daemon.notify import Notifier
from maild.observe.events import Event, Reloaded


class Announcer:
    """Tells the service manager what an operator reads in `systemctl status`."""

    def __init__(
        self,
        notifier: Notifier,
        config: ConfigLoop,
        waiting: Callable[[], int],
        places: Sequence[str],
    ) -> None:
        self._notifier = notifier
        self._config = config
        self._waiting = waiting
        self._places = tuple(places)
        self._is_reloading = False

    def ready(self) -> None:
        """Started."""
        self._notifier.ready(self._words())

    def reloading(self) -> None:
        """A reload was asked for; the look that it causes ends it."""
        self._is_reloading = True
        self._notifier.reloading()

    def on_event(self, event: Event) -> None:
        """Say that a reload ended, and what is in force then."""
        match event:
            case Reloaded(trigger=Trigger.SIGNAL) if self._is_reloading:
                self._is_reloading = False
                self._notifier.ready(self._words())
            case Reloaded(has_changed=True):
                self._notifier.status(self._words())
            case _:
                pass

    def _words(self) -> str:
        generation = self._config.generation
        accounts = len(generation.accounts)
        parts = [f"generation {generation.number}, {accounts} account{'' if accounts == 1 else 's'}"]
        if not generation.is_clean:
            parts.append("some files are in force in an older version or not at all: see maild status")
        parts.append(f"{self._waiting()} messages waiting")
        if self._places:
            parts.append(f"listening on {', '.join(self._places)}")
        return "; ".join(parts)
