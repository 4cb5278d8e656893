"""A spool at work in a child to which the system says no: what it told anybody stays known when it dies.

What is known is written into memory that the parent sees, since a file would suffer with all others.
"""

import json
import mmap
import os
import resource
import signal
import traceback
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

from maild.errors import MaildError
from maild.spool.layout import Layout, make_folders, prepare
from maild.spool.sqlite import SqliteQueue
from tests.peers.recording import number_in
from tests.peers.restart import Sent, WayOut, work_off
from tests.peers.spool_workload import LETTER, REJECTED, body_of, drop
from tests.virtual_time import run_virtual

FEW: Final = (0, 1, 2, 3, 8)
"""The messages that are dropped."""
_BYTES: Final = 256 * 1024
_HEADER: Final = 8


@dataclass(slots=True)
class Testimony:
    """Lines of JSON in memory that is shared by way of a file."""

    memory: mmap.mmap

    @classmethod
    def at(cls, path: Path) -> "Testimony":
        path.touch()
        os.truncate(path, _BYTES)
        with path.open("r+b") as file:
            return cls(mmap.mmap(file.fileno(), _BYTES))

    def say(self, **what: object) -> None:
        end = int.from_bytes(self.memory[:_HEADER], "big")
        line = json.dumps(what).encode()[:20_000] + b"\n"
        self.memory[_HEADER + end : _HEADER + end + len(line)] = line
        self.memory[:_HEADER] = (end + len(line)).to_bytes(_HEADER, "big")

    def heard(self) -> Iterator[Mapping[str, Any]]:
        end = int.from_bytes(self.memory[:_HEADER], "big")
        for line in self.memory[_HEADER : _HEADER + end].splitlines():
            yield json.loads(line)


@dataclass(slots=True)
class TellingWayOut(WayOut):
    """Says of each message that it took it."""

    testimony: Testimony | None = field(default=None)

    def take(self, sent: Sent) -> None:
        number = number_in(sent.content)
        whole = number is not None and sent.content.endswith(b"\r\n\r\n" + body_of(number).replace(b"\n", b"\r\n"))
        assert self.testimony is not None
        for who in sent.recipients:
            self.testimony.say(sent=number, who=who, whole=whole)


def suffer(spool: Path, notes: Path, limits: Mapping[int, int], patience: timedelta, *, waits: bool) -> None:
    """In the child. With `waits` it stops itself first, until somebody wakes it."""
    testimony = Testimony.at(notes)
    if waits:
        os.kill(os.getpid(), signal.SIGSTOP)
    try:
        for limit, value in limits.items():
            resource.setrlimit(limit, (value, resource.getrlimit(limit)[1]))
        _drop(Layout(spool), testimony)
        run_virtual(_work(Layout(spool), testimony, patience))
    except (MaildError, OSError) as error:
        # As the daemon would: it ends and says why, and is started again.
        testimony.say(ended=str(error))
    except BaseException:  # noqa: BLE001 -- whatever it is, it is a bug
        testimony.say(bug=traceback.format_exc())


def _drop(layout: Layout, testimony: Testimony) -> None:
    make_folders(layout)
    for number in FEW:
        try:
            testimony.say(accepted=number, name=drop(layout, number))
        except (MaildError, OSError) as error:
            testimony.say(refused=number, why=str(error))
    try:
        (layout.drop / f".{REJECTED}.tmp").write_bytes(LETTER)
        (layout.drop / f".{REJECTED}.tmp").rename(layout.drop / REJECTED)
        testimony.say(letter=True)
    except OSError:
        pass


async def _work(layout: Layout, testimony: Testimony, patience: timedelta) -> None:
    with prepare(layout):
        queue = SqliteQueue(layout.queue_file, layout.bodies)
        try:
            await work_off(layout, queue, TellingWayOut(testimony=testimony), patience)
            testimony.say(done=True)
        except TimeoutError:
            testimony.say(left=True, counts=str(await queue.counts()))
        finally:
            await queue.close()
