"""What became of one recipient in one transaction, as the wire told it; delivery makes verdicts of it. Pure."""

from dataclasses import dataclass
from typing import TypeAlias

from maild.mail.phase import Phase
from maild.mail.reply import Reply
from maild.net.step import NetError


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """The server took responsibility: its positive answer to the final dot (RFC 5321 §4.2.5)."""

    reply: Reply


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """The server said no, for now (4yz) or for good (5yz), to the command of that phase."""

    phase: Phase
    reply: Reply


@dataclass(frozen=True, slots=True, kw_only=True)
class Broken:
    """The transaction did not come to an answer.

    Attributes:
        error: why. Reason.UNSUPPORTED means: this message cannot go by this server at all.
        is_uncertain: whether the message may have been delivered all the same, because its end had been sent
            (RFC 1047).
    """

    error: NetError
    is_uncertain: bool = False


Answer: TypeAlias = Accepted | Refused | Broken
