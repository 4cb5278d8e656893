import asyncio
from collections.abc import Sequence

import pytest

from maild.daemon.sharing import counts_at_start, judge_shared
from maild.errors import ConfigError
from maild.observe.events import Event, SpoolDoubtful
from maild.spool.queue import MessageState, QueueError, UnfitQueueError
from tests.fakes.memory_queue import MemoryQueue
from tests.spool.messages import make_arrival


class Judged:
    def __init__(self, found: Sequence[str] | QueueError) -> None:
        self.found = found

    async def doubts(self) -> tuple[str, ...]:
        if isinstance(self.found, QueueError):
            raise self.found
        return tuple(self.found)


def test_what_is_doubtful_about_a_shared_queue_is_told_and_tables_that_do_not_fit_end_the_start() -> None:
    told: list[Event] = []

    async def scenario() -> None:
        await judge_shared(Judged(["It may lose mail."]), told.append)
        await judge_shared(Judged(QueueError("it is away")), told.append)
        with pytest.raises(ConfigError, match="run maild queue migrate"):
            await judge_shared(Judged(UnfitQueueError("run maild queue migrate")), told.append)

    asyncio.run(scenario())

    assert told == [SpoolDoubtful(code="ML621", detail="It may lose mail.")]


def test_a_queue_that_is_away_at_the_start_counts_as_nothing_and_one_of_a_newer_maild_ends_it() -> None:
    async def scenario() -> None:
        queue = MemoryQueue()
        await queue.accept([make_arrival(1)])
        assert (await counts_at_start(queue))[MessageState.QUEUED] == 1
        queue.fail_with = UnfitQueueError("it was made by a newer maild")
        with pytest.raises(ConfigError, match="by a newer maild"):
            await counts_at_start(queue)
        queue.fail_with = QueueError("it is away")
        assert await counts_at_start(queue) == {}

    asyncio.run(scenario())
