"""What `maild queue` shows of a message."""

from dataclasses import replace
from datetime import timedelta

import pytest

from maild.cli.queue_text import format_age, format_size, list_lines, message_object, show_lines
from maild.mail.address import Mailbox
from maild.mail.phase import Phase
from maild.mail.reply import Reply
from maild.mail.verdict import Deferred, Delivered, Failed, Fault, Uncertain, verdict_words
from maild.spool.queue import AccountSender, MessageState, NullSender, QueuedMessage, QueuedRecipient, QueueId
from maild.spool.queue import RecipientState as State
from tests.fakes.clock import START
from tests.rows import each_row

REPLY = Reply.of(451, "4.3.0 try again\nlater")
BUSY = Deferred(fault=Fault.RECIPIENT, phase=Phase.RCPT, reason="The server put it off.", reply=REPLY)


def message(*recipients: QueuedRecipient, state: MessageState = MessageState.QUEUED) -> QueuedMessage:
    return QueuedMessage(
        id=QueueId("01JNFFXM000000000000000000"),
        state=state,
        sender=AccountSender(),
        recipients=recipients or (recipient("ann", BUSY),),
        message_id="<1@shop.example>",
        size_bytes=4096,
        received_at=START,
        expires_at=START + timedelta(days=5),
        next_at=START + timedelta(minutes=5),
        attempts_made=1,
        drop="a.eml",
    )


def recipient(local: str, verdict: Deferred | Delivered | None = None, state: State = State.WAITING) -> QueuedRecipient:
    return QueuedRecipient(
        mailbox=Mailbox(local, "customer.example"), state=state, verdict=verdict, verdict_at=START if verdict else None
    )


def test_a_waiting_message_is_listed_with_its_next_try_and_the_reason() -> None:
    assert list(list_lines(message(), START + timedelta(minutes=2))) == [
        "01JNFFXM000000000000000000  queued     2m old   4.0 KiB  in 3m        (account) -> ann@customer.example",
        "    The server put it off. (451 4.3.0 try again / later)",
    ]


def test_only_recipients_that_still_wait_are_listed_and_not_all_of_them() -> None:
    done = recipient("zoe", Delivered(reply=Reply.of(250, "ok")), State.DELIVERED)
    waiting = [recipient(name) for name in ("ann", "bob", "cid", "dan")]

    (line,) = list_lines(message(done, *waiting), START + timedelta(hours=1))

    assert line.endswith("now          (account) -> ann@customer.example, bob@customer.example and 2 more")


def test_the_reason_is_why_it_still_waits_and_not_what_became_of_another_recipient() -> None:
    refused = QueuedRecipient(
        mailbox=Mailbox("nobody", "customer.example"),
        state=State.FAILED,
        verdict=Failed(fault=Fault.RECIPIENT, phase=Phase.RCPT, reason="No such user.", reply=None),
        verdict_at=START,
    )

    line, reason = list_lines(message(refused, recipient("ann", BUSY)), START)

    assert line.endswith("-> ann@customer.example")
    assert reason == "    The server put it off. (451 4.3.0 try again / later)"


def test_of_a_message_that_failed_the_refused_recipients_are_listed() -> None:
    done = recipient("zoe", Delivered(reply=Reply.of(250, "ok")), State.DELIVERED)
    refused = replace(
        recipient("nobody", None, State.FAILED),
        verdict=Failed(fault=Fault.RECIPIENT, phase=Phase.RCPT, reason="No such user.", reply=None),
    )

    line, reason = list_lines(message(done, refused, state=MessageState.FAILED), START)

    assert line.endswith("-> nobody@customer.example")
    assert reason == "    No such user."


def test_of_a_message_that_was_sent_everybody_is_listed_who_got_it() -> None:
    done = recipient("zoe", Delivered(reply=Reply.of(250, "ok")), State.DELIVERED)

    (line,) = list_lines(message(done, state=MessageState.SENT), START)

    assert line.endswith("(account) -> zoe@customer.example")


def test_show_tells_everything_about_a_message() -> None:
    copy = QueuedRecipient(mailbox=Mailbox("archive", "shop.example"), is_copy=True)

    assert list(show_lines(message(recipient("ann", BUSY), copy), START + timedelta(minutes=2))) == [
        "id          01JNFFXM000000000000000000",
        "state       queued",
        "message-id  <1@shop.example>",
        "size        4.0 KiB",
        "sender      (account)",
        "priority    normal",
        "account     (the routes decide)",
        "arrived     2026-03-01 12:00:00 UTC (2m ago)",
        "next try    2026-03-01 12:05:00 UTC (in 3m)",
        "given up    2026-03-06 12:00:00 UTC",
        "attempts    1 by its own or a recipient's fault",
        "drop        a.eml",
        "to          ann@customer.example: waiting",
        "            The server put it off. (451 4.3.0 try again / later)",
        "to          archive@shop.example (copy): waiting",
    ]


def test_history_has_no_next_try() -> None:
    lines = list(show_lines(message(state=MessageState.DELETED), START))

    assert not [line for line in lines if line.startswith(("next try", "given up"))]


def test_a_program_gets_the_receipt_with_sender_and_size() -> None:
    shown = message_object(message())

    assert (shown["sender"], shown["size_bytes"], shown["drop"]) == (None, 4096, "a.eml")


@each_row(
    ("verdict", "text"),
    [
        (None, ""),
        (Delivered(reply=Reply.of(250, "2.0.0 kept")), "the server took it: 250 2.0.0 kept"),
        (Failed(fault=Fault.RECIPIENT, phase=Phase.RCPT, reason="Nobody there."), "Nobody there."),
        (Uncertain(phase=Phase.BODY, reason="The answer was lost."), "The answer was lost."),
    ],
)
def test_a_verdict_in_words(verdict: Delivered | Failed | Uncertain | None, text: str) -> None:
    assert verdict_words(verdict) == text


@each_row(("seconds", "text"), [(-5, "0s"), (0, "0s"), (59, "59s"), (60, "1m"), (7200, "2h"), (86400, "1d")])
def test_an_age_has_one_unit(seconds: int, text: str) -> None:
    assert format_age(timedelta(seconds=seconds)) == text


@pytest.mark.parametrize(("size", "text"), [(812, "812 B"), (4096, "4.0 KiB"), (13_107_200, "12.5 MiB")])
def test_a_size_has_one_unit(size: int, text: str) -> None:
    assert format_size(size) == text


def test_the_null_sender_is_shown_as_smtp_writes_it() -> None:
    shown = QueuedMessage(
        id=QueueId("01"),
        state=MessageState.HELD,
        sender=NullSender(),
        recipients=(recipient("ann"),),
        message_id="<1@x>",
        size_bytes=1,
        received_at=START,
        expires_at=START,
        next_at=START,
    )

    assert message_object(shown)["sender"] == "<>"
    assert not [line for line in show_lines(shown, START) if line.startswith("drop")]
