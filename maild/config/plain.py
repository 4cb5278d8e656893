"""Settings as a flat list of keys, and values as the file would have them. Pure.

A key is the one of the file, such as `smtp.tls.mode`. Every field of a settings value is in the list, so that a new
setting is compared from its first day.
"""

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from datetime import timedelta
from typing import Any, Final

from maild.config.model import HttpSettings, SmtpSettings
from maild.config.pin import Pin
from maild.config.proxy import Proxy
from maild.config.size import format_size
from maild.mail.address import Mailbox
from maild.secret import CommandRef, CredentialRef, EnvRef, FileRef, describe

HIDDEN: Final = "••••"

_KEYS: Final[Mapping[str, str]] = {"display_name": "name", "pins": "pin_sha256", "max_bytes": "max_size"}
_WHOLE: Final = (Mailbox, Pin, EnvRef, FileRef, CredentialRef, CommandRef, SmtpSettings, HttpSettings)
"""Values that are compared as one; every other one with fields is a section."""
_UNITS: Final = (
    (timedelta(days=1), "d"),
    (timedelta(hours=1), "h"),
    (timedelta(minutes=1), "m"),
    (timedelta(seconds=1), "s"),
    (timedelta(milliseconds=1), "ms"),
)


def flatten(settings: Any, prefix: str) -> Iterator[tuple[str, object]]:  # noqa: ANN401 -- any settings dataclass
    """The keys and values of a settings value, those of its sections behind a dot."""
    for field in fields(settings):
        value = getattr(settings, field.name)
        # An account's own name is its file's, and its key `name` is the display name.
        key = prefix + _KEYS.get(field.name, field.name)
        if not field.compare:
            continue
        if isinstance(value, Proxy):
            yield key, str(value)
            if value.login is not None:
                yield from flatten(value.login, f"{key}_login.")
        elif is_dataclass(value) and not isinstance(value, _WHOLE):
            yield from flatten(value, f"{key}.")
        elif not (prefix == "" and field.name == "name"):
            yield key, value


def plain_text(value: object, key: str = "") -> str | None:
    """The value as text; None where nothing is set. A URL is without what stands behind its question mark."""
    if value is None or value == ():
        return None
    match value:
        case bool():
            text = "true" if value else "false"
        case timedelta():
            text = format_duration(value)
        case tuple():
            text = ", ".join(plain_text(one) or "" for one in value)
        case int() if "size" in key or "bytes" in key:
            text = format_size(value)
        case EnvRef() | FileRef() | CredentialRef() | CommandRef():
            text = describe(value)
        case str() if key == "url":
            before, mark, behind = value.partition("?")
            text = f"{before}?{HIDDEN}" if mark and behind else value
        case _other:
            text = str(value)
    return text


def format_duration(duration: timedelta) -> str:
    """The duration with its largest unit that leaves no rest, as `parse_duration` reads it."""
    for unit, letter in _UNITS:
        if duration and not duration % unit:
            return f"{duration // unit}{letter}"
    return f"{duration.total_seconds():f}".rstrip("0").rstrip(".") + "s"
