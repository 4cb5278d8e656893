"""A queue in memory, held to the same contract as the SQLite queue (tests/spool/queue_contract.py).

For tests of whoever uses a queue. `fail_with` makes every call fail as a full disk would; `change_elsewhere` does what
`maild queue …` in another process would have done.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from fnmatch import fnmatchcase

from maild.mail.address import Mailbox
from maild.mail.verdict import Delivered, verdict_words
from maild.spool import transition
from maild.spool.allowance import Allowance
from maild.spool.queue import (
    AccountSender,
    Arrival,
    AttemptRecord,
    Body,
    Census,
    FileBody,
    InlineBody,
    Leased,
    MessageState,
    NullSender,
    Occasion,
    OwedReport,
    QueuedMessage,
    QueueError,
    QueueFilter,
    QueueId,
    RecipientState,
    SenderChoice,
    SourceIdentity,
    Span,
    Waiting,
)

NO_CONTENT = InlineBody(data=b"")


@dataclass(slots=True, kw_only=True)
class _Entry:
    message: QueuedMessage
    head: bytes
    body: Body


class MemoryQueue:
    """Implements `maild.spool.queue.Queue`; forgets everything when it goes."""

    def __init__(self) -> None:
        self._entries: dict[QueueId, _Entry] = {}
        self._ledger: dict[SourceIdentity, tuple[QueueId, datetime]] = {}
        self._sent: list[tuple[str, datetime]] = []
        self._changed: list[QueueId] = []
        self._keys: dict[str, QueueId] = {}
        self._owed: dict[tuple[datetime, QueueId, Occasion], None] = {}
        self._looked_at: set[QueueId] = set()
        self._allowances: dict[str, tuple[Allowance, ...]] = {}
        self.fail_with: QueueError | None = None

    def change_elsewhere(self, message: QueuedMessage) -> None:
        """Another process left the message like this; the next `changed()` tells."""
        self._entries[message.id].message = message
        self._changed.append(message.id)

    def message(self, id_: QueueId) -> QueuedMessage:
        """The message as it is now, for a test's expectations."""
        return self._entries[id_].message

    async def accept(self, arrivals: Sequence[Arrival]) -> tuple[QueueId, ...]:
        self._check()
        return tuple(self._accept(arrival) for arrival in arrivals)

    def _accept(self, arrival: Arrival) -> QueueId:
        if arrival.source is not None and arrival.source in self._ledger:
            known_as, _ = self._ledger[arrival.source]
            self._ledger[arrival.source] = (known_as, arrival.received_at)
            return known_as
        known = None if arrival.idempotency_key is None else self._keys.get(arrival.idempotency_key)
        for identity in (arrival.source, arrival.sidecar):
            if identity is not None:
                self._ledger[identity] = (known or arrival.id, arrival.received_at)
        if known is not None:
            return known
        if arrival.idempotency_key is not None:
            self._keys[arrival.idempotency_key] = arrival.id
        self._entries[arrival.id] = _Entry(message=transition.received(arrival), head=arrival.head, body=arrival.body)
        return arrival.id

    async def is_taken(self, source: SourceIdentity) -> QueueId | None:
        self._check()
        found = self._ledger.get(source)
        return None if found is None else found[0]

    async def recover(self, *, now: datetime) -> tuple[QueuedMessage, ...]:
        self._check()
        return self._apply(tuple(self._entries), lambda message: transition.recovered(message, now=now))

    async def census(self) -> Census:
        self._check()
        queued = self._queued()
        deferred = (one.last_account for one in queued if not one.pool and one.last_account is not None)
        return Census(pools=Counter((one.pool, one.stream) for one in queued), deferred=Counter(deferred))

    async def waiting(self, spans: Sequence[Span]) -> tuple[tuple[Waiting, ...], ...]:
        self._check()
        return tuple(self._span(span) for span in spans)

    def _span(self, span: Span) -> tuple[Waiting, ...]:
        found = [
            Waiting.of(one)
            for one in self._queued()
            if (one.pool, one.stream) == (span.pool, span.stream)
            and (span.after is None or (one.next_at, one.id) > span.after)
        ]
        return tuple(sorted(found, key=lambda one: (one.next_at, one.id))[: span.limit])

    async def due(self, *, now: datetime) -> int:
        self._check()
        return sum(1 for one in self._queued() if one.next_at <= now)

    def _queued(self) -> list[QueuedMessage]:
        return [e.message for e in self._entries.values() if e.message.state is MessageState.QUEUED]

    async def changed(self) -> tuple[QueuedMessage, ...]:
        self._check()
        ids, self._changed = self._changed, []
        return tuple(self._entries[id_].message for id_ in dict.fromkeys(ids))

    async def lease(self, ids: Sequence[QueueId], *, now: datetime, next_at: datetime) -> tuple[Leased, ...]:
        self._check()
        before = {id_: self._entries[id_].message for id_ in ids if id_ in self._entries}
        messages = self._apply(ids, lambda message: transition.leased(message, now=now, next_at=next_at))
        return tuple(
            replace(self._leased(message), stood_still=transition.stood_still(before[message.id], now=now))
            for message in messages
        )

    async def add_copy(self, id_: QueueId, mailbox: Mailbox) -> None:
        self._check()
        self._apply((id_,), lambda message: transition.with_copy(message, mailbox))

    async def mark_dot(self, id_: QueueId, recipients: Sequence[Mailbox], *, now: datetime) -> None:
        self._check()
        self._apply((id_,), lambda message: transition.dot_marked(message, recipients, now=now))

    async def record(self, records: Sequence[AttemptRecord]) -> tuple[QueuedMessage, ...]:
        self._check()
        return tuple(message for record in records for message in self._record(record))

    def _record(self, record: AttemptRecord) -> tuple[QueuedMessage, ...]:
        if record.id not in self._entries:
            return ()
        before = self._entries[record.id].message
        self._apply((record.id,), lambda message: transition.recorded(message, record))
        for recipient in before.recipients:
            if not recipient.is_final and isinstance(record.verdicts.get(recipient.mailbox), Delivered):
                self._sent.append((record.account or "", record.finished_at))
        after = self._entries[record.id].message
        for occasion in transition.reports_owed(before, after):
            self._owed[record.finished_at, record.id, occasion] = None
        return (self._entries[record.id].message,)

    async def show(self, id_: QueueId) -> Leased | None:
        self._check()
        return None if id_ not in self._entries else self._leased(self._entries[id_].message)

    async def select(self, wanted: QueueFilter) -> tuple[QueuedMessage, ...]:
        self._check()
        found = sorted(
            (e.message for e in self._entries.values() if _matches(e.message, wanted)),
            key=lambda message: (message.received_at, message.id),
        )
        return tuple(found[: wanted.limit])

    async def hold(self, ids: Sequence[QueueId], *, now: datetime) -> tuple[QueuedMessage, ...]:
        self._check()
        return self._apply(ids, lambda message: transition.held(message, now=now))

    async def release(self, ids: Sequence[QueueId], *, now: datetime) -> tuple[QueuedMessage, ...]:
        self._check()
        return self._apply(ids, lambda message: transition.released(message, now=now))

    async def retry(self, ids: Sequence[QueueId], *, now: datetime) -> tuple[QueuedMessage, ...]:
        self._check()
        return self._apply(ids, lambda message: transition.retried(message, now=now))

    async def delete(self, ids: Sequence[QueueId], *, now: datetime) -> tuple[QueuedMessage, ...]:
        self._check()
        return self._apply(ids, lambda message: transition.deleted(message, now=now))

    async def owed_reports(self, limit: int) -> tuple[OwedReport, ...]:
        self._check()
        return tuple(
            OwedReport(message=self._entries[id_].message, occasion=occasion, at=at)
            for at, id_, occasion in sorted(self._owed)[:limit]
        )

    async def owe_delays(self, *, received_before: datetime, now: datetime, limit: int) -> int:
        self._check()
        old = [
            entry.message
            for entry in self._entries.values()
            if entry.message.id not in self._looked_at and entry.message.received_at < received_before
        ][:limit]
        for message in old:
            self._looked_at.add(message.id)
            if transition.is_delayed(message, now=now):
                self._owed[now, message.id, Occasion.DELAYED] = None
        return len(old)

    def owe_again(self, report: OwedReport) -> None:
        """As if the queue had never heard that this is settled."""
        self._owed[report.at, report.message.id, report.occasion] = None

    async def settle(self, reports: Sequence[OwedReport]) -> None:
        self._check()
        for report in reports:
            self._owed.pop((report.at, report.message.id, report.occasion), None)

    async def counts(self) -> Mapping[MessageState, int]:
        self._check()
        found = [entry.message.state for entry in self._entries.values()]
        return {state: found.count(state) for state in MessageState if not state.is_history}

    async def lately_done(self, within: timedelta) -> tuple[str, ...]:
        self._check()
        done = [one.message for one in self._entries.values() if one.message.state.is_history]
        last = max((message.changed_at for message in done if message.changed_at is not None), default=None)
        return tuple(
            dict.fromkeys(
                message.drop
                for message in done
                if message.drop is not None and message.changed_at and last and message.changed_at >= last - within
            )
        )

    async def uncertain(self) -> int:
        self._check()
        living = [entry.message for entry in self._entries.values() if not entry.message.state.is_history]
        return sum(1 for one in living if any(to.state is RecipientState.UNCERTAIN for to in one.recipients))

    async def sent_since(self, since: datetime) -> Mapping[str, int]:
        self._check()
        begun = since.replace(second=0, microsecond=0)
        accounts = [account for account, at in self._sent if at >= begun]
        return {account: accounts.count(account) for account in dict.fromkeys(accounts)}

    async def allowances(self, *, now: datetime) -> Mapping[str, tuple[Allowance, ...]]:
        self._check()
        lasting = {
            account: tuple(sorted((one for one in ones if one.until > now), key=lambda one: one.kind))
            for account, ones in self._allowances.items()
        }
        return {account: ones for account, ones in lasting.items() if ones}

    async def set_allowances(self, allowances: Mapping[str, Sequence[Allowance]]) -> None:
        self._check()
        self._allowances |= {account: tuple(ones) for account, ones in allowances.items()}

    async def purge(self, *, before: datetime) -> int:
        self._check()
        old = [
            e.message.id
            for e in self._entries.values()
            if e.message.state.is_history and (e.message.changed_at or e.message.received_at) < before
        ]
        for id_ in old:
            del self._entries[id_]
        self._owed = {key: None for key in self._owed if key[1] in self._entries}
        self._keys = {key: id_ for key, id_ in self._keys.items() if id_ in self._entries}
        self._ledger = {key: entry for key, entry in self._ledger.items() if entry[1] >= before}
        self._sent = [entry for entry in self._sent if entry[1] >= before - timedelta(minutes=1)]
        return len(old)

    async def close(self) -> None:
        pass

    def _check(self) -> None:
        if self.fail_with is not None:
            raise self.fail_with

    def _apply(
        self, ids: Sequence[QueueId], change: Callable[[QueuedMessage], QueuedMessage | None]
    ) -> tuple[QueuedMessage, ...]:
        changed = []
        for id_ in dict.fromkeys(ids):
            entry = self._entries.get(id_)
            after = None if entry is None else change(entry.message)
            if entry is None or after is None:
                continue
            entry.message = after
            if after.state.is_history:
                if isinstance(entry.body, FileBody):
                    entry.body.path.unlink(missing_ok=True)
                entry.head, entry.body = b"", NO_CONTENT
            changed.append(after)
        return tuple(changed)

    def _leased(self, message: QueuedMessage) -> Leased:
        entry = self._entries[message.id]
        return Leased(message=message, head=entry.head, body=entry.body)


