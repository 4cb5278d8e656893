"""What an HTTP mail service's answers mean that mean something of their own there: rows of a table. Pure data."""

from dataclasses import dataclass

from maild.delivery.refusal import Meaning


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusRow:
    """One row; the first that matches decides.

    Attributes:
        word: found in the answer, whatever its case; empty: whatever it says.
        meaning_of_own: where the sender is the account's own address and it means something else then.
        words: the sentence for a person; the service's own words stand beside it.
    """

    status: int
    meaning: Meaning
    words: str
    word: str = ""
    meaning_of_own: Meaning | None = None

    def matches(self, status: int, text: str) -> bool:
        """Whether this row speaks of that answer."""
        return status == self.status and self.word.lower() in text.lower()

    def meaning_for(self, *, is_own_sender: bool) -> Meaning:
        """What it means."""
        return self.meaning if self.meaning_of_own is None or not is_own_sender else self.meaning_of_own


LOGIN_ROWS = (
    StatusRow(status=401, meaning=Meaning.ACCOUNT_LOGIN, words="the mail service refused the key or token"),
    StatusRow(status=403, meaning=Meaning.ACCOUNT_LOGIN, words="the mail service does not let this account send"),
    StatusRow(status=413, meaning=Meaning.MESSAGE_NEVER, words="the message is too large for the mail service"),
)
"""For services that know who logs in, behind their own."""
