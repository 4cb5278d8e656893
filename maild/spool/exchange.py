"""Puts small files in place of older ones as a whole, without making and deleting one each time.

The new content is written into a spare file, and the two names are exchanged in one step (renameat2(2) with
RENAME_EXCHANGE): whoever opens the name sees the old file or the new one. The old one is the next spare. That is ten
to thirty times quicker than a new file that is renamed over the old one: ext4 writes such a file out at once, and
after a few thousand deletions it searches long for an inode that was not deleted just now.

A spare that somebody still reads is left to him: a lease says so (fcntl(2)). Where the system has no such call, or no
leases, it is a new file and a rename. Nothing is fsynced: after a power cut a name may hold what its file held before,
which can be the content of another name. Whoever uses this must be able to tell.
"""

import ctypes
import errno
import fcntl
import os
import signal
import stat
from contextlib import suppress
from typing import Final

from maild.spool.durable import write_whole

_AT_FDCWD: Final = ctypes.c_int(-100)
_RENAME_EXCHANGE: Final = ctypes.c_uint(2)
_NOT_POSSIBLE: Final = frozenset({errno.EINVAL, errno.ENOSYS, errno.EOPNOTSUPP, errno.EPERM})
_SPARE: Final = ".spare.tmp"
_FLAGS: Final = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW


class Exchanger:
    """Replaces files; for one thread at a time, the only one that writes in these folders."""

    def __init__(self, mode: int) -> None:
        self._mode: Final = mode
        # The folder whose spare was given away last: the next one there is new, and nobody can have it open.
        self._bare: str | None = None
        self._call = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)

    def replace(self, folder: str, name: str, data: bytes) -> None:
        """Put a file in place.

        Raises:
            OSError: it cannot be written; the older one is still there then.
        """
        spare, target = f"{folder}/{_SPARE}", f"{folder}/{name}"
        is_new, self._bare = folder == self._bare, None
        self._fill(spare, data, is_new=is_new)
        if not self._exchange(spare, target):
            os.replace(spare, target)
            self._bare = folder

    def _fill(self, spare: str, data: bytes, *, is_new: bool) -> None:
        descriptor, size_bytes = (self._new_spare(spare), 0) if is_new else self._open_spare(spare)
        try:
            # What is longer than the new content must go before anybody can read it.
            if size_bytes > len(data):
                os.ftruncate(descriptor, len(data))
            write_whole(descriptor, data)
        except BaseException:
            with suppress(OSError):
                os.unlink(spare)
            raise
        finally:
            os.close(descriptor)

    def _open_spare(self, spare: str) -> tuple[int, int]:
        """The spare, and how many bytes it has; one that somebody else has open is left to him."""
        descriptor = os.open(spare, _FLAGS, self._mode)
        size_bytes = os.fstat(descriptor).st_size
        # An empty one was just made.
        if not size_bytes or _is_ours_alone(descriptor):
            return descriptor, size_bytes
        os.close(descriptor)
        return self._new_spare(spare), 0

    def _new_spare(self, spare: str) -> int:
        try:
            return os.open(spare, _FLAGS | os.O_EXCL, self._mode)
        except FileExistsError:
            os.unlink(spare)
        return os.open(spare, _FLAGS | os.O_EXCL, self._mode)

    def _exchange(self, spare: str, target: str) -> bool:
        """Whether the names were exchanged; not where there is no older file, or something that is none."""
        if self._call is None or not _is_file(target):
            return False
        if self._call(_AT_FDCWD, os.fsencode(spare), _AT_FDCWD, os.fsencode(target), _RENAME_EXCHANGE) == 0:
            return True
        number = ctypes.get_errno()
        if number in _NOT_POSSIBLE:
            self._call = None
        elif number != errno.ENOENT:
            raise OSError(number, os.strerror(number), target)
        return False


def _is_file(path: str) -> bool:
    try:
        return stat.S_ISREG(os.lstat(path).st_mode)
    except FileNotFoundError:
        return False


def _is_ours_alone(descriptor: int) -> bool:
    """Whether nobody else has the file open. Who wants to opens it when it is closed: until then the lease is kept."""
    try:
        # As in `drop.lease`: the signal that would tell of somebody who opens it in this moment must not kill us.
        fcntl.fcntl(descriptor, fcntl.F_SETSIG, signal.SIGURG)
        fcntl.fcntl(descriptor, fcntl.F_SETLEASE, fcntl.F_WRLCK)
    except (AttributeError, OSError):
        return False
    return True
