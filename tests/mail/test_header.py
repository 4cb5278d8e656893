import contextlib
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maild.mail.address import Mailbox
from maild.mail.address_list import NamedMailbox
from maild.mail.header import MAX_FIELDS, Field, Header, HeaderError, address_field, structured_field, text_field
from tests.rows import each_row

ANNA = Mailbox.parse("anna@example.org")
HEAD = b"Subject: one\r\n two\r\nTO : anna@example.org\r\nsubject:\r\n\tthree\r\nX-Empty:\r\n"

NAMES = st.text(st.sampled_from("ABCabc123-_!"), min_size=1, max_size=12)
LINES = st.binary(max_size=40).map(lambda data: data.replace(b"\r", b"").replace(b"\n", b""))
FIELDS = st.tuples(NAMES, st.sampled_from(["", " ", "\t "]), LINES, st.lists(LINES, max_size=3)).map(
    lambda parts: parts[0].encode() + parts[1].encode() + b":" + b"\r\n ".join([parts[2], *parts[3]]) + b"\r\n"
)


def test_fields_are_found_whatever_their_case_and_folding() -> None:
    header = Header.parse(HEAD)

    assert [field.name for field in header.fields] == ["subject", "to", "subject", "x-empty"]
    assert [field.text for field in header.all("SUBJECT")] == ["one two", "three"]
    assert header.text("Subject") == "one two"
    assert header.text("to") == "anna@example.org"
    assert header.text("x-empty") == ""
    assert header.text("cc") is None
    assert "X-EMPTY" in header
    assert "Bcc" not in header


@given(st.lists(FIELDS, max_size=8))
def test_a_header_gives_back_the_bytes_it_was_made_from(fields: list[bytes]) -> None:
    head = b"".join(fields)

    header = Header.parse(head)

    assert bytes(header) == head
    assert len(header.fields) == len(fields)


@given(st.lists(FIELDS, max_size=8), NAMES)
def test_taking_fields_away_leaves_the_others_byte_for_byte(fields: list[bytes], name: str) -> None:
    header = Header.parse(b"".join(fields))

    left = header.without([name])

    assert left.fields == tuple(field for field in header.fields if field.name != name.lower())


@given(st.binary())
def test_parsing_says_what_is_wrong_or_keeps_every_byte(data: bytes) -> None:
    with contextlib.suppress(HeaderError):
        assert bytes(Header.parse(data)) == data


@each_row(
    ("head", "message"),
    [
        (b"no colon here\r\n", "line 1 is no header field: a field begins with its name and a colon"),
        (b"A: b\r\n c\r\nsp ace: x\r\n", "line 3 is no header field: a field begins with its name and a colon"),
        (b" continuation: first\r\n", "line 1 is no header field: a field begins with its name and a colon"),
        (b"A: unfinished", "line 1 is no header field: a field begins with its name and a colon"),
        (b": no name\r\n", "line 1 is no header field: a field begins with its name and a colon"),
        (b"A: b\r\n" * (MAX_FIELDS + 1), "the header has more than 1000 fields"),
    ],
)
def test_what_is_no_header_is_said_by_line(head: bytes, message: str) -> None:
    with pytest.raises(HeaderError) as caught:
        Header.parse(head)

    assert str(caught.value) == message


def test_octets_that_are_no_utf8_do_not_stop_reading() -> None:
    assert Header.parse(b"Subject: caf\xe9\r\n").text("subject") == "caf\ufffd"


def test_replacing_keeps_the_first_ones_place_and_drops_the_others() -> None:
    header = Header.parse(b"A: 1\r\nB: 2\r\nC: 3\r\nB: 4\r\n").with_replaced(structured_field("b", "new"))

    assert bytes(header) == b"A: 1\r\nb: new\r\nC: 3\r\n"


def test_what_was_not_there_is_put_at_the_end() -> None:
    header = Header.parse(b"A: 1\r\n")

    assert bytes(header.with_replaced(structured_field("B", "2"))) == b"A: 1\r\nB: 2\r\n"
    assert bytes(header.with_added(structured_field("A", "2"))) == b"A: 1\r\nA: 2\r\n"


@each_row("make", [text_field, structured_field])
@each_row("value", ["a\r\nBcc: b@example.org", "a\nb", "a\rb", "a\0b", "a\tb", "a\x85b", "a\u2028b", "\udcff"])
def test_no_value_can_smuggle_in_another_field(make: Callable[[str, str], Field], value: str) -> None:
    with pytest.raises(HeaderError, match="control character"):
        make("Subject", value)


def test_no_display_name_can_smuggle_in_another_field() -> None:
    with pytest.raises(HeaderError) as caught:
        address_field("From", [NamedMailbox(mailbox=ANNA, name="x\r\nBcc: y")])

    assert str(caught.value) == "From: character 2 is a control character, which no header field can hold"


@each_row("name", ["", "Sub ject", "Subject:", "Süb", "A\r\nB"])
def test_a_name_must_be_one(name: str) -> None:
    with pytest.raises(HeaderError, match="is no name of a header field"):
        structured_field(name, "x")


def test_text_beyond_ascii_is_encoded() -> None:
    assert text_field("Subject", "Grüße").raw == b"Subject: =?utf-8?B?R3LDvMOfZQ==?=\r\n"


@each_row(
    ("named", "expected"),
    [
        (NamedMailbox(mailbox=ANNA), b"From: anna@example.org\r\n"),
        (NamedMailbox(mailbox=ANNA, name="Anna Lee"), b"From: Anna Lee <anna@example.org>\r\n"),
        (NamedMailbox(mailbox=ANNA, name="Lee, Anna"), b'From: "Lee, Anna" <anna@example.org>\r\n'),
        (NamedMailbox(mailbox=ANNA, name="=?x?="), b'From: "=?x?=" <anna@example.org>\r\n'),
        (NamedMailbox(mailbox=ANNA, name="Änne"), b"From: =?utf-8?B?w4RubmU=?= <anna@example.org>\r\n"),
        (
            NamedMailbox(mailbox=Mailbox.parse("änne@example.org")),
            "From: änne@example.org\r\n".encode(),
        ),
    ],
)
def test_display_names_are_quoted_or_encoded_as_needed(named: NamedMailbox, expected: bytes) -> None:
    assert address_field("From", [named]).raw == expected


def test_several_addresses_are_folded_at_the_blanks_between_them() -> None:
    raw = address_field("Reply-To", [NamedMailbox(mailbox=ANNA)] * 5).raw

    assert raw == (
        b"Reply-To: anna@example.org, anna@example.org, anna@example.org,\r\n anna@example.org, anna@example.org\r\n"
    )


def test_a_word_that_fits_no_line_is_refused() -> None:
    structured_field("Message-ID", "x" * 900)

    with pytest.raises(HeaderError) as caught:
        structured_field("Message-ID", "x" * 990)

    assert str(caught.value) == "Message-ID: a word is longer than the 998 octets that a line can have"


def test_an_empty_value_is_a_field_all_the_same() -> None:
    assert text_field("Subject", "").raw == b"Subject:\r\n"


@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Zl", "Zp"]), max_size=300))
def test_what_is_written_as_text_is_read_as_the_same_text(text: str) -> None:
    field = text_field("Subject", text)

    assert Header.parse(field.raw).text("subject") == text.strip(" ")
    assert all(len(line) <= 998 for line in field.raw.split(b"\r\n"))
