"""What an attempt comes to for the message as a whole: its next state, its next time, whether it is charged. Pure.

Recipients are judged one by one; this puts them together:

- every recipient final: SENT, or FAILED when a recipient that stands for the message failed. A copy that could not be
  delivered does not make a message failed that everybody received.
- something failed by the message's or a recipient's fault: charged, and on to the next retry time. What is past its
  lifetime then is given up, but only the recipients that were tried just now: the clock of the others stands still.
- an uncertain recipient: charged like a deferral, so that a server that loses every answer gets duplicates ever more
  seldom; or not before an hour, or HELD, where that is the policy.
- nothing but account faults, local faults and recipients that were not tried: not charged.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, assert_never

from maild.config.delivery_settings import DeliverySettings, OnUncertain
from maild.delivery.retry import is_expired, jittered, next_attempt_at, retry_delay
from maild.mail.address import Mailbox
from maild.mail.verdict import Deferred, Delivered, Failed, Fault, Uncertain, Verdict
from maild.spool.queue import MessageState, QueuedMessage, RecipientState

UNCERTAIN_PAUSE: Final = timedelta(hours=1)
"""The policy `wait` sends a message whose answer was lost again after this: a bounce, or a look into the provider's
folder of sent mail, has settled most cases by then."""

LOCAL_PAUSE: Final = timedelta(minutes=1)
"""After a fault of this machine: its administrator needs minutes, and trying costs nobody outside anything."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Circumstances:
    """What decides besides the verdicts.

    Attributes:
        settings: retry delays, lifetime and the policy for uncertain outcomes, as the account has them.
        usual_lifetime: the site's.
        now: when the attempt ended.
        chance: a random number from 0 to 1.
        blocked_until: when an account that could not be used may be tried again; None: it was not about an account.
        pool: what the message waits for if nothing but accounts and this machine were at fault.
    """

    settings: DeliverySettings
    usual_lifetime: timedelta = DeliverySettings().lifetime
    now: datetime
    chance: float
    blocked_until: datetime | None = None
    pool: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What becomes of the message; `given_up` are verdicts that replace those of the attempt."""

    state: MessageState
    next_at: datetime
    is_charged: bool
    given_up: Mapping[Mailbox, Failed] = field(default_factory=dict)


def conclude(
    message: QueuedMessage,
    verdicts: Mapping[Mailbox, Verdict],
    circumstances: Circumstances,
    expires_at: datetime | None = None,
) -> Outcome:
    """The outcome of an attempt.

    Args:
        message: as it was before the attempt, with every recipient the attempt added.
        verdicts: what the attempt came to, for the recipients that were tried.
        circumstances: all else that decides.
        expires_at: when it expires now; None: as it was.
    """
    expires_at = message.expires_at if expires_at is None else expires_at
    now = circumstances.now
    is_charged = any(_is_charged(verdict) for verdict in verdicts.values())
    given_up: dict[Mailbox, Failed] = {}
    if is_charged and is_expired(now, expires_at):
        given_up = {
            mailbox: _given_up(verdict)
            for mailbox, verdict in verdicts.items()
            if isinstance(verdict, Deferred | Uncertain) and _is_charged(verdict)
        }
    states = _states(message, {**verdicts, **given_up})
    if all(state in _FINAL for state, _ in states):
        has_failed = any(state is RecipientState.FAILED and not is_copy for state, is_copy in states)
        state = MessageState.FAILED if has_failed else MessageState.SENT
        return Outcome(state=state, next_at=now, is_charged=is_charged, given_up=given_up)
    if circumstances.settings.on_uncertain is OnUncertain.HOLD and any(
        state is RecipientState.UNCERTAIN for state, _ in states
    ):
        return Outcome(state=MessageState.HELD, next_at=now, is_charged=is_charged, given_up=given_up)
    delay = _delay(message.attempts_made, verdicts, circumstances) if is_charged else None
    next_at = _next_at(verdicts, circumstances) if delay is None else next_attempt_at(now, delay, expires_at)
    return Outcome(state=MessageState.QUEUED, next_at=next_at, is_charged=is_charged, given_up=given_up)


_FINAL: Final = frozenset({RecipientState.DELIVERED, RecipientState.FAILED})


def _delay(attempts_made: int, verdicts: Mapping[Mailbox, Verdict], circumstances: Circumstances) -> timedelta:
    """Until the next try of what was charged."""
    delay = retry_delay(circumstances.settings.retry, attempts_made, circumstances.chance)
    if circumstances.settings.on_uncertain is OnUncertain.WAIT and _has_uncertain(verdicts):
        return max(delay, jittered(UNCERTAIN_PAUSE, circumstances.chance))
    return delay


def _next_at(verdicts: Mapping[Mailbox, Verdict], circumstances: Circumstances) -> datetime:
    """When what was not charged may be tried."""
    now = circumstances.now
    if circumstances.blocked_until is not None:
        return max(now, circumstances.blocked_until)
    if any(isinstance(verdict, Deferred) and verdict.fault is Fault.LOCAL for verdict in verdicts.values()):
        return now + jittered(LOCAL_PAUSE, circumstances.chance)
    return now


def _has_uncertain(verdicts: Mapping[Mailbox, Verdict]) -> bool:
    return any(isinstance(verdict, Uncertain) for verdict in verdicts.values())


def _is_charged(verdict: Verdict) -> bool:
    match verdict:
        case Delivered():
            return False
        case Uncertain():
            return True
        case Deferred(fault=fault) | Failed(fault=fault):
            return fault in {Fault.MESSAGE, Fault.RECIPIENT}
        case _:
            assert_never(verdict)


def _given_up(verdict: Deferred | Uncertain) -> Failed:
    match verdict:
        case Deferred(fault=fault, phase=phase, reason=reason, reply=reply):
            words = f"given up at the end of its lifetime: {reason}"
            return Failed(fault=fault, phase=phase, reason=words, reply=reply)
        case Uncertain(phase=phase, reason=reason):
            words = f"given up at the end of its lifetime; it may have been delivered or not: {reason}"
            return Failed(fault=Fault.MESSAGE, phase=phase, reason=words)
        case _:
            assert_never(verdict)


def _states(message: QueuedMessage, verdicts: Mapping[Mailbox, Verdict]) -> list[tuple[RecipientState, bool]]:
    """Each recipient's state after the attempt, and whether it is a copy. A final recipient stays what it is."""
    return [
        (
            recipient.state
            if recipient.is_final or recipient.mailbox not in verdicts
            else _state_of(verdicts[recipient.mailbox]),
            recipient.is_copy,
        )
        for recipient in message.recipients
    ]


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
