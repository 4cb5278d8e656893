"""The fake that tests of others use is held to the contract of the real one."""

import asyncio
from dataclasses import replace

import pytest

from maild.spool.queue import MessageState, Queue, QueueError
from tests.fakes.memory_queue import MemoryQueue
from tests.spool.messages import make_arrival, make_id
from tests.spool.owed_contract import OwedContract


class TestMemoryQueue(OwedContract):
    async def open_queue(self) -> Queue:
        return MemoryQueue()


def test_the_fake_can_fail_as_a_full_disk_does() -> None:
    queue = MemoryQueue()
    queue.fail_with = QueueError("the disk is full")

    with pytest.raises(QueueError):
        asyncio.run(queue.counts())


def test_the_fake_can_do_what_another_process_would_have_done() -> None:
    async def scenario() -> None:
        queue = MemoryQueue()
        await queue.accept([make_arrival()])
        held = replace(queue.message(make_id(1)), state=MessageState.HELD)

        queue.change_elsewhere(held)

        assert await queue.changed() == (held,)
        assert await queue.changed() == ()

    asyncio.run(scenario())
