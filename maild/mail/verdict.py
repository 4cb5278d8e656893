"""What an attempt came to, per recipient, and whose fault it was. Pure values; `delivery.classify` makes them."""

from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias, assert_never

from maild.mail.phase import Phase
from maild.mail.reply import Reply


class Fault(StrEnum):
    """Whose fault a failure is; only a message's or a recipient's fault uses up an attempt."""

    MESSAGE = "message"
    RECIPIENT = "recipient"
    ACCOUNT = "account"
    """Login, TLS, DNS, connect, quota, rate: the account cannot work now, whatever the message."""
    LOCAL = "local"
    """Our disk, our descriptors, our bug: nobody outside is to blame."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivered:
    """The server took responsibility for this recipient (RFC 5321 §4.2.5)."""

    reply: Reply


@dataclass(frozen=True, slots=True, kw_only=True)
class Deferred:
    """Not now; to be tried again. `reason` is a sentence for a person, `reply` the server's words if it spoke."""

    fault: Fault
    phase: Phase
    reason: str
    reply: Reply | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Failed:
    """Never like this: retrying the same message to the same recipient cannot help."""

    fault: Fault
    phase: Phase
    reason: str
    reply: Reply | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Uncertain:
    """The message was sent to its end and the answer was lost: it may have been delivered or not (RFC 1047)."""

    phase: Phase
    reason: str


Verdict: TypeAlias = Delivered | Deferred | Failed | Uncertain


def verdict_words(verdict: Verdict | None) -> str:
    """What came of the last attempt, with the server's words; empty when there was none."""
    match verdict:
        case None:
            return ""
        case Delivered(reply=reply):
            return f"the server took it: {reply}"
        case Deferred(reason=reason, reply=reply) | Failed(reason=reason, reply=reply):
            words = "" if reply is None else str(reply)
            return reason if not words or words in reason else f"{reason} ({words})"
        case Uncertain(reason=reason):
            return reason
        case _:
            assert_never(verdict)
