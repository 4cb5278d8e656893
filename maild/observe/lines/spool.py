"""Log lines about drops on their way in. Pure."""

from typing import assert_never

from maild.config.model import LogLevel
from maild.observe.lines.line import LogLine, instant, line
from maild.observe.privacy import AddressVeil
from maild.spool.events import (
    DropRejected,
    DropRepeated,
    DropTaken,
    DropUnreadable,
    IntakePaused,
    IntakeResumed,
    SpoolEvent,
    UserCrowded,
)


def spool_line(event: SpoolEvent, veil: AddressVeil) -> LogLine:  # noqa: PLR0911 -- one return for each kind
    """The line of a spool event."""
    match event:
        case DropTaken():
            return line(
                LogLevel.INFO,
                "drop_taken",
                id=event.id,
                drop=event.drop,
                size=event.size_bytes,
                recipients=event.recipient_count,
                notes=",".join(note.code for note in event.notes) or None,
            )
        case DropRepeated():
            return line(LogLevel.INFO, "drop_repeated", id=event.id, drop=event.drop, of=event.of)
        case DropRejected():
            return line(
                LogLevel.WARNING,
                "drop_rejected",
                drop=event.drop,
                reason=event.reason,
                detail=veil.show_text(event.detail),
            )
        case DropUnreadable():
            return line(LogLevel.WARNING, "drop_unreadable", drop=event.drop, detail=event.detail)
        case UserCrowded():
            until = instant(event.until)
            return line(LogLevel.WARNING, "user_crowded", user=event.user, drop=event.drop, until=until)
        case IntakePaused():
            return line(LogLevel.ERROR, "intake_paused", reason=event.reason, detail=event.detail)
        case IntakeResumed():
            return line(LogLevel.INFO, "intake_resumed")
        case _:
            assert_never(event)
