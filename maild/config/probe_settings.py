"""The section `probe` of maild.yaml as a value: when accounts are looked at, and what is made of it. Pure."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from pathlib import PurePath
from typing import Final

from maild.mail.address import Mailbox


class OnDowngrade(StrEnum):
    """What to do when a server stops offering what it offered before."""

    WARN = "warn"
    HOLD = "hold"


@dataclass(frozen=True, slots=True, kw_only=True)
class ControlTarget:
    """A server that no account depends on, to compare failures with; `port` None: whichever is in question."""

    host: str
    port: int | None = None


DEFAULT_CONTROLS: Final = (
    ControlTarget(host="smtp.gmail.com"),
    ControlTarget(host="smtp.office365.com"),
    ControlTarget(host="smtp.sendgrid.net"),
)
"""Three companies that have nothing to do with each other."""


USUAL_TRIP_INTERVAL: Final = timedelta(hours=6)
USUAL_TRIP_TIME: Final = timedelta(minutes=10)


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundTripSettings:
    """Marked messages that are sent through accounts and waited for.

    Attributes:
        to: their recipient.
        arrives_in: where they should arrive: a Maildir, or `imaps://user@host`.
        password_file: holds the mailbox's password, for IMAP.
        within: how long one may take.
        accounts: through which they go; empty: through all.
    """

    to: Mailbox
    arrives_in: str
    password_file: PurePath | None = None
    interval: timedelta = USUAL_TRIP_INTERVAL
    within: timedelta = USUAL_TRIP_TIME
    accounts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ProbeSettings:
    """How often accounts are probed, how often a probe may log in, and how long one may take: longer than a slow
    greeting and every usual answer after it, shorter than two probes of one server apart.

    Attributes:
        control: whom a failure is compared with, to tell the own network from the server; empty: nobody.
        round_trip: None: no messages are sent for this.
    """

    interval: timedelta = timedelta(minutes=5)
    auth_interval: timedelta = timedelta(hours=6)
    timeout: timedelta = timedelta(seconds=90)
    on_downgrade: OnDowngrade = OnDowngrade.WARN
    control: tuple[ControlTarget, ...] = DEFAULT_CONTROLS
    round_trip: RoundTripSettings | None = None
