"""One row of the table of refusals: what it takes a server's answer to mean, and which answers it speaks of. Pure."""

import re
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from enum import StrEnum

from maild.mail.phase import Phase
from maild.mail.reply import EnhancedCode, Reply


class Meaning(StrEnum):
    """What a refusal means for the recipient, the message or the account."""

    RECIPIENT_LATER = "recipient_later"
    RECIPIENT_NEVER = "recipient_never"
    RECIPIENT_SURPLUS = "recipient_surplus"
    """One recipient too many for this transaction; the next transaction takes it."""
    MESSAGE_LATER = "message_later"
    MESSAGE_NEVER = "message_never"
    ACCOUNT_LINE = "account_line"
    ACCOUNT_LOGIN = "account_login"
    ACCOUNT_QUOTA = "account_quota"
    SESSION_OVER = "session_over"
    """One message too many for this connection; the next connection takes it."""
    CROWD = "crowd"
    """One connection too many at the same time; the others take it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """One row.

    Attributes:
        name: what people call the row; unique and never changed.
        meaning: what it means.
        words: the sentence for a person; the server's own words stand beside it.
        phases: where it may have been said; None: anywhere.
        codes: reply codes, or just the first digit of them (4, 5); None: any.
        enhanced: subject and detail of the enhanced code, whatever its class.
        text: found in the text, whatever its case.
        unless: not found in the text.
        is_own_sender: whether the reverse-path must be the account's own address (True) or the message's (False).
    """

    name: str
    meaning: Meaning
    words: str
    phases: AbstractSet[Phase] | None = None
    codes: tuple[int, ...] | None = None
    enhanced: tuple[tuple[int, int], ...] | None = None
    text: re.Pattern[str] | None = None
    unless: re.Pattern[str] | None = None
    is_own_sender: bool | None = None

    def matches(self, phase: Phase, reply: Reply, *, is_own_sender: bool) -> bool:
        """Whether this row speaks of that refusal."""
        return (
            (self.phases is None or phase in self.phases)
            and (self.codes is None or reply.code in self.codes or reply.code // 100 in self.codes)
            and (self.enhanced is None or _subject(reply.enhanced) in self.enhanced)
            and (self.is_own_sender is None or self.is_own_sender is is_own_sender)
            and (self.text is None or self.text.search(reply.text) is not None)
            and (self.unless is None or self.unless.search(reply.text) is None)
        )


def _subject(code: EnhancedCode | None) -> tuple[int, int] | None:
    return None if code is None else (code.subject, code.detail)
