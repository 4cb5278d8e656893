"""The queue on a real PostgreSQL: the contract of every queue, and what only a queue of many hosts has to do."""

import asyncio
import os
from collections.abc import Awaitable, Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import TypeVar

import pytest

from maild.secret.value import Secret
from maild.spool.copying import Copied, copy_queue
from maild.spool.outbox import Outbox
from maild.spool.postgres.address import Address
from maild.spool.postgres.link import Connection, Link
from maild.spool.postgres.queue import PostgresQueue
from maild.spool.postgres.schema import migrate
from maild.spool.queue import FileBody, MessageState, Queue, QueueError, QueueFilter, RecipientState
from tests.peers.postgres import PASSWORD, Postgres, running_postgres
from tests.peers.queue_hosts import Hosts, address_of
from tests.spool.messages import ANNA, DELIVERED, FAILED, NOW, make_arrival, make_id, make_record, make_source
from tests.spool.owed_contract import OwedContract
from tests.spool.queue_contract import LATER, NEXT, ONE, TWO

T = TypeVar("T")

TABLES = "messages, contents, pieces, recipients, owners, ledger, keys, sent, nudges, owed, allowances"
CLEAR = "; ".join([*(f"DELETE FROM maild.{name}" for name in TABLES.split(", ")), "UPDATE maild.marks SET value = 0"])
"""Not TRUNCATE, which makes sixty files anew."""


async def nothing(connection: Connection) -> None:
    pass


async def clear(connection: Connection) -> None:
    await connection.execute(CLEAR)


@pytest.fixture(scope="module")
def database() -> Iterator[Postgres]:
    with running_postgres() as cluster:
        asyncio.run(in_database(cluster, migrate))
        yield cluster


async def in_database(cluster: Postgres, *operations: Callable[[Connection], Awaitable[T]]) -> list[T]:
    link = Link(address_of(cluster), nothing)
    try:
        return [await link.run(operation) for operation in operations]
    finally:
        await link.close()


class TestPostgresQueue(OwedContract):
    @pytest.fixture(autouse=True)
    def _database(self, database: Postgres) -> None:
        self.database = database

    async def open_queue(self) -> Queue:
        queue = PostgresQueue(Address(uri=self.database.local_uri), host="one", bodies=self.bodies)
        await queue._link.run(clear)
        return queue


@pytest.fixture
def hosts(database: Postgres, tmp_path: Path) -> Hosts:
    asyncio.run(in_database(database, clear))
    return Hosts(database, tmp_path)


def test_two_hosts_that_want_the_same_messages_share_them(hosts: Hosts) -> None:
    async def scenario() -> None:
        async with hosts.open("one") as one, hosts.open("two") as two:
            ids = [make_id(number) for number in range(1, 41)]
            await one.accept([make_arrival(number) for number in range(1, 41)])

            halves = await asyncio.gather(
                *(
                    queue.lease(ids[start : start + 20], now=NOW, next_at=NEXT)
                    for start in (0, 10, 20)
                    for queue in (one, two)
                )
            )

            assert sorted(leased.message.id for half in halves for leased in half) == ids

    asyncio.run(scenario())


def test_what_a_host_had_that_is_gone_is_taken_over_and_uncertain_only_where_the_dot_was_marked(hosts: Hosts) -> None:
    async def scenario() -> None:
        async with hosts.open("one") as one, hosts.open("two") as two:
            await one.accept([make_arrival(number) for number in (1, 2, 3)])
            await one.lease([ONE, TWO], now=NOW, next_at=NEXT)
            await one.mark_dot(TWO, [ANNA], now=NOW)

            taken = await hosts.taken_over("one", two)

            assert {(message.id, message.state, message.recipients[0].state) for message in taken} == {
                (ONE, MessageState.QUEUED, RecipientState.WAITING),
                (TWO, MessageState.QUEUED, RecipientState.UNCERTAIN),
            }

    asyncio.run(scenario())


