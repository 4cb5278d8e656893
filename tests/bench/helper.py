"""The benchmark's own servers as processes: `receiver` and `proxy`, which say their port and end with their input."""

import subprocess
import sys
import threading
import time
from types import TracebackType
from typing import Self


class Helper:
    """One process of a module of this folder; `moments` are the times at which a receiver's messages came."""

    def __init__(self, module: str, *arguments: str) -> None:
        self.moments: list[float] = []
        self._argv = [sys.executable, "-m", f"tests.bench.{module}", *arguments]

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(self._argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert self._process.stdout is not None
        self.port = int(self._process.stdout.readline())
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
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

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            at, count = line.split()
            self.moments += [float(at)] * (int(count) - len(self.moments))
