from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from maild.delivery.transports.form_message import (
    Attachment,
    FormError,
    FormMessage,
    take_apart,
    visible_recipients,
)
from maild.mail.address import Mailbox
from maild.mail.dsn import Dsn, DsnRecipient, Returned, compose_dsn
from maild.mail.reply import EnhancedCode


def wire(text: str) -> bytes:
    return text.replace("\n", "\r\n").encode()


HEAD = (
    "From: =?utf-8?q?Caf=C3=A9?= <shop@example.org>\nReply-To: office@example.org\n"
    "Subject: Invoice =?utf-8?q?=E2=82=AC?= 7\n"
)


def body_of(text: str) -> str:
    return take_apart(wire(text)).body


def test_a_plain_text_is_escaped_and_keeps_its_lines() -> None:
    message = take_apart(wire(HEAD + '\na < b & "c"\nsecond\n'))

    assert message == FormMessage(
        author="Caf\u00e9",
        reply_to=(Mailbox("office", "example.org"),),
        subject="Invoice \u20ac 7",
        body='a &lt; b &amp; "c"<br>\nsecond<br>\n',
        attachments=(),
    )


def test_html_goes_as_it_is_and_its_text_rendering_is_left_away() -> None:
    message = take_apart(
        wire(
            HEAD
            + "MIME-Version: 1.0\nContent-Type: multipart/alternative; boundary=b\n\n"
            + "--b\nContent-Type: text/plain\n\nplain\n"
            + "--b\nContent-Type: text/html; charset=iso-8859-1\nContent-Transfer-Encoding: quoted-printable\n\n"
            + "<p>=E9</p>\n--b--\n"
        )
    )

    assert message.body == "<p>\u00e9</p>"
    assert message.attachments == ()


MIXED = (
    HEAD
    + "MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=m\n\n"
    + "--m\nContent-Type: multipart/related; boundary=r\n\n"
    + "--r\nContent-Type: text/html\n\n<img src=cid:logo>\n"
    + "--r\nContent-Type: image/png\nContent-ID: <logo>\nContent-Transfer-Encoding: base64\n\niVBORw==\n--r--\n"
    + '--m\nContent-Type: text/plain\nContent-Disposition: attachment; filename="../../etc/notes.txt"\n\nnotes\n'
    + "--m\nContent-Type: application/pdf; name*=utf-8''Rechnung%20%C3%A4.pdf\n"
    + "Content-Transfer-Encoding: base64\n\nJVBERg==\n"
    + "--m\nContent-Type: message/rfc822\n\nSubject: inner\n\ninner body\n"
    + '--m\nContent-Type: application/x-odd; name="=?utf-8?q?=C3=BC?="\n\nodd\n--m--\n'
)


def test_every_other_leaf_is_an_attachment_and_the_pdf_comes_first() -> None:
    message = take_apart(wire(MIXED))

    assert message.body == "<img src=cid:logo>"
    assert message.attachments == (
        Attachment(filename="Rechnung \u00e4.pdf", content_type="application/pdf", data=(b"%PDF",)),
        Attachment(filename="part-2.png", content_type="image/png", data=(b"\x89PNG",)),
        Attachment(filename="notes.txt", content_type="text/plain", data=(b"notes",)),
        Attachment(filename="part-5.eml", content_type="message/rfc822", data=(b"Subject: inner\n\ninner body",)),
        Attachment(filename="\u00fc", content_type="application/x-odd", data=(b"odd",)),
    )


def test_a_message_that_is_nothing_but_a_file_has_an_empty_body() -> None:
    message = take_apart(wire(HEAD + "Content-Type: application/pdf\n\n%PDF\n"))

    assert message.body == ""
    assert [one.filename for one in message.attachments] == ["part-1.pdf"]


