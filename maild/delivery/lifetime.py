"""How long a message is tried, as its clock has it. Pure.

The clock of a message stands still while nobody tries it for reasons that are not its own: its account cannot send, is
switched off or has used up its allowance, others have their turn first, or this machine cannot (no way in the
configuration, a full disk, no maild running). That time is added to its expiry as soon as it is known, so that the
queue always holds the instant that counts. What it waits between tries of its own is its own time, and
holding it is the queue's business, which adds that time when it is released.

An account may have a lifetime of its own. It takes the place of the site's at the first thing that is written about a
message by that account; a message whose envelope file says how long it is to be tried keeps that.
"""

from datetime import datetime, timedelta

from maild.mail.verdict import Deferred, Fault
from maild.spool.queue import Leased, QueuedMessage

_OF_OTHERS = frozenset({Fault.ACCOUNT, Fault.LOCAL})


def stood_still(message: QueuedMessage, begun_at: datetime) -> timedelta:
    """How long the clock stood still from the last thing that is known of a message to its next attempt."""
    known = []
    for recipient in message.recipients:
        if recipient.is_final:
            continue
        if not isinstance(recipient.verdict, Deferred) or recipient.verdict.fault not in _OF_OTHERS:
            return timedelta(0)
        if recipient.verdict_at is not None:
            known.append(recipient.verdict_at)
    # A wall clock set back must not shorten a life.
    return max(begun_at - max(known), timedelta(0)) if known else timedelta(0)


def expiry(leased: Leased, begun_at: datetime, usual: timedelta, own: timedelta | None) -> datetime:
    """When a message expires, as of an attempt that was made.

    Args:
        leased: the message as it was before the attempt.
        begun_at: when the attempt began.
        usual: the lifetime that the site gives.
        own: the one of the account that the attempt was about; None: it was about none.
    """
    message = leased.message
    expires_at = message.expires_at
    is_first = message.last_account is None
    if own is not None and is_first and expires_at - message.received_at == usual:
        expires_at += own - usual
    return expires_at + max(stood_still(message, begun_at), leased.stood_still)
