"""The kind `gmail`: the Gmail API, users.messages.send with the message uploaded as it is (message/rfc822). Pure.

There is no idempotency key, so a lost answer is uncertain.
"""

from typing import ClassVar

from maild.delivery.outgoing import Outgoing
from maild.delivery.refusal import Meaning
from maild.delivery.status_row import StatusRow
from maild.delivery.transports.services.by_header import bcc_for, together
from maild.delivery.transports.services.kind import Sending
from maild.delivery.transports.services.login import bearer
from maild.mail.address import Mailbox
from maild.net.http import HttpRequest


class Gmail:
    """See above."""

    most_recipients: ClassVar[int] = 500
    most_bytes: ClassVar[int | None] = 35_000_000
    rows: ClassVar[tuple[StatusRow, ...]] = (
        StatusRow(
            status=403, word="dailyLimitExceeded", meaning=Meaning.ACCOUNT_QUOTA, words="the day's allowance is used up"
        ),
        StatusRow(
            status=403, word="ateLimitExceeded", meaning=Meaning.ACCOUNT_LINE, words="the mail service wants less haste"
        ),
        StatusRow(
            status=400,
            word="failedPrecondition",
            meaning=Meaning.ACCOUNT_LOGIN,
            words="Gmail is not switched on for this user",
        ),
    )

    def groups(self, outgoing: Outgoing, recipients: tuple[Mailbox, ...]) -> tuple[tuple[Mailbox, ...], ...]:
        """Everybody together."""
        return together(outgoing, recipients)

    def request(self, sending: Sending) -> HttpRequest:
        """See above."""
        return HttpRequest(
            url=f"{sending.url}/upload/gmail/v1/users/me/messages/send?uploadType=media",
            content_type="message/rfc822",
            pieces=sending.content_with(bcc_for(sending)),
            fields=bearer(sending),
        )
