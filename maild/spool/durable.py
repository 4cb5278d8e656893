"""Files that are whole or not there at all, whatever happens: written under a hidden name, fsynced, renamed.

The name itself is durable only after `sync_folder`; callers do it once for many files. What can go wrong is `OSError`,
and then nothing of the new file is left. After a failed fsync the data counts as lost: nothing is fsynced twice in the
hope that it helps, because the kernel may have thrown the pages away and report success the second time.
"""

import os
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path


def write_whole(descriptor: int, data: bytes) -> None:
    """Write all of it; a short write is followed by the rest, or by the error that cut it short.

    Raises:
        OSError: it cannot be written.
    """
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]


def write_synced(path: str, chunks: Iterable[bytes], *, mode: int) -> int:
    """Make a new file of exactly this mode and fsync it; returns its size in bytes.

    Raises:
        OSError: it exists, or cannot be written or synced; nothing is left of it then. What `chunks` raises goes
            through, with the same clean-up.
    """
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC | os.O_NOFOLLOW
    descriptor = os.open(path, flags, 0o600)
    try:
        size_bytes = 0
        for chunk in chunks:
            write_whole(descriptor, chunk)
            size_bytes += len(chunk)
        os.fchmod(descriptor, mode)
        os.fsync(descriptor)
    except BaseException:
        os.close(descriptor)
        with suppress(OSError):
            os.unlink(path)
        raise
    os.close(descriptor)
    return size_bytes


def replace_synced(folder: Path, name: str, chunks: Iterable[bytes], *, mode: int) -> int:
    """Put a file in place as a whole, over an older one of the name; returns its size in bytes.

    Raises:
        OSError: it cannot be written; the older one is still there then.
    """
    temporary = f"{folder}/.{name}.tmp"
    # Left behind by a crash. Nobody else writes this name: the spool has one owner.
    with suppress(FileNotFoundError):
        os.unlink(temporary)
    size_bytes = write_synced(temporary, chunks, mode=mode)
    os.rename(temporary, f"{folder}/{name}")
    return size_bytes


def sync_folder(folder: Path) -> None:
    """Make the names in a folder durable: a file's own fsync does not cover its name.

    Raises:
        OSError: it cannot be opened or synced.
    """
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
