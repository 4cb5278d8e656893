"""The three forms of a log line: for journald, for people, for programs. Pure.

Every form is exactly one line whatever the fields hold: control characters and line ends are escaped, so that no
server and no dropper can write a line of its own into the log.
"""

import json
import re
from datetime import UTC, datetime
from enum import StrEnum
from typing import Final, assert_never

from maild.config.model import LogFormat, LogLevel
from maild.observe.lines.line import FieldValue, LogLine

MAX_VALUE_CHARS: Final = 1000
"""A field longer than this is cut: a reply of a hostile server is at most twice as long, a path never."""

PRIORITY: Final = {LogLevel.DEBUG: 7, LogLevel.INFO: 6, LogLevel.WARNING: 4, LogLevel.ERROR: 3}
"""syslog(3) priorities, which sd-daemon(3) takes as a `<N>` prefix."""

RANK: Final = {LogLevel.DEBUG: 0, LogLevel.INFO: 1, LogLevel.WARNING: 2, LogLevel.ERROR: 3}

_SPECIAL: Final = re.compile(r'[ "=\\]')
"""What makes quotes needed."""

_PLAIN: Final = re.compile(rf"[!#-<>-\[\]-~]{{1,{MAX_VALUE_CHARS}}}")
"""Text of visible ASCII without any of these."""

_COLOUR: Final = {LogLevel.DEBUG: "2", LogLevel.INFO: "0", LogLevel.WARNING: "33", LogLevel.ERROR: "31"}


class LineForm(StrEnum):
    """JOURNAL: `<6>event key=value`, the journal knows the time. COLOUR and TEXT: with time and level."""

    JOURNAL = "journal"
    COLOUR = "colour"
    TEXT = "text"
    JSON = "json"


def choose_form(setting: LogFormat, *, is_journal: bool, is_tty: bool) -> LineForm:
    """The form for where the lines go: `is_journal` when standard error is connected to systemd's journal."""
    match setting:
        case LogFormat.JSON:
            return LineForm.JSON
        case LogFormat.TEXT:
            return LineForm.TEXT
        case LogFormat.AUTO:
            if is_journal:
                return LineForm.JOURNAL
            return LineForm.COLOUR if is_tty else LineForm.TEXT
        case _:
            assert_never(setting)


def format_line(log_line: LogLine, form: LineForm, at: datetime) -> str:
    """The line without its line end."""
    match form:
        case LineForm.JOURNAL:
            return f"<{PRIORITY[log_line.level]}>{_words(log_line)}"
        case LineForm.TEXT:
            return f"{_time(at)} {log_line.level:<7} {_words(log_line)}"
        case LineForm.COLOUR:
            return f"\x1b[{_COLOUR[log_line.level]}m{_time(at)} {log_line.level:<7} {_words(log_line)}\x1b[0m"
        case LineForm.JSON:
            fields = {name: _cut(value) for name, value in log_line.fields.items() if value is not None}
            return json.dumps({"at": _time(at), "level": log_line.level, "event": log_line.event, **fields})
        case _:
            assert_never(form)


def _time(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _cut(value: FieldValue) -> FieldValue:
    return value[:MAX_VALUE_CHARS] if isinstance(value, str) else value


def _words(log_line: LogLine) -> str:
    words = [f"{name}={_value(value)}" for name, value in log_line.fields.items() if value is not None]
    return " ".join((log_line.event, *words))


def _value(value: FieldValue) -> str:
    if isinstance(value, str):
        # Most are plain and short, and one look tells both.
        return value if _PLAIN.fullmatch(value) is not None else _shown(value[:MAX_VALUE_CHARS])
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)


def _shown(text: str) -> str:
    is_plain = text.isprintable() and _SPECIAL.search(text) is None
    return text if text and is_plain else _quoted(text)


def _quoted(text: str) -> str:
    # What is not printable covers line ends, terminal escapes and the characters that turn writing around.
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    if escaped.isprintable():
        return f'"{escaped}"'
    return (
        '"' + "".join(char if char.isprintable() else char.encode("unicode_escape").decode() for char in escaped) + '"'
    )
