"""What a message needs of a server, and whether the server has it. Pure.

Nothing is converted: a message goes as it is or does not go this way.
"""

from dataclasses import dataclass
from typing import Self

from maild.mail.envelope import Envelope
from maild.mail.phase import Phase
from maild.net.smtp.capabilities import Capabilities
from maild.net.smtp.dot_stuffing import is_wire_form
from maild.net.step import NetError, Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageNeeds:
    """Of an envelope and a message.

    Attributes:
        size_bytes: as RFC 1870 §3 counts: with CRLFs, without dot-stuffing and final dot.
        is_8bit: there are octets beyond ASCII.
        has_utf8_header: the header has UTF-8 beyond ASCII.
        has_utf8_address: the envelope has (RFC 6531).
        is_wire_form: every CR and LF belongs to a CRLF.
        is_printable: no path holds a character that would end the command it stands in.
    """

    size_bytes: int
    is_8bit: bool = False
    has_utf8_header: bool = False
    has_utf8_address: bool = False
    is_wire_form: bool = True
    is_printable: bool = True

    @classmethod
    def of(cls, envelope: Envelope, message: bytes) -> Self:
        """What these need."""
        is_8bit = not message.isascii()
        paths = [*envelope.recipients] if envelope.sender is None else [envelope.sender, *envelope.recipients]
        return cls(
            size_bytes=len(message) + (0 if message.endswith(b"\r\n") else 2),
            is_8bit=is_8bit,
            has_utf8_header=is_8bit and _is_utf8_beyond_ascii(message.partition(b"\r\n\r\n")[0]),
            has_utf8_address=envelope.needs_smtputf8,
            is_wire_form=is_wire_form(message),
            is_printable=all(str(path).isprintable() for path in paths),
        )

    def unmet_by(self, capabilities: Capabilities) -> NetError | None:
        """What keeps the message from going by that server, or None.

        UTF-8 in the header alone is not it. Deviates: RFC 6531 §3.1 would have such a message wait for a server with
        SMTPUTF8; the many servers without it take it as 8-bit text, and nobody is helped by not sending it.
        """
        limit = capabilities.size_limit
        if not self.is_printable:
            detail = "an address holds a control character"
        elif not self.is_wire_form:
            detail = "the message has a line end that is not CRLF, which could smuggle another message in"
        elif limit is not None and self.size_bytes > limit:
            detail = f"the message has {self.size_bytes} bytes and the server takes at most {limit}"
        elif self.has_utf8_address and not capabilities.offers("SMTPUTF8"):
            detail = "an address is not ASCII and the server does not offer SMTPUTF8"
        elif self.is_8bit and not capabilities.offers("8BITMIME"):
            detail = "the message has 8-bit text and the server does not offer 8BITMIME"
        else:
            return None
        return NetError(Phase.MAIL, Reason.UNSUPPORTED, detail)

    def mail_parameters(self, capabilities: Capabilities) -> tuple[bytes, ...]:
        """The parameters of MAIL, as far as the server knows them."""
        parameters: list[bytes] = []
        if capabilities.offers("SIZE"):
            parameters.append(b"SIZE=%d" % self.size_bytes)
        if self.is_8bit and capabilities.offers("8BITMIME"):
            parameters.append(b"BODY=8BITMIME")
        if (self.has_utf8_address or self.has_utf8_header) and capabilities.offers("SMTPUTF8"):
            parameters.append(b"SMTPUTF8")
        return tuple(parameters)


def _is_utf8_beyond_ascii(head: bytes) -> bool:
    if head.isascii():
        return False
    try:
        head.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
