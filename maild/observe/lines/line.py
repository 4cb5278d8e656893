"""A log line as a value: level, a name in the past tense, fields. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import TypeAlias

from maild.config.model import LogLevel

FieldValue: TypeAlias = str | int | float | bool | None
Fields: TypeAlias = Mapping[str, FieldValue]


@dataclass(frozen=True, slots=True, kw_only=True)
class LogLine:
    """One line. Fields whose value is None are not written."""

    level: LogLevel
    event: str
    fields: Fields = field(default_factory=lambda: MappingProxyType({}))


def line(level: LogLevel, event: str, **fields: FieldValue) -> LogLine:
    """A line with these fields, in this order."""
    return LogLine(level=level, event=event, fields=MappingProxyType(fields))


def instant(at: datetime) -> str:
    """A point in time as it stands in a field."""
    return at.isoformat(timespec="seconds")
