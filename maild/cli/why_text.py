"""Why a message stands where it does, in sentences: what happened, whose fault it was, what comes next. Pure.

Everything from outside (addresses, servers' words) was made safe to show when it came in.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, Final, assert_never

from maild.cli.queue_text import format_age
from maild.cli.served import Accounts
from maild.delivery.refusals import row_named_by
from maild.mail.verdict import Deferred, Delivered, Failed, Fault, Uncertain, Verdict, verdict_words
from maild.spool.queue import MessageState, QueuedMessage, QueuedRecipient, RecipientState

_FAULTS: Final[Mapping[Fault, str]] = {
    Fault.MESSAGE: "it is about the message, so the attempt counts",
    Fault.RECIPIENT: "it is about this recipient, so the attempt counts",
    Fault.ACCOUNT: "it is about the account and not about the message, so it uses up no attempt",
    Fault.LOCAL: "it is about this machine or its configuration, so it uses up no attempt",
}


def why_lines(message: QueuedMessage, accounts: Accounts, now: datetime) -> Iterator[str]:
    """Everything that explains one message."""
    yield f"{message.id} {_state_words(message, now)}"
    if message.state is MessageState.QUEUED:
        yield from _queued_lines(message, accounts, now)
    for one in message.recipients:
        yield f"{one.mailbox}{' (copy)' if one.is_copy else ''}: {_recipient_words(one)}"
    yield from (f"note: {note.detail}" for note in message.notes)
    yield from _advice_lines(message)


def rejected_lines(receipt: Mapping[str, Any]) -> Iterator[str]:
    """What explains a drop that was rejected, by its receipt."""
    drop = str(receipt["drop"])
    yield f"{drop} was rejected: {receipt['detail']}."
    yield "The file lies in rejected/, untouched. When it is mended there, this sends it:"
    yield f"maild queue import --rejected {drop.rpartition('/')[2]}"


def prospect_lines(ways: Mapping[str | None, int], accounts: Accounts) -> Iterator[str]:
    """What becomes of messages that are due now, so many by each account: nothing, where nobody is there or their
    account cannot send.
    """
    if accounts.is_served is False:
        yield "No daemon runs on this spool: they are tried as soon as one does."
        return
    if not accounts.is_known:
        yield "The daemon does not answer here, so it is not known whether their accounts can send now."
        return
    for name in sorted(way for way in ways if way is not None and way in accounts.closed):
        count = ways[name]
        yield f"{count} of them {'waits' if count == 1 else 'wait'} for account {name}: {_closed_words(accounts, name)}"


def _state_words(message: QueuedMessage, now: datetime) -> str:
    age = format_age(now - message.received_at)
    since = format_age(now - (message.changed_at or message.received_at))
    match message.state:
        case MessageState.QUEUED:
            return f"waits, for {age} now."
        case MessageState.SENDING:
            return f"is being sent right now, since {since}."
        case MessageState.HELD:
            return f"is held, for {format_age(now - (message.held_at or now))} now; its lifetime stands still."
        case MessageState.SENT:
            took = format_age((message.changed_at or message.received_at) - message.received_at)
            return f"was sent {since} ago, {took} after it had come."
        case MessageState.FAILED:
            return f"failed {since} ago."
        case MessageState.DELETED:
            return f"was deleted {since} ago."
        case _:
            assert_never(message.state)


def _queued_lines(message: QueuedMessage, accounts: Accounts, now: datetime) -> Iterator[str]:
    way = message.way
    if accounts.is_served is False:
        yield "No daemon runs on this spool, so nothing is sent."
    elif way is not None and way in accounts.closed:
        yield f"It waits for account {way}: {_closed_words(accounts, way)}"
    elif way is not None and way in accounts.limited and (message.pool or message.next_at <= now):
        limited = accounts.limited[way]
        yield f"It waits for account {way}: {limited.used_up}. The next message may go at {limited.until}."
    elif message.changed_at is None and message.next_at > now:
        yield f"It is not to be sent before {_instant(message.next_at)}, as its envelope file wishes."
    elif message.next_at > now:
        yield f"It is tried again in {format_age(message.next_at - now)}, at {_instant(message.next_at)}."
    elif message.changed_at is None:
        yield "It was not tried yet."
    else:
        yield "It is due, and waits for its turn: for a free connection, or for what its account may send in a time."
    yield (
        f"{_attempts(message.attempts_made)} used up. It is given up after {_instant(message.expires_at)}, "
        "but for the time that its account cannot send."
    )


def _attempts(count: int) -> str:
    return "1 attempt was" if count == 1 else f"{count} attempts were"


def _closed_words(accounts: Accounts, name: str) -> str:
    closed = accounts.closed[name]
    if closed.is_switched_off:
        return f"{closed.detail}. It is sent once that is true again, or a route leads elsewhere."
    ending = "It is being tried right now." if closed.until is None else f"It is tried again at {closed.until}."
    return f"{closed.detail.rstrip('.')}. {ending}"


def _recipient_words(one: QueuedRecipient) -> str:
    words = verdict_words(one.verdict)
    match one.state:
        case RecipientState.DELIVERED:
            return f"delivered; {words}" if words else "delivered"
        case RecipientState.FAILED:
            return f"failed; {words}"
        case RecipientState.UNCERTAIN:
            return f"uncertain; {words}"
        case RecipientState.WAITING:
            return f"waits; {words} ({_fault_words(one.verdict)})" if words else "waits; it was not tried yet"
        case _:
            assert_never(one.state)


def _fault_words(verdict: Verdict | None) -> str:
    match verdict:
        case (
            Deferred(fault=fault, phase=phase, reason=reason, reply=reply)
            | Failed(fault=fault, phase=phase, reason=reason, reply=reply)
        ):
            row = None if reply is None else row_named_by(phase, reply, reason)
            return _FAULTS[fault] if row is None else f"{_FAULTS[fault]}; row {row.name} of `maild explain --replies`"
        case Uncertain() | Delivered() | None:
            return "it is tried again"
        case _:
            assert_never(verdict)


def _advice_lines(message: QueuedMessage) -> Iterator[str]:
    match message.state:
        case MessageState.QUEUED:
            yield f"Try it now: maild queue retry {message.id}"
        case MessageState.HELD:
            yield f"Let it go: maild queue release {message.id}"
        case MessageState.FAILED:
            yield f"It is kept in failed/. When the reason is gone, maild queue import --failed {message.id} sends it."
        case MessageState.SENDING | MessageState.SENT | MessageState.DELETED:
            pass
        case _:
            assert_never(message.state)


def _instant(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M:%S} UTC"
