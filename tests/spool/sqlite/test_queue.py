import asyncio
import os
import shutil
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Awaitable, Callable
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import pytest

from maild.mail.report_wish import ReportWish
from maild.spool.arrival import NORMAL_STREAM
from maild.spool.queue import (
    Census,
    FileBody,
    InlineBody,
    MessageState,
    Queue,
    QueueError,
    QueueFilter,
    QueueInDoubtError,
    UnfitQueueError,
)
from maild.spool.sqlite import SqliteQueue
from maild.spool.sqlite.schema import may_be_committed
from maild.spool.sqlite.selection import _conditions
from tests.rows import each_row
from tests.spool.messages import ANNA, DEFERRED, DELIVERED, FAILED, NOW, make_arrival, make_id, make_record, make_source
from tests.spool.owed_contract import OwedContract

LATER = NOW + timedelta(minutes=1)


class TestSqliteQueue(OwedContract):
    async def open_queue(self) -> Queue:
        return SqliteQueue(self.folder / "queue.sqlite3", self.bodies)


def open_in(folder: Path, *, writer: int = 1) -> SqliteQueue:
    (folder / "bodies").mkdir(exist_ok=True)
    return SqliteQueue(folder / "queue.sqlite3", folder / "bodies", writer=writer)


def run_with(folder: Path, scenario: Callable[[SqliteQueue], Awaitable[None]]) -> None:
    async def whole() -> None:
        queue = open_in(folder)
        try:
            await scenario(queue)
        finally:
            await queue.close()

    asyncio.run(whole())


def test_what_the_disk_took_is_told_of_each_transaction_that_wrote(tmp_path: Path) -> None:
    async def scenario() -> None:
        took_s: list[float] = []
        queue = SqliteQueue(tmp_path / "queue.sqlite3", tmp_path, on_commit=took_s.append)
        try:
            await queue.counts()
            assert took_s == []
            await asyncio.gather(queue.accept([make_arrival(1)]), queue.accept([make_arrival(2)]))
            assert len(took_s) == 1, "one transaction for both"
            assert took_s[0] > 0
        finally:
            await queue.close()

    asyncio.run(scenario())


def modes_in(folder: Path) -> dict[str, str]:
    return {path.name: oct(stat.S_IMODE(path.stat().st_mode)) for path in folder.glob("queue*")}


def test_everything_is_there_after_a_restart(tmp_path: Path) -> None:
    async def before(queue: SqliteQueue) -> None:
        await queue.accept([make_arrival(1, source=make_source(2**64 - 1)), make_arrival(2)])
        await queue.lease([make_id(2)], now=NOW, next_at=LATER)
        await queue.record([make_record(2, verdicts={ANNA: DELIVERED}, next_state=MessageState.SENT)])

    async def after(queue: SqliteQueue) -> None:
        messages = await queue.select(QueueFilter(ids=(make_id(1), make_id(2))))
        assert [message.state for message in messages] == [MessageState.QUEUED, MessageState.SENT]
        assert await queue.is_taken(make_source(2**64 - 1)) == make_id(1)
        assert await queue.sent_since(NOW) == {"billing": 1}

    run_with(tmp_path, before)
    run_with(tmp_path, after)


def test_contents_are_not_mixed_up_however_many_are_read_at_once(tmp_path: Path) -> None:
    every_octet = bytes(range(256))
    bodies = [b"", b"\0", every_octet, b"\xff\xfe" * 40_000, b"plain\r\n", b"\0" * 70_000, b"\xc3", b"\xa4\0"]

    async def scenario(queue: SqliteQueue) -> None:
        file = tmp_path / "bodies" / "large"
        file.write_bytes(every_octet)
        arrivals = [
            replace(make_arrival(number, body=InlineBody(data=body)), head=b"Subject: \xe4\0" + b"!" * number)
            for number, body in enumerate(bodies * 20)
        ]
        arrivals.append(make_arrival(999, body=FileBody(path=file, size_bytes=256)))
        await queue.accept(arrivals)
        leased = await queue.lease([one.id for one in reversed(arrivals)], now=NOW, next_at=LATER)
        assert [(one.message.id, one.head, one.body) for one in leased] == [
            (one.id, one.head, one.body) for one in reversed(arrivals)
        ]

    run_with(tmp_path, scenario)


