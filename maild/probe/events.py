"""What the prober tells observers."""

from dataclasses import dataclass
from typing import TypeAlias

from maild.net.name_servers import Silence
from maild.probe.downgrade import Change
from maild.probe.result import ProbeResult


@dataclass(frozen=True, slots=True, kw_only=True)
class ProbeFinished:
    """All checks of one account ran once."""

    result: ProbeResult


@dataclass(frozen=True, slots=True, kw_only=True)
class LoginTried:
    """A login was tried, by a probe or by a delivery; `is_rejected` when the server refused the credentials."""

    account: str
    is_rejected: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class LoginSuspended:
    """Probes log in no more with these credentials until the secret or the account changes (lock-out protection)."""

    account: str
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerChanged:
    """A server offers less than it did, or has another key; told once. `is_held`: nothing is sent to it meanwhile."""

    account: str
    changes: tuple[Change, ...]
    is_held: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionAsked:
    """A check asked DNS. `server` is one name server's address, "" the site's; `silence` None: it was answered."""

    server: str
    rdtype: str
    seconds: float
    silence: Silence | None


ProbeEvent: TypeAlias = ProbeFinished | LoginTried | LoginSuspended | ServerChanged | QuestionAsked
