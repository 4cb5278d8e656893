"""What a kind of mail service has to say: how a message becomes a request, and what its answers mean. Pure."""

import hashlib
from dataclasses import dataclass, field
from typing import ClassVar, Protocol, assert_never

from maild.config.model import Account, HttpSettings
from maild.delivery.outgoing import Outgoing
from maild.delivery.status_row import StatusRow
from maild.delivery.transports.form_message import FormMessage
from maild.mail.address import Mailbox
from maild.net.http import FilePiece, HttpRequest
from maild.secret import Secret
from maild.spool.queue import FileBody, InlineBody


class UnsendableError(Exception):
    """The message cannot go by this service at all; the text says why, as the end of a sentence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sending:
    """A message on its way to a service.

    Attributes:
        url: the service's, as the account or what is known of the kind has it; without a final slash.
        recipients: who gets it by this request.
        parts: the message taken apart, for a kind that wants it so.
        secret: the password or the access token; None where the account has neither.
    """

    account: Account
    settings: HttpSettings
    url: str
    outgoing: Outgoing
    recipients: tuple[Mailbox, ...]
    parts: FormMessage | None = None
    secret: Secret | None = field(default=None, repr=False)

    @property
    def content(self) -> tuple[bytes | FilePiece, ...]:
        """The whole message in wire form, not dot-stuffed."""
        return self.content_with(b"")

    def content_with(self, more: bytes) -> tuple[bytes | FilePiece, ...]:
        """The whole message with more fields at the end of its header."""
        start = b"%b%b\r\n" % (self.outgoing.head, more)
        match self.outgoing.body:
            case InlineBody(data=data):
                return (start + data,)
            case FileBody(path=path, size_bytes=size_bytes):
                return (start, FilePiece(path=path, size_bytes=size_bytes))
            case _:
                assert_never(self.outgoing.body)

    @property
    def idempotency_key(self) -> str:
        """The same for every try of this message to these recipients, and for nothing else."""
        everybody = "\n".join(sorted(map(str, self.recipients)))
        return f"{self.outgoing.id}-{hashlib.sha256(everybody.encode()).hexdigest()[:16]}"

    @property
    def token(self) -> str:
        """The secret itself; empty where there is none."""
        return "" if self.secret is None else self.secret.reveal()


class ServiceKind(Protocol):
    """A kind of service.

    Attributes:
        most_recipients: for one request.
        most_bytes: of a message, where that is known.
        rows: what answers mean that mean something of their own here.
    """

    most_recipients: ClassVar[int]
    most_bytes: ClassVar[int | None]
    rows: ClassVar[tuple[StatusRow, ...]]

    def groups(self, outgoing: Outgoing, recipients: tuple[Mailbox, ...]) -> tuple[tuple[Mailbox, ...], ...]:
        """Who shares a request."""
        ...

    def request(self, sending: Sending) -> HttpRequest:
        """The request, its login included.

        Raises:
            UnsendableError: the message cannot go this way.
        """
        ...


def sliced(recipients: tuple[Mailbox, ...], size: int) -> tuple[tuple[Mailbox, ...], ...]:
    """So many at a time."""
    return tuple(recipients[start : start + size] for start in range(0, len(recipients), size))
