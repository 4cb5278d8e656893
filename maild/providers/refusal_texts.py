"""Words of providers' refusals that mean more than their codes say: facts as data, with where each was read.

They are looked for in every server's answer, not only in the provider's own: a company's server hands the words of
its provider on. What a find means for delivery is the classifier's business.
"""

from dataclasses import dataclass
from enum import Enum, auto
from typing import Final


class Says(Enum):
    """What the words say."""

    QUOTA_USED_UP = auto()
    """An allowance is used up and comes back with time, whatever the first digit says."""
    FOREIGN_SENDER = auto()
    """The sender is not an address of the account that logged in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusalText:
    """One fact: the words, in any case; `provider` is its id, None where the software and not a company says so."""

    says: Says
    text: str
    provider: str | None
    source: str


REFUSAL_TEXTS: Final = (
    RefusalText(
        says=Says.QUOTA_USED_UP,
        text="SubmissionQuotaExceeded",
        provider="microsoft365",
        source="https://learn.microsoft.com/exchange/troubleshoot/send-emails/smtp-submission-improvements",
    ),
    RefusalText(
        says=Says.FOREIGN_SENDER,
        text="SendAsDenied",
        provider="microsoft365",
        source="https://learn.microsoft.com/exchange/troubleshoot/send-emails/smtp-submission-improvements",
    ),
    RefusalText(
        says=Says.FOREIGN_SENDER,
        text="not owned by user",
        provider=None,
        source="https://www.postfix.org/postconf.5.html#reject_sender_login_mismatch",
    ),
)


def texts_that_say(says: Says) -> tuple[str, ...]:
    """All the words that say this."""
    return tuple(one.text for one in REFUSAL_TEXTS if one.says is says)