def test_a_host_that_comes_back_too_late_neither_sends_the_end_nor_writes_a_verdict(hosts: Hosts) -> None:
    async def scenario() -> None:
        async with hosts.open("one") as one, hosts.open("two") as two:
            await one.accept([make_arrival(number) for number in (1, 2, 3)])
            await one.lease([ONE, TWO, make_id(3)], now=NOW, next_at=NEXT)
            await one.mark_dot(TWO, [ANNA], now=NOW)
            await hosts.taken_over("one", two)
            await two.lease([ONE], now=NOW, next_at=NEXT)

            with pytest.raises(QueueError, match="taken over by another: it is not sent from here"):
                await one.mark_dot(ONE, [ANNA], now=NOW)
            late = await one.record(
                [
                    make_record(1, verdicts={ANNA: FAILED}, next_state=MessageState.FAILED),
                    make_record(2, verdicts={ANNA: DELIVERED}, next_state=MessageState.SENT),
                ]
            )

            assert [(message.state, message.recipients[0].state) for message in late] == [
                (MessageState.SENDING, RecipientState.WAITING),
                (MessageState.QUEUED, RecipientState.UNCERTAIN),
            ]
            assert await two.sent_since(NOW) == {}
            (message,) = await two.record([make_record(1, verdicts={ANNA: DELIVERED}, next_state=MessageState.SENT)])
            assert message.state is MessageState.SENT

            # It has not let go of the third, so it does not get it a second time; what it let go of it gets.
            again = await one.lease([ONE, TWO, make_id(3)], now=NOW, next_at=NEXT)
            assert [leased.message.id for leased in again] == [TWO]

    asyncio.run(scenario())


def test_a_host_says_again_and_again_that_it_is_at_work(hosts: Hosts) -> None:
    async def scenario() -> None:
        async with hosts.open("one", lease=timedelta(milliseconds=200)) as one:
            await one.accept([make_arrival(1)])
            await one.lease([ONE], now=NOW, next_at=NEXT)

            signs = hosts.signs("one")
            times = [await anext(signs) for _ in range(3)]

            assert sorted(times) == times
            await signs.aclose()

    asyncio.run(scenario())


def test_a_host_whose_time_has_not_come_is_not_taken_for_gone(hosts: Hosts) -> None:
    async def scenario() -> None:
        async with hosts.open("one") as one, hosts.open("two") as two:
            await one.accept([make_arrival(1)])
            await one.lease([ONE], now=NOW, next_at=NEXT)
            two._leases.duration = timedelta(0)

            assert await two.changed() == ()
            assert (await two.counts())[MessageState.SENDING] == 1

    asyncio.run(scenario())


def test_a_restart_puts_back_what_this_host_had_and_no_other(hosts: Hosts) -> None:
    async def scenario() -> None:
        async with hosts.open("one") as one, hosts.open("two") as two:
            await one.accept([make_arrival(1), make_arrival(2)])
            await one.lease([ONE], now=NOW, next_at=NEXT)
            await two.lease([TWO], now=NOW, next_at=NEXT)

            async with hosts.open("one", is_sender=False) as restarted:
                recovered = await restarted.recover(now=LATER)

            assert [message.id for message in recovered] == [ONE]
            assert (await two.counts())[MessageState.SENDING] == 1

    asyncio.run(scenario())


def test_the_host_of_a_drop_hears_what_others_did_with_it_and_only_it_knows_the_name(hosts: Hosts) -> None:
    async def scenario() -> None:
        async with hosts.open("one") as one, hosts.open("two") as two:
            await one.accept([make_arrival(1), make_arrival(2)])
            (leased,) = await two.lease([ONE], now=NOW, next_at=NEXT)
            await two.record([make_record(1, verdicts={ANNA: DELIVERED}, next_state=MessageState.SENT)])
            await one.lease([TWO], now=NOW, next_at=NEXT)

            (told,) = await one.changed()

            assert (told.id, told.state, told.drop) == (ONE, MessageState.SENT, "1.eml")
            assert leased.message.drop is None
            assert await one.changed() == await two.changed() == ()
            assert await two.lately_done(timedelta(days=1)) == ()
            assert await two.select(QueueFilter(drops=("1.eml",))) == ()
            assert await one.lately_done(timedelta(days=1)) == ("1.eml",)

    asyncio.run(scenario())


def test_what_a_command_changes_every_host_hears_that_sends(hosts: Hosts) -> None:
    async def scenario() -> None:
        async with hosts.open("one") as one, hosts.open("two") as two, hosts.open("", is_sender=False) as command:
            await one.accept([make_arrival(1), make_arrival(2), make_arrival(3)])
            await one.lease([TWO], now=NOW, next_at=NEXT)
            await two.lease([make_id(3)], now=NOW, next_at=NEXT)
            await command.hold([ONE, TWO], now=NOW)

            assert [message.id for message in await one.changed()] == [ONE]
            assert [message.id for message in await two.changed()] == [ONE]

    asyncio.run(scenario())


