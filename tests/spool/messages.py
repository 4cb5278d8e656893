"""Builders of queue values with good defaults."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from maild.mail.address import Mailbox
from maild.mail.phase import Phase
from maild.mail.reply import Reply
from maild.mail.report_wish import USUAL_WISH, ReportWish
from maild.mail.verdict import Deferred, Delivered, Failed, Fault, Uncertain, Verdict
from maild.spool.arrival import NORMAL_STREAM
from maild.spool.queue import (
    AccountSender,
    Arrival,
    AttemptRecord,
    Body,
    InlineBody,
    MessageState,
    QueueId,
    SenderChoice,
    SourceIdentity,
)

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
LIFETIME = timedelta(days=5)

ANNA = Mailbox.parse("anna@example.org")
BERT = Mailbox.parse("bert@example.org")
CARL = Mailbox.parse('"carl x"@example.org')

DELIVERED = Delivered(reply=Reply.of(250, "2.0.0 queued as 4711"))
DEFERRED = Deferred(fault=Fault.RECIPIENT, phase=Phase.RCPT, reason="greylisted", reply=Reply.of(451, "4.7.1 later"))
FAILED = Failed(fault=Fault.RECIPIENT, phase=Phase.RCPT, reason="no such user", reply=Reply.of(550, "5.1.1 who?"))
UNCERTAIN = Uncertain(phase=Phase.BODY, reason="the connection was lost")


def make_id(number: int) -> QueueId:
    """An id of the right shape; a higher number is a later one."""
    return QueueId(f"{number:026d}")


def make_source(inode: int) -> SourceIdentity:
    return SourceIdentity(device=2**40 + 1, inode=inode, ctime_ns=1_700_000_000_123_456_789, size_bytes=42)


def make_arrival(
    number: int = 1,
    *,
    recipients: tuple[Mailbox, ...] = (ANNA,),
    sender: SenderChoice = AccountSender(),  # noqa: B008 -- frozen
    received_at: datetime = NOW,
    not_before: datetime | None = None,
    account: str | None = None,
    body: Body = InlineBody(data=b"Hello.\r\n"),  # noqa: B008 -- frozen
    source: SourceIdentity | None = None,
    sidecar: SourceIdentity | None = None,
    idempotency_key: str | None = None,
    wish: ReportWish = USUAL_WISH,
    stream: int = NORMAL_STREAM,
) -> Arrival:
    return Arrival(
        id=make_id(number),
        sender=sender,
        recipients=recipients,
        head=b"Subject: hello\r\n",
        body=body,
        message_id=f"<{number}@example.org>",
        received_at=received_at,
        expires_at=received_at + LIFETIME,
        not_before=not_before,
        account=account,
        drop=f"{number}.eml",
        source=source,
        sidecar=sidecar,
        idempotency_key=idempotency_key,
        wish=wish,
        stream=stream,
    )


def make_record(
    number: int = 1,
    *,
    verdicts: Mapping[Mailbox, Verdict],
    next_state: MessageState,
    account: str | None = "billing",
    next_at: datetime = NOW,
    finished_at: datetime = NOW,
    is_charged: bool = False,
) -> AttemptRecord:
    return AttemptRecord(
        id=make_id(number),
        account=account,
        verdicts=verdicts,
        next_state=next_state,
        next_at=next_at,
        finished_at=finished_at,
        is_charged=is_charged,
    )
