"""Files of secrets and about secrets: for their owner alone, replaced as a whole, on disk when the call returns.

What root writes into somebody's folder is theirs: after `sudo maild account login` the daemon must still read it.
"""

import contextlib
import fcntl
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path


def write_private(path: Path, data: bytes) -> None:
    """Write the file (mode 0600) in place of what was there.

    Raises:
        OSError: it cannot be written; the old one is still there.
    """
    descriptor, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)  # mode 0600
    try:
        with os.fdopen(descriptor, "wb") as file:
            give_to_owner(descriptor, path.parent)
            file.write(data)
            file.flush()
            os.fsync(descriptor)
        Path(name).replace(path)
        _sync_folder(path.parent)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def make_private_folder(folder: Path) -> None:
    """Make the folder (0700) and those above it, where they are missing."""
    if not folder.is_dir():
        make_private_folder(folder.parent)
        folder.mkdir(mode=0o700, exist_ok=True)
        give_to_owner(folder, folder.parent)


@contextlib.contextmanager
def alone_with(path: Path) -> Iterator[None]:
    """Nobody else who asks so has the file meanwhile. The lock is a file of its own, for the other one is replaced."""
    descriptor = lock_beside(path)
    try:
        yield
    finally:
        os.close(descriptor)


def lock_beside(path: Path) -> int:
    """Wait until nobody else has the file; whoever closes the descriptor lets the next one in."""
    make_private_folder(path.parent)
    descriptor = os.open(path.with_name(f".{path.name}.lock"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        give_to_owner(descriptor, path.parent)
        fcntl.flock(descriptor, fcntl.LOCK_EX)
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor


def give_to_owner(made: int | Path, folder: Path) -> None:
    """What root has made in that folder belongs to whom the folder belongs to."""
    if os.geteuid() == 0:
        owner = folder.stat()
        os.chown(made, owner.st_uid, owner.st_gid)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
