"""The kind `graph`: Microsoft Graph, POST /users/ADDRESS/sendMail with the message in base64 as text/plain. Pure.

The way on at Microsoft 365 where SMTP AUTH ends. There is no idempotency key, so a lost answer is uncertain. One
request takes four megabytes; more would have to be drafted and uploaded in pieces, which keeps no MIME, so larger
messages go by SMTP or not.
"""

from typing import ClassVar
from urllib.parse import quote

from maild.delivery.outgoing import Outgoing
from maild.delivery.refusal import Meaning
from maild.delivery.status_row import StatusRow
from maild.delivery.transports.services.by_header import bcc_for, together
from maild.delivery.transports.services.kind import Sending
from maild.delivery.transports.services.login import bearer
from maild.mail.address import Mailbox
from maild.net.http import Base64Piece, HttpRequest


class Graph:
    """See above."""

    most_recipients: ClassVar[int] = 500
    most_bytes: ClassVar[int | None] = 3_000_000
    rows: ClassVar[tuple[StatusRow, ...]] = (
        StatusRow(
            status=403,
            word="ErrorSendAsDenied",
            meaning=Meaning.MESSAGE_NEVER,
            meaning_of_own=Meaning.ACCOUNT_LOGIN,
            words="Microsoft does not let this mailbox send under that From",
        ),
        StatusRow(
            status=404,
            meaning=Meaning.ACCOUNT_LOGIN,
            words="Microsoft knows no such mailbox: check the sender's address",
        ),
        StatusRow(
            status=429, word="MessageLimit", meaning=Meaning.ACCOUNT_QUOTA, words="the mailbox's allowance is used up"
        ),
        StatusRow(
            status=403, word="MessageLimit", meaning=Meaning.ACCOUNT_QUOTA, words="the mailbox's allowance is used up"
        ),
    )

    def groups(self, outgoing: Outgoing, recipients: tuple[Mailbox, ...]) -> tuple[tuple[Mailbox, ...], ...]:
        """Everybody together."""
        return together(outgoing, recipients)

    def request(self, sending: Sending) -> HttpRequest:
        """See above."""
        mailbox = quote(str(sending.account.sender), safe="@")
        return HttpRequest(
            url=f"{sending.url}/users/{mailbox}/sendMail",
            content_type="text/plain",
            pieces=(Base64Piece(inner=sending.content_with(bcc_for(sending))),),
            fields=bearer(sending),
        )
