"""The files that are open in an editor, each judged among all files of its folder, saved or not. Shell code.

What `maild check FOLDER` says when everything is saved, the desk says before: an open file goes before the one on disk,
and a new one is taken as if it were there already. Files that did not change are read and parsed once. What cannot be
read is left out: `maild check` says so, and an editor has no place for it.
"""

import contextlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final, TypeAlias

from maild.cli.batches import account_names, duplicates_among, lint_among, load_source, site_folder
from maild.cli.lsp.buffer import Buffer
from maild.cli.lsp.room import Judgement, Room
from maild.clock import Clock
from maild.config.folder import (
    ACCOUNTS_FOLDER,
    SITE_NAMES,
    FileKind,
    SourceError,
    SourceFile,
    find_files,
    is_file_name,
    read_source,
)
from maild.rules.census import Census
from maild.rules.engine import Loaded
from maild.rules.subject import SecretChecker

_Stamp: TypeAlias = tuple[int, ...] | Buffer
"""What tells whether a file is still the one that was parsed."""


class Desk:
    """Holds the open files."""

    def __init__(self, *, clock: Clock, secrets: SecretChecker | None) -> None:
        self._clock: Final = clock
        self._secrets: Final = secrets
        self._open: Final[dict[str, Buffer]] = {}
        self._parsed: Final[dict[str, tuple[_Stamp, Loaded]]] = {}

    def put(self, buffer: Buffer) -> None:
        """A file was opened or edited."""
        self._open[buffer.uri] = buffer

    def take_away(self, uri: str) -> None:
        """A file was closed; what is on disk counts again."""
        self._open.pop(uri, None)
        if not self._open:
            self._parsed.clear()

    def buffers(self) -> tuple[Buffer, ...]:
        """The open files of ours, in the order in which they were opened."""
        return tuple(buffer for buffer in self._open.values() if buffer.kind is not None)

    def buffer(self, uri: str) -> Buffer | None:
        """An open file of ours; None where the editor has none by this name, or one that is not for maild."""
        found = self._open.get(uri)
        return None if found is None or found.kind is None else found

    def buffer_of(self, file: str) -> Buffer | None:
        """The open file of ours that diagnostics call like this."""
        return next((buffer for buffer in self.buffers() if buffer.file == file), None)

    def judge(self, buffer: Buffer) -> Judgement:
        """What `maild check` finds in an open file of ours."""
        return Judgement.of(buffer, self.room_of(buffer))

    def judge_all(self) -> Iterator[Judgement]:
        """What it finds in each of them; a folder is looked at once for all of its files."""
        rooms: dict[str, Room] = {}
        for buffer in self.buffers():
            if buffer.file not in rooms:
                room = self.room_of(buffer)
                rooms |= dict.fromkeys(room.files, room)
            yield Judgement.of(buffer, rooms[buffer.file])

    def room_of(self, buffer: Buffer) -> Room:
        """The files that an open file of ours is judged with."""
        folder = None if buffer.path is None else site_folder(Path(buffer.path))
        together = {} if folder is None else self._sources(folder)
        sources = [together[file] for file in sorted(together)]
        accounts: tuple[str, ...] | None
        if buffer.file in together:
            files, accounts = self._load_all(sources), account_names(sources)
        else:
            # It lies beside a configuration, or nowhere yet, and is judged as `maild check FILE` does it.
            own = _source(buffer)
            files = self._load_all([own])
            accounts = account_names(sources) if own.kind is FileKind.SITE else None
        sites = (source for source in sources if source.kind is FileKind.SITE)
        return Room(
            files=files,
            census=Census.of(files.values(), accounts),
            lint=lint_among(self._load_all(sites).values()),
            duplicates=tuple(duplicates_among(sources)),
            now=self._clock.now(),
            secrets=self._secrets,
        )

    def _sources(self, folder: Path) -> dict[str, SourceFile]:
        """The files of a configuration by name, those that are only open in the editor among them."""
        try:
            found = {source.file: source for source in find_files(folder)}
        except OSError:
            found = {}
        is_flat = bool(found) and all(
            source.kind is FileKind.ACCOUNT and source.path.parent == folder for source in found.values()
        )
        for buffer in self.buffers():
            path = None if buffer.path is None else Path(buffer.path)
            if path is not None and site_folder(path) == folder and is_file_name(path.name):
                is_in_place = path.parent.name == ACCOUNTS_FOLDER or is_flat
                if path.name in SITE_NAMES or (is_in_place and buffer.kind is FileKind.ACCOUNT):
                    found[buffer.file] = _source(buffer)
        return found

    def _load_all(self, sources: Iterable[SourceFile]) -> dict[str, Loaded]:
        loaded: dict[str, Loaded] = {}
        for source in sources:
            with contextlib.suppress(OSError, SourceError):
                loaded[source.file] = self._load(source)
        return loaded

    def _load(self, source: SourceFile) -> Loaded:
        buffer = self.buffer_of(source.file)
        stamp = _disk_stamp(source.path) if buffer is None else buffer
        known = self._parsed.get(source.file)
        if known is not None and known[0] == stamp:
            return known[1]
        data = read_source(source.path) if buffer is None else buffer.text.encode()
        loaded = load_source(source, data)
        self._parsed[source.file] = stamp, loaded
        return loaded


def _disk_stamp(path: Path) -> tuple[int, ...]:
    stat = path.stat()
    return stat.st_dev, stat.st_ino, stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns


def _source(buffer: Buffer) -> SourceFile:
    assert buffer.kind is not None
    return SourceFile(path=Path(buffer.file), file=buffer.file, kind=buffer.kind)
