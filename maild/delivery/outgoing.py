"""What a message becomes on its way out: its reverse-path and the few header fields an account may add. Pure.

Changed is exactly what the account asks for, at the moment of sending, so that a corrected account file corrects what
waits: a missing From is added, Reply-To is added, or replaced where the account says so. All other bytes stay as they
are: a signature (RFC 6376) may cover them. The body is never looked at.

RFC 5321 §2.3.1, §4.1.1.2 (reverse-path), RFC 5322 §3.6.2 (originator fields).
"""

import re
from dataclasses import dataclass, field
from typing import Final, assert_never

from maild.config.model import Account, HttpSettings, ReplyToPolicy
from maild.config.size import format_size
from maild.mail.address import AddressError, Mailbox
from maild.mail.address_list import NamedMailbox, parse_address_list
from maild.mail.header import Header, address_field
from maild.mail.note import Note
from maild.mail.report_wish import USUAL_WISH, ReportWish
from maild.mail.signature import signature_notes
from maild.mail.tls_wish import requires_tls, without_wish
from maild.spool.queue import AccountSender, Body, FileBody, InlineBody, Leased, NullSender, SenderChoice

_SIGNATURE: Final = re.compile(rb"^dkim-signature[ \t]*:", re.IGNORECASE | re.MULTILINE)
_FROM: Final = re.compile(rb"^from[ \t]*:", re.IGNORECASE | re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """A message as one account sends it.

    Attributes:
        id: the message's in the queue; empty for one that is in none.
        sender: the reverse-path; None is the null sender.
        is_own_sender: whether it is the account's own address, so that refusing it is no fault of the message.
        head: the header block without the blank line.
        body: what follows the blank line, as the queue keeps it.
        wish: what its sender wants to hear about it.
        requires_tls: whether it goes over verified TLS all the way or not at all (RFC 8689).
        notes: what its writer should know of: a changed field that a signature covers.
    """

    sender: Mailbox | None
    is_own_sender: bool
    head: bytes = field(repr=False)
    body: Body
    wish: ReportWish = USUAL_WISH
    notes: tuple[Note, ...] = ()
    id: str = ""
    requires_tls: bool = False

    @property
    def size_bytes(self) -> int:
        """Of the whole message, not dot-stuffed."""
        match self.body:
            case InlineBody(data=data):
                body_bytes = len(data)
            case FileBody(size_bytes=body_bytes):
                pass
            case _:
                assert_never(self.body)
        return len(self.head) + len(b"\r\n") + body_bytes


def unfit(outgoing: Outgoing, account: Account) -> str | None:
    """Why the account does not send this message at all, as the end of a sentence; None when it does."""
    if outgoing.requires_tls and isinstance(account.transport, HttpSettings):
        return "it wants verified TLS all the way (REQUIRETLS), which no mail service by HTTP can be asked for"
    limit = account.limits.max_bytes
    if limit is None or outgoing.size_bytes <= limit:
        return None
    return (
        f"it has {outgoing.size_bytes} bytes, and the account {account.name} sends at most {format_size(limit)} "
        "(limits.max_size)"
    )


def make_outgoing(leased: Leased, account: Account) -> Outgoing:
    """The message as this account sends it.

    Raises:
        HeaderError: the header cannot be read, or the account's display name cannot stand in one.
    """
    sender = choose_sender(leased.message.sender, account)
    before = without_wish(leased.head)
    head = edit_head(before, account)
    return Outgoing(
        sender=sender,
        is_own_sender=sender == account.sender,
        head=head,
        body=leased.body,
        wish=leased.message.wish,
        notes=() if head == before else _notes(before, head, account),
        id=str(leased.message.id),
        requires_tls=requires_tls(leased.head),
    )


def choose_sender(choice: SenderChoice, account: Account) -> Mailbox | None:
    """The reverse-path: the account's sender address unless the message brought one of its own."""
    match choice:
        case AccountSender():
            return account.sender
        case NullSender():
            return None
        case Mailbox():
            return choice
        case _:
            assert_never(choice)


def _notes(before: bytes, after: bytes, account: Account) -> tuple[Note, ...]:
    if _SIGNATURE.search(before) is None:
        return ()
    return signature_notes(Header.parse(before), Header.parse(after), f"account {account.name} asks for it")


def edit_head(head: bytes, account: Account) -> bytes:
    """The header block with what the account adds.

    Raises:
        HeaderError: as `make_outgoing`.
    """
    has_from = _FROM.search(head) is not None
    if has_from and not account.reply_to:
        return head
    header = Header.parse(head)
    if not has_from:
        author = NamedMailbox(mailbox=account.sender, name=account.display_name or "")
        header = header.with_added(address_field("From", [author]))
    if account.reply_to:
        replies = address_field("Reply-To", [NamedMailbox(mailbox=mailbox) for mailbox in account.reply_to])
        if "Reply-To" not in header:
            header = header.with_added(replies)
        elif account.reply_to_policy is ReplyToPolicy.REPLACE:
            header = header.with_replaced(replies)
    return bytes(header)


def sender_of_message(leased: Leased) -> str:
    """The sender as the routes see it: the envelope's own, else the first address in From, else nothing."""
    match leased.message.sender:
        case Mailbox() as mailbox:
            return str(mailbox)
        case NullSender():
            return ""
        case AccountSender():
            found = Header.parse(leased.head).all("from")
            try:
                authors = parse_address_list(found[0].text) if found else ()
            except AddressError:
                return ""
            return str(authors[0].mailbox) if authors else ""
        case _:
            assert_never(leased.message.sender)


def headers_of_message(leased: Leased) -> dict[str, tuple[str, ...]]:
    """The fields as the routes see them: lower-case name to unfolded values."""
    values: dict[str, tuple[str, ...]] = {}
    for one in Header.parse(leased.head).fields:
        values[one.name] = (*values.get(one.name, ()), one.text)
    return values
