"""What keeps an account from sending, as a value: what the classifier finds and the breaker acts upon. Pure."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from maild.delivery.stated_limit import StatedLimit
from maild.mail.phase import Phase
from maild.net.step import Reason


class TroubleKind(StrEnum):
    """How the account's breaker treats it."""

    LINE = "line"
    """Connection, TLS, DNS, a busy or broken server: heals by itself, worth trying again soon."""
    LOGIN = "login"
    """The credentials were refused: every further try brings the provider's lock-out nearer."""
    QUOTA = "quota"
    """The provider's allowance is used up: waits for the clock, not for us."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """Why an account cannot send now.

    Attributes:
        phase: where the conversation stopped.
        reason: one word of the closed set.
        detail: a sentence for a person, without secrets.
        retry_after: how long the server itself asked to wait, where it did.
        stated: how much it said that it allows, where it did.
        is_crowd: all that is wrong is that there are too many sessions at the same time.
    """

    kind: TroubleKind
    phase: Phase
    reason: Reason
    detail: str
    retry_after: timedelta | None = None
    stated: StatedLimit | None = None
    is_crowd: bool = False

    @classmethod
    def of_probe(cls, phase: Phase, reason: Reason, detail: str) -> "Trouble":
        """What a probe found."""
        is_login = (phase, reason) == (Phase.AUTH, Reason.REPLY)
        return cls(kind=TroubleKind.LOGIN if is_login else TroubleKind.LINE, phase=phase, reason=reason, detail=detail)
