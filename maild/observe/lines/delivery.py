"""Log lines about attempts, breakers and sessions. Pure."""

from collections.abc import Iterable
from typing import Final, assert_never

from maild.config.model import LogLevel
from maild.delivery.events import (
    AnswerLost,
    AttemptFinished,
    BreakerClosed,
    BreakerOpened,
    DeliveryEvent,
    MessageExpired,
    MessageUnroutable,
    QueueTrouble,
    ReportMade,
    ReportWay,
    SessionOpened,
)
from maild.mail.verdict import Deferred, Delivered, Failed, Uncertain, Verdict
from maild.observe.lines.line import LogLine, instant, line
from maild.observe.privacy import AddressVeil
from maild.spool.queue import MessageState

SHOWN_RECIPIENTS: Final = 5
"""A line names so many recipients and counts the rest; a newsletter's thousand would fill the journal."""


def delivery_line(event: DeliveryEvent, veil: AddressVeil) -> LogLine:  # noqa: PLR0911 -- one return for each kind
    """The line of a delivery event."""
    match event:
        case AttemptFinished():
            return _attempt_line(event, veil)
        case AnswerLost():
            return line(LogLevel.WARNING, "answer_lost", id=event.id, account=event.account)
        case MessageUnroutable():
            return line(LogLevel.WARNING, "message_unroutable", id=event.id, detail=veil.show_text(event.detail))
        case MessageExpired():
            return line(LogLevel.ERROR, "message_expired", id=event.id, account=event.account)
        case BreakerOpened():
            return line(
                LogLevel.WARNING,
                "breaker_opened",
                account=event.account,
                phase=event.phase,
                reason=event.reason,
                detail=veil.show_text(event.detail),
                until=instant(event.until),
            )
        case BreakerClosed():
            return line(LogLevel.INFO, "breaker_closed", account=event.account)
        case SessionOpened():
            return line(LogLevel.DEBUG, "session_opened", account=event.account, seconds=round(event.seconds, 3))
        case QueueTrouble():
            return line(LogLevel.ERROR, "queue_troubled", detail=event.detail)
        case ReportMade():
            level = LogLevel.DEBUG if event.way is ReportWay.NONE else LogLevel.INFO
            detail = veil.show_text(event.detail) or None
            return line(level, "report_made", id=event.id, occasion=event.occasion, way=event.way, detail=detail)
        case _:
            assert_never(event)


def _attempt_line(event: AttemptFinished, veil: AddressVeil) -> LogLine:
    names = [veil.show(mailbox) for mailbox in event.verdicts]
    more = len(names) - SHOWN_RECIPIENTS
    words = _worst_words(tuple(event.verdicts.values()))
    return line(
        _attempt_level(event),
        "attempt_finished",
        id=event.id,
        account=event.account,
        generation=event.generation,
        state=event.state,
        to=",".join(names[:SHOWN_RECIPIENTS]) + (f",+{more}" if more > 0 else ""),
        **_tally(event.verdicts.values()),
        answer=veil.show_text(words),
        notes=",".join(note.code for note in event.notes) or None,
        seconds=round(event.seconds, 3),
        next_at=instant(event.next_at) if event.next_at is not None else None,
    )


def _attempt_level(event: AttemptFinished) -> LogLevel:
    if event.state is MessageState.FAILED:
        return LogLevel.ERROR
    if all(isinstance(verdict, Delivered) for verdict in event.verdicts.values()):
        return LogLevel.INFO
    return LogLevel.WARNING


def _tally(verdicts: Iterable[Verdict]) -> dict[str, int]:
    tally = {"delivered": 0, "deferred": 0, "failed": 0, "uncertain": 0}
    for verdict in verdicts:
        match verdict:
            case Delivered():
                tally["delivered"] += 1
            case Deferred():
                tally["deferred"] += 1
            case Failed():
                tally["failed"] += 1
            case Uncertain():
                tally["uncertain"] += 1
            case _:
                assert_never(verdict)
    return {word: count for word, count in tally.items() if count}


def _worst_words(verdicts: tuple[Verdict, ...]) -> str:
    """The words of the verdict that somebody would ask about."""
    for kind in (Failed, Uncertain, Deferred, Delivered):
        for verdict in verdicts:
            if isinstance(verdict, kind):
                return _words(verdict)
    return ""


def _words(verdict: Verdict) -> str:
    match verdict:
        case Delivered(reply=reply):
            return str(reply)
        case Deferred(reason=reason, reply=reply) | Failed(reason=reason, reply=reply):
            return reason if reply is None else f"{reason}: {reply}"
        case Uncertain(reason=reason):
            return reason
        case _:
            assert_never(verdict)