def test_nobody_else_may_read_the_database(tmp_path: Path) -> None:
    async def scenario(queue: SqliteQueue) -> None:
        await queue.accept([make_arrival()])
        assert modes_in(tmp_path) == {
            "queue.sqlite3": "0o600",
            "queue.sqlite3-wal": "0o600",
            "queue.sqlite3-shm": "0o600",
        }

    run_with(tmp_path, scenario)


def test_a_commit_is_on_disk_and_others_read_meanwhile(tmp_path: Path) -> None:
    async def scenario(queue: SqliteQueue) -> None:
        await queue.counts()
        connection = queue._worker._connect()
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert connection.execute("PRAGMA synchronous").fetchone() == (2,)

    run_with(tmp_path, scenario)


def test_what_arrives_together_shares_a_transaction(tmp_path: Path) -> None:
    async def scenario(queue: SqliteQueue) -> None:
        await queue.counts()
        other = sqlite3.connect(tmp_path / "queue.sqlite3")
        versions = {other.execute("PRAGMA data_version").fetchone()}
        connection = queue._worker._connect()
        statements: list[str] = []
        connection.set_trace_callback(statements.append)

        await asyncio.gather(*(queue.accept([make_arrival(number)]) for number in range(20)))

        connection.set_trace_callback(None)
        versions.add(other.execute("PRAGMA data_version").fetchone())
        other.close()
        assert statements.count("COMMIT") == 1
        assert len(versions) == 2

    run_with(tmp_path, scenario)


def test_what_is_asked_for_while_a_transaction_commits_shares_the_next_one(tmp_path: Path) -> None:
    async def scenario(queue: SqliteQueue) -> None:
        await queue.counts()
        statements: list[str] = []
        queue._worker._connect().set_trace_callback(statements.append)
        accepting = [asyncio.ensure_future(queue.accept([make_arrival(0)]))]
        for _ in range(3):
            await asyncio.sleep(0)
        assert queue._worker._is_running

        accepting += [asyncio.ensure_future(queue.accept([make_arrival(number)])) for number in range(1, 20)]
        await asyncio.gather(*accepting)

        assert statements.count("COMMIT") == 2

    run_with(tmp_path, scenario)


def test_an_operation_that_fails_spoils_no_neighbour(tmp_path: Path) -> None:
    async def scenario(queue: SqliteQueue) -> None:
        await queue.accept([make_arrival(1)])

        results = await asyncio.gather(
            queue.accept([make_arrival(2)]),
            queue.accept([make_arrival(3), make_arrival(1)]),  # an id is never used twice
            queue.accept([make_arrival(4)]),
            queue.accept([replace(make_arrival(5), head="no bytes")]),  # type: ignore[arg-type]
            queue.select(QueueFilter(limit="x")),  # type: ignore[arg-type]
            return_exceptions=True,
        )

        assert [isinstance(result, BaseException) for result in results] == [False, True, False, False, True]
        found = await queue.select(QueueFilter())
        assert [message.id for message in found] == [make_id(number) for number in (1, 2, 4, 5)]

    run_with(tmp_path, scenario)


def test_a_full_disk_fails_all_and_changes_nothing(tmp_path: Path) -> None:
    async def scenario(queue: SqliteQueue) -> None:
        await queue.accept([make_arrival(1)])
        queue._worker._connect().execute("PRAGMA max_page_count = 1")
        arrivals = [make_arrival(number) for number in range(2, 400)]

        with pytest.raises(QueueError, match="full"):
            await queue.accept(arrivals)

        (message, *others) = await queue.select(QueueFilter())
        assert others == []
        assert message.id == make_id(1)
        # The next one gets a new connection, without the limit.
        assert len(await queue.accept(arrivals)) == 398

    run_with(tmp_path, scenario)


