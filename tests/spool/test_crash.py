"""The promise: whatever moment the intake dies at, every drop is in the queue afterwards, and in it once."""

import asyncio
import signal
import subprocess
import sys
from collections.abc import Awaitable
from pathlib import Path
from typing import TypeVar

import pytest

from maild.spool.layout import Layout
from maild.spool.queue import QueuedMessage, QueueFilter
from maild.spool.sqlite import SqliteQueue
from tests.spool.spool_site import MAIL, SpoolSite

T = TypeVar("T")

LARGE = MAIL + b"x" * 1_100_000 + b"\n"


def fill(root: Path) -> dict[str, bytes]:
    """Drops of every kind; returns the subject that each message has by its drop's name."""
    site = SpoolSite(root)
    subjects = {f"{number}.eml": b"subject %d" % number for number in range(6)}
    for name, subject in subjects.items():
        site.drop(name, (LARGE if name == "3.eml" else MAIL).replace(b"hello", subject))
    site.drop("4.env.json", b'{"recipients": ["bert@example.org"]}')
    site.drop("text.eml", b"Dear Anna,\n")
    return subjects


def crash(root: Path, checkpoint: str, times: int) -> int:
    command = [sys.executable, "-m", "tests.spool.crashing_intake", str(root), checkpoint, str(times)]
    return subprocess.run(command, check=False, timeout=30).returncode


def finish(root: Path) -> tuple[SpoolSite, tuple[QueuedMessage, ...]]:
    """Start again and let it do its work."""

    async def scenario() -> tuple[SpoolSite, tuple[QueuedMessage, ...]]:
        layout = Layout(root / "spool")
        queue = SqliteQueue(layout.queue_file, layout.bodies)
        site = SpoolSite(root, queue=queue)
        await queue.recover(now=site.clock.now())
        while True:
            result = await site.intake.scan()
            if result.look_again_at is None:
                break
        messages = await queue.select(QueueFilter())
        await queue.close()
        return site, messages

    return run(scenario())


def run(awaitable: Awaitable[T]) -> T:
    async def whole() -> T:
        return await awaitable

    return asyncio.run(whole())


@pytest.mark.parametrize(
    ("checkpoint", "times"),
    [
        ("copied", 1),
        ("committed", 1),
        ("receipts", 1),
        ("hidden", 1),
        ("hidden", 4),
        ("unlinked", 1),
        ("unlinked", 5),
        ("removed", 1),
        ("set_aside", 1),
    ],
)
def test_a_crash_at_any_step_loses_nothing_and_takes_nothing_twice(tmp_path: Path, checkpoint: str, times: int) -> None:
    subjects = fill(tmp_path)

    died = crash(tmp_path, checkpoint, times)
    site, messages = finish(tmp_path)

    assert died == -signal.SIGKILL
    assert sorted(message.drop or "" for message in messages) == sorted(subjects)
    recipients = {message.drop: str(message.recipients[0].mailbox) for message in messages}
    assert recipients == dict.fromkeys(subjects, "anna@example.org") | {"4.eml": "bert@example.org"}
    assert site.dropped() == []
    assert site.rejected() == ["text.eml", "text.eml.json"]
    assert site.receipt("text.eml")["state"] == "rejected"
    ids = {message.drop: message.id for message in messages}
    assert {name: site.receipt(name)["id"] for name in subjects} == ids


def test_an_envelope_file_that_a_crash_left_behind_is_not_the_next_drops(tmp_path: Path) -> None:
    site = SpoolSite(tmp_path)
    site.drop("a.env.json", b'{"recipients": ["bert@example.org"]}')
    site.drop("a.eml", MAIL)

    crash(tmp_path, "unlinked", 1)
    left = site.dropped()
    site.drop("a.eml", MAIL)
    site, messages = finish(tmp_path)

    assert left == ["a.env.json"]
    assert [str(message.recipients[0].mailbox) for message in messages] == ["bert@example.org", "anna@example.org"]
    assert site.dropped() == []
