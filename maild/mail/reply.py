"""SMTP replies as values (RFC 5321 §4.2) with their enhanced status codes (RFC 3463, RFC 2034).

Pure. A reply is hostile text: it is kept verbatim for people but capped and escaped before it is shown.
"""

import re
from dataclasses import dataclass
from typing import Final, Self

MAX_REPLY_CHARS: Final = 2000
"""A refusal that needs more words than this is not for people."""

# RFC 3463 §2: class "." subject "." detail; classes other than 2, 4 and 5 do not exist.
_ENHANCED: Final = re.compile(r"([245])\.(\d{1,3})\.(\d{1,3})(?:[\s:]|$)")


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class EnhancedCode:
    """An enhanced status code such as 5.7.8 (RFC 3463)."""

    class_: int
    subject: int
    detail: int

    def __str__(self) -> str:
        return f"{self.class_}.{self.subject}.{self.detail}"

    @classmethod
    def parse_prefix(cls, text: str) -> Self | None:
        """The code that stands at the beginning of a reply's text (RFC 2034 §4), or None."""
        found = _ENHANCED.match(text)
        if found is None:
            return None
        return cls(class_=int(found[1]), subject=int(found[2]), detail=int(found[3]))


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """A server's answer.

    Attributes:
        code: three digits.
        text: the lines joined by newlines, without the codes, control characters replaced, length capped.
        enhanced: the enhanced status code at the beginning of the text, if there is one.
    """

    code: int
    text: str
    enhanced: EnhancedCode | None = None

    @classmethod
    def of(cls, code: int, text: str) -> Self:
        """A reply from a code and raw text; the text is made safe to show."""
        capped = text[:MAX_REPLY_CHARS]
        safe = capped
        if not capped.isprintable():
            chars = capped.replace("\r", "")
            safe = "".join(char if char == "\n" or char.isprintable() else "\ufffd" for char in chars)
        return cls(code=code, text=safe, enhanced=EnhancedCode.parse_prefix(safe))

    @property
    def is_positive(self) -> bool:
        """2yz: done (RFC 5321 §4.2.1)."""
        return 200 <= self.code <= 299

    @property
    def is_transient(self) -> bool:
        """4yz: try again later."""
        return 400 <= self.code <= 499

    @property
    def is_permanent(self) -> bool:
        """5yz: do not try again like this."""
        return 500 <= self.code <= 599

    def __str__(self) -> str:
        return f"{self.code} {self.text}".replace("\n", " / ").rstrip()