@each_row(
    ("code", "is_doubtful"),
    [
        (sqlite3.SQLITE_IOERR_FSYNC, True),
        (sqlite3.SQLITE_IOERR_WRITE, True),
        (sqlite3.SQLITE_FULL, False),
        (sqlite3.SQLITE_BUSY_SNAPSHOT, False),
    ],
)
def test_a_commit_is_in_doubt_unless_there_was_no_room_for_its_end(code: int, *, is_doubtful: bool) -> None:
    error = sqlite3.OperationalError("disk I/O error")
    error.sqlite_errorcode = code

    assert may_be_committed(error) is is_doubtful


def test_what_was_in_doubt_is_written_to_the_database_itself_before_anybody_builds_upon_it(tmp_path: Path) -> None:
    async def scenario(queue: SqliteQueue) -> None:
        await queue.accept([make_arrival(1)])
        queue._worker._disconnect()
        queue._worker._is_in_doubt = True
        other = open_in(tmp_path, writer=2)
        await other.accept([make_arrival(2)])

        await queue.counts()

        shutil.copy(tmp_path / "queue.sqlite3", tmp_path / "without its log")
        with closing(sqlite3.connect(tmp_path / "without its log")) as connection:
            assert connection.execute("SELECT count(*) FROM messages").fetchone() == (2,)
        await other.close()

    run_with(tmp_path, scenario)


class LosesCommits:
    """A connection whose commits are done, and say that they are not."""

    def __init__(self, connection: sqlite3.Connection, times: int) -> None:
        self._connection = connection
        self._left = times

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401
        return getattr(self._connection, name)

    def execute(self, statement: str, *values: Any) -> Any:  # noqa: ANN401
        done = self._connection.execute(statement, *values)
        if statement == "COMMIT" and self._left:
            self._left -= 1
            error = sqlite3.OperationalError("disk I/O error")
            error.sqlite_errorcode = sqlite3.SQLITE_IOERR_FSYNC
            raise error
        return done


def lose_commits(queue: SqliteQueue, times: int = 1) -> None:
    connection = queue._worker._connection
    assert connection is not None
    queue._worker._connection = LosesCommits(connection, times)  # type: ignore[assignment]


def test_a_lease_whose_commit_is_in_doubt_takes_the_same_messages_out_when_it_is_asked_for_again(
    tmp_path: Path,
) -> None:
    async def scenario(queue: SqliteQueue) -> None:
        await queue.recover(now=NOW)
        await queue.accept([make_arrival(number) for number in (1, 2, 3)])
        await queue.lease([make_id(3)], now=NOW, next_at=LATER)
        ids = [make_id(number) for number in (1, 2, 3)]
        lose_commits(queue)
        with pytest.raises(QueueInDoubtError):
            await queue.lease(ids, now=NOW, next_at=LATER)
        with closing(sqlite3.connect(tmp_path / "queue.sqlite3", isolation_level=None)) as reader:
            # While another process reads, what is in doubt cannot be made sure of.
            reader.execute("BEGIN")
            reader.execute("SELECT count(*) FROM messages").fetchone()
            other = open_in(tmp_path, writer=2)
            await other.accept([make_arrival(4)])
            with pytest.raises(QueueInDoubtError):
                await queue.lease(ids, now=NOW, next_at=LATER)
            await other.close()
            reader.execute("COMMIT")

        again = await queue.lease(ids, now=NOW, next_at=LATER)
        twice = await queue.lease(ids, now=NOW, next_at=LATER)

        assert [one.message.id for one in again] == [make_id(1), make_id(2)]
        assert all(one.message.state is MessageState.SENDING and one.head for one in again)
        assert twice == ()

    run_with(tmp_path, scenario)


