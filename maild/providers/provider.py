"""The shape of what we know of one mail company.

Pure data: nothing here decides anything. A fact that is not documented is left out rather than guessed, because a wrong
fact accuses a person of a mistake that they did not make; every entry names where it was read and when.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from fnmatch import fnmatchcase
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from maild.providers.signing_keys import SigningKeys

TlsFromStart = Literal["implicit", "starttls"]
"""The two encrypted modes, spelled as in an account file (`config.model.TlsMode` is one rung up)."""

IMPLICIT: Final = "implicit"
STARTTLS: Final = "starttls"


class UsernameForm(StrEnum):
    """What a provider wants as login name."""

    ADDRESS = "address"
    """The whole e-mail address."""
    ADDRESS_OR_LOCAL_PART = "address-or-local-part"
    """The whole address, or what stands before the @ of it."""
    FIXED = "fixed"
    """One word, the same for every customer; the key is the password."""
    ISSUED = "issued"
    """A login that the provider hands out, shown in its console."""
    LOCAL_PART = "local-part"
    """What stands before the @ of the address."""


class SenderRule(StrEnum):
    """Which senders a provider takes from an account."""

    ACCOUNT = "account"
    """The account's own address, and those that the account has proved to own, such as aliases."""
    DOMAIN = "domain"
    """Any address at the account's own domain."""
    VERIFIED = "verified"
    """Addresses and domains that the customer has proved to own in the provider's console."""


class Aspect(StrEnum):
    """A side of an account file that has a rule of its own at some providers."""

    PORT = "port"
    USERNAME = "username"
    PASSWORD = "password"  # noqa: S105 -- the name of the aspect
    PASSWORD_BLANKS = "password-blanks"  # noqa: S105 -- the name of the aspect
    TOKEN_TWICE = "token-twice"  # noqa: S105 -- the name of the aspect
    FOREIGN_PASSWORD = "foreign-password"  # noqa: S105 -- the name of the aspect
    HOST = "host"
    REGION = "region"
    LIMIT = "limit"
    CHANGE = "change"
    OWN_DOMAIN = "own-domain"
    SENDER = "sender"


