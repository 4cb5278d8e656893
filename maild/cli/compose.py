"""A message from its parts, for `maild send --to … --subject … --body …`. Pure.

The header fields are maild's own writing, the MIME of body and attachments is the standard library's. Date and
Message-ID are left to the intake, which adds them once and for good; so is From when no sender is named, since only
the account that will send knows its address.

What can go wrong: a header text with a control character (`HeaderError`); addresses are parsed by the caller.
"""

import mimetypes
from dataclasses import dataclass, field
from email import policy
from email.message import EmailMessage

from maild.mail.address_list import NamedMailbox
from maild.mail.header import address_field, text_field


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A file that goes with the letter: the name it shall have, and its content."""

    name: str
    data: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """What a person says of a message."""

    to: tuple[NamedMailbox, ...]
    cc: tuple[NamedMailbox, ...] = ()
    bcc: tuple[NamedMailbox, ...] = ()
    sender: NamedMailbox | None = None
    subject: str = ""
    body: str = ""
    attachments: tuple[Attachment, ...] = ()


def compose(letter: Letter) -> bytes:
    """The letter as a message with CRLF line ends; Bcc stands in it for the intake, which takes it out.

    Raises:
        HeaderError: the subject or a display name holds a control character.
    """
    senders = () if letter.sender is None else (letter.sender,)
    lists = (("From", senders), ("To", letter.to), ("Cc", letter.cc), ("Bcc", letter.bcc))
    fields = [address_field(name, mailboxes) for name, mailboxes in lists if mailboxes]
    fields.append(text_field("Subject", letter.subject))
    return b"".join(one.raw for one in fields) + _content(letter)


def _content(letter: Letter) -> bytes:
    """MIME-Version, Content-* and the body."""
    message = EmailMessage(policy=policy.SMTP)
    body = letter.body if letter.body.endswith("\n") or not letter.body else letter.body + "\n"
    message.set_content(body, charset="utf-8")
    for attachment in letter.attachments:
        maintype, subtype = _kind_of(attachment.name)
        message.add_attachment(attachment.data, maintype=maintype, subtype=subtype, filename=attachment.name)
    return message.as_bytes()


def _kind_of(name: str) -> tuple[str, str]:
    """The MIME type by the name. A compressed file is not of the kind that its name says besides; a message as a part
    may not be encoded (RFC 2046 §5.2.1), which a file of any content must be: both go as plain octets.
    """
    kind, encoding = mimetypes.guess_type(name)
    if kind is None or encoding is not None or kind.startswith(("message/", "multipart/")):
        return "application", "octet-stream"
    maintype, _, subtype = kind.partition("/")
    return maintype, subtype
