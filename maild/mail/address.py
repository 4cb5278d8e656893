"""Mail addresses (RFC 5321 §4.1.2, RFC 5322 §3.4, RFC 6531 §3.3). Pure.

PLACEHOLDER while the interfaces are laid: replaced by the real grammar before anything lands.
"""

from dataclasses import dataclass
from typing import Self


class AddressError(ValueError):
    """The text is no mail address; the exception's text says what is wrong with it, and where."""


@dataclass(frozen=True, slots=True, order=True)
class Mailbox:
    """One address. `local` is as written (unquoted), `domain` is lower case, A-label form (ASCII)."""

    local: str
    domain: str

    @classmethod
    def parse(cls, text: str) -> Self:
        """The address that the whole of `text` is, without display name or brackets.

        Raises:
            AddressError: it is none.
        """
        raise NotImplementedError

    def __str__(self) -> str:
        return f"{self.local}@{self.domain}"
