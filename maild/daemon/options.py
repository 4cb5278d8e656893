"""What the daemon is started with: the command line and the process's surroundings as one value."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from maild.diagnostics import Report
from maild.errors import ConfigError


@dataclass(frozen=True, slots=True, kw_only=True)
class RunOptions:
    """How to run.

    Attributes:
        config: the configuration folder.
        is_once: drain the spool and end.
        environ: the environment; what is looked at in it: $STATE_DIRECTORY, $XDG_STATE_HOME, $NOTIFY_SOCKET,
            $WATCHDOG_USEC, $WATCHDOG_PID, $LISTEN_FDS, $LISTEN_PID, $JOURNAL_STREAM.
        home: the user's home folder.
        log: where log lines go.
    """

    config: Path
    environ: Mapping[str, str]
    home: Path
    log: TextIO
    is_once: bool = False


class NothingToRunError(ConfigError):
    """The configuration leaves nothing to run; `report` says what is wrong with it."""

    def __init__(self, message: str, report: Report) -> None:
        super().__init__(message)
        self.report = report
