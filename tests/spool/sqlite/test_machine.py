"""The queue against a model so simple that it can be seen to be right, through everything that may happen to it.

The model knows no transition, no table and no transaction: of each message it keeps its state, its time, and one word a
recipient. A crash is a copy of the files as they lie there while the connection is open; a restart closes it first.
"""

import asyncio
import shutil
import tempfile
from collections.abc import Awaitable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final, TypeVar

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from maild.mail.address import Mailbox
from maild.mail.verdict import Verdict
from maild.spool.arrival import NORMAL_STREAM
from maild.spool.onward import onward_envelope, undelivered
from maild.spool.queue import MessageState, QueuedMessage, QueueFilter, QueueId, Span
from maild.spool.sqlite import SqliteQueue
from tests.spool.messages import (
    ANNA,
    BERT,
    DEFERRED,
    DELIVERED,
    FAILED,
    LIFETIME,
    NOW,
    UNCERTAIN,
    make_arrival,
    make_id,
    make_record,
    make_source,
)

T = TypeVar("T")

FIRST_PAUSE: Final = timedelta(minutes=1)
HISTORY: Final = frozenset({"sent", "failed", "deleted"})
FINAL: Final = frozenset({"delivered", "failed"})
WORDS: Final[dict[str, Verdict | None]] = {
    "delivered": DELIVERED,
    "waiting": DEFERRED,
    "failed": FAILED,
    "uncertain": UNCERTAIN,
    "silence": None,
}
EVERYTHING: Final = QueueFilter(states=tuple(MessageState))


@dataclass
class Known:
    """What the model knows of a message."""

    state: str
    recipients: dict[Mailbox, str]
    next_at: datetime
    expires_at: datetime
    dotted: set[Mailbox] = field(default_factory=set)
    held_at: datetime | None = None
    done_at: datetime | None = None


