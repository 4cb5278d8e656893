"""Tells the service manager how the daemon is doing: sd_notify(3), over the datagram socket that $NOTIFY_SOCKET names.

Shell code, a socket and nothing else. Without a service manager every call does nothing. A message that cannot be
delivered is dropped: the service manager's trouble must not become the mail's. The protocol: lines of `NAME=value`.
"""

import socket
import time
from collections.abc import Mapping
from typing import Final

MAX_STATUS_CHARS: Final = 200
"""What `systemctl status` shows in one line."""


class Notifier:
    """Sends states to the service manager, if there is one."""

    def __init__(self, address: str | None, *, watchdog_s: float | None = None) -> None:
        """Args: the socket's path, `@` first for an abstract one; how often WATCHDOG=1 is expected at least."""
        self._address = _socket_name(address)
        self.watchdog_s: Final = watchdog_s
        """The service manager ends the daemon when it hears no WATCHDOG for so long; None: it does not listen."""

    @classmethod
    def of(cls, environ: Mapping[str, str], *, pid: int) -> "Notifier":
        """As the environment says ($NOTIFY_SOCKET, $WATCHDOG_USEC, $WATCHDOG_PID; sd_watchdog_enabled(3))."""
        is_ours = environ.get("WATCHDOG_PID", str(pid)) == str(pid)
        microseconds = environ.get("WATCHDOG_USEC", "")
        watchdog_s = (
            int(microseconds) / 1e6 if is_ours and microseconds.isascii() and microseconds.isdecimal() else None
        )
        return cls(environ.get("NOTIFY_SOCKET"), watchdog_s=watchdog_s or None)

    def ready(self, status: str) -> None:
        """Started, or done with reloading."""
        self._send(f"READY=1\nSTATUS={_one_line(status)}")

    def reloading(self) -> None:
        """A reload begins; `ready()` ends it. The time lets the manager tell this reload from an older one."""
        microseconds = time.clock_gettime_ns(time.CLOCK_MONOTONIC) // 1000
        self._send(f"RELOADING=1\nMONOTONIC_USEC={microseconds}")

    def stopping(self, status: str) -> None:
        """On the way out."""
        self._send(f"STOPPING=1\nSTATUS={_one_line(status)}")

    def status(self, status: str) -> None:
        """One line for `systemctl status`."""
        self._send(f"STATUS={_one_line(status)}")

    def watchdog(self) -> None:
        """Still alive."""
        self._send("WATCHDOG=1")

    def _send(self, message: str) -> None:
        if self._address is None:
            return
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as sender:
                sender.settimeout(0)
                sender.sendto(message.encode(), self._address)
        except OSError:
            return


def _socket_name(address: str | None) -> str | None:
    if not address:
        return None
    if address.startswith("@"):
        # An abstract socket: the kernel's name begins with a zero byte (unix(7)).
        return f"\0{address[1:]}"
    return address if address.startswith("/") else None


def _one_line(text: str) -> str:
    return "".join(char if char.isprintable() else " " for char in text)[:MAX_STATUS_CHARS]