def test_a_large_body_is_there_on_every_host(hosts: Hosts) -> None:
    async def scenario() -> None:
        data = bytes(range(256)) * 3000
        body = hosts.large_body("one", data)
        async with hosts.open("one") as one, hosts.open("two") as two:
            await one.accept([make_arrival(1, body=body), make_arrival(2)])

            (leased,) = await two.lease([ONE], now=NOW, next_at=NEXT)

            assert isinstance(leased.body, FileBody)
            assert leased.body.path.parent == hosts.bodies("two")
            assert leased.body.path.read_bytes() == data
            await two.record([make_record(1, verdicts={ANNA: DELIVERED}, next_state=MessageState.SENT)])
            assert list(hosts.bodies("two").iterdir()) == []
            old = NOW.timestamp()
            os.utime(body.path, (old, old))
            await one.recover(now=NOW + timedelta(days=1))
            assert list(hosts.bodies("one").iterdir()) == []

    asyncio.run(scenario())


def test_the_same_file_on_two_hosts_is_two_files_and_the_same_message_again_is_one(hosts: Hosts) -> None:
    async def scenario() -> None:
        async with hosts.open("one") as one, hosts.open("two") as two:
            await one.accept([make_arrival(1, source=make_source(7))])
            assert await two.is_taken(make_source(7)) is None
            await two.accept([make_arrival(2, source=make_source(7))])

            # As after a commit whose answer was lost, and a file that has no entry.
            assert await one.accept([make_arrival(1)]) == (ONE,)

            assert [message.id for message in await two.select(QueueFilter())] == [ONE, TWO]

    asyncio.run(scenario())


def test_tables_that_are_missing_or_newer_are_refused_and_left_alone(hosts: Hosts) -> None:
    async def scenario() -> None:
        async with hosts.open("one", is_sender=False) as one:
            hosts.database.sql("UPDATE maild.format SET version = 99")
            try:
                with pytest.raises(QueueError, match=r"made by a newer maild \(format 99, this one knows 1\)"):
                    await one.counts()
                with pytest.raises(QueueError, match="nothing was changed"):
                    await in_database(hosts.database, migrate)
            finally:
                hosts.database.sql("UPDATE maild.format SET version = 1")
            hosts.database.sql("ALTER SCHEMA maild RENAME TO elsewhere")
            try:
                with pytest.raises(QueueError, match="no tables of maild yet: run `maild queue migrate`"):
                    await one.counts()
            finally:
                hosts.database.sql("ALTER SCHEMA elsewhere RENAME TO maild")
            assert await one.counts() == dict.fromkeys(
                (MessageState.QUEUED, MessageState.SENDING, MessageState.HELD), 0
            )
            assert await in_database(hosts.database, migrate) == [1]

    asyncio.run(scenario())


def test_a_setting_with_which_mail_may_be_lost_is_named(hosts: Hosts) -> None:
    async def doubts() -> tuple[str, ...]:
        async with hosts.open("one", is_sender=False) as one:
            return await one.doubts()

    # The cluster of these tests has no fsync.
    fsync = "The database runs with fsync = off: a power cut may lose the whole queue."
    assert asyncio.run(doubts()) == (fsync,)
    hosts.database.sql("ALTER ROLE maild SET synchronous_commit = off")
    try:
        off = "synchronous_commit is off for this role: a crash of the database loses what was just taken in."
        assert asyncio.run(doubts()) == (fsync, off)
    finally:
        hosts.database.sql("ALTER ROLE maild RESET synchronous_commit")


def test_a_database_that_is_away_is_named_with_the_reason_and_found_again(hosts: Hosts) -> None:
    async def scenario() -> None:
        async with hosts.open("one") as one:
            await one.accept([make_arrival(1)])
            hosts.database.stop()
            try:
                with pytest.raises(
                    QueueError,
                    match=r"^the shared queue 127\.0\.0\.1:\d+/maild cannot be read or written now: .*refused",
                ) as away:
                    await one.counts()
            finally:
                hosts.database.start()
            assert PASSWORD not in str(away.value)
            await hosts.until_it_answers(one)
            assert (await one.counts())[MessageState.QUEUED] == 1

    asyncio.run(scenario())


def test_a_wrong_password_is_said_and_not_shown(hosts: Hosts) -> None:
    async def wrong() -> Secret | None:
        return Secret("not this one")

    async def scenario() -> None:
        queue = PostgresQueue(Address(uri=hosts.database.uri, password=wrong), host="one", bodies=hosts.bodies("one"))
        with pytest.raises(QueueError, match="password authentication failed") as refused:
            await queue.counts()
        assert "not this one" not in repr(refused.value)
        await queue.close()

    asyncio.run(scenario())


