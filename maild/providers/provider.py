"""The shape of what we know of one mail company.

Pure data: nothing here decides anything. A fact that is not documented is left out rather than guessed, because a wrong
fact accuses a person of a mistake that they did not make; every entry names where it was read and when.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fnmatch import fnmatchcase
from typing import Final, Literal

TlsFromStart = Literal["implicit", "starttls"]
"""The two encrypted modes, spelled as in an account file (`config.model.TlsMode` is one rung up)."""

IMPLICIT: Final = "implicit"
STARTTLS: Final = "starttls"


class UsernameForm(StrEnum):
    """What a provider wants as login name."""

    ADDRESS = "address"
    """The whole e-mail address."""
    FIXED = "fixed"
    """One word, the same for every customer; the key is the password."""
    ISSUED = "issued"
    """A login that the provider hands out, shown in its console."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerPort:
    """A port that the provider documents for sending, and how TLS begins on it."""

    port: int
    mode: TlsFromStart


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderLimits:
    """The highest limit that any of the provider's plans has, None where none is documented.

    The highest, because these are maild's defaults: it must not hold back mail that the provider would have taken. A
    smaller plan says so itself, with a temporary refusal, or in the account's own `limits`.
    """

    per_minute: int | None = None
    per_day: int | None = None
    connections: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where a fact was read, and on which day."""

    url: str
    checked: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Provider:
    """One mail company's sending servers.

    Attributes:
        id: a short word, usable as a metric label.
        title: its name as its customers know it.
        hosts: host names in lower case; `*` stands for one or more characters, as in a regional name.
        ports: the ports it documents.
        mechanisms: SASL mechanisms that its servers take, in the spelling of an account file; empty: not known.
        username: the form of the login name.
        fixed_username: the word itself when the form is FIXED.
        password_advice: how a customer gets the password that works here, in plain sentences.
        limits: what it lets one account send.
        null_sender: whether it takes the null reverse-path `<>` (RFC 5321 §4.5.5) from customers; None: not known.
        sources: at least one.
    """

    id: str
    title: str
    hosts: tuple[str, ...]
    ports: tuple[ServerPort, ...]
    username: UsernameForm
    password_advice: str
    sources: tuple[Source, ...]
    mechanisms: tuple[str, ...] = ()
    fixed_username: str | None = None
    limits: ProviderLimits = ProviderLimits()
    null_sender: bool | None = None

    def serves(self, host: str) -> bool:
        """Whether this host name, in whatever case and with or without the final dot, is one of the provider's."""
        name = host.lower().removesuffix(".")
        return any(fnmatchcase(name, pattern) for pattern in self.hosts)

    def mode_of(self, port: int) -> TlsFromStart | None:
        """How TLS begins on this port, None when the provider does not document the port."""
        return next((known.mode for known in self.ports if known.port == port), None)
