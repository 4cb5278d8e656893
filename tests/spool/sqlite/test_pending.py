"""What is pending in a transaction is there for whoever reads in it, and written in the end."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

from maild.spool.queue import MessageState, QueueFilter, RecipientState
from maild.spool.sqlite import SqliteQueue
from tests.spool.messages import ANNA, DEFERRED, DELIVERED, NOW, make_arrival, make_id, make_record


async def lease(queue: SqliteQueue, numbers: Sequence[int]) -> None:
    await queue.recover(now=NOW)
    await queue.accept([make_arrival(number) for number in numbers])
    ids = [make_id(number) for number in numbers]
    assert len(await queue.lease(ids, now=NOW, next_at=NOW + timedelta(minutes=1))) == len(numbers)


def test_verdicts_are_written_however_many_come_together(tmp_path: Path) -> None:
    async def scenario() -> None:
        queue = SqliteQueue(tmp_path / "queue", tmp_path)
        numbers = range(131)
        await lease(queue, numbers)
        await asyncio.gather(*(queue.mark_dot(make_id(number), [ANNA], now=NOW) for number in numbers))
        sent = {"verdicts": {ANNA: DELIVERED}, "next_state": MessageState.SENT}
        await asyncio.gather(*(queue.record([make_record(number, **sent)]) for number in numbers))  # type: ignore[arg-type]
        await queue.close()

        again = SqliteQueue(tmp_path / "queue", tmp_path)
        found = await again.select(QueueFilter(ids=tuple(map(make_id, numbers))))
        assert len(found) == 131
        assert {message.state for message in found} == {MessageState.SENT}
        assert {(one.state, one.verdict, one.dot_at) for message in found for one in message.recipients} == {
            (RecipientState.DELIVERED, DELIVERED, None)
        }
        assert await again.sent_since(NOW) == {"billing": 131}
        shown = await again.show(make_id(0))
        assert shown is not None
        assert shown.head == b""
        await again.close()

    asyncio.run(scenario())


def test_whoever_reads_in_the_same_transaction_sees_what_was_changed_before(tmp_path: Path) -> None:
    async def scenario() -> None:
        queue = SqliteQueue(tmp_path / "queue", tmp_path)
        await lease(queue, [1])
        # But for the first, which keeps the thread busy, all of these are one transaction.
        _, _, counts, again, _, (message,) = await asyncio.gather(
            queue.counts(),
            queue.record([make_record(verdicts={ANNA: DEFERRED}, next_state=MessageState.QUEUED)]),
            queue.counts(),
            queue.lease([make_id(1)], now=NOW, next_at=NOW),
            queue.record([make_record(verdicts={ANNA: DELIVERED}, next_state=MessageState.SENT)]),
            queue.select(QueueFilter(ids=(make_id(1),))),
        )
        assert (counts[MessageState.QUEUED], counts[MessageState.SENDING]) == (1, 0)
        assert again[0].message.state is MessageState.SENDING
        assert again[0].message.recipients[0].verdict == DEFERRED
        assert message.state is MessageState.SENT
        assert message.recipients[0].verdict == DELIVERED
        await queue.close()

    asyncio.run(scenario())


def test_what_was_taken_out_and_changed_in_one_transaction_is_written_as_it_is_in_the_end(tmp_path: Path) -> None:
    async def scenario() -> None:
        queue = SqliteQueue(tmp_path / "queue", tmp_path)
        await queue.accept([make_arrival(number) for number in (1, 2, 3)])
        late, soon, later = (NOW + minutes * timedelta(minutes=1) for minutes in (1, 2, 3))
        deferred = {"verdicts": {ANNA: DEFERRED}, "next_state": MessageState.QUEUED, "next_at": later}
        # But for the first, which keeps the thread busy, all of these are one transaction.
        await asyncio.gather(
            queue.recover(now=NOW),
            queue.lease([make_id(1), make_id(2)], now=NOW, next_at=soon),
            queue.lease([make_id(3)], now=NOW, next_at=later),
            queue.record([make_record(2, **deferred)]),  # type: ignore[arg-type]
            queue.lease([make_id(2)], now=late, next_at=soon),
            queue.hold([make_id(2)], now=NOW),
        )
        await queue.close()

        again = SqliteQueue(tmp_path / "queue", tmp_path)
        found = await again.select(QueueFilter())
        assert [(one.state, one.next_at, one.changed_at) for one in found] == [
            (MessageState.SENDING, soon, NOW),
            (MessageState.SENDING, soon, late),
            (MessageState.SENDING, later, NOW),
        ]
        await again.close()

    asyncio.run(scenario())
