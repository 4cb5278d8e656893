"""The kind `resend`: POST /emails, the message taken apart into JSON, for the service takes no MIME. Pure.

Those in To and Cc share a request and everybody else has one of their own, as with a form. Idempotency-Key is
remembered for a day: a request whose answer was lost is repeated without harm.
"""

import json
from collections.abc import Iterator
from typing import ClassVar, Final

from maild.delivery.outgoing import Outgoing
from maild.delivery.refusal import Meaning
from maild.delivery.status_row import StatusRow
from maild.delivery.transports.form_message import Attachment, FormMessage, visible_recipients
from maild.delivery.transports.services.kind import Sending, UnsendableError, sliced
from maild.delivery.transports.services.login import bearer
from maild.mail.address import AddressError, Mailbox
from maild.mail.address_list import parse_address_list
from maild.mail.header import Header
from maild.net.http import Base64Piece, HttpRequest, Piece

KEPT_FIELDS: Final = ("In-Reply-To", "References", "Auto-Submitted", "List-Unsubscribe", "List-Unsubscribe-Post")
"""Fields that matter to the recipient's program and that the service would not make itself."""


class Resend:
    """See above."""

    most_recipients: ClassVar[int] = 50
    most_bytes: ClassVar[int | None] = 29_000_000  # 40 MB with the base64 of attachments
    rows: ClassVar[tuple[StatusRow, ...]] = (
        StatusRow(
            status=409,
            meaning=Meaning.MESSAGE_LATER,
            words="the mail service is busy with the same message, or has taken another version of it within a day",
        ),
        StatusRow(
            status=429,
            word="quota",
            meaning=Meaning.ACCOUNT_QUOTA,
            words="the account's allowance at Resend is used up",
        ),
        StatusRow(
            status=403,
            word="not verified",
            meaning=Meaning.MESSAGE_NEVER,
            meaning_of_own=Meaning.ACCOUNT_LOGIN,
            words="the sender's domain is not verified at Resend",
        ),
    )

    def groups(self, outgoing: Outgoing, recipients: tuple[Mailbox, ...]) -> tuple[tuple[Mailbox, ...], ...]:
        """Those in To and Cc together, everybody else alone."""
        visible = visible_recipients(outgoing.head)
        together = sliced(tuple(one for one in recipients if one in visible), self.most_recipients)
        return (*together, *((one,) for one in recipients if one not in visible))

    def request(self, sending: Sending) -> HttpRequest:
        """See above; `sending.parts` is there."""
        assert sending.parts is not None
        wanted = _email(sending, sending.parts)
        return HttpRequest(
            url=f"{sending.url}/emails",
            content_type="application/json",
            pieces=tuple(_with_attachments(wanted, sending.parts.attachments)),
            fields=bearer(sending) | {"Idempotency-Key": sending.idempotency_key},
        )


def _email(sending: Sending, parts: FormMessage) -> dict[str, object]:
    header = Header.parse(sending.outgoing.head)
    copied = _mailboxes(header, "cc")
    cc = [one for one in sending.recipients if one in copied and one not in _mailboxes(header, "to")]
    to = [one for one in sending.recipients if one not in cc] or cc
    found: dict[str, object] = {
        "from": _author(sending, header),
        "to": [str(one) for one in to],
        "subject": parts.subject,
        "html": parts.body or "<br>",
    }
    if to is not cc and cc:
        found["cc"] = [str(one) for one in cc]
    if replies := parts.reply_to or sending.account.reply_to:
        found["reply_to"] = [str(one) for one in replies]
    if kept := {name: text for name in KEPT_FIELDS if (text := header.text(name))}:
        found["headers"] = kept
    return found


def _with_attachments(wanted: dict[str, object], attachments: tuple[Attachment, ...]) -> Iterator[Piece]:
    """The object as JSON, with what is attached where it will be read as it is sent."""
    text = json.dumps(wanted).removesuffix("}")
    if attachments:
        between = ', "attachments": ['
        for one in attachments:
            facts = json.dumps({"filename": one.filename, "content_type": one.content_type}).removesuffix("}")
            yield f'{text}{between}{facts}, "content": "'.encode()
            yield Base64Piece(inner=one.data)
            text, between = '"}', ", "
        text += "]"
    yield f"{text}}}".encode()


def _author(sending: Sending, header: Header) -> str:
    """As the message has it, for what is sent must be somebody's at a domain that the account has verified."""
    fields = header.all("from")
    try:
        authors = parse_address_list(fields[0].text) if fields else ()
    except AddressError:
        authors = ()
    if not authors:
        raise UnsendableError("its From cannot be read")
    name = (sending.parts.author if sending.parts else "").replace('"', "'").replace("\\", "")
    return f'"{name}" <{authors[0].mailbox}>' if name else str(authors[0].mailbox)


def _mailboxes(header: Header, name: str) -> frozenset[Mailbox]:
    found: set[Mailbox] = set()
    for one in header.all(name):
        try:
            found.update(named.mailbox for named in parse_address_list(one.text))
        except AddressError:
            continue
    return frozenset(found)
