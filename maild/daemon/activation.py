"""Sockets that the service manager opened before the daemon started: sd_listen_fds(3).

With them a port below 1024 needs no privilege of the daemon's, and a scrape that comes while it restarts waits instead
of being refused. Shell code: takes descriptors and looks at nothing else. Descriptors that are for another process, or
are no listening stream sockets, are not taken; which of them to use is for the caller to say.
"""

import socket
from collections.abc import Mapping
from typing import Final

FIRST_DESCRIPTOR: Final = 3
"""SD_LISTEN_FDS_START."""

_MAX_SOCKETS: Final = 64
"""More than anybody listens on; a number in the environment is not to be believed without an end."""


def inherited_sockets(
    environ: Mapping[str, str], *, pid: int, first: int = FIRST_DESCRIPTOR
) -> tuple[socket.socket, ...]:
    """The listening sockets that $LISTEN_FDS and $LISTEN_PID hand to this process, in the order of the unit's lines."""
    number = environ.get("LISTEN_FDS", "")
    if environ.get("LISTEN_PID") != str(pid) or not (number.isascii() and number.isdecimal()):
        return ()
    descriptors = range(first, first + min(int(number), _MAX_SOCKETS))
    return tuple(found for descriptor in descriptors if (found := _listening(descriptor)) is not None)


def _listening(descriptor: int) -> socket.socket | None:
    try:
        found = socket.socket(fileno=descriptor)
    except OSError:
        return None
    try:
        listens = found.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN)
    except OSError:
        listens = 0
    if not listens or found.type != socket.SOCK_STREAM:
        # Somebody else's: left as it is.
        found.detach()
        return None
    # Not for the programs that `password: {command: ..}` names.
    found.set_inheritable(False)
    found.settimeout(0)
    return found
