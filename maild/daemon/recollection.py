"""Finds and keeps up the versions of files that a restart falls back on.

Shell code. They lie in the spool's state, and at the start that is looked for at all places where it may be. Trouble is
told once and changes nothing else.
"""

import asyncio
from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import suppress
from pathlib import Path, PurePath
from typing import Final

from maild.config.folder import SITE_NAMES, FileKind, SourceFile
from maild.config.load import load_site
from maild.config.place import spool_root
from maild.config.sight import real_path
from maild.daemon.earlier import Earlier, Kept, earlier_versions, to_keep
from maild.daemon.generation import Accepted, FileState, Generation
from maild.daemon.lastgood import LastGoodDamagedError, LastGoodError, LastGoodStore, last_good_file
from maild.daemon.options import RunOptions
from maild.daemon.pacing import in_slices
from maild.daemon.signpost import Signpost
from maild.daemon.whereabouts import likely_spools
from maild.observe.events import Event, LastGoodUnkept
from maild.watch.snapshot import ReadFile, Snapshot, UnreadableFile


class Recollection:
    """See above; one for the run."""

    def __init__(self, options: RunOptions, emit: Callable[[Event], None]) -> None:
        self._options: Final = options
        self._emit: Final = emit
        usual = spool_root(None, options.config, options.environ, options.home)
        self._signpost: Final = Signpost(usual, options.config)
        self._store: LastGoodStore | None = None
        self._states: Mapping[str, FileState] = {}
        self._number = 0
        self._written: dict[str, str] = {}
        self._told = ""

    def recall(self, snapshot: Snapshot) -> Mapping[str, Earlier]:
        """What an earlier run accepted of these files. Blocking."""
        for root in self._places(snapshot):
            store = LastGoodStore(last_good_file(root), self._options.config)
            try:
                kept = store.read()
            except LastGoodError as error:
                self._complain(error)
                continue
            if kept:
                self._written = {name: one.digest for name, one in kept.items()}
                self._store = store
                return earlier_versions({str(self._options.config / name): one for name, one in kept.items()}, snapshot)
        return {}

    def remember(self) -> Snapshot:
        """The files that an earlier run accepted, when nobody may look at them now. Blocking."""
        for root in self._places(Snapshot()):
            with suppress(LastGoodError):
                names = LastGoodStore(last_good_file(root), self._options.config).read()
                if names:
                    files = (self._unseen(name) for name in sorted(names))
                    return Snapshot(files={file.source.file: file for file in files})
        return Snapshot()

    def keep_in(self, spool: Path) -> None:
        """Write to the state of this spool folder from now on, which is ours alone. Blocking."""
        store = LastGoodStore(last_good_file(spool), self._options.config)
        if self._store is None or real_path(self._store.path) != real_path(store.path):
            self._written = {}
            try:
                self._written = {name: one.digest for name, one in store.read().items()}
            except LastGoodError as error:
                self._complain(error)
        self._store = store
        self._signpost.point_to(spool)

    async def keep(self, generation: Generation) -> None:
        """Bring what is kept up to date. Trouble is an event."""
        if self._store is None:
            return
        try:
            try:
                await self._write(self._store, generation)
            except LastGoodDamagedError as error:
                await self._begin_anew(self._store, error)
                await self._write(self._store, generation)
        except LastGoodError as error:
            self._complain(error)
        else:
            self._told = ""

    async def _begin_anew(self, store: LastGoodStore, error: LastGoodDamagedError) -> None:
        aside = await asyncio.to_thread(store.set_aside)
        self._states, self._written = {}, {}
        detail = f"{error}. It is {aside.name} now, and a new one was begun with what is in force"
        self._emit(LastGoodUnkept(detail=detail))

    async def _write(self, store: LastGoodStore, generation: Generation) -> None:
        kept, gone = await in_slices(self._difference(generation))
        if kept or gone:
            await asyncio.to_thread(store.write, kept, gone)
        self._states, self._number = generation.files, generation.number
        self._written |= {name: one.digest for name, one in kept.items()}
        for name in gone:
            del self._written[name]

    def _difference(self, generation: Generation) -> Generator[None, None, tuple[dict[str, Kept], set[str]]]:
        """What to write and what to drop; a version that must not be written takes the older one with it. Pauses after
        each file.
        """
        kept: dict[str, Kept] = {}
        follows = bool(self._states) and generation.number == self._number + 1
        touched = generation.touched if follows else generation.files.keys() | self._states.keys()
        gone = {self._name(file) for file in touched if file not in generation.files}
        if not self._states:
            gone |= self._written.keys() - {self._name(file) for file in generation.files}
        for file in (file for file in touched if file in generation.files):
            state = generation.files[file]
            if self._states.get(file) is state or not isinstance(state, Accepted):
                continue
            one = to_keep(generation, file)
            if one is None:
                gone.add(self._name(file))
            elif self._written.get(self._name(file)) != one.digest:
                kept[self._name(file)] = one
            yield
        return kept, gone & self._written.keys()

    def _unseen(self, name: str) -> UnreadableFile:
        path = self._options.config / name
        kind = FileKind.SITE if name in SITE_NAMES else FileKind.ACCOUNT
        source = SourceFile(path=path, file=str(path), kind=kind)
        return UnreadableFile(source=source, problem="the configuration folder cannot be read")

    def _name(self, file: str) -> str:
        return PurePath(file).relative_to(self._options.config).as_posix()

    def _complain(self, error: LastGoodError) -> None:
        if self._told != str(error):
            self._told = str(error)
            self._emit(LastGoodUnkept(detail=str(error)))

    def _places(self, snapshot: Snapshot) -> Iterator[Path]:
        """The spool folders that maild.yaml may mean, the likeliest first."""
        options = self._options
        sites = (
            load_site(name, seen.data)
            for name, seen in snapshot.files.items()
            if isinstance(seen, ReadFile) and seen.source.kind is FileKind.SITE
        )
        return likely_spools(sites, options.config, options.environ, options.home, last=self._signpost.read())