def test_what_waits_moves_to_a_queue_of_its_own_while_others_send_and_back_again(hosts: Hosts, tmp_path: Path) -> None:
    async def scenario() -> None:
        data = bytes(range(256)) * 3000
        (tmp_path / "spool").mkdir()
        outbox = Outbox(tmp_path / "spool" / "queue.sqlite3", tmp_path / "spool")
        async with hosts.open("one") as one, hosts.mover("one") as mover:
            await one.accept([make_arrival(1, body=hosts.large_body("one", data), idempotency_key="k")])
            await one.accept([make_arrival(number) for number in (2, 3, 4)])
            await one.lease([TWO], now=NOW, next_at=NEXT)
            await one.hold([make_id(3)], now=NOW)
            before = await one.select(QueueFilter(ids=(ONE, make_id(3), make_id(4))))
            hosts.database.sql(f"INSERT INTO maild.owed (at, id, occasion) VALUES (0, '{ONE}', 'delayed')")
            owed = await one.owed_reports(9)

            away = await copy_queue(mover, outbox, now=NOW, told=lambda _: None)

            assert away == Copied(moved=3, known=0, left=1)
            assert await outbox.select(QueueFilter()) == before
            assert len(owed) == 1
            assert await outbox.owed_reports(9) == owed
            assert [message.id for message in await one.select(QueueFilter())] == [TWO]
            shown = await outbox.show(ONE)
            assert shown is not None
            assert isinstance(shown.body, FileBody)
            assert shown.body.path.read_bytes() == data
            (sent,) = await one.record([make_record(2, verdicts={ANNA: DELIVERED}, next_state=MessageState.SENT)])
            assert sent.state is MessageState.SENT
            back = await copy_queue(outbox, mover, now=NOW, told=lambda _: None)

            assert back == Copied(moved=3, known=0, left=0)
            assert await one.select(QueueFilter()) == before
            assert await one.owed_reports(9) == owed
            assert await one.accept([make_arrival(9, idempotency_key="k")]) == (ONE,)
            await outbox.close()

    asyncio.run(scenario())


def test_the_outbox_holds_what_the_database_does_not_take_and_lets_the_others_go(hosts: Hosts) -> None:
    repeated: list[tuple[str, str]] = []

    async def scenario() -> None:
        hosts.database.sql("ALTER TABLE maild.messages ADD CONSTRAINT odd CHECK (message_id <> '<2@example.org>')")
        try:
            async with hosts.host("one", repeated) as one, hosts.open("two") as two:
                await two.accept([make_arrival(9, idempotency_key="k")])
                keyed = make_arrival(4, idempotency_key="k", source=make_source(4))
                ids = await one.accept(
                    [make_arrival(1, source=make_source(1)), make_arrival(2), make_arrival(3), keyed]
                )
                assert ids == (ONE, TWO, make_id(3), make_id(4))

                await one.recover(now=NOW)
                news = await hosts.news_of(one, 2)

                assert {message.id for message in news} == {ONE, make_id(3)}
                assert [message.id for message in await two.select(QueueFilter())] == [ONE, make_id(3), make_id(9)]
                assert (await one.counts())[MessageState.QUEUED] == 4
                assert await one.is_taken(make_source(1)) == ONE
                assert await one.accept([make_arrival(8, source=make_source(1))]) == (ONE,)

                hosts.database.sql("ALTER TABLE maild.messages DROP CONSTRAINT odd")
                assert {message.id for message in await hosts.news_of(one, 1)} == {TWO}
                assert (await one.counts())[MessageState.QUEUED] == 4
        finally:
            hosts.database.sql("ALTER TABLE maild.messages DROP CONSTRAINT IF EXISTS odd")

    asyncio.run(scenario())

    assert repeated == [("4.eml", make_id(9))]


def test_what_comes_in_while_the_database_answers_goes_there_at_once(hosts: Hosts) -> None:
    async def scenario() -> None:
        async with hosts.host("one", []) as one, hosts.open("two") as two:
            await one.recover(now=NOW)
            await hosts.caught_up(one)
            body = hosts.large_body("elsewhere", b"x" * 700_000)

            assert await one.accept([make_arrival(1, body=body), make_arrival(2)]) == (ONE, TWO)

            assert [message.id for message in await two.select(QueueFilter())] == [ONE, TWO]
            assert (await one._outbox.counts())[MessageState.QUEUED] == 0
            (leased,) = await two.lease([ONE], now=NOW, next_at=NEXT)
            assert isinstance(leased.body, FileBody)
            assert leased.body.path.stat().st_size == 700_000
            assert await one.purge(before=LATER) == 0

    asyncio.run(scenario())


def test_who_stops_in_the_middle_of_a_transaction_does_not_lock_others_out_for_ever(hosts: Hosts) -> None:
    async def patience(connection: Connection) -> str:
        row = await (await connection.execute("SHOW idle_in_transaction_session_timeout")).fetchone()
        assert row is not None
        return str(row[0])

    assert asyncio.run(in_database(hosts.database, patience)) == ["20s"]
