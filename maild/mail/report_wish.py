"""What the sender of a message wants to hear about it (RFC 3461: NOTIFY, RET and ENVID). Pure.

A wish is the same for all recipients of a message, as `sendmail -N` gives it. What can go wrong is `ReportWishError`:
a word that RFC 3461 does not know, or an envelope id that could not stand in a report.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from maild.errors import PermanentError

MAX_ENVELOPE_ID_CHARS: Final = 100
"""RFC 3461 §4.4."""

NEVER: Final = "never"


class ReportWishError(PermanentError, ValueError):
    """What is wished for cannot be understood."""


class Notify(StrEnum):
    """When to send a report (RFC 3461 §4.1)."""

    SUCCESS = "success"
    FAILURE = "failure"
    DELAY = "delay"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportWish:
    """When to report, and how much.

    Attributes:
        notify: the occasions, empty for "never"; None: not said, which means failures and delays.
        is_full: whether a report of a failure brings the whole message back (RET=FULL); otherwise its header.
        envelope_id: repeated in every report, for programs; None: there is none.
    """

    notify: frozenset[Notify] | None = None
    is_full: bool = False
    envelope_id: str | None = None

    def wants(self, occasion: Notify) -> bool:
        """Whether a report is due on this occasion."""
        if self.notify is None:
            return occasion is not Notify.SUCCESS
        return occasion in self.notify


USUAL_WISH: Final = ReportWish()
"""Of almost every message: nothing was said."""


def parse_notify(words: Iterable[str]) -> frozenset[Notify]:
    """The occasions that these words name; `never` stands alone and is the empty set.

    Raises:
        ReportWishError: there is no word, one that is unknown, or `never` beside another.
    """
    wanted = [word.strip().lower() for word in words]
    if wanted == [NEVER]:
        return frozenset()
    known = [occasion.value for occasion in Notify]
    unknown = next((word for word in wanted if word not in known), None)
    if unknown == NEVER:
        raise ReportWishError("never cannot stand beside another occasion")
    if unknown is not None or not wanted:
        raise ReportWishError(f"{unknown or ''!a} is no occasion of a report: write {', '.join(known)} or {NEVER}")
    return frozenset(Notify(word) for word in wanted)


def format_notify(notify: frozenset[Notify]) -> list[str]:
    """The words of occasions, in a fixed order."""
    return [occasion.value for occasion in Notify if occasion in notify] or [NEVER]


def check_envelope_id(text: str) -> str:
    """The envelope id itself.

    Raises:
        ReportWishError: it is empty or too long, or holds something else than printable ASCII.
    """
    if not 0 < len(text) <= MAX_ENVELOPE_ID_CHARS or not text.isascii() or not text.isprintable():
        raise ReportWishError(f"an envelope id is 1 to {MAX_ENVELOPE_ID_CHARS} printable ASCII characters")
    return text
