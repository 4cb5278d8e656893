"""Watchdog's observer by file system events, made to say when the kernel dropped some of them.

Shell code. The kernel queues 16,384 events and throws away what comes on top; watchdog notices, logs it, and calls
nobody. Its reader of the kernel's events is replaced by one that does call. Elsewhere than on Linux the observer is
watchdog's own choice, and nothing is known of dropped events.
"""

import sys
from collections.abc import Callable
from threading import Thread

from watchdog.observers import Observer
from watchdog.observers.api import BaseObserver

if sys.platform == "linux":
    from watchdog.observers.inotify import InotifyEmitter
    from watchdog.observers.inotify_c import InotifyEvent, InotifyFD

    class _Reader(InotifyFD):
        def __init__(self, on_overflow: Callable[[], None]) -> None:
            super().__init__()
            self._on_overflow = on_overflow

        def handle_event(self, event: InotifyEvent) -> None:
            super().handle_event(event)
            if event.is_queue_overflow:
                self._on_overflow()

    class _Observer(BaseObserver):
        """What watchdog's own does, with the other reader."""

        def __init__(self, on_overflow: Callable[[], None]) -> None:
            self.reader = _Reader(on_overflow)
            self.reader.start()
            super().__init__(InotifyEmitter, inotify_fd=self.reader)

        def on_thread_stop(self) -> None:
            super().on_thread_stop()
            self.reader.stop()
            self.reader.join()

    def _readers(observer: BaseObserver) -> tuple[Thread, ...]:
        return (observer.reader,) if isinstance(observer, _Observer) else ()

    def events_observer(on_overflow: Callable[[], None]) -> BaseObserver:
        """An observer by events that calls `on_overflow`, in a thread of its own, when events were dropped.

        Raises:
            OSError: the system has no more instances of inotify to give.
        """
        return _Observer(on_overflow)

else:

    def _readers(observer: BaseObserver) -> tuple[Thread, ...]:
        del observer
        return ()

    def events_observer(on_overflow: Callable[[], None]) -> BaseObserver:
        """An observer by events; this system does not say when it dropped some."""
        del on_overflow
        return Observer()


def is_at_work(observer: BaseObserver) -> bool:
    """Whether all its threads live: its own, one for each folder, and the one that reads the kernel's events.

    Without the last one the others wait for ever and look well.
    """
    threads: tuple[Thread, ...] = (observer, *observer.emitters, *_readers(observer))
    return all(thread.is_alive() for thread in threads)
