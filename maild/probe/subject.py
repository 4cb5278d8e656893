"""What a check is given: the account and everything outside that it may use."""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum, auto
from pathlib import Path
from typing import assert_never

from maild.clock import Clock
from maild.config.fault import Pointer
from maild.config.model import Account, HttpSettings, SmtpSettings
from maild.config.probe_settings import ProbeSettings
from maild.diagnostics import Location
from maild.net.keys import Keys
from maild.net.resolver import Resolver
from maild.net.smtp.server import Timeouts
from maild.probe.controls import Controls
from maild.probe.dns.view import DnsView
from maild.probe.events import ProbeEvent
from maild.probe.login_memory import LoginMemory
from maild.probe.offer_memory import OfferMemory
from maild.probe.turns import Turns


class LoginMode(Enum):
    """Whether a probe logs in."""

    SAFE = auto()
    """As the memory of logins allows."""
    ALWAYS = auto()
    """Because somebody who knows what they do asked for it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """One account under probe.

    Attributes:
        folder: what relative paths of the account count from.
        keys: gives the account what it logs in with.
        memory: of logins; None: nothing is remembered and logins are as `login` says.
        emit: told of logins.
        locate: the place of a configuration value by its possible pointers, for findings.
        turns: at servers, shared with everybody who probes.
        controls: whom a failure is compared with; None: nobody.
        offers: what servers used to offer; None: nothing is remembered.
        dns: how DNS is seen; None: its records are not checked.
        way: of the account that is only tried out: by which port and mechanism; see `Credential`.
        on_login: called before a login may begin. From then on the probe must not be cut off.
    """

    account: Account
    folder: Path
    settings: ProbeSettings
    resolver: Resolver
    clock: Clock
    keys: Keys
    memory: LoginMemory | None
    emit: Callable[[ProbeEvent], None]
    login: LoginMode = LoginMode.SAFE
    timeouts: Timeouts = field(
        default_factory=lambda: Timeouts(connect_s=15.0, greeting_s=30.0, command_s=20.0, quit_s=5.0)
    )
    """Submission services answer within seconds; 30 s for the greeting outlast the usual 20 s of spam traps."""
    locate: "Locate | None" = None
    way: str = ""
    turns: Turns = field(default_factory=Turns)
    controls: Controls | None = None
    offers: OfferMemory | None = None
    dns: DnsView | None = None
    on_login: Callable[[], None] = lambda: None

    def location(self, pointers: tuple[Pointer, ...]) -> Location | None:
        """Where to look in the account's file; None when the cause lies elsewhere."""
        if not pointers:
            return None
        if self.locate is not None:
            return self.locate(pointers)
        return Location(file=f"{self.account.name}.yaml", pointer=pointers[0])


def way_of(account: Account) -> str:
    """By which port and mechanism the account logs in; empty where it does not."""
    match account.transport:
        case SmtpSettings(port=port, tls=tls, auth=auth):
            return f"{port} {tls.mode} {auth or 'any'}"
        case HttpSettings():
            return ""
        case _:
            assert_never(account.transport)


Locate = Callable[[tuple[Pointer, ...]], Location]
