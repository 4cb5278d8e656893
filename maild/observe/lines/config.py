"""Log lines about the configuration. Pure."""

from collections.abc import Sequence
from typing import Final, assert_never

from maild.config.model import LogLevel
from maild.diagnostics import Diagnostic
from maild.observe.events import (
    CanaryRan,
    ChangesMissed,
    ConfigEvent,
    CredentialsChanged,
    FileAccepted,
    FileGone,
    FileHeld,
    FileRejected,
    LastGoodUnkept,
    Reloaded,
    RestartPending,
    WatchOverflowed,
    WatchRebuilt,
)
from maild.observe.lines.line import LogLine, line
from maild.observe.privacy import AddressVeil

SHOWN_DIAGNOSTICS: Final = 20
"""So many diagnostics of one file get a line of their own; the status page has all."""

SHOWN_ACCOUNTS: Final = 5
"""So many accounts are named in one line and the rest counted."""

_CANARY_LEVELS: Final = {"passed": LogLevel.INFO, "waived": LogLevel.WARNING}
"""A failure is told with the file's rejection, and only when it is news; most tries are repetitions."""


def config_lines(event: ConfigEvent, veil: AddressVeil) -> tuple[LogLine, ...]:
    """The lines of an event; for a rejected file one per diagnostic besides."""
    match event:
        case FileRejected():
            return _rejected_lines(event, veil)
        case WatchRebuilt():
            level = LogLevel.WARNING if event.problem else LogLevel.INFO
            return (line(level, "watch_rebuilt", folder=event.folder, mode=event.mode, detail=event.problem or None),)
        case _:
            return (_line(event),)


def _line(  # noqa: PLR0911 -- one return for each kind of event
    event: FileAccepted
    | FileGone
    | FileHeld
    | CanaryRan
    | Reloaded
    | RestartPending
    | ChangesMissed
    | WatchOverflowed
    | CredentialsChanged
    | LastGoodUnkept,
) -> LogLine:
    match event:
        case FileAccepted():
            return line(LogLevel.INFO, "file_accepted", file=event.file, generation=event.generation)
        case FileGone():
            return line(LogLevel.INFO, "file_gone", file=event.file, generation=event.generation)
        case FileHeld():
            standing = _standing(has_last_good=event.has_last_good)
            return line(LogLevel.INFO, "file_held", file=event.file, in_force=standing)
        case CanaryRan():
            return line(
                _CANARY_LEVELS.get(event.result, LogLevel.DEBUG), "canary_ran", file=event.file, result=event.result
            )
        case Reloaded():
            return _reloaded_line(event)
        case RestartPending():
            return line(LogLevel.WARNING, "restart_pending", settings=",".join(event.settings))
        case ChangesMissed():
            return line(LogLevel.WARNING, "changes_missed", files=event.files)
        case WatchOverflowed():
            return line(LogLevel.WARNING, "watch_overflowed", folder=event.folder)
        case CredentialsChanged():
            held = _names(event.on_trial) or None
            return line(LogLevel.INFO, "credentials_changed", accounts=_names(event.accounts) or None, held=held)
        case LastGoodUnkept():
            return line(LogLevel.ERROR, "last_good_unkept", detail=event.detail)
        case _:
            assert_never(event)


def _standing(*, has_last_good: bool) -> str:
    return "last good" if has_last_good else "nothing"


def _names(accounts: Sequence[str]) -> str:
    more = len(accounts) - SHOWN_ACCOUNTS
    return ",".join(accounts[:SHOWN_ACCOUNTS]) + (f",+{more}" if more > 0 else "")


def _rejected_lines(event: FileRejected, veil: AddressVeil) -> tuple[LogLine, ...]:
    standing = _standing(has_last_good=event.has_last_good)
    head = line(LogLevel.ERROR, "file_rejected", file=event.file, in_force=standing, diagnostics=len(event.diagnostics))
    shown = event.diagnostics[:SHOWN_DIAGNOSTICS]
    return (head, *(_diagnostic_line(diagnostic, veil) for diagnostic in shown))


def _diagnostic_line(diagnostic: Diagnostic, veil: AddressVeil) -> LogLine:
    location = diagnostic.location
    span = location.span if location is not None else None
    return line(
        LogLevel(diagnostic.severity),
        "diagnostic_found",
        code=diagnostic.code,
        name=diagnostic.name,
        file=location.file if location is not None else None,
        line=span.line if span is not None else None,
        message=veil.show_text(diagnostic.message),
        help=veil.show_text(diagnostic.help) or None,
    )


def _reloaded_line(event: Reloaded) -> LogLine:
    # A periodic look that found nothing new is no news, unless it could not look.
    quiet = event.trigger == "rescan" and not event.has_changed and not event.problem
    level = LogLevel.DEBUG if quiet else LogLevel.INFO if event.is_clean else LogLevel.WARNING
    return line(
        level,
        "config_reloaded" if event.has_changed else "config_unchanged",
        generation=event.generation,
        trigger=event.trigger,
        clean=event.is_clean,
        seconds=round(event.seconds, 3),
        problem=event.problem or None,
    )
