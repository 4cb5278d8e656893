"""What a message needs of a server, and whether the server has it. Pure.

Nothing is converted here: 8-bit text was made fit before (`content`), and all else goes as it is or not this way.
"""

from dataclasses import dataclass
from typing import Self

from maild.mail.envelope import Envelope
from maild.mail.phase import Phase
from maild.mail.report_wish import USUAL_WISH, ReportWish
from maild.net.smtp.capabilities import Capabilities
from maild.net.smtp.inspection import Inspection
from maild.net.smtp.notification import mail_words
from maild.net.step import NetError, Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageNeeds:
    """Of an envelope and a message.

    Attributes:
        content: what is known of the message's octets.
        has_utf8_address: the envelope has octets beyond ASCII (RFC 6531).
        is_printable: no path holds a character that would end the command it stands in.
        wish: what the sender wants to hear about it.
        requires_tls: it goes over verified TLS all the way or not at all.
    """

    content: Inspection
    has_utf8_address: bool = False
    is_printable: bool = True
    wish: ReportWish = USUAL_WISH
    requires_tls: bool = False

    @classmethod
    def of(cls, envelope: Envelope, content: Inspection) -> Self:
        """What these need."""
        paths = [*envelope.recipients] if envelope.sender is None else [envelope.sender, *envelope.recipients]
        return cls(
            content=content,
            has_utf8_address=envelope.needs_smtputf8,
            is_printable=all(path.local.isprintable() and path.domain.isprintable() for path in paths),
            wish=envelope.wish,
            requires_tls=envelope.requires_tls,
        )

    def unmet_by(self, capabilities: Capabilities, *, is_trusted: bool = True) -> NetError | None:
        """What keeps the message from going by that server, or None; `is_trusted`: its certificate was verified.

        UTF-8 in the header alone is not it. Deviates: RFC 6531 §3.1 would have such a message wait for a server with
        SMTPUTF8; the many servers without it take it as 8-bit text, and nobody is helped by not sending it.
        """
        limit = capabilities.size_limit
        if not self.is_printable:
            detail = "an address holds a control character"
        elif not self.content.is_wire_form:
            detail = "the message has a line end that is not CRLF, which could smuggle another message in"
        elif limit is not None and self.content.size_bytes > limit:
            detail = f"the message has {self.content.size_bytes} bytes and the server takes at most {limit}"
        elif self.has_utf8_address and not capabilities.offers("SMTPUTF8"):
            detail = "an address is not ASCII and the server does not offer SMTPUTF8"
        elif self.requires_tls and not (is_trusted and capabilities.offers("REQUIRETLS")):
            # RFC 8689 §4.2.1: without it, or without a verified certificate, the message is not sent.
            what = "the server does not offer REQUIRETLS" if is_trusted else "the server's certificate is not verified"
            detail = f"the message wants verified TLS all the way, and {what}"
        else:
            return None
        return NetError(Phase.MAIL, Reason.UNSUPPORTED, detail)

    def mail_parameters(self, capabilities: Capabilities) -> tuple[bytes, ...]:
        """The parameters of MAIL, as far as the server knows them."""
        parameters: list[bytes] = []
        if capabilities.offers("SIZE"):
            parameters.append(b"SIZE=%d" % self.content.size_bytes)
        if self.content.is_8bit and capabilities.offers("8BITMIME"):
            parameters.append(b"BODY=8BITMIME")
        if (self.has_utf8_address or self.content.has_utf8_header) and capabilities.offers("SMTPUTF8"):
            parameters.append(b"SMTPUTF8")
        if self.requires_tls:
            parameters.append(b"REQUIRETLS")
        return (*parameters, *mail_words(self.wish, capabilities))
