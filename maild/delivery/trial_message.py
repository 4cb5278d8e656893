"""The test e-mail itself: as a message for SMTP, as a form for an HTTP service. Pure.

It bears a mark in its subject besides its Message-ID: some providers write a Message-ID of their own over ours.
"""

from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from html import escape
from typing import Final

from maild.config.model import Account
from maild.delivery.outgoing import Outgoing
from maild.mail.address import Mailbox
from maild.mail.address_list import NamedMailbox
from maild.mail.header import address_field, structured_field, text_field
from maild.spool.queue import InlineBody

SUBJECT: Final = "Test e-mail from maild"


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialMessage:
    """A test of that account to that address, written at that instant."""

    account: Account
    to: Mailbox
    at: datetime

    @property
    def text(self) -> str:
        """What it says."""
        return (
            f"This is a test e-mail from maild, sent through the account {self.account.name}.\n"
            "When you can read it, the account's settings work.\n"
        )

    def as_bytes(self) -> bytes:
        """The message in wire form, From, Reply-To and all, without the copy that `copy_to` asks for."""
        account = self.account
        sender = NamedMailbox(mailbox=account.sender, name=account.display_name or "")
        fields = [
            address_field("From", [sender]),
            address_field("To", [NamedMailbox(mailbox=self.to)]),
            text_field("Subject", self.subject),
            structured_field("Date", format_datetime(self.at)),
            structured_field("Message-ID", self.message_id),
            # RFC 3834 §5: so that no holiday notice answers it.
            structured_field("Auto-Submitted", "auto-generated"),
            structured_field("MIME-Version", "1.0"),
            structured_field("Content-Type", "text/plain; charset=utf-8"),
        ]
        if account.reply_to:
            fields.insert(2, address_field("Reply-To", [NamedMailbox(mailbox=one) for one in account.reply_to]))
        body = self.text.replace("\n", "\r\n").encode()
        return b"".join(field.raw for field in fields) + b"\r\n" + body

    def as_outgoing(self) -> Outgoing:
        """The message as a delivery would hand it over."""
        head, _, body = self.as_bytes().partition(b"\r\n\r\n")
        return Outgoing(
            sender=self.account.sender,
            is_own_sender=True,
            head=head + b"\r\n",
            body=InlineBody(data=body),
            id=f"maild-test-{self.at:%Y%m%d%H%M%S%f}",
        )

    def as_fields(self) -> tuple[tuple[str, str], ...]:
        """The fields of a form service; `from` is a name and no address, `body` is HTML."""
        account = self.account
        return (
            ("from", account.display_name or str(account.sender)),
            ("reply_to", ";".join(str(mailbox) for mailbox in account.reply_to)),
            ("to", str(self.to)),
            ("subject", self.subject),
            ("body", escape(self.text).replace("\n", "<br>\n")),
        )

    @property
    def mark(self) -> str:
        """By which it is known where it arrives."""
        # An account's name is a file's name and may hold anything; the instant tells tests of one account apart.
        return f"{self.at:%Y%m%d%H%M%S.%f}"

    @property
    def subject(self) -> str:
        """With the mark."""
        return f"{SUBJECT} {self.mark}"

    @property
    def message_id(self) -> str:
        """With its brackets."""
        domain = self.account.sender.domain.strip("[]").replace(":", "-")
        return f"<maild-test.{self.mark}@{domain}>"
