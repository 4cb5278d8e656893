"""The digest: one message in the place of many reports, when there are more than anybody would read. Pure.

It names each message and recipient it is about, up to a limit, and what to do to see the rest.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from maild.mail.address import Mailbox
from maild.mail.dsn import Written, automatic_fields, plain, text_part
from maild.mail.header import structured_field

SHOWN: Final = 200
"""A mail that lists more is read by nobody; `maild queue list` has them all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestEntry:
    """One recipient of one message: what became of him, in words."""

    message: str
    mailbox: Mailbox
    action: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """A digest before it is written.

    Attributes:
        reporter: the name of this machine.
        entries: what it is about, oldest first.
        per_hour: the number of reports that was reached.
        author: the From; None: whoever sends it adds his own.
        to: who gets it.
    """

    reporter: str
    entries: Sequence[DigestEntry]
    per_hour: int
    author: Mailbox | None
    to: Mailbox


def compose_digest(digest: Digest, *, now: datetime, serial: str) -> Written:
    """The digest as a message; `serial` is a word that no other message has."""
    message_id = f"<{serial}@{digest.reporter}>"
    count = len(digest.entries)
    fields = automatic_fields(
        author=digest.author,
        to=digest.to,
        subject=f"{count} reports about mail from {digest.reporter}",
        date=now,
        message_id=message_id,
    )
    head = b"".join(one.raw for one in (*fields, structured_field("MIME-Version", "1.0")))
    # The part's own header lines are the last ones of the message's header here.
    more, _, body = text_part("\n".join(_lines(digest, count)) + "\n").partition(b"\r\n\r\n")
    return Written(head=head + more + b"\r\n", body=body, message_id=message_id)


def _lines(digest: Digest, count: int) -> Iterable[str]:
    yield f"This is the mail system of {digest.reporter}."
    yield ""
    yield f"{digest.per_hour} reports in an hour went here already, so these {count} come in one message."
    yield "`maild queue list --state failed` shows what failed, `maild queue why ID` the reason for one message."
    yield ""
    for entry in digest.entries[:SHOWN]:
        yield f"{entry.message}  {entry.action}  {plain(str(entry.mailbox))}: {plain(entry.words, 300)}"
    if count > SHOWN:
        yield f"and {count - SHOWN} more"
