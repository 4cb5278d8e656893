"""Postfix's smtp-sink, keeping every message that it took in a file (`smtp-sink -d`). One that was cut off is none."""

import re
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import pytest

from tests.peers.postfix import free_port, wait_for

_RECIPIENT: Final = re.compile(rb"^X-Rcpt-Args: <(.*?)>", re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Dumped:
    """A message that the sink took; line ends are those of files."""

    recipients: tuple[str, ...]
    content: bytes


@dataclass(slots=True)
class DumpingSink:
    """A running sink."""

    port: int
    folder: Path
    _seen: list[Dumped] = field(default_factory=list)

    def wait_for_more(self, seconds: float) -> None:
        """Until a message comes, or so long."""
        before, deadline = self.folder.stat().st_mtime_ns, time.monotonic() + seconds
        while self.folder.stat().st_mtime_ns == before and time.monotonic() < deadline:
            time.sleep(0.002)

    def taken(self) -> list[Dumped]:
        """What it took since the last call. Only while nobody sends: the file of one that is coming is empty."""
        found = []
        for file in self.folder.iterdir():
            text = file.read_bytes()
            file.unlink()
            if text:
                envelope, _, content = text.partition(b"\nReceived: ")
                recipients = tuple(one.decode() for one in _RECIPIENT.findall(envelope))
                found.append(Dumped(recipients=recipients, content=content))
        return found


@contextmanager
def running_sink(folder: Path) -> Iterator[DumpingSink]:
    """Start it; skips the test where it is not installed."""
    program = shutil.which("smtp-sink") or shutil.which("smtp-sink", path="/usr/sbin:/sbin")
    if program is None:
        pytest.skip("needs the Debian package postfix")
    folder.mkdir()
    folder.chmod(0o777)
    port = free_port()
    argv = [program, "-u", "nobody", "-d", f"{folder}/", f"127.0.0.1:{port}", "200"]
    process = subprocess.Popen(argv, cwd=folder, stderr=subprocess.DEVNULL)
    try:
        wait_for(port)
        time.sleep(0.05)
        yield DumpingSink(port=port, folder=folder)
    finally:
        process.terminate()
        process.wait(10)
