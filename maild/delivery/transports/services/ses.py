"""The kind `ses`: Amazon SES, SendEmail of its version 2, with the whole message in base64, signed (SigV4). Pure.

`Destination` is the envelope. There is no idempotency key, so a lost answer is uncertain, and no Retry-After:
throttling is a word for the error (TooManyRequestsException), which stands in a field of the answer's header.
"""

import json
from dataclasses import replace
from datetime import datetime
from typing import ClassVar, Final

from maild.delivery.outgoing import Outgoing
from maild.delivery.refusal import Meaning
from maild.delivery.status_row import StatusRow
from maild.delivery.transports.services.kind import Sending, sliced
from maild.mail.address import Mailbox
from maild.net.http import Base64Piece, HttpRequest
from maild.net.http.sigv4 import SigningKey, signed_fields
from maild.secret import Secret

_MARK: Final = "@message@"


def _row(status: int, word: str, meaning: Meaning, words: str) -> StatusRow:
    return StatusRow(status=status, word=word, meaning=meaning, words=words)


class Ses:
    """See above."""

    most_recipients: ClassVar[int] = 50
    most_bytes: ClassVar[int | None] = 40_000_000
    rows: ClassVar[tuple[StatusRow, ...]] = (
        _row(400, "LimitExceeded", Meaning.ACCOUNT_QUOTA, "the account's allowance at Amazon SES is used up"),
        _row(400, "AccountSuspended", Meaning.ACCOUNT_LOGIN, "Amazon has suspended the account"),
        _row(400, "SendingPaused", Meaning.ACCOUNT_LOGIN, "sending is paused for this account at Amazon SES"),
        _row(
            400,
            "MailFromDomainNotVerified",
            Meaning.ACCOUNT_LOGIN,
            "the sender's domain is not verified in this region of Amazon SES",
        ),
        StatusRow(
            status=400,
            word="not verified",
            meaning=Meaning.MESSAGE_NEVER,
            meaning_of_own=Meaning.ACCOUNT_LOGIN,
            words="the sender is not verified in this region of Amazon SES",
        ),
        _row(404, "", Meaning.ACCOUNT_LINE, "Amazon SES is not at this address: check http.region"),
    )

    def groups(self, outgoing: Outgoing, recipients: tuple[Mailbox, ...]) -> tuple[tuple[Mailbox, ...], ...]:
        """As many as fit."""
        del outgoing
        return sliced(recipients, self.most_recipients)

    def request(self, sending: Sending) -> HttpRequest:
        """The request without its signature."""
        # The mark comes first: an address may hold the same word.
        wanted: dict[str, object] = {
            "Content": {"Raw": {"Data": _MARK}},
            "Destination": {"ToAddresses": [str(mailbox) for mailbox in sending.recipients]},
        }
        if sending.outgoing.sender is not None:
            wanted["FromEmailAddress"] = str(sending.outgoing.sender)
        before, _, behind = json.dumps(wanted).partition(_MARK)
        return HttpRequest(
            url=f"{sending.url}/v2/email/outbound-emails",
            content_type="application/json",
            pieces=(before.encode(), Base64Piece(inner=sending.content), behind.encode()),
        )

    def signed(self, sending: Sending, request: HttpRequest, payload_sha256: str, now: datetime) -> HttpRequest:
        """The request with its signature."""
        key = SigningKey(
            access_key=sending.account.username or "",
            secret_key=sending.secret or Secret(""),
            region=sending.settings.region or "",
            service="ses",
        )
        return replace(request, fields={**request.fields, **signed_fields(request, key, payload_sha256, now)})
