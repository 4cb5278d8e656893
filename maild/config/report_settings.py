"""Who is told that a message failed or is late: the `reports` section of maild.yaml as a value. Pure."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from pathlib import PurePath

from maild.mail.address import Mailbox


class ReportTo(StrEnum):
    """Who gets reports, when it is no fixed address."""

    SENDER = "sender"
    NOBODY = "nobody"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportSettings:
    """Who is told that a message failed, or is late.

    Attributes:
        to: a fixed address, or the sender of each message, or nobody by mail.
        maildir: a Maildir that gets every report besides; relative to maild.yaml's folder.
        per_hour: so many reports an hour by each way; what is more comes together in a digest.
        delay_after: how old a message is when its sender is told that it is late; zero: never.
    """

    to: Mailbox | ReportTo = ReportTo.SENDER
    maildir: PurePath | None = None
    per_hour: int = 20
    delay_after: timedelta = timedelta(hours=4)
