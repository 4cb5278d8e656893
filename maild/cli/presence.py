"""Whether a daemon has the spool: what is queued while none has it waits, and the caller should know.

Looks without getting in the way: the lock is only tried when the process that last had it is still alive, so that
a daemon that is just starting never finds the lock taken by a command that only wanted to look.
"""

import fcntl
import os

from maild.spool.layout import Layout


def has_daemon(layout: Layout) -> bool | None:
    """Whether a daemon has the spool now; None when that cannot be told, as when the lock is another user's."""
    try:
        descriptor = os.open(layout.lock, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW)
    except FileNotFoundError:
        return False
    except OSError:
        return None
    try:
        return _is_alive(os.read(descriptor, 20).strip()) and _is_locked(descriptor)
    finally:
        os.close(descriptor)


def _is_alive(pid: bytes) -> bool:
    if not pid.isdigit():
        return False
    try:
        os.kill(int(pid), 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:
        return True
    return True


def _is_locked(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    return False