def test_an_html_file_that_is_attached_is_no_body() -> None:
    message = take_apart(
        wire(
            HEAD
            + "Content-Type: multipart/mixed; boundary=m\n\n--m\nContent-Type: text/plain\n\nhello\n"
            + "--m\nContent-Type: text/html\nContent-Disposition: attachment; filename=a.html\n\n<p>\n--m--\n"
        )
    )

    assert message.body == "hello"
    assert [one.filename for one in message.attachments] == ["a.html"]


def test_an_unknown_charset_is_read_as_utf_8() -> None:
    assert body_of(HEAD + "Content-Type: text/plain; charset=klingon\n\nhello\n") == "hello<br>\n"


def test_a_missing_header_leaves_its_field_empty() -> None:
    message = take_apart(wire("X: 1\n\nhello\n"))

    assert (message.author, message.reply_to, message.subject) == ("", (), "")


def test_a_multipart_without_parts_is_a_file() -> None:
    message = take_apart(wire(HEAD + "Content-Type: multipart/mixed\n\nhello\n"))

    assert message.body == ""
    assert len(message.attachments) == 1


def test_too_many_parts_are_refused() -> None:
    parts = "--m\n\nx\n" * 501

    with pytest.raises(FormError, match="more than 500 parts"):
        take_apart(wire(HEAD + "Content-Type: multipart/mixed; boundary=m\n\n" + parts + "--m--\n"))


def test_too_deep_a_nesting_is_refused() -> None:
    nested = "".join(f"Content-Type: multipart/mixed; boundary=b{n}\n\n--b{n}\n" for n in range(60))

    with pytest.raises(FormError, match="nested deeper than 50"):
        take_apart(wire(HEAD + nested + "\nx\n"))


def test_a_nesting_that_exhausts_the_parser_is_refused() -> None:
    nested = "".join(f"Content-Type: multipart/mixed; boundary=b{n}\n\n--b{n}\n" for n in range(3000))

    with pytest.raises(FormError):
        take_apart(wire(HEAD + nested + "\nx\n"))


def test_a_header_that_is_none_is_refused() -> None:
    with pytest.raises(FormError):
        take_apart(b"no field\r\n\r\nx")


@settings(deadline=None)
@given(st.text(alphabet=st.sampled_from('-ab:;="\n \u00e9?<>/'), max_size=300))
def test_whatever_a_message_holds_it_is_taken_apart_or_refused(text: str) -> None:
    content = wire("Content-Type: multipart/mixed; boundary=a\nFrom: a@example.org\n\n" + text)

    try:
        message = take_apart(content)
    except FormError:
        return

    assert all(one.filename.isprintable() for one in message.attachments)


def test_everybody_in_to_and_cc_is_visible() -> None:
    head = wire("To: a@example.org, B <b@Example.org>\nCc: c@example.org\nCc: oops\nFrom: d@example.org\n")

    assert visible_recipients(head) == {
        Mailbox("a", "example.org"),
        Mailbox("b", "example.org"),
        Mailbox("c", "example.org"),
    }


def test_a_report_of_ours_keeps_its_prose_and_its_fields_in_a_form() -> None:
    recipient = DsnRecipient(
        mailbox=Mailbox.parse("anna@example.org"),
        action="failed",
        status=EnhancedCode(class_=5, subject=1, detail=1),
        reason="there is no such mailbox",
    )
    dsn = Dsn(
        title="Undelivered mail",
        prose="It could not be delivered.",
        reporter="mail.example.com",
        recipients=(recipient,),
        author=Mailbox.parse("billing@example.com"),
        to=Mailbox.parse("boss@example.com"),
        subject="",
        message_id="",
        envelope_id=None,
        arrived_at=datetime(2026, 3, 1, tzinfo=UTC),
        returned=Returned(data=b"Subject: x\r\n", is_full=False),
    )
    written = compose_dsn(dsn, now=datetime(2026, 3, 1, tzinfo=UTC), serial="s1")

    form = take_apart(written.head + b"\r\n" + written.body)

    assert "anna@example.org: there is no such mailbox" in form.body
    assert [one.content_type for one in form.attachments] == ["message/delivery-status", "text/rfc822-headers"]
