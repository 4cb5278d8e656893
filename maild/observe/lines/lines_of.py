"""Events as log lines: which family writes the lines of an event. Pure.

Levels: info is what an operator would put in a diary, warning what somebody should look at this week, error what
somebody should look at now, debug the conversation. Addresses and text that may quote them go through the veil; there
is no secret in any event to begin with.
"""

from typing import assert_never

from maild.delivery.events import (
    AnswerLost,
    AttemptFinished,
    BreakerClosed,
    BreakerOpened,
    MessageExpired,
    MessageUnroutable,
    QueueTrouble,
    ReportMade,
    SessionOpened,
)
from maild.net.oauth.events import TokenRefused, TokenRenewed
from maild.observe.events import (
    CanaryRan,
    ChangesMissed,
    CredentialsChanged,
    DaemonStarted,
    DaemonStopping,
    Event,
    FileAccepted,
    FileGone,
    FileHeld,
    FileRejected,
    LastGoodUnkept,
    PageActed,
    Reloaded,
    RestartPending,
    SpoolDoubtful,
    TaskFailed,
    WatchOverflowed,
    WatchRebuilt,
    WebFileRefused,
    WebFileTaken,
)
from maild.observe.lines.config import config_lines
from maild.observe.lines.daemon import daemon_line
from maild.observe.lines.delivery import delivery_line
from maild.observe.lines.line import LogLine
from maild.observe.lines.probe import probe_line
from maild.observe.lines.spool import spool_line
from maild.observe.lines.token import token_line
from maild.observe.lines.web import web_line
from maild.observe.privacy import AddressVeil
from maild.probe.events import LoginSuspended, LoginTried, ProbeFinished, QuestionAsked, ServerChanged
from maild.spool.events import (
    DropRejected,
    DropRepeated,
    DropTaken,
    DropUnreadable,
    IntakePaused,
    IntakeResumed,
    UserCrowded,
)


def lines_of(event: Event, veil: AddressVeil) -> tuple[LogLine, ...]:  # noqa: PLR0911 -- one return for each kind
    """The lines that tell an event; mostly one, for a rejected file one per diagnostic besides."""
    match event:
        case (
            DropTaken()
            | DropRepeated()
            | DropRejected()
            | DropUnreadable()
            | UserCrowded()
            | IntakePaused()
            | IntakeResumed()
        ):
            return (spool_line(event, veil),)
        case (
            AttemptFinished()
            | AnswerLost()
            | MessageUnroutable()
            | MessageExpired()
            | BreakerOpened()
            | BreakerClosed()
            | SessionOpened()
            | QueueTrouble()
            | ReportMade()
        ):
            return (delivery_line(event, veil),)
        case ProbeFinished() | LoginTried() | LoginSuspended() | ServerChanged():
            return (probe_line(event, veil),)
        case QuestionAsked():
            return ()  # numbers alone
        case TokenRenewed() | TokenRefused():
            return (token_line(event, veil),)
        case DaemonStarted() | DaemonStopping() | TaskFailed() | SpoolDoubtful():
            return (daemon_line(event),)
        case WebFileTaken() | WebFileRefused() | PageActed():
            return (web_line(event),)
        case (
            FileRejected()
            | FileAccepted()
            | FileGone()
            | FileHeld()
            | CanaryRan()
            | Reloaded()
            | RestartPending()
            | ChangesMissed()
            | WatchOverflowed()
            | WatchRebuilt()
            | CredentialsChanged()
            | LastGoodUnkept()
        ):
            return config_lines(event, veil)
        case _:
            assert_never(event)
