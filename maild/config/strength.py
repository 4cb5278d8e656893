"""How safe a setting is compared with another value of it, and which settings are amounts. Pure.

TLS from the first byte and STARTTLS protect alike, since maild goes on only where the server lets it encrypt; to none
both are preferred (RFC 8314 §3).
"""

from collections.abc import Callable, Mapping
from typing import Final, assert_never

from maild.config.model import AuthMechanism, HttpSettings, SmtpSettings, TlsMode, Transport

_AMOUNTS: Final = frozenset(
    {
        "limits.per_minute",
        "limits.per_day",
        "limits.connections",
        "limits.per_session",
        "limits.per_message",
        "limits.max_size",
        "delivery.lifetime",
        "intake.max_size",
        "intake.user_messages_per_hour",
        "intake.user_bytes_per_hour",
        "reports.per_hour",
    }
)
_PROVING: Final = frozenset(
    {
        AuthMechanism.SCRAM_SHA_1,
        AuthMechanism.SCRAM_SHA_1_PLUS,
        AuthMechanism.SCRAM_SHA_256,
        AuthMechanism.SCRAM_SHA_256_PLUS,
        AuthMechanism.EXTERNAL,
    }
)
"""By these the server is shown that the password or key is there, and never the password itself (RFC 5802 §2)."""


def _mode(value: object) -> int:
    return int(value != TlsMode.NONE)


def _url(value: object) -> int:
    # Left out, it is where the service is known to be, by https.
    return int(not value or str(value).startswith("https:"))


def _auth(value: object) -> int:
    return int(value in _PROVING)


def _version(value: object) -> int:
    return int(str(value).replace(".", ""))


_STRENGTHS: Final[Mapping[str, Callable[[object], int]]] = {
    "smtp.auth": _auth,
    "smtp.tls.mode": _mode,
    "smtp.tls.verify": bool,
    "smtp.tls.min_version": _version,
    "smtp.tls.pin_sha256": bool,
    "http.url": _url,
    "http.tls.verify": bool,
    "http.tls.min_version": _version,
    "http.tls.pin_sha256": bool,
}


def strength_of(key: str, value: object) -> int:
    """A number that is larger the safer the value is; 0 for every value of a key that safety does not depend on."""
    strength = _STRENGTHS.get(key)
    return 0 if strength is None else strength(value)


def transport_strength(transport: Transport) -> tuple[tuple[str, bool], tuple[str, bool]]:
    """What can be compared between the protocols: whether the way is encrypted, whether the server is verified."""
    match transport:
        case SmtpSettings(tls=tls):
            return ("encrypted", tls.mode is not TlsMode.NONE), ("verified", tls.verify)
        case HttpSettings(url=url, tls=http_tls):
            return ("encrypted", bool(_url(url))), ("verified", http_tls.verify)
        case _:
            assert_never(transport)


def is_amount(key: str) -> bool:
    """Whether the values of the key are amounts, of which one can be less."""
    return key in _AMOUNTS
