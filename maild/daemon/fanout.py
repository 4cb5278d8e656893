"""Tells every event to every observer, in order, at once, on the event loop.

An observer that fails must not hurt the mail: its exception ends here, as an event of its own to the others.
"""

from collections.abc import Callable, Sequence

from maild.observe.events import Event, TaskFailed

Observer = Callable[[Event], None]


class Fanout:
    """Calls the observers; they may be added to while the daemon is being built."""

    def __init__(self, observers: Sequence[Observer] = ()) -> None:
        self._observers = list(observers)

    def add(self, observer: Observer) -> None:
        """Tell this one too from now on."""
        self._observers.append(observer)

    def emit(self, event: Event) -> None:
        """Tell an event. Raises nothing."""
        for observer in self._observers:
            try:
                observer(event)
            except Exception as error:  # noqa: BLE001 -- an observer's mistake must not stop a delivery
                self._complain(observer, error)

    def _complain(self, culprit: Observer, error: Exception) -> None:
        failure = TaskFailed(task="observer", detail=f"{type(error).__name__} while an event was told")
        for observer in self._observers:
            if observer is culprit:
                continue
            try:
                observer(failure)
            except Exception:  # noqa: BLE001, S112 -- it had its chance; there is nobody left to tell
                continue
