"""Steps: what happened in one phase of a conversation, told while it happens, to whoever wants to know.

`maild test` prints them, probes judge them, metrics time them.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from maild.mail.phase import Phase
from maild.mail.reply import Reply


class Reason(StrEnum):
    """Why a conversation stopped: the closed set that verdicts, metrics and words are made from."""

    SECRET = "secret_unavailable"  # noqa: S105
    TOKEN = "token_refused"  # noqa: S105
    NAME = "name_not_found"
    DNS = "dns_failure"
    REFUSED = "connection_refused"
    UNREACHABLE = "unreachable"
    TIMEOUT = "timeout"
    LOST = "connection_lost"
    TLS = "tls_failure"
    TLS_MODE = "wrong_tls_mode"
    CERTIFICATE = "certificate_invalid"
    NO_STARTTLS = "starttls_not_offered"
    NO_MECHANISM = "mechanism_not_offered"
    CLEARTEXT = "cleartext_refused"
    REPLY = "refused_by_server"
    PROTOCOL = "protocol_violation"
    UNSUPPORTED = "extension_missing"
    LOCAL = "local_failure"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One phase, done or failed.

    Attributes:
        seconds: how long it took.
        detail: what was learnt, in a few words for a person, such as "TLSv1.3, certificate valid until 2027-01-31".
        reply: the server's answer where it gave one.
        error: None when the phase went well.
    """

    phase: Phase
    seconds: float
    detail: str = ""
    reply: Reply | None = None
    error: "NetError | None" = None


StepListener: TypeAlias = Callable[[Step], None]
"""Called at the end of each phase, on the event loop; it must not block and must not raise."""


def ignore_steps(step: Step) -> None:
    """The listener of those who do not want to know."""


class NetError(Exception):
    """A conversation cannot go on. Not an end-user error by itself: the caller makes a verdict or diagnostic of it.

    Attributes:
        phase: where it stopped.
        reason: one word of the closed set in `Reason`.
        detail: words for a person, without secrets, remote text made safe.
        reply: the server's answer where a refusal was the cause.
    """

    def __init__(self, phase: Phase, reason: Reason, detail: str, *, reply: Reply | None = None) -> None:
        super().__init__(f"{phase}: {detail}")
        self.phase = phase
        self.reason = reason
        self.detail = detail
        self.reply = reply
