"""How messages of the queue are shown: a line or two each, a whole page of one, an object for programs. Pure.

Everything from outside (addresses, servers' words) was made safe to show when it came in.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

from maild.mail.verdict import verdict_words
from maild.spool.queue import (
    AccountSender,
    MessageState,
    NullSender,
    QueuedMessage,
    QueuedRecipient,
    RecipientState,
    SenderChoice,
)
from maild.spool.receipt import receipt_of
from maild.spool.stream import priority_of_stream

_SHOWN_RECIPIENTS: Final = 2
_UNITS: Final = ((86400, "d"), (3600, "h"), (60, "m"), (1, "s"))


def message_object(message: QueuedMessage) -> Mapping[str, object]:
    """A message for programs: what its receipt says, its sender (null: the account's own), size and priority."""
    sender = None if isinstance(message.sender, AccountSender) else _sender_text(message.sender)
    return {
        **receipt_of(message),
        "sender": sender,
        "size_bytes": message.size_bytes,
        "priority": priority_of_stream(message.stream).value,
    }


def list_lines(message: QueuedMessage, now: datetime) -> Iterator[str]:
    """One line for the message, one for why it still waits or what became of it."""
    shown = _who_matters(message)
    names = ", ".join(str(one.mailbox) for one in shown[:_SHOWN_RECIPIENTS])
    more = len(shown) - _SHOWN_RECIPIENTS
    yield (
        f"{message.id}  {message.state.value:<8} {format_age(now - message.received_at):>4} old  "
        f"{format_size(message.size_bytes):>8}  {_when(message, now):<12} "
        f"{_sender_text(message.sender)} -> {names}{f' and {more} more' if more > 0 else ''}"
    )
    missed = (one for one in shown if one.state is not RecipientState.DELIVERED)
    reason = next((text for one in missed if (text := verdict_words(one.verdict))), "")
    if reason:
        yield f"    {reason}"


def _who_matters(message: QueuedMessage) -> Sequence[QueuedRecipient]:
    """Who is still to get it; else who did not get it; else who did."""
    for states in ({RecipientState.WAITING, RecipientState.UNCERTAIN}, {RecipientState.FAILED}):
        if found := [one for one in message.recipients if one.state in states]:
            return found
    return message.recipients


def show_lines(message: QueuedMessage, now: datetime) -> Iterator[str]:
    """Everything that is known of one message, without its content."""
    yield f"id          {message.id}"
    yield f"state       {message.state.value}"
    yield f"message-id  {message.message_id}"
    yield f"size        {format_size(message.size_bytes)}"
    yield f"sender      {_sender_text(message.sender)}"
    yield f"priority    {priority_of_stream(message.stream).value}"
    yield f"account     {message.way or '(the routes decide)'}"
    yield f"arrived     {_instant(message.received_at)} ({format_age(now - message.received_at)} ago)"
    if message.state is MessageState.QUEUED:
        yield f"next try    {_instant(message.next_at)} ({_when(message, now)})"
    if not message.state.is_history:
        yield f"given up    {_instant(message.expires_at)}"
    yield f"attempts    {message.attempts_made} by its own or a recipient's fault"
    if message.drop is not None:
        yield f"drop        {message.drop}"
    for one in message.recipients:
        yield f"to          {one.mailbox}{' (copy)' if one.is_copy else ''}: {one.state.value}"
        text = verdict_words(one.verdict)
        if text:
            yield f"            {text}"


def format_age(span: timedelta) -> str:
    """A length of time by its largest unit: 3d, 5h, 12m, 0s."""
    seconds = max(0, int(span.total_seconds()))
    for length, unit in _UNITS:
        if seconds >= length:
            return f"{seconds // length}{unit}"
    return "0s"


def format_size(size_bytes: int) -> str:
    """A size for people: 812 B, 4.0 KiB, 12.5 MiB."""
    if size_bytes < 1024:
        return f"{size_bytes} B"
    if size_bytes < 1024**2:
        return f"{size_bytes / 1024:.1f} KiB"
    return f"{size_bytes / 1024**2:.1f} MiB"


def _when(message: QueuedMessage, now: datetime) -> str:
    if message.state is not MessageState.QUEUED:
        return ""
    return "now" if message.next_at <= now else f"in {format_age(message.next_at - now)}"


def _sender_text(sender: SenderChoice) -> str:
    match sender:
        case AccountSender():
            return "(account)"
        case NullSender():
            return "<>"
        case _:
            return str(sender)


def _instant(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M:%S} UTC"
