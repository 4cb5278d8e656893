"""What a person may do on the page, and who such a person is. Pure.

Nothing of it comes with a request by itself: no cookie, so another page has nothing to ride on (cross-site request
forgery). A request must be a POST of our own page, as the browser says, carry the seal that this page was given, which
no other page can read, and the token that the person was given.
"""

import hmac
from collections.abc import Awaitable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import blake2b
from typing import Final, Protocol
from urllib.parse import urlsplit

from maild.spool.queue import QueueId

MIN_TOKEN_CHARS: Final = 16
SEAL_LIFE: Final = timedelta(hours=12)


class Deed(StrEnum):
    """What can be done."""

    HOLD = "hold"
    RELEASE = "release"
    RETRY = "retry"
    DELETE = "delete"
    RELOAD = "reload"


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A message that waits: as much of it as a person needs to decide. `next_at` None: it is held."""

    id: QueueId
    received_at: datetime
    account: str | None
    recipients: int
    detail: str
    next_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """What came of a deed, as a sentence."""

    is_done: bool
    words: str


class Desk(Protocol):
    """The daemon, as far as a person may act on it."""

    @property
    def is_open(self) -> bool:
        """Whether the site wants it at all."""
        ...

    def waiting(self, limit: int) -> Awaitable[Sequence[Waiting]]:
        """The oldest messages that wait or are held; none when the queue cannot be read."""
        ...

    def is_token(self, word: str) -> Awaitable[bool]:
        """Whether this is the token. One that is too short to be one is nobody's."""
        ...

    def act(self, deed: Deed, id_: str) -> Awaitable[Done]:
        """Do it. Raises nothing."""
        ...


def wish_of(word: str) -> tuple[Deed, str] | None:
    """What a button says: the deed and, but for a reload, the message; None when it says nothing that can be done."""
    verb, _, id_ = word.partition(" ")
    if verb not in frozenset(Deed) or bool(id_) == (verb == Deed.RELOAD):
        return None
    return Deed(verb), id_


def is_of_our_page(headers: Mapping[str, str]) -> bool:
    """Whether the browser says that a page of this very server sent it (Fetch standard: Origin, Sec-Fetch-Site)."""
    origin = urlsplit(headers.get("Origin", ""))
    is_ours = origin.scheme in {"http", "https"} and origin.netloc.lower() == headers.get("Host", "").lower()
    return is_ours and headers.get("Sec-Fetch-Site", "same-origin") == "same-origin"


class Seals:
    """Makes and knows the seals of pages."""

    def __init__(self, key: bytes) -> None:
        """Args: key: random bytes."""
        self._key = key

    def make(self, now: datetime) -> str:
        """A seal for a page that is given out now."""
        at = str(int(now.timestamp()))
        return f"{at}.{blake2b(at.encode(), key=self._key[:64], digest_size=16).hexdigest()}"

    def is_good(self, seal: str, now: datetime) -> bool:
        """Whether it is one of ours, and not too old."""
        at = seal.partition(".")[0]
        if not (at.isascii() and at.isdecimal() and len(at) <= 12):
            return False
        made = datetime.fromtimestamp(int(at), tz=now.tzinfo)
        return (
            hmac.compare_digest(seal.encode("utf-8", "surrogatepass"), self.make(made).encode())
            and timedelta() <= now - made <= SEAL_LIFE
        )
