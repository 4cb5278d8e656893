"""Reads a configuration folder into a snapshot: the truth that events only hint at.

Shell code; blocks for as long as the disk takes (a thousand unchanged files: a few milliseconds), so callers on an
event loop use a thread. Hostile or merely unlucky: a file that is written while it is read (read again), one that
cannot be read (a value, not an exception), a folder that is not there for a moment (an exception: it says nothing
about the files, which stay as they were).
"""

import os
from collections.abc import Collection
from datetime import datetime
from pathlib import Path
from typing import Final

from maild.config.folder import (
    ACCOUNTS_FOLDER,
    FileKind,
    Listing,
    SourceError,
    SourceFile,
    is_file_name,
    list_folder,
    read_source,
)
from maild.config.place import could_be_folder
from maild.config.sight import is_folder, is_link, is_there, real_path
from maild.errors import TemporaryError
from maild.register import Register
from maild.watch.snapshot import ReadFile, Scan, SeenFile, Snapshot, Stamp, UnreadableFile

MOST_LINKS: Final = 100
"""With more of them than this a look at everything is no dearer."""

READ_TRIES: Final = 5
"""How often a file that changes under the reader is read again before it is called unreadable for now."""

SETTLED_AFTER_NS: Final = 2_000_000_000
"""FAT has the coarsest times of all: two seconds."""


class FolderUnreadableError(TemporaryError):
    """The folder itself could not be listed, so nothing is known about its files."""


class FolderMissingError(FolderUnreadableError):
    """It is not there at all, or is no folder."""


def scan_folder(root: Path, previous: Snapshot, *, now: datetime) -> Scan:
    """Every configuration file below `root`, read once; those whose stamp is as before are not read again.

    Raises:
        FolderMissingError: the folder is not there.
        FolderUnreadableError: it, or that of its accounts, cannot be listed.
    """
    try:
        if not could_be_folder(root):
            what = "is a file and no folder" if is_there(root) else "is not there"
            raise FolderMissingError(f"the configuration folder {root} {what}")
        listings = list_folder(root)
    except OSError as error:
        folder = error.filename or root
        raise FolderUnreadableError(f"the configuration folder {folder} cannot be read: {error.strerror}") from None
    now_ns = _nanoseconds(now)
    found: dict[str, SeenFile] = {}
    for listing in listings:
        _look_through(listing, previous, now_ns, found)
    links = frozenset(str(listing.folder / name) for listing in listings for name in listing.links)
    return Scan(found=found, links=links)


def scan_again(root: Path, previous: Snapshot, touched: Collection[Path] | None, *, now: datetime) -> Scan:
    """The touched files alone where that is enough and known, else all.

    Raises:
        FolderUnreadableError: as `scan_folder` has it.
    """
    scan = None if touched is None else scan_files(root, previous, touched, now=now)
    return scan_folder(root, previous, now=now) if scan is None else scan


def scan_files(root: Path, previous: Snapshot, touched: Collection[Path], *, now: datetime) -> Scan | None:
    """Only the files that are known to have been touched, by their real paths; None when that would not be enough.

    It is enough where each of them is an account's own file, no link and no folder, or nothing that counts. A touched
    link leads elsewhere, a folder holds more, and maild.yaml coming or going changes what the other files mean. Any of
    them may be what one of the known links leads to, so these are looked at as well, unless they are many.
    """
    if len(previous.links) > MOST_LINKS:
        return None
    accounts = root / ACCOUNTS_FOLDER
    place = real_path(accounts)
    listing = Listing(folder=accounts, kind=FileKind.ACCOUNT, names=())
    sources: dict[str, SourceFile] = {}
    for path in touched:
        if is_link(path) or is_folder(path):
            return None
        if is_file_name(path.name):
            if path.parent != place:
                return None
            source = listing.source(path.name)
            sources[source.file] = source
    sources |= {name: known.source for name in previous.links if (known := previous.files.get(name)) is not None}
    now_ns = _nanoseconds(now)
    seen = {name: _look_at(source, previous.files.get(name), now_ns) for name, source in sources.items()}
    found = {name: file for name, file in seen.items() if file is not None}
    return Scan(found=found, absent=frozenset(seen.keys() - found.keys()))


def _look_through(listing: Listing, previous: Snapshot, now_ns: int, found: dict[str, SeenFile]) -> None:
    # The way of every file of every rescan: no value is made for a file that is as before, and few calls.
    prefix, kind = str(listing.folder / "_")[:-1], listing.kind
    known = Register.of(previous.files).plain()
    stat = os.stat  # a path costs as much again
    for name in listing.names:
        file = prefix + name
        before = known.get(file)
        if isinstance(before, ReadFile) and before.is_settled and before.source.kind is kind:
            try:
                now = stat(file)
            except OSError:
                pass
            else:
                if _is_stamp_of(before.stamp, now):
                    found[file] = before
                    continue
        seen = _look_at(listing.source(name), before, now_ns)
        if seen is not None:
            found[file] = seen


def _look_at(source: SourceFile, before: SeenFile | None, now_ns: int) -> SeenFile | None:
    try:
        stamp = _stamp_of(source.path)
        if isinstance(before, ReadFile) and before.is_settled and before.stamp == stamp and before.source == source:
            return before
        return _read(source, stamp, now_ns)
    except FileNotFoundError:
        # Listed and gone before it was read. A dangling link is listed by every scan and is a problem of its own.
        if is_link(source.path):
            return UnreadableFile(source=source, problem="it is a symbolic link to nothing")
        return None
    except OSError as error:
        return UnreadableFile(source=source, problem=(error.strerror or str(error)).lower())
    except SourceError:
        return UnreadableFile(source=source, problem="it is no regular file")


def _read(source: SourceFile, stamp: Stamp, now_ns: int) -> SeenFile:
    for _ in range(READ_TRIES):
        data = read_source(source.path)
        after = _stamp_of(source.path)
        if after == stamp:
            is_settled = now_ns - max(stamp.ctime_ns, stamp.mtime_ns) > SETTLED_AFTER_NS
            return ReadFile.of(source, stamp, data, is_settled=is_settled)
        stamp = after
    return UnreadableFile(source=source, problem="it is being written all the time")


def _is_stamp_of(stamp: Stamp, found: os.stat_result) -> bool:
    return (
        found.st_mtime_ns == stamp.mtime_ns
        and found.st_ctime_ns == stamp.ctime_ns
        and found.st_ino == stamp.inode
        and found.st_size == stamp.size_bytes
        and found.st_dev == stamp.device
    )


def _stamp_of(path: Path) -> Stamp:
    found = path.stat()
    return Stamp(
        device=found.st_dev,
        inode=found.st_ino,
        size_bytes=found.st_size,
        mtime_ns=found.st_mtime_ns,
        ctime_ns=found.st_ctime_ns,
    )


def _nanoseconds(now: datetime) -> int:
    return int(now.timestamp() * 1e9)
