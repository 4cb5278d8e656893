import asyncio
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from maild.spool.allowance import Allowance, AllowanceKind
from maild.spool.copying import BATCH, Copied, copy_queue
from maild.spool.moving import Moved
from maild.spool.outbox import Outbox
from maild.spool.queue import FileBody, MessageState, QueueFilter, QueueId
from tests.spool.messages import NOW, make_arrival, make_id
from tests.spool.queue_contract import LATER, NEXT, ONE, TWO


def outbox(folder: Path, kind: type[Outbox] = Outbox) -> Outbox:
    folder.mkdir()
    return kind(folder / "queue.sqlite3", folder)


def test_everything_that_waits_moves_and_what_is_being_sent_stays(tmp_path: Path) -> None:
    async def scenario() -> None:
        source, target = outbox(tmp_path / "from"), outbox(tmp_path / "to")
        body = FileBody(path=tmp_path / "from" / "1.body", size_bytes=6)
        body.path.write_bytes(b"long\r\n")
        await source.accept([make_arrival(1, body=body), *(make_arrival(number) for number in range(2, BATCH + 4))])
        await source.lease([TWO], now=NOW, next_at=NEXT)
        await source.hold([make_id(3)], now=NOW)
        allowance = Allowance(kind=AllowanceKind.PER_DAY, value=500, until=LATER)
        await source.set_allowances({"billing": [allowance]})
        steps: list[int] = []

        copied = await copy_queue(source, target, now=NOW, told=steps.append)

        assert copied == Copied(moved=BATCH + 2, known=0, left=1)
        assert steps == [BATCH, 2]
        assert [one.id for one in await source.select(QueueFilter())] == [TWO]
        assert (await target.counts())[MessageState.HELD] == 1
        shown = await target.show(ONE)
        assert shown is not None
        assert shown.body == FileBody(path=tmp_path / "to" / "1.body", size_bytes=6)
        assert (tmp_path / "to" / "1.body").read_bytes() == b"long\r\n"
        assert not body.path.exists()
        assert await target.allowances(now=NOW) == {"billing": (allowance,)}
        await source.close()
        await target.close()

    asyncio.run(scenario())


class Interfered(Outbox):
    """Whoever sends gets hold of messages in between."""

    async def moved_away(self, moved: Sequence[Moved], *, now: datetime) -> tuple[QueueId, ...]:
        await self.lease([ONE], now=NOW, next_at=NEXT)
        return await super().moved_away(moved, now=now)


def test_a_message_is_never_in_two_hands(tmp_path: Path) -> None:
    async def scenario() -> None:
        source, target = outbox(tmp_path / "from", Interfered), outbox(tmp_path / "to")
        await source.accept([make_arrival(1), make_arrival(2), make_arrival(3)])
        # As after a crash behind the step that kept it.
        await target.accept([make_arrival(3)])

        copied = await copy_queue(source, target, now=NOW, told=lambda _: None)

        assert copied == Copied(moved=2, known=1, left=1)
        assert [one.id for one in await target.select(QueueFilter())] == [TWO, make_id(3)]
        assert [one.id for one in await source.select(QueueFilter())] == [ONE]
        await source.close()
        await target.close()

    asyncio.run(scenario())


def test_it_ends_when_everything_is_in_other_hands(tmp_path: Path) -> None:
    async def scenario() -> None:
        source, target = outbox(tmp_path / "from", Interfered), outbox(tmp_path / "to")
        await source.accept([make_arrival(1)])

        assert await copy_queue(source, target, now=NOW, told=lambda _: None) == Copied(moved=0, known=0, left=1)
        assert await target.select(QueueFilter()) == ()
        await source.close()
        await target.close()

    asyncio.run(scenario())
