"""What a round trip over a proxy really takes while something is measured: on a busy machine more than was asked."""

import socket
import threading
import time
from statistics import median
from types import TracebackType
from typing import Self


class Pinger:
    """Says NOOP again and again on a connection of its own; `trip_s` is the median time to the answer."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._is_over = threading.Event()
        self._trips: list[float] = []
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._is_over.set()
        self._thread.join(10)

    @property
    def trip_s(self) -> float:
        """Seconds."""
        return median(self._trips)

    def _run(self) -> None:
        with socket.create_connection(("127.0.0.1", self._port), timeout=10) as line, line.makefile("rb") as answers:
            line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            answers.readline()
            while not self._is_over.is_set():
                asked_at = time.monotonic()
                line.sendall(b"NOOP\r\n")
                answers.readline()
                self._trips.append(time.monotonic() - asked_at)
