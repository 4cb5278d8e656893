"""Postfix's `smtp-sink` on a loopback port, and when the messages came to it."""

import os
import re
import shutil
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path
from types import TracebackType
from typing import Self

_COUNTERS = re.compile(rb"mesg=(\d+)")


def free_port() -> int:
    """A loopback port that nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Sink:
    """Takes every message and forgets it; `moments` has the time of each, by the clock of `time.monotonic`."""

    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        self.moments: list[float] = []
        self._folder = folder

    def __enter__(self) -> Self:
        program = shutil.which("smtp-sink") or shutil.which("smtp-sink", path="/usr/sbin:/sbin")
        if program is None:
            sys.exit("smtp-sink is not installed (Debian: postfix)")
        reading, writing = os.pipe()
        argv = [program, "-c", "-u", "nobody", f"127.0.0.1:{self.port}", "400"]
        self._process = subprocess.Popen(argv, cwd=self._folder, stdout=writing)
        os.close(writing)
        self._reader = threading.Thread(target=self._read, args=(reading,), daemon=True)
        self._reader.start()
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return self
            time.sleep(0.05)
        self._process.kill()
        sys.exit("smtp-sink did not begin to listen")

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._process.terminate()
        self._process.wait(10)
        self._reader.join(10)

    def wait_for(self, count: int, *, seconds: float = 300) -> None:
        """Until so many messages came."""
        deadline = time.monotonic() + seconds
        while len(self.moments) < count:
            if time.monotonic() > deadline:
                sys.exit(f"only {len(self.moments)} of {count} messages came within {seconds:.0f} s")
            time.sleep(0.01)

    def rate(self, *, skip: int) -> float:
        """Messages a second from the first one that is not skipped to the last."""
        moments = self.moments[skip:]
        return (len(moments) - 1) / (moments[-1] - moments[0])

    def _read(self, descriptor: int) -> None:
        """The counters are written anew at every message, a carriage return between."""
        rest = b""
        while data := os.read(descriptor, 65536):
            now = time.monotonic()
            rest += data
            counts = [int(found) for found in _COUNTERS.findall(rest)]
            if counts:
                self.moments += [now] * (counts[-1] - len(self.moments))
            rest = rest[-64:]
        os.close(descriptor)
