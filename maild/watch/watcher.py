"""Says that something may have changed below some folders. A hint and nothing more: the callers rescan anyway.

Shell code around watchdog's threads. Folders are watched, never files: a watched file that is replaced by a rename or
by a link swap is never heard of again. Watchdog goes silently blind when a watched folder is renamed or recreated and
when the link that leads to it is swapped, and its threads can die; so `check()` compares each folder's identity
(st_dev, st_ino) with the one that is watched, asks whether the threads live, and builds everything anew if not. Where
inotify cannot be had (limits, odd file systems) watchdog's polling takes over, and `mode` says so.
"""

import asyncio
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final

from watchdog.events import (
    DirAttribEvent,
    DirCreatedEvent,
    DirDeletedEvent,
    DirMovedEvent,
    FileAttribEvent,
    FileClosedEvent,
    FileCreatedEvent,
    FileDeletedEvent,
    FileMovedEvent,
    FileSystemEvent,
    FileSystemEventHandler,
)
from watchdog.observers.api import BaseObserver
from watchdog.observers.polling import PollingObserver

from maild.config.sight import is_folder, is_readable_folder, real_path
from maild.watch.hint import HintSender, OnHint
from maild.watch.observer import events_observer, is_at_work

_EVENTS: Final[tuple[type[FileSystemEvent], ...]] = (
    FileCreatedEvent,
    FileMovedEvent,
    FileDeletedEvent,
    FileClosedEvent,
    DirCreatedEvent,
    DirMovedEvent,
    DirDeletedEvent,
    FileAttribEvent,
    DirAttribEvent,
)
"""Attributes, since a mode that was mended opens a file. Not: opened, written to, closed without a write. One `git
checkout` of 200 files makes 1,400 of those.
"""

_ARRIVALS: Final = (FileCreatedEvent, FileMovedEvent, FileClosedEvent, DirCreatedEvent, DirMovedEvent)
"""What is moved in from a folder that is not watched counts as created."""


class WatchMode(StrEnum):
    """How changes are noticed between rescans."""

    EVENTS = "events"
    POLLING = "polling"
    NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Folder:
    """A folder to watch. `only` names the entry that is of interest in it, None means all: of a parent folder, which
    may be as busy as /tmp, only the watched child's own coming and going counts. `arrivals_only` is for a folder that
    the program itself empties: what goes away or is hidden does not count.
    """

    path: Path
    only: str | None = None
    arrivals_only: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchState:
    """What `check()` found: how changes are noticed now, whether watches were built anew, and what is wrong."""

    mode: WatchMode
    was_rebuilt: bool
    problem: str = ""


def folders_around(root: Path, *, children: Sequence[str] = ()) -> tuple[Folder, ...]:
    """The folders that tell about `root`: the real folder and those of its children that may be read, wherever links
    lead to; of the folders on the way there, by its name and by its real place, only the next entry, which may be
    renamed, swapped, or opened to us, or come where it is missing.
    """
    named = root.absolute()
    wanted = (named, *(named / child for child in children))
    places = tuple(dict.fromkeys(real_path(path) for path in wanted))
    real = tuple(place for place in places if is_folder(place))
    ways = (folder for path in dict.fromkeys((*wanted, *places)) for folder in _way_to(path))
    around = (folder for folder in ways if folder.path not in real)
    return tuple(dict.fromkeys((*(Folder(path=path) for path in real), *around)))


def nearest_to(path: Path) -> Folder:
    """The innermost folder on the way to one that is missing or closed that can tell when it comes or opens."""
    return next(_way_to(real_path(path)), Folder(path=Path(path.anchor or "/")))


def _way_to(path: Path) -> Iterator[Folder]:
    """The folders above a path that may be read, innermost first, each with the entry that leads there."""
    for inner in (path, *path.parents):
        outer = inner.parent
        # Nobody renames what stands in the root of the file system, except that it is what is looked for.
        is_top = outer == outer.parent and inner != path and is_folder(inner)
        if inner != outer and not is_top and is_readable_folder(outer):
            yield Folder(path=real_path(outer), only=inner.name)


