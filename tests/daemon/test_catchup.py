import asyncio
import json
import os
from datetime import timedelta
from pathlib import Path

import pytest

from maild.daemon.catchup import LATELY, catch_up
from maild.daemon.housekeeping import EVERY_S, HISTORY, RECEIPTS, SETTLED_S, Housekeeping
from maild.spool import transition
from maild.spool.layout import Layout, make_folders
from maild.spool.open_receipts import MislaidReceipt, OpenReceipt, open_receipts
from maild.spool.queue import MessageState, QueueError, QueueId
from maild.spool.receipt import ReceiptWriter
from tests.fakes.clock import FakeClock
from tests.fakes.memory_queue import MemoryQueue
from tests.spool.messages import ANNA, DELIVERED, NOW, make_arrival, make_id, make_record
from tests.virtual_time import run_virtual


@pytest.fixture
def layout(tmp_path: Path) -> Layout:
    made = Layout(tmp_path / "spool")
    make_folders(made)
    return made


def state(layout: Layout, number: int) -> str:
    receipt = json.loads(layout.receipt(f"{number}.eml").read_text())
    return str(receipt["state"])


async def taken_in(queue: MemoryQueue, receipts: ReceiptWriter, numbers: range) -> None:
    arrivals = [make_arrival(number) for number in numbers]
    await queue.accept(arrivals)
    await receipts.write([transition.received(arrival) for arrival in arrivals])


async def sent(queue: MemoryQueue, number: int) -> None:
    await queue.lease([make_id(number)], now=NOW, next_at=NOW)
    await queue.record([make_record(number, verdicts={ANNA: DELIVERED}, next_state=MessageState.SENT)])


def test_receipts_that_a_crash_left_behind_are_brought_up_to_date(layout: Layout) -> None:
    async def scenario() -> None:
        queue, receipts = MemoryQueue(), ReceiptWriter(layout)
        await taken_in(queue, receipts, range(1, 4))
        await sent(queue, 1)
        await queue.delete([make_id(2)], now=NOW)

        assert await catch_up(layout, queue, receipts) == 2

        receipts.close()
        assert [state(layout, number) for number in (1, 2, 3)] == ["sent", "deleted", "queued"]

    asyncio.run(scenario())


def test_a_thousand_receipts_are_asked_about_in_batches(layout: Layout) -> None:
    async def scenario() -> None:
        queue, receipts = MemoryQueue(), ReceiptWriter(layout)
        await taken_in(queue, receipts, range(1, 451))
        for number in range(1, 451):
            await sent(queue, number)

        assert await catch_up(layout, queue, receipts) == 450
        assert await catch_up(layout, queue, receipts) == 0
        receipts.close()

    asyncio.run(scenario())


def test_a_queue_in_trouble_leaves_it_for_the_next_start(layout: Layout) -> None:
    class Broken(MemoryQueue):
        async def select(self, wanted: object) -> tuple[()]:
            raise QueueError("disk I/O error")

    async def scenario() -> None:
        queue, receipts = Broken(), ReceiptWriter(layout)
        await taken_in(queue, receipts, range(1, 3))
        assert await catch_up(layout, queue, receipts) == 0
        receipts.close()

    asyncio.run(scenario())


def test_only_receipts_of_ours_that_tell_no_end_are_open(layout: Layout) -> None:
    (layout.receipts / "billing").mkdir()
    files = {
        "billing/a.eml.json": '{"drop": "billing/a.eml", "state": "queued", "id": "A"}',
        "b.eml.json": '{"drop": "b.eml", "state": "held", "id": "B"}',
        "sent.eml.json": '{"drop": "sent.eml", "state": "sent", "id": "C"}',
        "rejected.eml.json": '{"drop": "rejected.eml", "state": "rejected"}',
        "no-id.eml.json": '{"drop": "no-id.eml", "state": "queued"}',
        "another.eml.json": '{"drop": "sent.eml", "state": "sent", "id": "C"}',
        "list.json": "[]",
        "broken.eml.json": "{",
        ".hidden.json": '{"state": "queued", "id": "D"}',
        "other.txt": '{"state": "queued", "id": "E"}',
    }
    for name, text in files.items():
        (layout.receipts / name).write_text(text)
    (layout.receipts / "link.json").symlink_to("b.eml.json")
    os.mkfifo(layout.receipts / "fifo.json")

    assert set(open_receipts(layout)) == {
        OpenReceipt(QueueId("A")),
        OpenReceipt(QueueId("B")),
        MislaidReceipt("another.eml"),
        MislaidReceipt("broken.eml"),
    }


