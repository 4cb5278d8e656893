"""What a server used to offer, and in what it became weaker. Pure.

A stripped STARTTLS cannot be told from a server that never had it by looking once; only who remembers can tell. So can
an AUTH that is gone, a way of logging in that hides the password and is gone, an older TLS, and another key.
Removing LOGIN beside PLAIN makes nothing weaker, and a renewed certificate often brings a new key: that is told, and
counts as weaker only where nobody else vouches for the server, because the account does not verify certificates.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, Self

from maild.probe.offer import Offer

MOST_KEYS: Final = 8
"""So many keys of one name are remembered: big providers have several servers behind it, each with its own."""

ACCEPTED_AFTER: Final = timedelta(days=7)
"""What was weaker for so long, and was only warned of, is how the server is now."""

_VERSIONS: Final = ("TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3")


class Quality(StrEnum):
    """In what a server can change."""

    STARTTLS = "starttls"
    AUTH = "auth"
    HIDDEN_PASSWORD = "hidden_password"  # noqa: S105 -- a way of logging in that does not show the password
    TLS_VERSION = "tls_version"
    KEY = "key"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One thing, before and after, in words; `is_weaker`: somebody may be interfering."""

    quality: Quality
    before: str
    after: str
    is_weaker: bool = True

    def __str__(self) -> str:
        return f"{self.quality.value}: {self.before} before, {self.after} now"


@dataclass(frozen=True, slots=True, kw_only=True)
class Habit:
    """What a server is known to offer.

    Attributes:
        has_starttls: None: nothing was ever said in clear.
        mechanisms: None: it never came so far.
        tls_version: empty: no TLS was seen.
        keys: SHA-256 of public keys, the newest last.
        weaker_since: since when it has been offering less than this; None: it does not.
    """

    has_starttls: bool | None = None
    mechanisms: tuple[str, ...] | None = None
    tls_version: str = ""
    keys: tuple[str, ...] = ()
    weaker_since: datetime | None = None

    @classmethod
    def of(cls, offer: Offer) -> Self:
        """From a first look."""
        return cls(
            has_starttls=offer.offers_starttls,
            mechanisms=offer.mechanisms,
            tls_version=offer.tls_version,
            keys=(offer.key,) if offer.key else (),
        )

    def changes_to(self, offer: Offer, *, is_verified: bool) -> tuple[Change, ...]:
        """In what an offer differs for the worse, and whether the key is a new one.

        Args:
            offer: what was seen now; what it does not tell is no change.
            is_verified: whether the server's certificate has to be valid or pinned.
        """
        found: list[Change] = []
        if self.has_starttls and offer.offers_starttls is False:
            found.append(Change(quality=Quality.STARTTLS, before="offered", after="not offered"))
        if self.mechanisms and offer.mechanisms is not None:
            before, after = _words(self.mechanisms), _words(offer.mechanisms)
            if not offer.mechanisms:
                found.append(Change(quality=Quality.AUTH, before=before, after=after))
            elif any(map(_hides_password, self.mechanisms)) and not any(map(_hides_password, offer.mechanisms)):
                found.append(Change(quality=Quality.HIDDEN_PASSWORD, before=before, after=after))
        if offer.tls_version and _rank(offer.tls_version) < _rank(self.tls_version):
            found.append(Change(quality=Quality.TLS_VERSION, before=self.tls_version, after=offer.tls_version))
        if self.keys and offer.key and offer.key not in self.keys:
            found.append(
                Change(
                    quality=Quality.KEY,
                    before=f"SHA-256 {self.keys[-1]}",
                    after=f"SHA-256 {offer.key}",
                    is_weaker=not is_verified,
                )
            )
        return tuple(found)

    def after(self, offer: Offer, changes: Sequence[Change], *, now: datetime, is_kept: bool) -> "Habit":
        """What is remembered from now on.

        Args:
            offer: what was seen now.
            changes: as `changes_to` found them.
            now: the time.
            is_kept: a weaker offer is never taken for normal (`probe.on_downgrade: hold`).
        """
        is_weaker = any(change.is_weaker for change in changes)
        since = self.weaker_since if self.weaker_since is not None and self.weaker_since <= now else now
        if is_weaker and (is_kept or now - since < ACCEPTED_AFTER):
            return replace(self, weaker_since=since)
        seen = Habit.of(offer)
        keys = (*(key for key in self.keys if key not in seen.keys), *seen.keys)[-MOST_KEYS:]
        # One that is known already keeps its place, or two servers taking turns would be written down each time.
        keys = self.keys if set(seen.keys) <= set(self.keys) else keys
        return Habit(
            has_starttls=self.has_starttls if seen.has_starttls is None else seen.has_starttls,
            mechanisms=self.mechanisms if seen.mechanisms is None else seen.mechanisms,
            tls_version=seen.tls_version or self.tls_version,
            keys=keys,
        )


def _words(mechanisms: Sequence[str]) -> str:
    return " ".join(mechanisms).lower() or "none"


def _hides_password(mechanism: str) -> bool:
    return mechanism.startswith(("SCRAM-", "CRAM-"))


def _rank(version: str) -> int:
    return _VERSIONS.index(version) if version in _VERSIONS else -1
