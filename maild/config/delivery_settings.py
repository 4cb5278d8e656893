"""How messages are delivered that cannot go at once: the site's settings, and what one account does differently.

Pure and frozen; a value that exists is valid.
"""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Final


class OnUncertain(StrEnum):
    """What to do with a message whose final dot was sent and whose answer was lost (RFC 1047)."""

    RETRY = "retry"
    WAIT = "wait"
    """Try again, but not before a good while: a late bounce or a look into the sent folder may settle it first."""
    HOLD = "hold"


RETRY_DELAYS: Final = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=15),
    timedelta(minutes=30),
    timedelta(hours=1),
    timedelta(hours=2),
    timedelta(hours=4),
)
"""RFC 5321 §4.5.4.1 wants 30 minutes between tries in general and allows better strategies; a relay account is one
host whose temporary refusals mostly heal within minutes, hence the quick start. The last one repeats."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountDelivery:
    """The section `delivery` of an account file; None: as the site has it."""

    retry: tuple[timedelta, ...] | None = None
    lifetime: timedelta | None = None
    on_uncertain: OnUncertain | None = None


AS_THE_SITE: Final = AccountDelivery()
"""Nothing differently."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliverySettings:
    """Retry delays (the last one repeats), lifetime of a message, policy for uncertain outcomes."""

    retry: tuple[timedelta, ...] = RETRY_DELAYS
    lifetime: timedelta = timedelta(days=5)
    on_uncertain: OnUncertain = OnUncertain.RETRY

    def through(self, own: AccountDelivery) -> "DeliverySettings":
        """What is in force for an account that does some things differently."""
        if own is AS_THE_SITE or own == AS_THE_SITE:
            return self
        return DeliverySettings(
            retry=self.retry if own.retry is None else own.retry,
            lifetime=self.lifetime if own.lifetime is None else own.lifetime,
            on_uncertain=self.on_uncertain if own.on_uncertain is None else own.on_uncertain,
        )
