"""The kind `mailgun`: POST /v3/DOMAIN/messages.mime, a form with the recipients and the message as a file. Pure.

Mailgun sends to `to` whatever the message's own header says. There is no idempotency key, so a lost answer is
uncertain.
"""

from typing import ClassVar

from maild.delivery.outgoing import Outgoing
from maild.delivery.refusal import Meaning
from maild.delivery.status_row import StatusRow
from maild.delivery.transports.services.kind import Sending, sliced
from maild.delivery.transports.services.login import basic
from maild.mail.address import Mailbox
from maild.net.http import HttpRequest


class Mailgun:
    """See above."""

    most_recipients: ClassVar[int] = 1000
    most_bytes: ClassVar[int | None] = 25_000_000
    rows: ClassVar[tuple[StatusRow, ...]] = (
        StatusRow(
            status=404,
            meaning=Meaning.ACCOUNT_LINE,
            words="the mail service knows no such domain there: check http.domain and http.region",
        ),
        StatusRow(status=402, meaning=Meaning.ACCOUNT_QUOTA, words="the mail service wants to be paid first"),
    )

    def groups(self, outgoing: Outgoing, recipients: tuple[Mailbox, ...]) -> tuple[tuple[Mailbox, ...], ...]:
        """As many as fit."""
        del outgoing
        return sliced(recipients, self.most_recipients)

    def request(self, sending: Sending) -> HttpRequest:
        """See above."""
        domain = sending.settings.domain or sending.account.sender.domain
        # The key makes a boundary that nobody who writes messages can know.
        boundary = f"maild-{sending.idempotency_key}"
        fields = b"".join(
            f'--{boundary}\r\nContent-Disposition: form-data; name="to"\r\n\r\n{mailbox}\r\n'.encode()
            for mailbox in sending.recipients
        )
        file = (
            f'--{boundary}\r\nContent-Disposition: form-data; name="message"; filename="message.eml"\r\n'
            "Content-Type: message/rfc822\r\n\r\n"
        )
        return HttpRequest(
            url=f"{sending.url}/v3/{domain}/messages.mime",
            content_type=f"multipart/form-data; boundary={boundary}",
            pieces=(fields + file.encode(), *sending.content, f"\r\n--{boundary}--\r\n".encode()),
            fields=basic("api", sending.token),
        )