class Watcher:
    """Watches the folders that `folders()` names at each check and calls `on_hint` on the event loop."""

    def __init__(self, folders: Callable[[], tuple[Folder, ...]], *, on_hint: OnHint) -> None:
        self._folders = folders
        self._on_hint = on_hint
        self._observer: BaseObserver | None = None
        self._identities: Mapping[Folder, tuple[int, int]] = {}
        self._mode = WatchMode.NONE
        self._problem = ""
        self._closed: tuple[Path, ...] = ()

    async def check(self) -> WatchState:
        """Start watching, or make sure that what is watched is what is there now. Never raises for the file system."""
        loop = asyncio.get_running_loop()
        wanted = await asyncio.to_thread(self._identify)
        if self._is_alive() and wanted == self._identities:
            return WatchState(mode=self._mode, was_rebuilt=False, problem=self._what_is_wrong())
        hint = HintSender(loop, self._on_hint)
        await asyncio.to_thread(self._rebuild, wanted, hint)
        return WatchState(mode=self._mode, was_rebuilt=True, problem=self._what_is_wrong())

    async def stop(self) -> None:
        """End the threads."""
        await asyncio.to_thread(self._end)

    def _is_alive(self) -> bool:
        return self._observer is not None and is_at_work(self._observer)

    def _what_is_wrong(self) -> str:
        closed = (f"{path} may not be read, so it cannot be watched" for path in self._closed)
        return "; ".join((*filter(None, [self._problem]), *closed))

    def _identify(self) -> dict[Folder, tuple[int, int]]:
        identities: dict[Folder, tuple[int, int]] = {}
        folders = self._folders()
        self._closed = tuple(one.path for one in folders if is_folder(one.path) and not is_readable_folder(one.path))
        for folder in folders:
            if folder.path in self._closed:
                # Inotify would take none of the others either; the folder above tells when it is opened.
                continue
            try:
                found = folder.path.stat()
            except OSError:
                # Gone between being named and being looked at: the next check sees what became of it.
                continue
            identities[folder] = (found.st_dev, found.st_ino)
        return identities

    def _rebuild(self, wanted: Mapping[Folder, tuple[int, int]], hint: HintSender) -> None:
        self._end()
        problems: list[str] = []
        for mode in (WatchMode.EVENTS, WatchMode.POLLING):
            observer: BaseObserver | None = None
            try:
                observer = PollingObserver() if mode is WatchMode.POLLING else _events_observer(wanted, hint)
                observer.start()
                for folder in wanted:
                    events = _ARRIVALS if folder.arrivals_only else _EVENTS
                    observer.schedule(_Handler(folder, hint), str(folder.path), event_filter=list(events))
            except OSError as error:
                problems.append(f"{mode} cannot be used: {error.strerror or error}")
                if observer is not None:
                    _end_observer(observer)
                continue
            self._observer, self._identities, self._mode = observer, wanted, mode
            break
        else:
            self._mode = WatchMode.NONE
        self._problem = "; ".join(problems)

    def _end(self) -> None:
        observer, self._observer, self._identities = self._observer, None, {}
        if observer is not None:
            _end_observer(observer)


def _events_observer(folders: Iterable[Folder], hint: HintSender) -> BaseObserver:
    arrivals = {folder.path: hint.arrive for folder in folders if folder.arrivals_only and folder.only is None}
    return events_observer(hint.lose, arrivals)


class _Handler(FileSystemEventHandler):
    def __init__(self, folder: Folder, hint: HintSender) -> None:
        self._folder = folder
        self._hint = hint

    def on_any_event(self, event: FileSystemEvent) -> None:
        source, target = _path(event.src_path), _path(event.dest_path)
        if self._folder.only is not None:
            if self._folder.only in {source.name, target.name}:
                self._hint.stir()
        elif event.is_directory:
            self._hint.stir()
        elif self._folder.arrivals_only and (target if event.dest_path else source).name.startswith("."):
            return
        elif isinstance(event, FileMovedEvent):
            self._hint.touch(source, target, placed=target)
        else:
            self._hint.touch(source)


def _path(path: bytes | str) -> Path:
    return Path(os.fsdecode(path))


def _end_observer(observer: BaseObserver) -> None:
    observer.unschedule_all()
    if observer.is_alive():
        observer.stop()
        observer.join(timeout=5.0)
