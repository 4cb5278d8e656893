"""The envelope: who a message is from and for on the wire, apart from what its headers say (RFC 5321 §2.3.1)."""

from dataclasses import dataclass

from maild.mail.address import Mailbox
from maild.mail.report_wish import USUAL_WISH, ReportWish


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """Reverse-path and forward-paths of one transaction.

    Attributes:
        sender: the reverse-path; None is the null sender `<>`.
        recipients: at least one, without doubles.
        wish: what the sender wants to hear about it (RFC 3461).
        requires_tls: whether it goes over verified TLS all the way or not at all (RFC 8689).
    """

    sender: Mailbox | None
    recipients: tuple[Mailbox, ...]
    wish: ReportWish = USUAL_WISH
    requires_tls: bool = False

    @property
    def needs_smtputf8(self) -> bool:
        """Whether an address needs the SMTPUTF8 extension (RFC 6531 §3.1)."""
        paths = self.recipients if self.sender is None else (self.sender, *self.recipients)
        return any(not path.local.isascii() for path in paths)