class QueueMachine(RuleBasedStateMachine):
    @initialize()
    def open(self) -> None:
        self.root = Path(tempfile.mkdtemp(prefix="maild-machine-"))
        self.loop = asyncio.new_event_loop()
        self.opened = 0
        self.now = NOW
        self.known: dict[QueueId, Known] = {}
        self.sources: dict[int, tuple[QueueId, datetime]] = {}
        self.keys: dict[str, tuple[QueueId, datetime]] = {}
        self.news: set[QueueId] = set()
        self.used = 0
        (self.root / "0").mkdir()
        self._open()
        self.run(self.queue.recover(now=self.now))

    def _open(self) -> None:
        folder = self.root / str(self.opened)
        self.queue = SqliteQueue(folder / "queue.sqlite3", folder / "bodies", writer=1)
        self.other = SqliteQueue(folder / "queue.sqlite3", folder / "bodies", writer=2)

    def teardown(self) -> None:
        if hasattr(self, "loop"):
            self.close()
            self.loop.close()
            shutil.rmtree(self.root)

    def close(self) -> None:
        self.run(self.queue.close())
        self.run(self.other.close())

    def run(self, asked: Awaitable[T]) -> T:
        async def whole() -> T:
            return await asked

        return self.loop.run_until_complete(whole())

    def pick(self, number: int, *states: str) -> QueueId | None:
        found = [id_ for id_, one in self.known.items() if one.state in states]
        return found[number % len(found)] if found else None

    # ------------------------------------------------------------------ what happens

    @rule(seconds=st.sampled_from([1, 60, 3600]))
    def time_passes(self, seconds: int) -> None:
        self.now += timedelta(seconds=seconds)

    @rule(
        who=st.sampled_from([(ANNA,), (ANNA, BERT)]),
        inode=st.none() | st.integers(1, 3),
        key=st.none() | st.sampled_from("ab"),
        is_elsewhere=st.booleans(),
    )
    def accept(self, who: tuple[Mailbox, ...], inode: int | None, key: str | None, *, is_elsewhere: bool) -> None:
        self.used += 1
        id_ = make_id(self.used)
        source = None if inode is None else make_source(inode)
        arrival = make_arrival(self.used, recipients=who, received_at=self.now, source=source, idempotency_key=key)
        before, _ = self.sources.get(inode or 0) or self.keys.get(key or "") or (None, self.now)

        assert self.run((self.other if is_elsewhere else self.queue).accept([arrival])) == (before or id_,)

        if inode is not None:
            known, _ = self.sources.get(inode, (before or id_, self.now))
            self.sources[inode] = (known, self.now)
        if before is not None:
            return
        if key is not None:
            self.keys[key] = (id_, self.now)
        self.known[id_] = Known("queued", dict.fromkeys(who, "waiting"), self.now, self.now + LIFETIME)
        if is_elsewhere:
            self.news.add(id_)

    @rule(number=st.integers(0, 99), is_any=st.booleans())
    def lease(self, number: int, *, is_any: bool) -> None:
        id_ = self.pick(number, "queued", *(("held", "sending", "sent") if is_any else ()))
        if id_ is None:
            return
        one = self.known[id_]
        leased = self.run(self.queue.lease([id_], now=self.now, next_at=self.now + FIRST_PAUSE))

        assert [each.message.id for each in leased] == ([id_] if one.state == "queued" else [])
        if leased:
            assert leased[0].head == b"Subject: hello\r\n"
            one.state, one.next_at = "sending", self.now + FIRST_PAUSE

    @rule(number=st.integers(0, 99), is_first_only=st.booleans())
    def mark_dot(self, number: int, *, is_first_only: bool) -> None:
        id_ = self.pick(number, "sending")
        if id_ is None:
            return
        one = self.known[id_]
        meant = list(one.recipients)[: 1 if is_first_only else None]
        self.run(self.queue.mark_dot(id_, meant, now=self.now))
        one.dotted |= {who for who in meant if one.recipients[who] not in FINAL}

    @rule(number=st.integers(0, 99), words=st.tuples(*[st.sampled_from(sorted(WORDS))] * 2), is_over=st.booleans())
    def verdict(self, number: int, words: tuple[str, str], *, is_over: bool) -> None:
        """As `delivery` would: the next state follows from what is still open."""
        id_ = self.pick(number, "sending")
        if id_ is None:
            return
        one = self.known[id_]
        said = {who: word for who, word in zip(one.recipients, words, strict=False) if word != "silence"}
        for who, word in one.recipients.items():
            if word in FINAL:
                continue
            if who in said:
                one.recipients[who] = said[who]
                one.dotted.discard(who)
            elif is_over and who in one.dotted:
                one.recipients[who] = "uncertain"
                one.dotted.discard(who)
        self._finish(one, is_over=is_over)
        verdicts = {who: verdict for who, word in said.items() if (verdict := WORDS[word]) is not None}
        state = MessageState(one.state)
        record = make_record(verdicts=verdicts, next_state=state, next_at=one.next_at, finished_at=self.now)
        self.run(self.queue.record([replace(record, id=id_)]))

    def _finish(self, one: Known, *, is_over: bool) -> None:
        if not is_over:
            return
        if set(one.recipients.values()) <= FINAL:
            one.state = "failed" if "failed" in one.recipients.values() else "sent"
            one.done_at = self.now
        else:
            one.state, one.next_at = "queued", self.now + FIRST_PAUSE

    @rule(number=st.integers(0, 99))
    def expire(self, number: int) -> None:
        """What is too old is given up: every open recipient fails."""
        id_ = self.pick(number, "queued")
        if id_ is None:
            return
        one = self.known[id_]
        self.now = max(self.now, one.expires_at)
        self.run(self.queue.lease([id_], now=self.now, next_at=self.now + FIRST_PAUSE))
        record = make_record(
            verdicts=dict.fromkeys(one.recipients, FAILED), next_state=MessageState.FAILED, finished_at=self.now
        )
        self.run(self.queue.record([replace(record, id=id_)]))
        one.recipients = {who: word if word in FINAL else "failed" for who, word in one.recipients.items()}
        one.state, one.done_at = "failed", self.now

    @rule(number=st.integers(0, 99), is_elsewhere=st.booleans(), what=st.sampled_from(["hold", "retry", "delete"]))
    def command(self, number: int, what: str, *, is_elsewhere: bool) -> None:
        id_ = self.pick(number, "queued", "held", "sending", *HISTORY)
        if id_ is None:
            return
        one = self.known[id_]
        queue = self.other if is_elsewhere else self.queue
        changed = self.run(
            {"hold": queue.hold, "retry": queue.retry, "delete": queue.delete}[what]([id_], now=self.now)
        )

        may = one.state == "queued" or (what == "delete" and one.state == "held")
        assert [each.id for each in changed] == ([id_] if may else [])
        if not may:
            return
        if is_elsewhere:
            self.news.add(id_)
        match what:
            case "hold":
                one.state, one.held_at = "held", self.now
            case "retry":
                one.next_at = self.now
            case _:
                one.state, one.done_at = "deleted", self.now

    @rule(number=st.integers(0, 99))
    def release(self, number: int) -> None:
        id_ = self.pick(number, "held")
        if id_ is None:
            return
        one = self.known[id_]
        assert len(self.run(self.queue.release([id_], now=self.now))) == 1
        one.state, one.next_at = "queued", self.now
        one.expires_at += self.now - (one.held_at or self.now)
        one.recipients = {who: "waiting" if word == "uncertain" else word for who, word in one.recipients.items()}

    @rule()
    def listen(self) -> None:
        """The sending process hears of what others changed, once, and of nothing else."""
        assert {message.id for message in self.run(self.queue.changed())} == self.news
        self.news.clear()

    @rule(number=st.integers(0, 99))
    def export_and_import(self, number: int) -> None:
        """As a file and back it is a message for those who did not get it, and only once however often it comes."""
        id_ = self.pick(number, "queued", "held")
        if id_ is None or f"again {id_}" in self.keys:
            return
        shown = self.run(self.queue.show(id_))
        assert shown is not None
        envelope = onward_envelope(shown.message, self.now)
        assert envelope.recipients == undelivered(shown.message)
        first = make_id(self.used + 1)
        self.keys[f"again {id_}"] = (first, self.now)
        for _ in range(2):
            self.used += 1
            arrival = make_arrival(
                self.used,
                recipients=envelope.recipients,
                received_at=self.now,
                not_before=envelope.not_before,
                idempotency_key=envelope.idempotency_key,
                body=shown.body,
            )
            assert self.run(self.queue.accept([replace(arrival, head=shown.head)])) == (first,)
        again, next_at = dict.fromkeys(envelope.recipients, "waiting"), envelope.not_before or self.now
        self.known[first] = Known("queued", again, next_at, self.now + LIFETIME)

    @rule(age=st.sampled_from([timedelta(0), timedelta(hours=1)]))
    def purge(self, age: timedelta) -> None:
        before = self.now - age
        gone = [id_ for id_, one in self.known.items() if one.done_at is not None and one.done_at < before]
        assert self.run(self.queue.purge(before=before)) == len(gone)
        for id_ in gone:
            del self.known[id_]
            self.news.discard(id_)
        self.sources = {inode: entry for inode, entry in self.sources.items() if entry[1] >= before}
        # A key is not forgotten before its message.
        self.keys = {key: entry for key, entry in self.keys.items() if entry[1] >= before or entry[0] in self.known}

    # ------------------------------------------------------------------ how it ends, and begins again

    @rule(is_crash=st.booleans())
    def begin_again(self, *, is_crash: bool) -> None:
        old = self.root / str(self.opened)
        self.opened += 1
        if is_crash:
            shutil.copytree(old, self.root / str(self.opened), ignore=shutil.ignore_patterns("*-shm"))
            self.close()
        else:
            self.close()
            old.rename(self.root / str(self.opened))
        self._open()
        recovered = self.run(self.queue.recover(now=self.now))
        assert {message.id for message in recovered} == {
            id_ for id_, one in self.known.items() if one.state == "sending"
        }
        for one in self.known.values():
            if one.state == "sending":
                one.state = "queued"
                one.recipients |= dict.fromkeys(one.dotted, "uncertain")
                one.dotted.clear()
        self.news.clear()

    # ------------------------------------------------------------------ what is always so

    @invariant()
    def the_queue_is_what_the_model_says(self) -> None:
        if not hasattr(self, "queue"):
            return
        found = {message.id: message for message in self.run(self.queue.select(EVERYTHING))}
        assert {id_: shape(message) for id_, message in found.items()} == {
            id_: (one.state, one.recipients, one.next_at if one.state == "queued" else None, one.expires_at)
            for id_, one in self.known.items()
        }
        waiting = sorted((one.next_at, id_) for id_, one in self.known.items() if one.state == "queued")
        (spanned,) = self.run(self.queue.waiting([Span(pool="", stream=NORMAL_STREAM, after=None, limit=1000)]))
        assert [(one.next_at, one.id) for one in spanned] == waiting
        assert self.run(self.queue.due(now=self.now)) == sum(next_at <= self.now for next_at, _ in waiting)
        assert sum(self.run(self.queue.census()).pools.values()) == len(waiting)


def shape(message: QueuedMessage) -> tuple[object, ...]:
    recipients = {one.mailbox: one.state.value for one in message.recipients}
    next_at = message.next_at if message.state is MessageState.QUEUED else None
    return (message.state.value, recipients, next_at, message.expires_at)


TestQueueMachine = QueueMachine.TestCase
TestQueueMachine.settings = settings(max_examples=8, stateful_step_count=25)