def test_a_lease_in_a_transaction_of_many_whose_commit_is_in_doubt_takes_its_messages_out(tmp_path: Path) -> None:
    async def scenario(queue: SqliteQueue) -> None:
        await queue.recover(now=NOW)
        await queue.accept([make_arrival(number) for number in (1, 2)])
        await queue.lease([make_id(2)], now=NOW, next_at=LATER)
        lose_commits(queue)

        leased, after = await asyncio.gather(
            queue.lease([make_id(1)], now=NOW, next_at=LATER),
            queue.record([make_record(2, verdicts={ANNA: DEFERRED}, next_state=MessageState.QUEUED, is_charged=True)]),
        )

        assert [one.message.id for one in leased] == [make_id(1)]
        assert [one.attempts_made for one in after] == [1]

    run_with(tmp_path, scenario)


def test_a_newer_database_is_refused_and_kept(tmp_path: Path) -> None:
    async def nothing(queue: SqliteQueue) -> None:
        await queue.counts()

    run_with(tmp_path, nothing)
    connection = sqlite3.connect(tmp_path / "queue.sqlite3")
    connection.execute("PRAGMA user_version = 5")
    connection.close()

    with pytest.raises(UnfitQueueError) as caught:
        run_with(tmp_path, nothing)

    assert str(caught.value) == (
        f"the queue {tmp_path / 'queue.sqlite3'} was made by a newer maild (format 5, this one knows 4): "
        "use that version again, or drain the queue with it first"
    )


def test_a_damaged_database_is_refused_and_kept(tmp_path: Path) -> None:
    path = tmp_path / "queue.sqlite3"
    path.write_bytes(b"this is no database at all" * 400)

    async def nothing(queue: SqliteQueue) -> None:
        await queue.counts()

    with pytest.raises(QueueError) as caught:
        run_with(tmp_path, nothing)

    assert str(caught.value) == (
        f"the queue {path} is damaged (file is not a database). Nothing was deleted. Stop maild, copy the file "
        "together with queue.sqlite3-wal to a safe place, then try: sqlite3 queue.sqlite3 .recover"
    )
    assert path.read_bytes().startswith(b"this is no database")


def test_a_database_that_cannot_be_opened_is_said(tmp_path: Path) -> None:
    (tmp_path / "queue.sqlite3").mkdir()

    async def nothing(queue: SqliteQueue) -> None:
        await queue.counts()

    with pytest.raises(QueueError, match="cannot be opened: "):
        run_with(tmp_path, nothing)


def test_a_closed_queue_says_so(tmp_path: Path) -> None:
    async def scenario() -> None:
        queue = open_in(tmp_path)
        await queue.accept([make_arrival()])
        await queue.close()

        with pytest.raises(QueueError, match="is closed"):
            await queue.counts()

    asyncio.run(scenario())


def test_closing_finishes_what_was_asked_for(tmp_path: Path) -> None:
    async def scenario() -> None:
        queue = open_in(tmp_path)
        asked = [asyncio.ensure_future(queue.accept([make_arrival(number)])) for number in range(600)]
        await asyncio.sleep(0)
        await queue.close()

        assert len(await asyncio.gather(*asked)) == 600

    asyncio.run(scenario())


def test_a_caller_that_gives_up_stops_nobody(tmp_path: Path) -> None:
    async def scenario(queue: SqliteQueue) -> None:
        impatient = asyncio.ensure_future(queue.accept([make_arrival(1)]))
        await asyncio.sleep(0)
        impatient.cancel()

        assert await queue.accept([make_arrival(2)]) == (make_id(2),)
        assert len(await queue.select(QueueFilter())) == 2

    run_with(tmp_path, scenario)


# ---------------------------------------------------------------------- several processes


