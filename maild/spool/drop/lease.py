"""Asks the kernel whether anybody has a file open for writing (fcntl(2), "Leases"). Shell code.

The answer costs three system calls. A lease lives for a moment only; should somebody open the file in that moment, the
kernel tells its holder by a signal, and SIGIO, its default, ends a process that does not expect it: hence SIGURG, which
is ignored by default.
"""

import errno
import fcntl
import signal
from typing import Final

_CANNOT_SAY: Final = frozenset({errno.EACCES, errno.EPERM, errno.EINVAL, errno.ENOLCK, errno.EOPNOTSUPP, errno.ENOSYS})


def is_closed_by_writers(descriptor: int) -> bool | None:
    """Whether nobody has the file open for writing; None where the system cannot or may not tell.

    Args:
        descriptor: of a regular file, opened for reading only.

    Raises:
        OSError: something else went wrong.
    """
    try:
        fcntl.fcntl(descriptor, fcntl.F_SETSIG, signal.SIGURG)
        fcntl.fcntl(descriptor, fcntl.F_SETLEASE, fcntl.F_RDLCK)
    except AttributeError:
        # Only Linux has leases.
        return None
    except OSError as error:
        if error.errno == errno.EAGAIN:
            return False
        if error.errno in _CANNOT_SAY:
            return None
        raise
    fcntl.fcntl(descriptor, fcntl.F_SETLEASE, fcntl.F_UNLCK)
    return True
