"""The keys of an envelope file, one function each: from a value of JSON to what it means. Pure.

What can go wrong is `SidecarError`, whose text says which key and what is wrong with it.
"""

import re
from datetime import UTC, datetime, timedelta
from typing import Final

from maild.config.duration import parse_duration
from maild.errors import PermanentError
from maild.mail.address import AddressError, Mailbox
from maild.mail.message import MAX_RECIPIENTS
from maild.mail.priority import Priority
from maild.mail.report_wish import Notify, ReportWishError, check_envelope_id, parse_notify
from maild.spool.queue import AccountSender, NullSender, SenderChoice

SHORTEST_LIFETIME: Final = timedelta(seconds=1)
LONGEST_LIFETIME: Final = timedelta(days=365)
MAX_KEY_CHARS: Final = 200

FROM_ACCOUNT: Final = AccountSender()

# The name of an account is the name of its file: no folders, nothing hidden.
_ACCOUNT: Final = re.compile(r"[^./\x00-\x1f\x7f][^/\x00-\x1f\x7f]{0,199}")
# RFC 3339 §5.6, of which fromisoformat takes more than we say.
_INSTANT: Final = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d{1,9})?([Zz]|[+-]\d\d:\d\d)")
_SHA256: Final = re.compile(r"[0-9A-Fa-f]{64}")


class SidecarError(PermanentError):
    """The envelope file cannot be understood; the text says what is wrong with it."""


def is_account_name(name: str) -> bool:
    """Whether an account can have this name at all; whether there is one is for the routes to say."""
    return _ACCOUNT.fullmatch(name) is not None and name.isprintable()


def read_sender(value: object) -> SenderChoice:
    """The reverse-path."""
    if value is None:
        return FROM_ACCOUNT
    if value == "":
        return NullSender()
    return _mailbox("sender", value)


def read_recipients(value: object) -> tuple[Mailbox, ...]:
    """Whom it goes to, without doubles; empty when the header says so."""
    if value is None:
        return ()
    if not isinstance(value, list) or not value:
        raise SidecarError("the envelope file's recipients are no list of addresses")
    if len(value) > MAX_RECIPIENTS:
        raise SidecarError(f"the envelope file has more than {MAX_RECIPIENTS} recipients")
    return tuple(dict.fromkeys(_mailbox("recipients", one) for one in value))


def read_account(value: object) -> str | None:
    """The account asked for."""
    if value is None:
        return None
    if not isinstance(value, str) or not is_account_name(value):
        raise SidecarError("the envelope file's account is no name of an account")
    return value


def read_lifetime(value: object) -> timedelta | None:
    """How long it is tried."""
    if value is None:
        return None
    lifetime = parse_duration(value) if isinstance(value, str) else None
    if lifetime is None or not SHORTEST_LIFETIME <= lifetime <= LONGEST_LIFETIME:
        raise SidecarError("the envelope file's lifetime is no duration from 1s to 365d, such as 30m, 12h or 2d")
    return lifetime


def read_priority(value: object) -> Priority | None:
    """How urgent it is."""
    if value is None:
        return None
    if not isinstance(value, str) or value not in tuple(Priority):
        raise SidecarError("the envelope file's priority is none of urgent, normal and bulk")
    return Priority(value)


def read_not_before(value: object) -> datetime | None:
    """When it may be sent first, in UTC."""
    if value is None:
        return None
    problem = "the envelope file's not_before is no instant with a time zone, such as 2026-03-01T08:00:00Z"
    if not isinstance(value, str) or _INSTANT.fullmatch(value) is None:
        raise SidecarError(problem)
    try:
        return datetime.fromisoformat(value.upper()).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise SidecarError(problem) from error


def read_idempotency_key(value: object) -> str | None:
    """By which a message that comes twice is known."""
    if value is None:
        return None
    if not isinstance(value, str) or not 0 < len(value) <= MAX_KEY_CHARS or not value.isprintable():
        raise SidecarError(
            f"the envelope file's idempotency_key is no text of 1 to {MAX_KEY_CHARS} printable characters"
        )
    return value


def read_notify(value: object) -> frozenset[Notify] | None:
    """When to report."""
    if value is None:
        return None
    if not isinstance(value, list) or not all(isinstance(word, str) for word in value):
        raise SidecarError("the envelope file's notify is no list of words")
    try:
        return parse_notify(value)
    except ReportWishError as error:
        raise SidecarError(f"the envelope file's notify: {error}") from error


def read_require_tls(value: object) -> bool:
    """Whether it goes over verified TLS all the way or not at all."""
    if value not in (None, True, False) or (isinstance(value, int) and not isinstance(value, bool)):
        raise SidecarError("the envelope file's require_tls is neither true nor false")
    return value is True


def read_return(value: object) -> bool:
    """Whether a report brings the whole message back."""
    if value not in (None, "full", "headers"):
        raise SidecarError("the envelope file's return is neither full nor headers")
    return value == "full"


def read_envelope_id(value: object) -> str | None:
    """What reports repeat."""
    if value is None:
        return None
    try:
        return check_envelope_id(value if isinstance(value, str) else "")
    except ReportWishError as error:
        raise SidecarError(f"the envelope file's envelope_id: {error}") from error


def read_sha256(value: object) -> str | None:
    """The proof that the drop is whole."""
    if value is None:
        return None
    if not isinstance(value, str) or _SHA256.fullmatch(value) is None:
        raise SidecarError("the envelope file's sha256 is no SHA-256 in hexadecimal, as sha256sum prints it")
    return value.lower()


def _mailbox(key: str, value: object) -> Mailbox:
    if not isinstance(value, str):
        raise SidecarError(f"the envelope file's {key} holds something that is no text")
    try:
        return Mailbox.parse(value)
    except AddressError as error:
        raise SidecarError(f"the envelope file's {key} holds something that is no address: {error}") from error
