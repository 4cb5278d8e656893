"""Mail to and from users of this machine: `root`, as cron writes it. Pure.

maild hands everything to a provider and has no mailboxes, and no provider takes an address without a domain. So such
a recipient is replaced by the site's `local_mail`, in the envelope and in To and Cc; a From, Sender or Reply-To that
names only a local user goes away, and the account adds its own From. Addresses with a domain, and fields that cannot
be understood as names of users, stay as they are.
"""

import re
from typing import Final

from maild.mail.address import Mailbox
from maild.mail.header import Field, Header

_USER: Final = r"[A-Za-z_][A-Za-z0-9_.-]{0,63}"
_ALONE: Final = re.compile(_USER)
# `root`, `root (Cron Daemon)`, `"(Cron Daemon)" <root>`, `Charlie Root <root>`.
_NAMED: Final = re.compile(rf'\s*(?:(?:"[^"]*"\s*|[^"<>@,()]*)<({_USER})>|({_USER}))\s*(?:\([^()]*\))?\s*')
_ELEMENT: Final = re.compile(r'(?:"(?:[^"\\]|\\.)*"|\([^()]*\)|[^",(])+')
_RECIPIENTS: Final = frozenset({"to", "cc", "bcc"})
_WANTED_LINE_CHARS: Final = 78
_ORIGINATORS: Final = frozenset({"from", "sender", "reply-to"})


def is_local_user(text: str) -> bool:
    """Whether this can be the name of a user of this machine."""
    return _ALONE.fullmatch(text.strip()) is not None


def names_local_recipients(header: Header) -> bool:
    """Whether To, Cc or Bcc name one."""
    return any(_has_local(one) for one in header.fields if one.name in _RECIPIENTS)


def with_full_recipients(header: Header, local_mail: Mailbox) -> Header:
    """The header with `local_mail` in the place of local recipients."""
    return Header(tuple(_qualified(one, local_mail) for one in header.fields))


def without_local_originators(header: Header) -> Header:
    """The header without From, Sender and Reply-To that name a local user."""
    return Header(tuple(one for one in header.fields if one.name not in _ORIGINATORS or not _is_local(one.text)))


def _qualified(one: Field, local_mail: Mailbox) -> Field:
    if one.name not in _RECIPIENTS or not _has_local(one):
        return one
    elements = dict.fromkeys(
        str(local_mail) if _is_local(element) else element.strip() for element in _ELEMENT.findall(one.text)
    )
    line = f"{one.name.title()}: {', '.join(elements)}"
    # A line of ten thousand recipients is more than a server takes; folded, none is longer than one of them.
    text = line if len(line) <= _WANTED_LINE_CHARS else f"{one.name.title()}: " + ",\r\n ".join(elements)
    return Field(one.name, f"{text}\r\n".encode())


def _has_local(one: Field) -> bool:
    return any(_is_local(element) for element in _ELEMENT.findall(one.text))


def _is_local(element: str) -> bool:
    return _NAMED.fullmatch(element) is not None
