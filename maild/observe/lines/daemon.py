"""Log lines about the daemon itself and its configuration. Pure."""

from typing import Final, assert_never

from maild.config.model import LogLevel
from maild.diagnostics import Diagnostic
from maild.observe.events import (
    DaemonStarted,
    DaemonStopping,
    FileAccepted,
    FileGone,
    FileRejected,
    Reloaded,
    TaskFailed,
    WatchRebuilt,
)
from maild.observe.lines.line import LogLine, line
from maild.observe.privacy import AddressVeil

SHOWN_DIAGNOSTICS: Final = 20
"""So many diagnostics of one file get a line of their own; the status page has all."""


def rejected_lines(event: FileRejected, veil: AddressVeil) -> tuple[LogLine, ...]:
    """That a file was rejected, then what is wrong with it, a line each."""
    standing = "last good" if event.has_last_good else "nothing"
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


def daemon_line(  # noqa: PLR0911 -- one return for each kind of event
    event: DaemonStarted | DaemonStopping | FileAccepted | FileGone | Reloaded | TaskFailed | WatchRebuilt,
) -> LogLine:
    """The line of an event of the daemon's own."""
    match event:
        case DaemonStarted():
            return line(
                LogLevel.INFO,
                "daemon_started",
                version=event.version,
                config=event.config,
                spool=event.spool,
                listen=",".join(event.listen) or None,
                accounts=event.accounts,
                waiting=event.waiting,
            )
        case DaemonStopping():
            return line(LogLevel.INFO, "daemon_stopping", reason=event.reason, in_flight=event.in_flight)
        case FileAccepted():
            return line(LogLevel.INFO, "file_accepted", file=event.file, generation=event.generation)
        case FileGone():
            return line(LogLevel.INFO, "file_gone", file=event.file, generation=event.generation)
        case Reloaded():
            return _reloaded_line(event)
        case TaskFailed():
            return line(LogLevel.ERROR, "task_failed", task=event.task, detail=event.detail)
        case WatchRebuilt():
            level = LogLevel.WARNING if event.problem else LogLevel.INFO
            return line(level, "watch_rebuilt", folder=event.folder, mode=event.mode, detail=event.problem or None)
        case _:
            assert_never(event)


def _reloaded_line(event: Reloaded) -> LogLine:
    # A periodic look that found nothing new is no news.
    quiet = event.trigger == "rescan" and not event.has_changed
    level = LogLevel.DEBUG if quiet else LogLevel.INFO if event.is_clean else LogLevel.WARNING
    return line(
        level,
        "config_reloaded" if event.has_changed else "config_unchanged",
        generation=event.generation,
        trigger=event.trigger,
        clean=event.is_clean,
        seconds=round(event.seconds, 3),
    )
