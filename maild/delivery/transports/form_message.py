"""A MIME message taken apart for a mail service that takes a form: subject, HTML body, attachments. Pure.

The body is the first HTML part, else the first text part, escaped with its line breaks kept. A text part that is only
the other rendering of the HTML (RFC 2046 §5.1.4) is left away; every other leaf is an attachment, images that the HTML
shows included, PDFs first: the document of the mail is one, in the program whose form this is.

The message is hostile: everything is limited, and what the standard library's parser chokes on is a `FormError`.
"""

import html
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.errors import MessageError as EmailError
from email.message import Message
from email.parser import BytesParser
from email.policy import compat32
from typing import Final

from maild.errors import PermanentError
from maild.mail.address import AddressError, Mailbox
from maild.mail.address_list import NamedMailbox, parse_address_list
from maild.mail.encoded_word import decode_text
from maild.mail.header import Header
from maild.net.bulk import NO_BULK, Bulk
from maild.net.http import PlainPiece

MAX_LEAVES: Final = 500
"""Parts of a message. A form with more files than this is no mail that a person made."""

MAX_DEPTH: Final = 50


class FormError(PermanentError):
    """The message cannot be made a form of; the text says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A leaf that is not the body."""

    filename: str
    content_type: str
    data: tuple[PlainPiece, ...] = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class FormMessage:
    """What a form can say of a message. `author` is the display name in From, empty when there is none."""

    author: str
    reply_to: tuple[Mailbox, ...]
    subject: str
    body: str = field(repr=False)
    attachments: tuple[Attachment, ...]


def take_apart(content: bytes, bulk: Bulk = NO_BULK) -> FormMessage:
    """The form's view of a message.

    Args:
        content: header, blank line and body.
        bulk: what is left out of it.

    Raises:
        FormError: it cannot be taken apart.
        OSError: what is left out and had to be read cannot be.
    """
    try:
        header = Header.parse(content[: content.find(b"\r\n\r\n") + 2])
        authors = _addresses(header, "from")
        leaves = list(_leaves(BytesParser(policy=compat32).parsebytes(content), 0))
        body = _body_of(leaves)
        extras = [(number, leaf) for number, leaf in enumerate(leaves, 1) if _is_extra(leaf, body)]
        attachments = [_attachment(leaf, number, bulk) for number, leaf in extras]
        text = "" if body is None else _html(body, bulk)
    except (EmailError, RecursionError, ValueError, LookupError, TypeError, AttributeError) as error:
        # The parser is lenient by design, yet crafted headers and encodings do get such out of it.
        raise FormError(f"its MIME structure cannot be read ({type(error).__name__})") from error
    return FormMessage(
        author=decode_text(authors[0].name) if authors else "",
        reply_to=tuple(named.mailbox for named in _addresses(header, "reply-to")),
        subject=header.text("subject") or "",
        body=text,
        attachments=tuple(sorted(attachments, key=lambda one: one.content_type != "application/pdf")),
    )


def visible_recipients(head: bytes) -> frozenset[Mailbox]:
    """Everybody in To and Cc: those who may be shown to each other. A field that cannot be read shows nobody."""
    header = Header.parse(head)
    return frozenset(named.mailbox for name in ("to", "cc") for named in _addresses(header, name))


def _addresses(header: Header, name: str) -> tuple[NamedMailbox, ...]:
    found: list[NamedMailbox] = []
    for one in header.all(name):
        try:
            found.extend(parse_address_list(one.text))
        except AddressError:
            continue
    return tuple(found)


@dataclass(frozen=True, slots=True)
class _Leaf:
    part: Message
    alternatives: Message | None
    """The multipart/alternative right above it."""

    @property
    def content_type(self) -> str:
        return self.part.get_content_type()

    def is_body(self, content_type: str) -> bool:
        return self.content_type == content_type and self.part.get_content_disposition() != "attachment"


def _leaves(part: Message, depth: int, alternatives: Message | None = None) -> Iterator[_Leaf]:
    if depth > MAX_DEPTH:
        raise FormError(f"its parts are nested deeper than {MAX_DEPTH}")
    payload = part.get_payload()
    if part.get_content_maintype() != "multipart" or not isinstance(payload, list):
        yield _Leaf(part, alternatives)
        return
    if len(payload) > MAX_LEAVES:
        raise FormError(f"it has more than {MAX_LEAVES} parts")
    inside = part if part.get_content_subtype() == "alternative" else alternatives
    for child in (each for each in payload if isinstance(each, Message)):
        yield from _leaves(child, depth + 1, inside)


def _body_of(leaves: list[_Leaf]) -> _Leaf | None:
    for content_type in ("text/html", "text/plain"):
        for leaf in leaves:
            if leaf.is_body(content_type):
                return leaf
    return None


def _is_extra(leaf: _Leaf, body: _Leaf | None) -> bool:
    """Whether it is neither the body nor another rendering of it."""
    if leaf is body:
        return False
    is_rendering = body is not None and leaf.alternatives is not None and leaf.alternatives is body.alternatives
    return not (is_rendering and leaf.is_body("text/plain"))


def _html(leaf: _Leaf, bulk: Bulk) -> str:
    data = _decoded(leaf.part, bulk)
    charset = leaf.part.get_content_charset() or "utf-8"
    try:
        text = data.decode(charset, "replace")
    except LookupError:
        text = data.decode("utf-8", "replace")
    if leaf.content_type == "text/html":
        return text
    return html.escape(text.replace("\r\n", "\n"), quote=False).replace("\n", "<br>\n")


def _attachment(leaf: _Leaf, number: int, bulk: Bulk) -> Attachment:
    name = leaf.part.get_filename()
    filename = "" if name is None else "".join(char for char in decode_text(name) if char.isprintable())
    # A path in a file name is an old trick against whoever saves it.
    filename = filename.replace("\\", "/").rpartition("/")[2]
    return Attachment(
        filename=filename or f"part-{number}{_EXTENSIONS.get(leaf.content_type, '')}",
        content_type=leaf.content_type,
        data=_data(leaf.part, bulk),
    )


_EXTENSIONS: Final = {
    "application/pdf": ".pdf",
    "image/gif": ".gif",
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "message/rfc822": ".eml",
    "text/calendar": ".ics",
    "text/csv": ".csv",
    "text/html": ".html",
    "text/plain": ".txt",
}


def _data(part: Message, bulk: Bulk) -> tuple[PlainPiece, ...]:
    payload = part.get_payload()
    if isinstance(payload, list):
        # A message within the message: one leaf, whatever is in it.
        return bulk.pieces(b"\r\n".join(child.as_bytes() for child in payload if isinstance(child, Message)))
    encoding = str(part.get("Content-Transfer-Encoding", "")).strip().lower()
    large = bulk.decoded(payload) if encoding == "base64" and isinstance(payload, str) else None
    return (_decoded(part, bulk),) if large is None else (large,)


def _decoded(part: Message, bulk: Bulk) -> bytes:
    payload = part.get_payload()
    assert isinstance(payload, str), "only what has parts has a list"
    part.set_payload(bulk.restored(payload))
    decoded = part.get_payload(decode=True)
    return decoded if isinstance(decoded, bytes) else b""
