"""Log lines about the daemon itself. Pure."""

from typing import assert_never

from maild.config.model import LogLevel
from maild.observe.events import DaemonStarted, DaemonStopping, SpoolDoubtful, TaskFailed
from maild.observe.lines.line import LogLine, line


def daemon_line(event: DaemonStarted | DaemonStopping | TaskFailed | SpoolDoubtful) -> LogLine:
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
        case TaskFailed():
            return line(LogLevel.ERROR, "task_failed", task=event.task, detail=event.detail)
        case SpoolDoubtful():
            return line(LogLevel.WARNING, "spool_doubtful", code=event.code, detail=event.detail)
        case _:
            assert_never(event)
