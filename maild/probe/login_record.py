"""What the memory of logins holds, as text: each state as JSON, and the whole file of earlier versions of maild. Pure.

    {"state": "suspended", "since": "<instant>", "detail": "535 no"}

    {"version": 1, "salt": "<hex>", "credentials": {"<fingerprint>": {"seen": "<day>", "state": "accepted", ...}},
     "failures": {"<host>": ["<instant>", ...]}}

Whatever is not exactly that is a `RecordError`; a half-read memory would allow what must not happen.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from types import MappingProxyType
from typing import Final, assert_never

from maild.errors import PermanentError
from maild.probe.login_policy import AcceptedAt, BackingOff, LoginState, Suspended, Untried

VERSION: Final = 1
MAX_BYTES: Final = 8 * 1024 * 1024
"""Some ten thousand credentials; a larger file is not ours."""

MAX_DETAIL_CHARS: Final = 500


class RecordError(PermanentError):
    """The text is no memory of logins."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """The content of the file that earlier versions kept.

    Attributes:
        salt: of the fingerprints.
        states: by fingerprint.
        seen: the day on which a credential was last asked about, by fingerprint.
        failures: failed logins of the last hour, by host.
    """

    salt: bytes
    states: Mapping[str, LoginState] = field(default_factory=lambda: MappingProxyType({}))
    seen: Mapping[str, date] = field(default_factory=lambda: MappingProxyType({}))
    failures: Mapping[str, tuple[datetime, ...]] = field(default_factory=lambda: MappingProxyType({}))


def parse_record(data: bytes) -> Record:
    """The content of these bytes.

    Raises:
        RecordError: they are none.
    """
    if len(data) > MAX_BYTES:
        raise RecordError("too large")
    try:
        text = json.loads(data)
        if text["version"] != VERSION:
            raise RecordError("of another version of maild")
        credentials = text["credentials"].items()
        return Record(
            salt=bytes.fromhex(text["salt"]),
            states={name: _state(entry) for name, entry in credentials},
            seen={name: date.fromisoformat(entry["seen"]) for name, entry in credentials},
            failures={host: tuple(_instant(at) for at in failures) for host, failures in text["failures"].items()},
        )
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError):
        raise RecordError("not readable") from None


def format_state(state: LoginState) -> str:
    """A state as text; the same state gives the same text."""
    return json.dumps(_members(state))


def parse_state(text: str) -> LoginState:
    """The state that this text is of.

    Raises:
        RecordError: it is of none.
    """
    try:
        return _state(json.loads(text))
    except (ValueError, OverflowError, RecursionError):
        raise RecordError("not readable") from None


def _members(state: LoginState) -> Mapping[str, object]:
    match state:
        case Untried():
            return {"state": "untried"}
        case AcceptedAt(at=at):
            return {"state": "accepted", "at": at.isoformat()}
        case Suspended(since=since, detail=detail):
            return {"state": "suspended", "since": since.isoformat(), "detail": detail[:MAX_DETAIL_CHARS]}
        case BackingOff(until=until, delay=delay, detail=detail):
            return {
                "state": "backing_off",
                "until": until.isoformat(),
                "delay_s": delay.total_seconds(),
                "detail": detail[:MAX_DETAIL_CHARS],
            }
        case _:
            assert_never(state)


def _state(entry: object) -> LoginState:
    match entry:
        case {"state": "untried"}:
            return Untried()
        case {"state": "accepted", "at": str(at)}:
            return AcceptedAt(at=_instant(at))
        case {"state": "suspended", "since": str(since), "detail": str(detail)}:
            return Suspended(since=_instant(since), detail=detail)
        case {"state": "backing_off", "until": str(until), "delay_s": float(delay_s), "detail": str(detail)}:
            return BackingOff(until=_instant(until), delay=timedelta(seconds=delay_s), detail=detail)
        case _:
            raise RecordError("with an unknown state")


def _instant(text: str) -> datetime:
    at = datetime.fromisoformat(text)
    if at.tzinfo is None:
        raise RecordError("with an instant without time zone")
    return at
