import email
from dataclasses import replace
from datetime import UTC, datetime
from email import policy
from email.message import EmailMessage

from hypothesis import given
from hypothesis import strategies as st

from maild.mail.address import Mailbox
from maild.mail.dsn import Dsn, DsnRecipient, Returned, Written, compose_dsn, plain
from maild.mail.header import Header
from maild.mail.reply import EnhancedCode
from tests.rows import each_row

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
ANNA = DsnRecipient(
    mailbox=Mailbox.parse("anna@example.org"),
    action="failed",
    status=EnhancedCode(class_=5, subject=1, detail=1),
    reason="there is no such mailbox",
    diagnostic="550 5.1.1 No such user",
    last_attempt=NOON,
)
DSN = Dsn(
    title="Undelivered mail",
    prose="Your message could not be delivered.",
    reporter="mail.example.com",
    recipients=(ANNA,),
    author=Mailbox.parse("billing@example.com"),
    to=Mailbox.parse("boss@example.com"),
    subject="Invoice 7",
    message_id="<1@example.com>",
    envelope_id="order-7",
    arrived_at=NOON,
    returned=Returned(data=b"From: boss@example.com\r\nSubject: Invoice 7\r\n", is_full=False),
)

REPORT = """\
Date: Sun, 01 Mar 2026 12:00:00 +0000
Message-ID: <abc1@mail.example.com>
From: Mail Delivery System <billing@example.com>
To: boss@example.com
Subject: Undelivered mail: Invoice 7
Auto-Submitted: auto-replied
In-Reply-To: <1@example.com>
References: <1@example.com>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="=_abc1"

--=_abc1
Content-Type: text/plain; charset=utf-8

This is the mail system of mail.example.com.

Your message could not be delivered.

  anna@example.org: there is no such mailbox (550 5.1.1 No such user)

The header of the message follows.

--=_abc1
Content-Type: message/delivery-status

Original-Envelope-Id: order-7
Reporting-MTA: dns; mail.example.com
Arrival-Date: Sun, 01 Mar 2026 12:00:00 +0000

Final-Recipient: rfc822; anna@example.org
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 No such user
Last-Attempt-Date: Sun, 01 Mar 2026 12:00:00 +0000

--=_abc1
Content-Type: text/rfc822-headers

From: boss@example.com
Subject: Invoice 7

--=_abc1--
"""


def compose(dsn: Dsn = DSN) -> Written:
    return compose_dsn(dsn, now=NOON, serial="abc1")


def parsed(written: Written) -> EmailMessage:
    return email.message_from_bytes(written.head + b"\r\n" + written.body, policy=policy.default)


def test_a_report_is_read_by_people_and_programs() -> None:
    written = compose()

    assert (written.head + b"\r\n" + written.body).decode().replace("\r\n", "\n") == REPORT


def test_its_parts_are_what_their_types_say() -> None:
    message = parsed(compose())

    kinds = [part.get_content_type() for part in message.iter_parts()]
    assert kinds == ["text/plain", "message/delivery-status", "text/rfc822-headers"]
    assert message.get_content_type() == "multipart/report"


def test_a_whole_message_comes_back_as_it_was() -> None:
    whole = "Subject: Grüße\r\n\r\nÄ\r\n".encode()

    written = compose(replace(DSN, returned=Returned(data=whole, is_full=True)))

    assert b"Content-Type: message/rfc822\r\nContent-Transfer-Encoding: 8bit\r\n\r\n" + whole in written.body
    assert b"The message follows." in written.body


def test_what_no_server_might_take_is_quoted() -> None:
    data = b"X: " + b"a" * 1200 + "\r\nSubject: Grüße\r\n".encode()

    message = parsed(compose(replace(DSN, returned=Returned(data=data, is_full=False))))

    *_, last = message.iter_parts()
    assert last["Content-Transfer-Encoding"] == "quoted-printable"
    payload = last.get_payload(decode=True)
    assert isinstance(payload, bytes)
    assert payload.replace(b"\r\n", b"\n").strip() == data.replace(b"\r\n", b"\n").strip()


def test_an_address_beyond_ascii_makes_a_global_report() -> None:
    greek = replace(ANNA, mailbox=Mailbox.parse("ιωάννης@example.org"), diagnostic=None, last_attempt=None)

    written = compose(replace(DSN, recipients=(greek,), returned=None, subject="", envelope_id=None, author=None))

    assert b"Content-Type: message/global-delivery-status\r\nContent-Transfer-Encoding: 8bit\r\n" in written.body
    assert "Final-Recipient: utf-8; ιωάννης@example.org\r\n".encode() in written.body
    assert b"Subject: Undelivered mail\r\n" in written.head
    assert b"From:" not in written.head
    assert b"follows" not in written.body


def test_a_long_answer_is_folded_between_words() -> None:
    talkative = replace(ANNA, diagnostic="550 5.7.1 " + "no relaying here " * 10 + "x" * 200)

    body = compose(replace(DSN, recipients=(talkative,), returned=None)).body.decode()

    lines = body.partition("Diagnostic-Code:")[2].partition("Last-Attempt")[0].split("\r\n")
    assert [len(line) <= 78 for line in lines[:-2]] == [True] * (len(lines) - 2)
    assert "".join(lines).replace(" smtp; ", "", 1) == talkative.diagnostic


def test_a_late_message_says_until_when_it_is_tried() -> None:
    late = replace(ANNA, action="delayed", retry_until=NOON)

    assert b"Will-Retry-Until: Sun, 01 Mar 2026 12:00:00 +0000\r\n" in compose(replace(DSN, recipients=(late,))).body


@each_row("message_id", ["", "<a b@c>", "no brackets", "<a\r\nX: y@c>", "<" + "a" * 1000 + "@b>"])
def test_a_message_id_that_is_none_is_not_referred_to(message_id: str) -> None:
    assert "in-reply-to" not in Header.parse(compose(replace(DSN, message_id=message_id)).head)


HOSTILE = st.text(max_size=300) | st.sampled_from(["a\r\nBcc: x@y.example", "\n\n--=_abc1--\n", "x" * 5000])


@given(subject=HOSTILE, reason=HOSTILE, diagnostic=HOSTILE, envelope_id=HOSTILE)
def test_nothing_that_strangers_said_makes_a_field_or_a_part(
    subject: str, reason: str, diagnostic: str, envelope_id: str
) -> None:
    recipient = replace(ANNA, reason=reason, diagnostic=diagnostic)
    written = compose(
        replace(DSN, subject=subject, recipients=(recipient,), envelope_id=envelope_id, message_id=subject)
    )

    names = [one.name for one in Header.parse(written.head).fields]
    lines = written.body.split(b"\r\n")
    assert names.count("subject") == 1
    assert "bcc" not in names
    assert [line for line in lines if line.startswith(b"--=_abc1")] == [b"--=_abc1"] * 3 + [b"--=_abc1--"]
    assert max(map(len, lines)) <= 998
    assert [line for line in lines if line.startswith(b"Action:")] == [b"Action: failed"]


@given(st.text())
def test_plain_text_is_one_bounded_line(text: str) -> None:
    line = plain(text, 50)

    assert line.isprintable()
    assert len(line) <= 50
