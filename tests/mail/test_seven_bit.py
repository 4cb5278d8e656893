import re
from email import message_from_bytes

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maild.mail.seven_bit import MAX_DEPTH, SevenBitError, TooLargeError, seven_bit
from tests.rows import each_row


def crlf(text: str) -> bytes:
    return text.replace("\n", "\r\n").encode()


def leaves(message: bytes) -> list[tuple[str, bytes]]:
    """Kind and decoded content of every part."""
    found = []
    for part in message_from_bytes(message).walk():
        if not part.is_multipart():
            content = part.get_payload(decode=True)
            assert isinstance(content, bytes)
            found.append((part.get_content_type(), content))
    return found


def encodings(message: bytes) -> list[str]:
    return [str(part.get("Content-Transfer-Encoding", "")) for part in message_from_bytes(message).walk()]


MIXED = crlf(
    """Subject: two parts
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary="b.1"
Content-Transfer-Encoding: 8bit

Vorwort für niemanden
--b.1
Content-Type: text/plain; charset=utf-8
Content-Transfer-Encoding:
 8bit

Grüße.
.ein Punkt
--b.1-- ist kein Ende
--b.1
Content-Type: text/html

<p>plain</p>
--b.1
Content-Type: application/octet-stream

\u00ff\u00fe
--b.1--
Nachwort für niemanden
"""
)


def test_every_part_is_encoded_by_what_it_is_and_decodes_to_what_it_was() -> None:
    done = seven_bit(MIXED)

    assert done.isascii()
    assert leaves(done) == leaves(MIXED)
    assert encodings(done) == ["7bit", "quoted-printable", "", "base64"]
    assert re.findall(rb"(?<!\r)\n|\r(?!\n)", done) == []
    assert b"Vorwort f??r niemanden" in done
    assert b"<p>plain</p>" in done


@pytest.mark.parametrize(
    ("body", "charset"), [("Grüße\r\n".encode(), "utf-8"), ("Grüße\r\n".encode("latin-1"), "unknown-8bit")]
)
def test_text_that_says_nothing_about_itself_gets_a_name(body: bytes, charset: str) -> None:
    done = seven_bit(b"Subject: plain\r\n\r\n" + body)
    message = message_from_bytes(done)

    assert (message.get_content_charset(), message["MIME-Version"]) == (charset, "1.0")
    assert leaves(done) == [("text/plain", body)]


def test_a_message_within_a_message_is_encoded_inside() -> None:
    inner = crlf("Subject: inner\nContent-Type: text/plain; charset=utf-8\n\nGrüße\n")
    done = seven_bit(b"Subject: outer\r\nContent-Type: message/rfc822\r\n\r\n" + inner)

    assert encodings(done) == ["7bit", "quoted-printable"]
    assert leaves(done) == [("text/plain", "Grüße\r\n".encode())]


@given(st.binary(max_size=300).map(lambda data: re.sub(rb"[\r\n]+", b"\r\n", data) + b"\r\n"))
def test_whatever_the_text_its_reader_gets_it_back_and_lines_are_short(body: bytes) -> None:
    done = seven_bit(b"Content-Type: text/plain; charset=utf-8\r\n\r\n" + body)

    assert done.isascii()
    assert leaves(done) == [("text/plain", body)]
    if not body.isascii():
        assert max(map(len, done.split(b"\r\n"))) <= 78


def test_ascii_is_left_as_it_is() -> None:
    message = b"DKIM-Signature: x\r\n\r\nplain\r\n"

    assert seven_bit(message) is message


def nested(depth: int) -> bytes:
    message = crlf("\nGrüße\n")
    for level in range(depth):
        message = crlf(f"Content-Type: multipart/mixed; boundary=b{level}x\n\n--b{level}x\n") + message
    return message


@each_row(
    ("message", "words"),
    [
        (crlf("DKIM-Signature: v=1\n\nGrüße\n"), "it is signed (DKIM)"),
        (crlf("a: b\nARC-Seal : i=1\n\nGrüße\n"), "it is signed (DKIM)"),
        (crlf("Content-Type: multipart/signed; boundary=b\n\n--b\n\nGrüße\n"), "a part of it is signed"),
        (crlf("Content-Type: application/pkcs7-mime\n\nGrüße\n"), "a part of it is signed"),
        (crlf("Subject: Grüße\n\n"), "a header has text beyond ASCII"),
        (crlf("Subject: Grüße"), "a header has text beyond ASCII"),
        (crlf("Content-Transfer-Encoding: base64\n\nGrüße\n"), "a part says that it is base64"),
        (crlf("Content-Type: multipart/mixed\n\nGrüße\n"), "does not say how they are separated"),
        (nested(MAX_DEPTH + 1), "parts within parts more than 20 deep"),
    ],
)
def test_what_cannot_be_encoded_is_refused_with_the_reason(message: bytes, words: str) -> None:
    with pytest.raises(SevenBitError, match=re.escape(words)):
        seven_bit(message)


def test_parts_as_deep_as_allowed_are_encoded() -> None:
    assert seven_bit(nested(MAX_DEPTH)).isascii()


def test_a_mark_may_stand_in_a_part_that_stays_as_it_is_and_in_no_other() -> None:
    parts = "Content-Type: multipart/mixed; boundary=b\n\n--b\n\nGrüße{}\n--b\n\n{}\n--b--\n"

    assert b"\r\n@1@\r\n" in seven_bit(crlf(parts.format("", "@1@")), [b"@1@"])
    with pytest.raises(TooLargeError):
        seven_bit(crlf(parts.format("@1@", "")), [b"@1@"])