@dataclass(frozen=True, slots=True, kw_only=True)
class SecretShape:
    """What a secret looks like: a regular expression for the whole of it, and its name for people ("an API key")."""

    pattern: str
    what: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherHost:
    """A server of the provider's that takes no mail from customers: what it is for, and which one to use instead."""

    host: str
    purpose: str
    instead: str

    @classmethod
    def for_reading(cls, host: str, instead: str) -> "OtherHost":
        """A server from which customers fetch their mail; its name says by which protocol."""
        return cls(host=host, purpose=f"is for reading mail ({'POP3' if 'pop' in host else 'IMAP'})", instead=instead)

    @classmethod
    def for_browsers(cls, host: str, instead: str) -> "OtherHost":
        """The web page at which customers read and write their mail."""
        return cls(host=host, purpose="is the web page", instead=instead)

    def meant_by(self, host: str) -> "OtherHost":
        """The same for a host of such a name, whose region is the other server's, too."""
        before, star, behind = self.host.partition("*")
        return replace(self, instead=self.instead.replace("REGION", host[len(before) : -len(behind)])) if star else self


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherSenders:
    """What a provider does with mail whose sender is another address than the one that logs in.

    Attributes:
        beyond: what the two have to share for nothing to be said: their whole "address", or their "domain" alone.
        fate: what becomes of such mail, as a sentence about "this address".
        advice: what to do, in plain sentences.
        has_exceptions: whether the provider may know the other address as one of the customer's, which no file tells.
    """

    beyond: Literal["address", "domain"]
    fate: str
    advice: str
    has_exceptions: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """Something that stops working at a date.

    Attributes:
        day: the first day on which it is in force.
        mechanisms: the SASL mechanisms that no longer work from then on.
        what: what happens, as a sentence that fits before and after the day.
        advice: what to do.
    """

    day: date
    mechanisms: tuple[str, ...]
    what: str
    advice: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerPort:
    """A port that the provider documents for sending, and how TLS begins on it."""

    port: int
    mode: TlsFromStart


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderLimits:
    """The highest limit that any of the provider's plans has, None where none is documented.

    The highest, because these are maild's defaults: it must not hold back mail that the provider would have taken. A
    smaller plan says so itself, with a temporary refusal, or in the account's own `limits`. `message_megabytes` is the
    size of the largest message, in millions of bytes; `per_session` are messages over one connection, `per_message`
    recipients of one message. After `session_idle_s` seconds it hangs up on a connection on which nothing happens,
    after `session_lifetime_s` on any.
    """

    per_minute: int | None = None
    per_day: int | None = None
    connections: int | None = None
    message_megabytes: int | None = None
    per_session: int | None = None
    per_message: int | None = None
    session_idle_s: int | None = None
    session_lifetime_s: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where a fact was read, and on which day."""

    url: str
    checked: date


def _nothing() -> Mapping[str, str]:
    return MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class Provider:
    """One mail company's sending servers.

    Attributes:
        id: a short word, usable as a metric label.
        title: its name as its customers know it.
        hosts: host names in lower case; `*` stands for one or more characters, as in a regional name.
        ports: the ports it documents.
        mechanisms: SASL mechanisms that its servers take, in the spelling of an account file, from its pages or from
            sessions that customers published; empty: not known, no page says it.
        username: the form of the login name.
        fixed_username: the word itself when the form is FIXED.
        other_usernames: what it takes in the place of that word.
        username_shape: what the login looks like that it hands out, where that is known.
        login_domains: the domains of logins that look like addresses and are none: nobody has a mailbox there.
        password_advice: how a customer gets the password that works here, in plain sentences.
        limits: what it lets one account send, as far as it says a number.
        null_sender: whether it takes the null reverse-path `<>` (RFC 5321 §4.5.5) from customers; None: not known,
            which it is of nearly all: their pages do not speak of it, and a probe without a message does not tell.
        sources: at least one.
        sender: which senders it takes; None: not known, no page says it.
        other_senders: what it does with others, where that is documented.
        mail_domains: the domains of the addresses that it gives to anybody.
        spf_include: what a customer's SPF record includes when mail leaves through it (RFC 7208 §5.2), as published
            zone files of customers had it on 24 November 2026. None: not known, different from region to region, or not
            needed, since nobody's own domain is sent from or bounces go to a domain of the company's.
        password_shape: what the password that works here looks like, where that is fixed.
        foreign_passwords: what people take for it and what does not work.
        other_hosts: its servers that are confused with the sending ones.
        mistaken_hosts: names by which it documents no server and which people write nevertheless, each with the server
            that they mean; `*` as in `hosts`, and the first that fits counts.
        other_names: what else the company is called, in small letters without separators.
        region_names: what people call its regions, folded likewise, each with the name that is right.
        regions: what can stand for `*` in its hosts, as far as it is known.
        region_shape: how all of them are named, a regular expression: new ones come, and are no mistake.
        own_domain_hosts: for some hosts the one that is for addresses at the customer's own domain.
        home_hosts: for the domains of some of its own addresses the server at which all of these are kept.
        sandbox_hosts: servers that take mail and deliver none.
        wants_own_domain: whether it refuses senders at the domains of free addresses.
        also_serves: ids of other providers of the same company whose addresses it takes as well.
        changes: what stops working when.
        api_hosts: the hosts of its HTTP interface, each with the region that it is for; `*` as in `hosts`.
        codes: the rules that speak about an aspect of this provider, where they are not the general ones.
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
    other_usernames: tuple[str, ...] = ()
    username_shape: SecretShape | None = None
    login_domains: tuple[str, ...] = ()
    limits: ProviderLimits = ProviderLimits()
    null_sender: bool | None = None
    sender: SenderRule | None = None
    other_senders: OtherSenders | None = None
    mail_domains: tuple[str, ...] = ()
    spf_include: str | None = None
    signing_keys: "SigningKeys | None" = None
    password_shape: SecretShape | None = None
    foreign_passwords: tuple[SecretShape, ...] = ()
    other_hosts: tuple[OtherHost, ...] = ()
    mistaken_hosts: Mapping[str, str] = field(default_factory=_nothing)
    other_names: tuple[str, ...] = ()
    region_names: Mapping[str, str] = field(default_factory=_nothing)
    regions: tuple[str, ...] = ()
    region_shape: str | None = None
    own_domain_hosts: Mapping[str, str] = field(default_factory=_nothing)
    home_hosts: Mapping[str, str] = field(default_factory=_nothing)
    sandbox_hosts: tuple[str, ...] = ()
    wants_own_domain: bool = False
    also_serves: tuple[str, ...] = ()
    changes: tuple[Change, ...] = ()
    api_hosts: Mapping[str, str] = field(default_factory=_nothing)
    codes: Mapping[str, str] = field(default_factory=_nothing)

    def lets_in(self, username: str) -> bool:
        """Whether somebody can have this login name, where there is but a fixed one; else True."""
        return self.fixed_username in {None, username} or username in self.other_usernames

    def serves(self, host: str) -> bool:
        """Whether this host name, in whatever case and with or without the final dot, is one of the provider's."""
        name = host.lower().removesuffix(".")
        return any(fnmatchcase(name, pattern) for pattern in self.hosts)

    def other_host(self, host: str) -> OtherHost | None:
        """The server by this name that is none for sending, if the provider has such a one."""
        name = host.lower().removesuffix(".")
        known = next((other.meant_by(name) for other in self.other_hosts if fnmatchcase(name, other.host)), None)
        if known is not None or not any(fnmatchcase(name, pattern) for pattern in self.api_hosts):
            return known
        # The server of the same region has most words in common with it.
        words = frozenset(name.split("."))
        instead = max(self.hosts, key=lambda own: len(words.intersection(own.split("."))))
        return OtherHost(host=name, purpose="is the HTTP interface", instead=instead)

    def mistaken_host(self, host: str) -> str | None:
        """The server that people mean who write this name, where it is one of those that are known to be wrong."""
        name = host.lower().removesuffix(".")
        return next((meant for wrong, meant in self.mistaken_hosts.items() if fnmatchcase(name, wrong)), None)

    @property
    def checked(self) -> date:
        """The day on which a fact was last read."""
        return max(source.checked for source in self.sources)

    @property
    def best_port(self) -> ServerPort:
        """TLS from the first byte on the port that is meant for it, else the first that the provider names."""
        return next((known for known in self.ports if known.port == 465), self.ports[0])

    def may_have_region(self, region: str) -> bool:
        """Whether it has a region of this name, or may have got one since the facts were read."""
        is_shaped = self.region_shape is not None and re.fullmatch(self.region_shape, region) is not None
        return is_shaped or region in self.regions

    def mode_of(self, port: int) -> TlsFromStart | None:
        """How TLS begins on this port, None when the provider does not document the port."""
        return next((known.mode for known in self.ports if known.port == port), None)
