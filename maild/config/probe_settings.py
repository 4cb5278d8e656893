"""The section `probe` of maild.yaml as a value: when accounts are looked at, and what is made of it. Pure."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Final


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


@dataclass(frozen=True, slots=True, kw_only=True)
class ProbeSettings:
    """How often accounts are probed, how often a probe may log in, and how long one may take: longer than a slow
    greeting and every usual answer after it, shorter than two probes of one server apart.

    Attributes:
        control: whom a failure is compared with, to tell the own network from the server; empty: nobody.
    """

    interval: timedelta = timedelta(minutes=5)
    auth_interval: timedelta = timedelta(hours=6)
    timeout: timedelta = timedelta(seconds=90)
    on_downgrade: OnDowngrade = OnDowngrade.WARN
    control: tuple[ControlTarget, ...] = DEFAULT_CONTROLS
