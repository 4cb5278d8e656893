"""Writes the log: one line an event, to standard error.

Shell code. Writing blocks for as long as the terminal or the journal does, which is why nothing else is done here. A
stream that fails (disk full, reader gone) is not worth dying for: the line is lost and the daemon goes on.
"""

import asyncio
import logging
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Final, TextIO

from maild.clock import Clock
from maild.config.model import LogLevel, LogSettings
from maild.observe.events import Event
from maild.observe.hush import Hush
from maild.observe.lineformat import RANK, choose_form, format_line
from maild.observe.lines import LogLine, lines_of
from maild.observe.lines.line import line
from maild.observe.privacy import AddressVeil

_MAY_WAIT: Final = frozenset({LogLevel.DEBUG, LogLevel.INFO})
_MOST_HELD: Final = 100
"""Lines that wait to be written together."""

_GATHER_S: Final = 0.02
"""So long after lines were written the next ones gather. In a flood of mail each writing changes the interpreter's
hands, to a thread that may keep it for milliseconds; a line that comes alone waits for nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LogTarget:
    """Where lines go. `is_journal` when systemd's journal reads the stream (its $JOURNAL_STREAM names it)."""

    stream: TextIO
    is_journal: bool
    hash_key: bytes


class LogWriter:
    """Writes events as lines; `use()` takes new settings at any time. What `hush` knows of is in none of them."""

    def __init__(self, target: LogTarget, clock: Clock, settings: LogSettings) -> None:
        self._target = target
        self._clock = clock
        self._held: list[str] = []
        self._flushing: asyncio.Handle | None = None
        self._gathers_until_s = 0.0
        self.hush = Hush()
        self.use(settings)

    def use(self, settings: LogSettings, generation: int | None = None) -> None:
        """Write like this from now on; every line names the generation in force."""
        self._generation = generation
        stream = self._target.stream
        self._level = settings.level
        self._form = choose_form(settings.format, is_journal=self._target.is_journal, is_tty=stream.isatty())
        self.veil = AddressVeil(privacy=settings.privacy, key=self._target.hash_key)
        """How addresses may be shown under the settings in force."""

    def on_event(self, event: Event) -> None:
        """Write one event's lines."""
        for log_line in lines_of(event, self.veil):
            self.write(log_line)

    def write(self, log_line: LogLine) -> None:
        """Write one line, if its level is wanted."""
        if RANK[log_line.level] < RANK[self._level]:
            return
        quiet = self.hush.line(self._in_force(log_line))
        self._held.append(format_line(quiet, self._form, self._clock.now()))
        if log_line.level not in _MAY_WAIT or len(self._held) >= _MOST_HELD or not self._is_flushed_soon():
            self.flush()

    def _in_force(self, log_line: LogLine) -> LogLine:
        fields = log_line.fields
        if self._generation is None or "generation" in fields:
            return log_line
        return replace(log_line, fields=MappingProxyType({**fields, "generation": self._generation}))

    def flush(self) -> None:
        """Write the lines that are held."""
        if self._flushing is not None:
            self._flushing.cancel()
            self._flushing = None
        held, self._held = self._held, []
        try:
            self._target.stream.write("".join(f"{one}\n" for one in held))
            self._target.stream.flush()
        except (OSError, ValueError):
            # The reader is gone or the stream is closed: there is nobody to tell.
            return

    def _is_flushed_soon(self) -> bool:
        """Whether the event loop writes it at the end of this turn, or a moment after what was written last."""
        if self._flushing is None:
            try:
                loop = asyncio.get_running_loop()
            except RuntimeError:
                return False
            # Another loop, as a test has, begins its clock anew.
            at_s = min(self._gathers_until_s, loop.time() + _GATHER_S)
            self._flushing = loop.call_at(at_s, self.flush) if at_s > loop.time() else loop.call_soon(self.flush)
            self._gathers_until_s = max(at_s, loop.time()) + _GATHER_S
        return True

    def write_text(self, level: LogLevel, logger: str, text: str) -> None:
        """A library's message; what looks like an address in it goes through the veil."""
        self.write(line(level, "library_spoke", logger=logger, message=self.veil.show_text(text)))


class LibraryHandler(logging.Handler):
    """Brings what libraries say through `logging` into the same log, from warnings up."""

    def __init__(self, writer: LogWriter) -> None:
        super().__init__(level=logging.WARNING)
        self._writer = writer

    def emit(self, record: logging.LogRecord) -> None:
        """Write the record's message, and of an exception its type and text, not its frames' values."""
        text = record.getMessage()
        if record.exc_info is not None and record.exc_info[1] is not None:
            text = f"{text}: {type(record.exc_info[1]).__name__}: {record.exc_info[1]}"
        level = LogLevel.ERROR if record.levelno >= logging.ERROR else LogLevel.WARNING
        self._writer.write_text(level, record.name, text)
