"""How long a session with a server is kept: unused, and at most. Pure.

Where a provider documents when it hangs up, maild does so a little earlier, and until then it keeps the session: a
login is the most expensive thing about a message, and what providers count. Elsewhere it is as for anybody's server.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final, Self, assert_never

from maild.config.model import Account, HttpSettings, SmtpSettings
from maild.delivery.ports import Tuning
from maild.providers.catalogue import provider_of
from maild.providers.provider import ProviderLimits

MARGIN: Final = 0.75
"""What of the documented time is used: the server's clock began earlier than ours."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionTerms:
    """See above.

    Attributes:
        idle: with nothing to send.
        lifetime: however much there is to send.
    """

    idle: timedelta
    lifetime: timedelta

    @classmethod
    def of(cls, account: Account, tuning: Tuning) -> Self:
        """Those of an account's sessions."""
        match account.transport:
            case SmtpSettings(host=host):
                provider = provider_of(host)
            case HttpSettings():
                provider = None  # there is no connection to keep
            case _:
                assert_never(account.transport)
        return cls.under(ProviderLimits() if provider is None else provider.limits, tuning)

    @classmethod
    def under(cls, limits: ProviderLimits, tuning: Tuning) -> Self:
        """With a provider of these limits."""
        lifetime = tuning.session_lifetime
        if limits.session_lifetime_s is not None:
            lifetime = min(lifetime, timedelta(seconds=limits.session_lifetime_s * MARGIN))
        known_idle_s = limits.session_idle_s
        idle = tuning.session_idle if known_idle_s is None else timedelta(seconds=known_idle_s * MARGIN)
        return cls(idle=min(idle, lifetime), lifetime=lifetime)