def test_receipts_that_a_power_cut_mixed_up_are_written_anew(layout: Layout) -> None:
    async def scenario() -> None:
        queue, receipts = MemoryQueue(), ReceiptWriter(layout)
        await taken_in(queue, receipts, range(1, 4))
        await sent(queue, 1)
        layout.receipt("1.eml").write_text("")
        layout.receipt("2.eml").write_bytes(layout.receipt("3.eml").read_bytes())
        before = layout.receipt("3.eml").read_bytes()

        assert await catch_up(layout, queue, receipts) == 2

        receipts.close()
        assert [state(layout, number) for number in (1, 2, 3)] == ["sent", "queued", "queued"]
        assert json.loads(layout.receipt("2.eml").read_text())["id"] == make_id(2)
        assert layout.receipt("3.eml").read_bytes() == before

    asyncio.run(scenario())


def test_receipts_that_a_power_cut_took_away_are_written_anew(layout: Layout) -> None:
    async def scenario() -> None:
        queue, receipts = MemoryQueue(), ReceiptWriter(layout)
        await taken_in(queue, receipts, range(1, 5))
        for number in (1, 2):
            await sent(queue, number)
        await queue.delete([make_id(3)], now=NOW - LATELY - timedelta(seconds=1))
        for number in (1, 3):
            layout.receipt(f"{number}.eml").unlink()

        # The second was not brought up to date, and the third is so old that somebody else removed it.
        assert await catch_up(layout, queue, receipts) == 2

        receipts.close()
        assert [state(layout, number) for number in (1, 2, 4)] == ["sent", "sent", "queued"]
        assert not layout.receipt("3.eml").exists()

    asyncio.run(scenario())


def test_old_history_and_old_receipts_are_forgotten_even_if_one_of_them_cannot_be(layout: Layout) -> None:
    class Noting(MemoryQueue):
        async def purge(self, *, before: object) -> int:
            asked.append(before)
            raise QueueError("disk I/O error")

    asked: list[object] = []

    async def scenario() -> None:
        queue, receipts = Noting(), ReceiptWriter(layout)
        await taken_in(queue, receipts, range(1, 3))
        old = (NOW - RECEIPTS - timedelta(seconds=1)).timestamp()
        os.utime(layout.receipt("1.eml"), (old, old))
        os.utime(layout.receipt("2.eml"), (NOW.timestamp(), NOW.timestamp()))

        await Housekeeping(layout, queue, receipts, FakeClock(NOW)).step()

        receipts.close()
        assert asked == [NOW - HISTORY]
        assert not layout.receipt("1.eml").exists()
        assert layout.receipt("2.eml").exists()

    asyncio.run(scenario())


def test_housekeeping_catches_up_first_and_cleans_up_every_hour(layout: Layout) -> None:
    async def scenario() -> None:
        queue, receipts = MemoryQueue(), ReceiptWriter(layout)
        await taken_in(queue, receipts, range(1, 2))
        await sent(queue, 1)
        housekeeping = Housekeeping(layout, queue, receipts, FakeClock(NOW + HISTORY + timedelta(days=1)))
        try:
            async with asyncio.timeout(SETTLED_S + EVERY_S + 1):
                await housekeeping.run()
        except TimeoutError:
            pass
        receipts.close()
        assert await queue.show(make_id(1)) is None

    run_virtual(scenario())
    assert state(layout, 1) == "sent"