def test_the_sender_sees_what_another_process_changed(tmp_path: Path) -> None:
    async def scenario(sender: SqliteQueue) -> None:
        await sender.recover(now=NOW)
        await sender.accept([make_arrival(1), make_arrival(2), make_arrival(3)])
        other = open_in(tmp_path, writer=2)

        nothing = await sender.changed()
        await other.hold([make_id(1)], now=NOW)
        await other.delete([make_id(2)], now=NOW)
        await other.accept([make_arrival(4)])
        changed = await sender.changed()

        assert nothing == ()
        assert [(message.id, message.state) for message in changed] == [
            (make_id(1), MessageState.HELD),
            (make_id(2), MessageState.DELETED),
            (make_id(4), MessageState.QUEUED),
        ]
        assert await sender.changed() == ()
        await other.close()

    run_with(tmp_path, scenario)


def test_what_was_changed_while_nobody_sent_is_no_news(tmp_path: Path) -> None:
    async def before(queue: SqliteQueue) -> None:
        await queue.accept([make_arrival(1)])
        await queue.hold([make_id(1)], now=NOW)

    async def scenario(sender: SqliteQueue) -> None:
        await sender.recover(now=NOW)

        assert await sender.changed() == ()

    run_with(tmp_path, before)
    run_with(tmp_path, scenario)


def test_a_killed_process_loses_nothing_it_was_told_to_have(tmp_path: Path) -> None:
    program = f"""
import asyncio, os, signal, sys
from pathlib import Path
sys.path.insert(0, {str(Path.cwd())!r})
from tests.spool.sqlite.test_queue import open_in
from tests.spool.messages import *
async def main():
    queue = open_in(Path({str(tmp_path)!r}))
    await queue.accept([make_arrival(1), make_arrival(2)])
    await queue.lease([make_id(1)], now=NOW, next_at=NOW)
    await queue.mark_dot(make_id(1), [ANNA], now=NOW)
    os.kill(os.getpid(), signal.SIGKILL)
asyncio.run(main())
"""
    done = subprocess.run([sys.executable, "-c", program], check=False)

    async def after(queue: SqliteQueue) -> None:
        (message,) = await queue.recover(now=NOW)
        assert message.recipients[0].state == "uncertain"
        assert await queue.due(now=NOW) == 2

    assert done.returncode == -9
    run_with(tmp_path, after)


# ---------------------------------------------------------------------- bodies in files


def test_bodies_without_a_row_go_at_the_start_when_they_are_old(tmp_path: Path) -> None:
    async def scenario(queue: SqliteQueue) -> None:
        bodies = tmp_path / "bodies"
        for name in ("used.body", "old.body", ".old.body.tmp", "young.body"):
            (bodies / name).write_bytes(b"x")
        now = datetime.now(UTC)
        hours_ago = (now - timedelta(hours=2)).timestamp()
        for name in ("used.body", "old.body", ".old.body.tmp"):
            os.utime(bodies / name, (hours_ago, hours_ago))
        await queue.accept([make_arrival(body=FileBody(path=bodies / "used.body", size_bytes=1))])

        await queue.recover(now=now)

        assert sorted(path.name for path in bodies.iterdir()) == ["used.body", "young.body"]

    run_with(tmp_path, scenario)


def test_a_spool_can_be_moved(tmp_path: Path) -> None:
    old, new = tmp_path / "old", tmp_path / "new"
    old.mkdir()

    async def before(queue: SqliteQueue) -> None:
        (old / "bodies" / "1.body").write_bytes(b"x")
        await queue.accept([make_arrival(body=FileBody(path=old / "bodies" / "1.body", size_bytes=1))])

    async def after(queue: SqliteQueue) -> None:
        shown = await queue.show(make_id(1))
        assert shown is not None
        assert shown.body == FileBody(path=new / "bodies" / "1.body", size_bytes=1)

    run_with(old, before)
    old.rename(new)
    run_with(new, after)


