"""A composed letter is a message that any mail program reads back as it was meant."""

import email
from email import policy
from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maild.cli.compose import Attachment, Letter, compose
from maild.mail.address import Mailbox
from maild.mail.address_list import NamedMailbox
from maild.mail.header import HeaderError
from maild.mail.message import split_message

ANN = NamedMailbox(mailbox=Mailbox("ann", "customer.example"), name="Ann Example")
BOB = NamedMailbox(mailbox=Mailbox("bob", "customer.example"))


def read(content: bytes) -> EmailMessage:
    message = email.message_from_bytes(content, policy=policy.default)
    assert isinstance(message, EmailMessage)
    return message


def test_a_plain_letter_is_exactly_this() -> None:
    letter = Letter(to=(ANN,), bcc=(BOB,), subject="Invoice 7", body="Dear Ann,\nhere it is.")

    assert compose(letter).decode("ascii").split("\r\n") == [
        "To: Ann Example <ann@customer.example>",
        "Bcc: bob@customer.example",
        "Subject: Invoice 7",
        'Content-Type: text/plain; charset="utf-8"',
        "Content-Transfer-Encoding: 7bit",
        "MIME-Version: 1.0",
        "",
        "Dear Ann,",
        "here it is.",
        "",
    ]


def test_attachments_keep_name_kind_and_content() -> None:
    files = (
        Attachment(name="Rechnung für März.pdf", data=b"%PDF\x00"),
        Attachment(name="list.csv.gz", data=b"\x1f\x8b"),
        Attachment(name="forwarded.eml", data=b"Subject: x\n\ny\n"),
        Attachment(name="noname", data=b""),
    )

    message = read(compose(Letter(to=(ANN,), body="see", attachments=files)))

    assert [(part.get_filename(), part.get_content_type()) for part in message.iter_attachments()] == [
        ("Rechnung für März.pdf", "application/pdf"),
        ("list.csv.gz", "application/octet-stream"),
        ("forwarded.eml", "application/octet-stream"),
        ("noname", "application/octet-stream"),
    ]
    assert [part.get_content() for part in message.iter_attachments()] == [file.data for file in files]


def test_a_subject_cannot_smuggle_a_field_in() -> None:
    with pytest.raises(HeaderError):
        compose(Letter(to=(ANN,), subject="hello\r\nBcc: eve@evil.example"))


@given(body=st.text(st.characters(exclude_categories=["Cs", "Cc"]) | st.just("\n"), max_size=300))
def test_any_text_comes_back(body: str) -> None:
    content = compose(Letter(to=(ANN,), sender=BOB, subject="Grüße", body=body))

    message = read(content)
    text = message.get_content()

    assert split_message(content).header.text("subject") == "Grüße"
    assert text.replace("\r\n", "\n").removesuffix("\n") == body.removesuffix("\n")
