"""What a courier may do while the verdicts of its last message are being written, in virtual time."""

import asyncio
from collections.abc import Sequence

from maild.delivery.attempt import Home
from maild.spool.queue import AttemptRecord, MessageState, QueuedMessage
from tests.delivery.world import World, account
from tests.fakes.memory_queue import MemoryQueue
from tests.virtual_time import run_virtual


class SlowQueue(MemoryQueue):
    """Writes verdicts when it is let."""

    def __init__(self) -> None:
        super().__init__()
        self.may_write = asyncio.Event()
        self.marked = 0

    async def mark_dot(self, *wanted: object, **more: object) -> None:
        self.marked += 1
        await super().mark_dot(*wanted, **more)  # type: ignore[arg-type]  # handed through

    async def record(self, records: Sequence[AttemptRecord]) -> tuple[QueuedMessage, ...]:
        await self.may_write.wait()
        return await super().record(records)


def test_the_next_message_is_begun_but_not_sent_before_the_verdicts_of_the_last_are_written() -> None:
    async def scenario() -> None:
        queue = SlowQueue()
        world = World(account("billing"), queue=queue)
        ids = [await world.drop() for _ in range(3)]
        async with world.running():
            await world.until(lambda: queue.marked == 2)
            await asyncio.sleep(60)
            assert (queue.marked, len(world.transport.sent)) == (2, 1)
            assert world.state(ids[0]) is MessageState.SENDING

            queue.may_write.set()
            await world.until(lambda: {world.state(id_) for id_ in ids} == {MessageState.SENT})
        assert (len(world.transport.sent), len(world.transport.orders)) == (3, 1)

    run_virtual(scenario())


def test_an_engine_that_ends_meanwhile_gives_back_what_was_not_sent() -> None:
    async def scenario() -> None:
        queue = SlowQueue()
        world = World(account("billing"), queue=queue)
        ids = [await world.drop() for _ in range(2)]
        async with world.running():
            await world.until(lambda: queue.marked == 2)
            assert not world.engine._attempts.emptied.is_set()
            assert {attempt.home for attempt in world.engine._attempts.open.values()} == {Home.SCHEDULE}
            # The engine is cancelled before the courier has its turn: both are written on the way out.
            queue.may_write.set()

        assert [world.state(id_) for id_ in ids] == [MessageState.SENT, MessageState.QUEUED]
        assert len(world.transport.sent) == 1

    run_virtual(scenario())
