"""What a token service answered, as values (RFC 6749 §5, RFC 8628 §3.2, §3.5). Pure. The text is hostile."""

import json
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final, TypeAlias

from maild.net.oauth.token import Granted
from maild.secret import Secret

MAX_TOKEN_CHARS: Final = 16 * 1024
MAX_WORDS: Final = 300
USUAL_LIFETIME: Final = timedelta(hours=1)
"""RFC 6749 §5.1 lets a service leave it out; every known one says an hour or more."""

LONGEST_LIFETIME: Final = timedelta(days=30)
_SHORTEST_POLL: Final = 5
"""RFC 8628 §3.2: seconds between two questions when the service names none."""

_FOR_NOW: Final = frozenset({"temporarily_unavailable", "server_error"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Denied:
    """No token.

    Attributes:
        error: the word of RFC 6749 §5.2, or what stands for it.
        words: for a person.
        is_final: nothing will change until a person changes something.
    """

    error: str
    words: str
    is_final: bool


TokenAnswer: TypeAlias = Granted | Denied


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceCode:
    """What a person is to type where, and how we go on (RFC 8628 §3.2)."""

    device_code: Secret
    user_code: str
    verification_uri: str
    lifetime_s: float
    interval_s: float


def read_token(status: int, text: str) -> TokenAnswer:
    """The answer to a request for a token."""
    found = _object(text)
    access = found.get("access_token")
    if 200 <= status <= 299 and _is_token(access) and str(found.get("token_type", "bearer")).lower() == "bearer":
        refresh = found.get("refresh_token")
        return Granted(
            access=Secret(str(access)),
            lifetime=_lifetime(found.get("expires_in")),
            refresh=Secret(str(refresh)) if _is_token(refresh) else None,
        )
    return _denied(status, found)


def read_device_code(status: int, text: str) -> DeviceCode | Denied:
    """The answer to a request for a device code."""
    found = _object(text)
    code, user_code = found.get("device_code"), found.get("user_code")
    # Google and older services say verification_url.
    uri = found.get("verification_uri", found.get("verification_url"))
    if 200 <= status <= 299 and _is_token(code) and _is_line(user_code) and _is_line(uri):
        return DeviceCode(
            device_code=Secret(str(code)),
            user_code=str(user_code),
            verification_uri=str(uri),
            lifetime_s=float(_number(found.get("expires_in"), 900, most=3600)),
            interval_s=float(_number(found.get("interval"), _SHORTEST_POLL, most=60)),
        )
    return _denied(status, found)


def _denied(status: int, found: dict[str, Any]) -> Denied:
    error = found.get("error")
    if not isinstance(error, str) or not error.isprintable():
        error = f"status {status}" if not 200 <= status <= 299 else "an answer without a token"
    words = str(found.get("error_description", ""))
    shown = " ".join("".join(char if char.isprintable() else " " for char in words).split())[:MAX_WORDS]
    is_for_now = status in {408, 425, 429} or status >= 500 or error in _FOR_NOW or 200 <= status <= 399
    return Denied(error=error[:80], words=shown, is_final=not is_for_now)


def _object(text: str) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _is_token(value: object) -> bool:
    """RFC 6749 appendix A.12: visible ASCII; anything else could end a line of the protocol that it is used in."""
    return (
        isinstance(value, str)
        and 0 < len(value) <= MAX_TOKEN_CHARS
        and value.isascii()
        and value.isprintable()
        and " " not in value
    )


def _is_line(value: object) -> bool:
    return isinstance(value, str) and 0 < len(value) <= MAX_WORDS and value.isprintable()


def _lifetime(value: object) -> timedelta:
    usual = int(USUAL_LIFETIME.total_seconds())
    return timedelta(seconds=_number(value, usual, most=int(LONGEST_LIFETIME.total_seconds())))


def _number(value: object, usual: int, *, most: int) -> int:
    """A whole number, which some services write as text; within 1 and `most`."""
    if isinstance(value, str) and value.isascii() and value.isdecimal() and len(value) < 10:
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int):
        return usual
    return max(1, min(value, most))