def _matches(message: QueuedMessage, wanted: QueueFilter) -> bool:
    if wanted.states is not None:
        is_state_wanted = message.state in wanted.states
    else:
        is_named = wanted.ids is not None or wanted.drops is not None
        is_state_wanted = is_named or not message.state.is_history
    recipients = [str(recipient.mailbox).lower() for recipient in message.recipients]
    said = [verdict_words(recipient.verdict).lower() for recipient in message.recipients]
    return (
        is_state_wanted
        and (wanted.ids is None or message.id in wanted.ids)
        and (wanted.drops is None or message.drop in wanted.drops)
        and (wanted.account is None or wanted.account == (message.last_account or message.account))
        and (wanted.sender is None or _is_sender(message.sender, wanted.sender.lower()))
        and (wanted.recipient is None or any(fnmatchcase(text, wanted.recipient.lower()) for text in recipients))
        and (wanted.after is None or (message.received_at, message.id) > wanted.after)
        and (wanted.received_before is None or message.received_at < wanted.received_before)
        and (wanted.received_after is None or message.received_at >= wanted.received_after)
        and (wanted.min_bytes is None or message.size_bytes >= wanted.min_bytes)
        and (wanted.max_bytes is None or message.size_bytes <= wanted.max_bytes)
        and (wanted.error is None or any(wanted.error.lower() in words for words in said))
    )


def _is_sender(sender: SenderChoice, pattern: str) -> bool:
    match sender:
        case AccountSender():
            return False
        case NullSender():
            return pattern == "<>"
        case mailbox:
            return fnmatchcase(str(mailbox).lower(), pattern)
