"""What an HTTP service answered. Pure. The text is hostile: capped, decoded leniently, control characters replaced."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final

MAX_ANSWER_BYTES: Final = 64 * 1024

_SECONDS: Final = re.compile(r"[0-9]{1,9}", re.ASCII)
_CHARSET: Final = re.compile(r"charset=\"?([A-Za-z0-9._-]{1,40})", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpAnswer:
    """An answer of any status; redirects are answers too, nobody follows them.

    Attributes:
        status: 200 to 599.
        text: the body, safe to show.
        retry_after_s: how long the service asks to be left alone, where it says so.
        error_type: the word for the error that services of Amazon's send in a field of the header, safe to show.
        location: where a redirect points to, safe to show.
    """

    status: int
    text: str
    retry_after_s: float | None = None
    location: str | None = None
    error_type: str | None = None

    @property
    def is_success(self) -> bool:
        """2xx."""
        return 200 <= self.status <= 299


def safe_text(data: bytes, content_type: str) -> str:
    """The body as text for people: at most MAX_ANSWER_BYTES of it, in the charset it claims where that works."""
    found = _CHARSET.search(content_type)
    capped = data[:MAX_ANSWER_BYTES]
    try:
        text = capped.decode(found[1] if found else "utf-8", "replace")
    except LookupError:
        text = capped.decode("utf-8", "replace")
    return make_safe(text.replace("\r\n", "\n"))


def make_safe(text: str) -> str:
    """The text with everything replaced that could act on a terminal or a log."""
    return "".join(char if char in "\n\t" or char.isprintable() else "\ufffd" for char in text)


def parse_retry_after(value: str | None, now: datetime) -> float | None:
    """Seconds from `now` that a Retry-After field means: seconds or a date (RFC 9110 §10.2.3); None: neither."""
    if value is None:
        return None
    text = value.strip()
    if _SECONDS.fullmatch(text):
        return float(text)
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, IndexError, OverflowError):
        return None
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max(0.0, (aware - now).total_seconds())
