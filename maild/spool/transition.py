"""How a message moves from state to state: the arrows of the picture in `maild.spool.queue`, each a pure function.

Every implementation of the queue uses these, so that they cannot disagree. A function returns the message as it is
afterwards, or None where the arrow does not start in the message's state. The arrows that every message goes along name
all fields: `dataclasses.replace` takes five times as long.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final, assert_never

from maild.mail.address import Mailbox
from maild.mail.note import merged
from maild.mail.phase import Phase
from maild.mail.report_wish import Notify
from maild.mail.verdict import Deferred, Delivered, Failed, Uncertain, Verdict
from maild.spool.queue import (
    Arrival,
    AttemptRecord,
    MessageState,
    NullSender,
    Occasion,
    QueuedMessage,
    QueuedRecipient,
    RecipientState,
)

FEW: Final = 8

_LOST_ANSWER: Final = Uncertain(
    phase=Phase.BODY,
    reason="maild stopped between the end of the message and the server's answer: it may have been delivered or not",
)


def received(arrival: Arrival) -> QueuedMessage:
    """The message that an arrival becomes. What asks for an account waits for that, once its time has come."""
    next_at = max(arrival.received_at, arrival.not_before or arrival.received_at)
    return QueuedMessage(
        id=arrival.id,
        state=MessageState.QUEUED,
        sender=arrival.sender,
        recipients=tuple(QueuedRecipient(mailbox=mailbox) for mailbox in dict.fromkeys(arrival.recipients)),
        message_id=arrival.message_id,
        size_bytes=arrival.size_bytes,
        received_at=arrival.received_at,
        expires_at=arrival.expires_at,
        next_at=next_at,
        account=arrival.account,
        drop=arrival.drop,
        wish=arrival.wish,
        notes=arrival.notes,
        stream=arrival.stream,
        pool=arrival.account or "" if next_at == arrival.received_at else "",
    )


def leased(message: QueuedMessage, *, now: datetime, next_at: datetime) -> QueuedMessage | None:
    """QUEUED to SENDING; if the attempt dies, `next_at` is when the next one may be."""
    if message.state is not MessageState.QUEUED:
        return None
    return _under_way(message, message.recipients, next_at, now)


def stood_still(message: QueuedMessage, *, now: datetime) -> timedelta:
    """How long a QUEUED message that is taken out now has waited for something else than its time: for its account, for
    its turn, for a maild that runs. Its own clock stands still meanwhile.
    """
    since = (message.changed_at or message.received_at) if message.pool else message.next_at
    return max(now - since, timedelta(0))


def with_copy(message: QueuedMessage, mailbox: Mailbox) -> QueuedMessage | None:
    """One recipient more, unless it is one already."""
    if message.state.is_history or any(recipient.mailbox == mailbox for recipient in message.recipients):
        return None
    return replace(message, recipients=(*message.recipients, QueuedRecipient(mailbox=mailbox, is_copy=True)))


def dot_marked(message: QueuedMessage, recipients: Sequence[Mailbox], *, now: datetime) -> QueuedMessage | None:
    """SENDING stays SENDING; from here on silence about these recipients is uncertainty."""
    if message.state is not MessageState.SENDING:
        return None
    # A few are found quicker by looking than by hashing them first.
    concerned = recipients if len(recipients) <= FEW else frozenset(recipients)
    marked = [
        _marked(recipient, now) if recipient.mailbox in concerned and not recipient.is_final else recipient
        for recipient in message.recipients
    ]
    return _under_way(message, tuple(marked), message.next_at, message.changed_at)


def recorded(message: QueuedMessage, record: AttemptRecord) -> QueuedMessage | None:
    """After (a part of) an attempt. History keeps what it is; anything else takes the verdicts and the next state.

    What has this very record already, as after a commit that was in doubt, is not charged with it twice.
    """
    if message.state.is_history or _has(message, record):
        return None
    is_over = record.next_state is not MessageState.SENDING
    return QueuedMessage(
        id=message.id,
        state=record.next_state,
        sender=message.sender,
        recipients=tuple([_judged(recipient, record, is_over=is_over) for recipient in message.recipients]),
        message_id=message.message_id,
        size_bytes=message.size_bytes,
        received_at=message.received_at,
        expires_at=message.expires_at if record.expires_at is None else record.expires_at,
        next_at=record.next_at if record.next_state is MessageState.QUEUED else message.next_at,
        attempts_made=message.attempts_made + (1 if record.is_charged else 0),
        account=message.account,
        last_account=record.account if record.account is not None else message.last_account,
        drop=message.drop,
        changed_at=record.finished_at,
        held_at=record.finished_at if record.next_state is MessageState.HELD else None,
        wish=message.wish,
        notes=merged(message.notes, record.notes) if record.notes else message.notes,
        stream=message.stream,
        pool=record.pool if record.next_state is MessageState.QUEUED else message.pool,
    )


def _has(message: QueuedMessage, record: AttemptRecord) -> bool:
    is_over = message.state is not MessageState.SENDING
    return is_over and message.state is record.next_state and message.changed_at == record.finished_at


def reports_owed(before: QueuedMessage, after: QueuedMessage) -> tuple[Occasion, ...]:
    """What the sender is to be told after a record. What nobody may answer (RFC 5321 §4.5.5) is not answered."""
    if isinstance(after.sender, NullSender):
        return ()
    pairs = [(old, new) for old, new in zip(before.recipients, after.recipients, strict=False) if not new.is_copy]
    owed = []
    has_failed = any(new.state is RecipientState.FAILED and old.state is not new.state for old, new in pairs)
    if has_failed and after.wish.wants(Notify.FAILURE):
        owed.append(Occasion.FAILED)
    is_over = after.state.is_history and not before.state.is_history
    if is_over and after.wish.wants(Notify.SUCCESS) and any(new.state is RecipientState.DELIVERED for _, new in pairs):
        owed.append(Occasion.RELAYED)
    return tuple(owed)


def is_delayed(message: QueuedMessage, *, now: datetime) -> bool:
    """Whether a message that is late is to be told of: it still waits, and not because somebody wants it to."""
    return (
        message.state in (MessageState.QUEUED, MessageState.SENDING)
        and not isinstance(message.sender, NullSender)
        and message.wish.wants(Notify.DELAY)
        # Put off on purpose: nobody has taken it out yet.
        and not (message.changed_at is None and message.next_at > now)
    )


def recovered(message: QueuedMessage, *, now: datetime) -> QueuedMessage | None:
    """SENDING to QUEUED after a crash."""
    if message.state is not MessageState.SENDING:
        return None
    return replace(
        message,
        state=MessageState.QUEUED,
        recipients=tuple(
            recipient if recipient.dot_at is None else _with_verdict(recipient, _LOST_ANSWER, now)
            for recipient in message.recipients
        ),
        changed_at=now,
        pool="",
    )


def held(message: QueuedMessage, *, now: datetime) -> QueuedMessage | None:
    """QUEUED to HELD."""
    if message.state is not MessageState.QUEUED:
        return None
    return replace(message, state=MessageState.HELD, held_at=now, changed_at=now)


def released(message: QueuedMessage, *, now: datetime) -> QueuedMessage | None:
    """HELD to QUEUED for now. The clock stood still: what it was held is added to its lifetime."""
    if message.state is not MessageState.HELD:
        return None
    stood_still = now - (message.held_at or now)
    return replace(
        message,
        state=MessageState.QUEUED,
        recipients=_settled(message.recipients),
        next_at=now,
        # A wall clock set back while the message was held must not shorten its life.
        expires_at=message.expires_at + max(stood_still, timedelta(0)),
        held_at=None,
        changed_at=now,
        pool="",
    )


def retried(message: QueuedMessage, *, now: datetime) -> QueuedMessage | None:
    """QUEUED for now, whatever it waited for: somebody wants it, and knows whether it may have been delivered."""
    if message.state is not MessageState.QUEUED:
        return None
    return replace(message, recipients=_settled(message.recipients), next_at=now, changed_at=now, pool="")


def deleted(message: QueuedMessage, *, now: datetime) -> QueuedMessage | None:
    """QUEUED or HELD to DELETED. What is being sent cannot be deleted: nobody could say whether it was."""
    if message.state not in (MessageState.QUEUED, MessageState.HELD):
        return None
    return replace(message, state=MessageState.DELETED, held_at=None, changed_at=now)


def _settled(recipients: tuple[QueuedRecipient, ...]) -> tuple[QueuedRecipient, ...]:
    """Those who may have got it are to get it."""
    return tuple(
        replace(recipient, state=RecipientState.WAITING) if recipient.state is RecipientState.UNCERTAIN else recipient
        for recipient in recipients
    )


def _judged(recipient: QueuedRecipient, record: AttemptRecord, *, is_over: bool) -> QueuedRecipient:
    if recipient.is_final:
        return recipient
    verdict = record.verdicts.get(recipient.mailbox)
    if verdict is None:
        if recipient.dot_at is None or not is_over:
            return recipient
        verdict = _LOST_ANSWER
    return _with_verdict(recipient, verdict, record.finished_at)


def _with_verdict(recipient: QueuedRecipient, verdict: Verdict, at: datetime) -> QueuedRecipient:
    return QueuedRecipient(
        mailbox=recipient.mailbox,
        state=_state_of(verdict),
        is_copy=recipient.is_copy,
        verdict=verdict,
        verdict_at=at,
        dot_at=None,
    )


def _marked(recipient: QueuedRecipient, at: datetime) -> QueuedRecipient:
    return QueuedRecipient(
        mailbox=recipient.mailbox,
        state=recipient.state,
        is_copy=recipient.is_copy,
        verdict=recipient.verdict,
        verdict_at=recipient.verdict_at,
        dot_at=at,
    )


def _under_way(
    message: QueuedMessage, recipients: tuple[QueuedRecipient, ...], next_at: datetime, changed_at: datetime | None
) -> QueuedMessage:
    """The message in SENDING, everything else as it is."""
    return QueuedMessage(
        id=message.id,
        state=MessageState.SENDING,
        sender=message.sender,
        recipients=recipients,
        message_id=message.message_id,
        size_bytes=message.size_bytes,
        received_at=message.received_at,
        expires_at=message.expires_at,
        next_at=next_at,
        attempts_made=message.attempts_made,
        account=message.account,
        last_account=message.last_account,
        drop=message.drop,
        changed_at=changed_at,
        held_at=message.held_at,
        wish=message.wish,
        notes=message.notes,
        stream=message.stream,
        pool=message.pool,
    )


def _state_of(verdict: Verdict) -> RecipientState:
    match verdict:
        case Delivered():
            return RecipientState.DELIVERED
        case Deferred():
            return RecipientState.WAITING
        case Failed():
            return RecipientState.FAILED
        case Uncertain():
            return RecipientState.UNCERTAIN
        case _:
            assert_never(verdict)
