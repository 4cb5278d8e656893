"""Watchdog's observer by file system events, made to say when the kernel dropped some of them.

Shell code. The kernel queues 16,384 events and throws away what comes on top; watchdog notices, logs it, and calls
nobody. Its reader of the kernel's events is replaced by one that does call. Elsewhere than on Linux the observer is
watchdog's own choice, and nothing is known of dropped events.

The new reader also has a short way for folders where only arrivals count and thousands come in a second: what happens
to files there is told at once. Watchdog's own way, by three threads and seven objects an event, takes more of the
processor for a drop than taking it in does. Folders that come and go take watchdog's way all the same.
"""

import os
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from threading import Thread
from typing import Final, TypeAlias

from watchdog.observers import Observer
from watchdog.observers.api import BaseObserver

GATHER_S: Final = 0.002
"""Between looks for what arrived, once something has."""

OnArrival: TypeAlias = Callable[[Path, bool], None]
"""Told of a file that came or was written, and whether it was renamed into place; in a thread."""

if sys.platform == "linux":
    from watchdog.observers.inotify import InotifyEmitter
    from watchdog.observers.inotify_c import (
        CallbackId,
        InotifyConstants,
        InotifyEvent,
        InotifyFD,
        Mask,
        WatchCallback,
        WatchDescriptor,
    )

    _PLACED: Final = InotifyConstants.IN_MOVED_TO
    _ARRIVED: Final = _PLACED | InotifyConstants.IN_CREATE | InotifyConstants.IN_CLOSE_WRITE

    class _Reader(InotifyFD):
        def __init__(self, on_overflow: Callable[[], None], arrivals: Mapping[Path, OnArrival]) -> None:
            super().__init__()
            self._on_overflow = on_overflow
            self._wanted = {os.fsencode(folder): (folder, tell) for folder, tell in arrivals.items()}
            self._short: dict[WatchDescriptor, tuple[Path, OnArrival]] = {}
            self._has_arrivals = False
            self._is_open = True

        def _close_resources(self) -> None:
            if self._is_open:
                self._is_open = False
                super()._close_resources()

        def release(self) -> None:
            """What a reader left open that ended by a mistake: the kernel has few instances to give to each user."""
            self._close_resources()

        def add_callback(self, path: bytes, mask: Mask, callback: WatchCallback, id_: CallbackId) -> WatchDescriptor:
            if path not in self._wanted:
                # No filter of watchdog's asks for it without asking for every single write.
                mask = Mask(mask | InotifyConstants.IN_ATTRIB)
            number = super().add_callback(path, mask, callback, id_)
            if path in self._wanted:
                self._short[number] = self._wanted[path]
            return number

        def run(self) -> None:
            while self.should_keep_running():
                self._has_arrivals = False
                for event in self.read_events():
                    self.handle_event(event)
                if self._has_arrivals:
                    # The first of a burst was told at once; the others are read together.
                    self.stopped_event.wait(GATHER_S)

        def handle_event(self, event: InotifyEvent) -> None:
            short = self._short.get(event.wd)
            if short is not None and event.name and not event.mask & InotifyConstants.IN_ISDIR:
                # What is hidden comes again under its name; what went away is no arrival.
                if event.mask & _ARRIVED and not event.name.startswith(b"."):
                    self._has_arrivals = True
                    folder, tell = short
                    tell(folder / os.fsdecode(event.name), bool(event.mask & _PLACED))
                return
            super().handle_event(event)
            if event.is_queue_overflow:
                self._on_overflow()

    class _Observer(BaseObserver):
        """What watchdog's own does, with the other reader."""

        def __init__(self, on_overflow: Callable[[], None], arrivals: Mapping[Path, OnArrival]) -> None:
            self.reader = _Reader(on_overflow, arrivals)
            self.reader.start()
            super().__init__(InotifyEmitter, inotify_fd=self.reader)

        def on_thread_stop(self) -> None:
            super().on_thread_stop()
            self.reader.stop()
            self.reader.join()
            self.reader.release()

    def _readers(observer: BaseObserver) -> tuple[Thread, ...]:
        return (observer.reader,) if isinstance(observer, _Observer) else ()

    def events_observer(on_overflow: Callable[[], None], arrivals: Mapping[Path, OnArrival]) -> BaseObserver:
        """An observer by events that calls `on_overflow`, in a thread of its own, when events were dropped.

        Args:
            on_overflow: see above.
            arrivals: who is told at once of files that come, by folder; the folder's handler then hears of folders in
                it only.

        Raises:
            OSError: the system has no more instances of inotify to give.
        """
        return _Observer(on_overflow, arrivals)

else:

    def _readers(observer: BaseObserver) -> tuple[Thread, ...]:
        del observer
        return ()

    def events_observer(on_overflow: Callable[[], None], arrivals: Mapping[Path, OnArrival]) -> BaseObserver:
        """An observer by events; this system does not say when it dropped some, and has no short way."""
        del on_overflow, arrivals
        return Observer()


def is_at_work(observer: BaseObserver) -> bool:
    """Whether all its threads live: its own, one for each folder, and the one that reads the kernel's events.

    Without the last one the others wait for ever and look well.
    """
    threads: tuple[Thread, ...] = (observer, *observer.emitters, *_readers(observer))
    return all(thread.is_alive() for thread in threads)
