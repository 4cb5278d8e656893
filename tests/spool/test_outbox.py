import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from pathlib import Path

from maild.mail.address import Mailbox
from maild.mail.verdict import Verdict
from maild.spool.moving import Moved
from maild.spool.outbox import Outbox
from maild.spool.queue import Leased, MessageState, QueueFilter, RecipientState
from tests.spool.messages import (
    ANNA,
    BERT,
    DELIVERED,
    FAILED,
    NOW,
    UNCERTAIN,
    make_arrival,
    make_id,
    make_record,
    make_source,
)
from tests.spool.queue_contract import NEXT, ONE, TWO

VERDICTS: Mapping[Mailbox, Verdict] = {ANNA: DELIVERED, BERT: UNCERTAIN}


def run(folder: Path, scenario: Callable[[Outbox, Outbox], Awaitable[None]]) -> None:
    async def whole() -> None:
        queues = []
        for name in ("from", "to"):
            (folder / name).mkdir()
            queues.append(Outbox(folder / name / "queue.sqlite3", folder / name))
        try:
            await scenario(queues[0], queues[1])
        finally:
            for queue in queues:
                await queue.close()

    asyncio.run(whole())


def test_a_message_moves_with_all_that_is_known_of_it(tmp_path: Path) -> None:
    async def scenario(source: Outbox, target: Outbox) -> None:
        await source.accept([make_arrival(1, recipients=(ANNA, BERT), idempotency_key="k"), make_arrival(2)])
        await source.accept([make_arrival(3), make_arrival(4)])
        await source.lease([ONE, make_id(3)], now=NOW, next_at=NEXT)
        await source.record([make_record(1, verdicts=VERDICTS, next_state=MessageState.QUEUED, is_charged=True)])
        await source.hold([TWO], now=NOW)
        await source.delete([make_id(4)], now=NOW)

        moved = await source.waiting_to_go(10)
        ids = await target.adopt(moved)

        assert ids == (ONE, TWO)
        assert [one.key for one in moved] == ["k", None]
        for id_ in ids:
            assert await target.show(id_) == await source.show(id_)
        (first, second) = await target.select(QueueFilter())
        assert [one.state for one in first.recipients] == [RecipientState.DELIVERED, RecipientState.UNCERTAIN]
        assert (first.attempts_made, second.state) == (1, MessageState.HELD)
        assert await source.waiting_to_go(1) == moved[:1]

    run(tmp_path, scenario)


def test_a_message_that_moves_again_is_there_once_and_a_key_that_is_taken_counts(tmp_path: Path) -> None:
    async def scenario(source: Outbox, target: Outbox) -> None:
        await source.accept([make_arrival(1, idempotency_key="k"), make_arrival(2)])
        moved = await source.waiting_to_go(10)
        await target.accept([make_arrival(9, idempotency_key="k")])
        assert await target.adopt(moved) == (make_id(9), TWO)
        await target.hold([TWO], now=NOW)

        assert await target.adopt(moved) == (make_id(9), TWO)

        assert [(one.id, one.state) for one in await target.select(QueueFilter())] == [
            (TWO, MessageState.HELD),
            (make_id(9), MessageState.QUEUED),
        ]

    run(tmp_path, scenario)


def test_what_moves_is_an_arrival_again(tmp_path: Path) -> None:
    arrival = make_arrival(1, recipients=(ANNA, BERT), account="billing", idempotency_key="k")

    async def scenario(source: Outbox, target: Outbox) -> None:
        await source.accept([arrival])
        (moved,) = await source.waiting_to_go(1)
        assert moved.arrival == arrival
        bare = Moved(content=Leased(message=moved.content.message, head=b"", body=arrival.body))
        assert bare.arrival == replace(arrival, head=b"", idempotency_key=None)

    run(tmp_path, scenario)


def test_what_was_passed_on_is_forgotten_but_for_the_ledger_and_may_come_back(tmp_path: Path) -> None:
    async def scenario(source: Outbox, target: Outbox) -> None:
        arrival = make_arrival(1, recipients=(ANNA, BERT), source=make_source(1), idempotency_key="k")
        await source.accept([arrival, make_arrival(2)])
        await source.lease([ONE, TWO], now=NOW, next_at=NEXT)
        record = make_record(1, verdicts={ANNA: FAILED}, next_state=MessageState.QUEUED)
        await source.record([record])
        owed = await source.owed_reports(9)
        moved = await source.waiting_to_go(9)

        assert await source.pass_on([ONE, TWO], now=NOW) == (ONE,)

        assert await source.select(QueueFilter(ids=(ONE, TWO))) == await source.select(QueueFilter(ids=(TWO,)))
        assert await source.is_taken(make_source(1)) == ONE
        assert await source.accept([make_arrival(9, source=make_source(1))]) == (ONE,)
        assert await target.adopt(moved) == (ONE,)
        assert await target.owed_reports(9) == owed
        assert await source.adopt(await target.waiting_to_go(9)) == (ONE,)
        assert await source.waiting_to_go(9) == moved
        assert await source.owed_reports(9) == owed

    run(tmp_path, scenario)
