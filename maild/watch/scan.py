"""Reads a configuration folder into a snapshot: the truth that events only hint at.

Shell code; blocks for as long as the disk takes (a thousand unchanged files: a few milliseconds), so callers on an
event loop use a thread. Hostile or merely unlucky: a file that is written while it is read (read again), one that
cannot be read (a value, not an exception), a folder that is not there for a moment (an exception: it says nothing
about the files, which stay as they were).
"""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Final

from maild.config.folder import SourceError, SourceFile, find_files, read_source
from maild.errors import TemporaryError
from maild.watch.snapshot import ReadFile, SeenFile, Snapshot, Stamp, UnreadableFile

READ_TRIES: Final = 5
"""How often a file that changes under the reader is read again before it is called unreadable for now."""

SETTLED_AFTER_NS: Final = 2_000_000_000
"""FAT has the coarsest times of all: two seconds."""


class FolderUnreadableError(TemporaryError):
    """The folder itself could not be listed, so nothing is known about its files."""


def scan_folder(root: Path, previous: Snapshot, *, now: datetime) -> Mapping[str, SeenFile]:
    """Every configuration file below `root`, read once; those whose stamp is as before are not read again.

    Raises:
        FolderUnreadableError: the folder is not there or cannot be listed.
    """
    try:
        if not root.is_dir():
            raise FolderUnreadableError(f"the configuration folder {root} is not there")
        sources = find_files(root)
    except OSError as error:
        raise FolderUnreadableError(f"the configuration folder {root} cannot be read: {error.strerror}") from None
    now_ns = int(now.timestamp() * 1e9)
    seen = (_look_at(source, previous.files.get(source.file), now_ns) for source in sources)
    return {file.source.file: file for file in seen if file is not None}


def is_git_busy(root: Path) -> bool:
    """Whether git is changing the work tree that the folder belongs to."""
    folder = root.absolute()
    return any((parent / ".git" / "index.lock").exists() for parent in (folder, *folder.parents))


def _look_at(source: SourceFile, before: SeenFile | None, now_ns: int) -> SeenFile | None:
    try:
        stamp = _stamp_of(source.path)
        if isinstance(before, ReadFile) and before.is_settled and before.stamp == stamp and before.source == source:
            return before
        return _read(source, stamp, now_ns)
    except FileNotFoundError:
        # Listed and gone before it was read. A dangling link is listed by every scan and is a problem of its own.
        if source.path.is_symlink():
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


def _stamp_of(path: Path) -> Stamp:
    found = path.stat()
    return Stamp(
        device=found.st_dev,
        inode=found.st_ino,
        size_bytes=found.st_size,
        mtime_ns=found.st_mtime_ns,
        ctime_ns=found.st_ctime_ns,
    )