_BACK_TO_3: Final = ("DROP INDEX messages_living", "PRAGMA user_version = 3")
_BACK_TO_2: Final = (
    *_BACK_TO_3,
    "DROP INDEX messages_queued",
    "DROP INDEX messages_deferred",
    "DROP INDEX contents_files",
    "DROP INDEX recipients_uncertain",
    "ALTER TABLE messages DROP COLUMN stream",
    "ALTER TABLE messages DROP COLUMN pool",
    "DROP TABLE allowances",
    "PRAGMA user_version = 2",
)
_BACK_TO_1: Final = (
    *_BACK_TO_2,
    "ALTER TABLE messages DROP COLUMN wish",
    "ALTER TABLE messages DROP COLUMN notes",
    "DROP TABLE keys",
    "DROP TABLE owed",
    "DROP TABLE marks",
    "PRAGMA user_version = 1",
)


@pytest.mark.parametrize("back", [_BACK_TO_1, _BACK_TO_2, _BACK_TO_3], ids=["1", "2", "3"])
def test_a_queue_of_an_earlier_format_goes_on(tmp_path: Path, back: tuple[str, ...]) -> None:
    async def before(queue: SqliteQueue) -> None:
        await queue.accept([make_arrival(1)])

    async def after(queue: SqliteQueue) -> None:
        await queue.accept([make_arrival(2, wish=ReportWish(envelope_id="x"))])
        await queue.lease([make_id(1)], now=NOW, next_at=NOW)
        await queue.record([make_record(1, verdicts={ANNA: FAILED}, next_state=MessageState.FAILED)])

        (owed,) = await queue.owed_reports(10)
        (message,) = await queue.select(QueueFilter(ids=(make_id(2),)))
        assert await queue.census() == Census(pools={("", NORMAL_STREAM): 1}, deferred={})
        assert owed.message.id == make_id(1)
        assert message.wish.envelope_id == "x"

    run_with(tmp_path, before)
    connection = sqlite3.connect(tmp_path / "queue.sqlite3")
    for statement in back:
        connection.execute(statement)
    connection.close()

    run_with(tmp_path, after)


def test_late_mail_is_found_again_after_the_numbers_began_anew(tmp_path: Path) -> None:
    async def scenario(queue: SqliteQueue) -> None:
        await queue.accept([make_arrival(number) for number in (1, 2, 3)])
        await queue.owe_delays(received_before=NOW + timedelta(hours=1), now=NOW, limit=10)
        await queue.settle(await queue.owed_reports(10))
        await queue.delete([make_id(number) for number in (1, 2, 3)], now=NOW)
        await queue.purge(before=NOW + timedelta(days=1))
        assert await queue.owe_delays(received_before=NOW + timedelta(hours=1), now=NOW, limit=10) == 0
        await queue.accept([make_arrival(4)])

        assert await queue.owe_delays(received_before=NOW + timedelta(hours=1), now=NOW, limit=10) == 1

    run_with(tmp_path, scenario)


@pytest.mark.parametrize("states", [None, (MessageState.QUEUED, MessageState.SENDING)], ids=["living", "waiting"])
def test_the_oldest_of_very_many_is_found_without_a_look_at_the_others(
    tmp_path: Path, states: tuple[MessageState, ...] | None
) -> None:
    async def scenario(queue: SqliteQueue) -> None:
        await queue.counts()
        connection = sqlite3.connect(tmp_path / "queue.sqlite3")
        conditions, values = _conditions(QueueFilter(states=states))
        query = f"SELECT id FROM messages WHERE {' AND '.join(conditions)} ORDER BY received_at, id LIMIT 1"
        (plan,) = connection.execute(f"EXPLAIN QUERY PLAN {query}", values).fetchall()
        connection.close()
        assert plan[3] == "SCAN messages USING INDEX messages_living"

    run_with(tmp_path, scenario)
