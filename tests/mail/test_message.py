import re
from datetime import UTC, datetime, timedelta, timezone
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maild.mail.header import Header
from maild.mail.message import (
    MAX_HEAD_BYTES,
    MAX_RECIPIENTS,
    LineEnds,
    MessageError,
    MessageProblem,
    begins_with_field,
    finish_header,
    recipients_of,
    sender_domain_of,
    split_message,
    with_crlf,
)
from tests.rows import each_row

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


def recipients(head: bytes) -> list[str]:
    return [str(mailbox) for mailbox in recipients_of(Header.parse(head))]


def problem_of(data: bytes) -> tuple[MessageProblem, str]:
    with pytest.raises(MessageError) as caught:
        split_message(data)
    return caught.value.problem, str(caught.value)


# ---------------------------------------------------------------------- splitting


@pytest.mark.parametrize("end", [b"\r\n", b"\n", b"\r"])
def test_header_and_body_are_told_apart_whatever_the_line_ends(end: bytes) -> None:
    split = split_message(b"A: 1" + end + b"B: 2" + end + end + b"body" + end + end)

    assert bytes(split.header) == b"A: 1\r\nB: 2\r\n"
    assert split.rest == b"body" + end + end
    assert split.has_blank_line


@pytest.mark.parametrize("data", [b"A: 1\nB: 2", b"A: 1\nB: 2\r\n"])
def test_a_message_without_a_body_is_one_and_shows_it(data: bytes) -> None:
    split = split_message(data)

    assert (bytes(split.header), split.rest, split.has_blank_line) == (b"A: 1\r\nB: 2\r\n", b"", False)


@pytest.mark.parametrize(
    "data",
    [
        b"\xef\xbb\xbfA: 1\n\nbody",
        b"From anna@example.org Sun Mar  1 12:00:00 2026\nA: 1\n\nbody",
    ],
)
def test_a_byte_order_mark_and_an_mbox_line_are_left_away(data: bytes) -> None:
    assert bytes(split_message(data).header) == b"A: 1\r\n"


def test_a_from_field_in_obsolete_syntax_is_no_mbox_line() -> None:
    assert bytes(split_message(b"From : anna@example.org\n\n").header) == b"From : anna@example.org\r\n"


@each_row(
    ("data", "problem", "detail"),
    [
        (b"", MessageProblem.EMPTY, "the file is empty"),
        (b"\xef\xbb\xbf", MessageProblem.EMPTY, "the file is empty"),
        (
            b"Dear Anna,\nhow are you?\n\nYours\n",
            MessageProblem.NO_HEADER,
            "it does not begin with a mail header: line 1 is no header field: a field begins with its name and a colon",
        ),
        (
            b"\nA: 1\n\nbody",
            MessageProblem.NO_HEADER,
            "it does not begin with a mail header: line 1 is no header field: a field begins with its name and a colon",
        ),
        (
            b"From me",
            MessageProblem.NO_HEADER,
            "it does not begin with a mail header: line 1 is no header field: a field begins with its name and a colon",
        ),
        (
            b"A: " + b"x" * MAX_HEAD_BYTES + b"\n\nbody",
            MessageProblem.HEADER_TOO_LARGE,
            "there is no blank line within the first 512 KiB, so the header never ends",
        ),
    ],
)
def test_what_is_no_message_is_said(data: bytes, problem: MessageProblem, detail: str) -> None:
    assert problem_of(data) == (problem, detail)


def test_a_header_of_just_the_limit_is_taken() -> None:
    fields = b"A: " + b"x" * (MAX_HEAD_BYTES - 3)

    assert bytes(split_message(fields + b"\r\n\r\nbody").header) == fields + b"\r\n"
    assert problem_of(fields + b"x\r\n\r\nbody")[0] is MessageProblem.HEADER_TOO_LARGE


def test_nul_is_refused_in_the_header_and_says_what_it_looks_like() -> None:
    problem, detail = problem_of("Subject: x\n\n".encode("utf-16-le"))

    assert problem is MessageProblem.NUL
    assert "UTF-16" in detail


# ---------------------------------------------------------------------- line ends


@given(st.lists(st.binary(max_size=20).map(lambda data: data.replace(b"\0", b""))))
def test_chunks_make_no_difference_and_every_line_ends_in_crlf(chunks: list[bytes]) -> None:
    ends = LineEnds()
    whole = b"".join(chunks)

    fixed = b"".join(ends.feed(chunk) for chunk in chunks) + ends.finish()

    expected = re.sub(rb"\r\n|\r|\n", b"\r\n", whole)
    assert fixed == expected + (b"\r\n" if expected and not expected.endswith(b"\r\n") else b"")
    assert ends.has_bare_cr == (re.search(rb"\r(?!\n)", whole) is not None)


@each_row(
    ("chunks", "expected"),
    [
        ([b"a\r", b"\nb"], b"a\r\nb\r\n"),
        ([b"a\r", b"", b"\r", b"b\r"], b"a\r\n\r\nb\r\n"),
        ([b"a\r\n"], b"a\r\n"),
        ([], b""),
    ],
)
def test_a_cr_at_the_end_of_a_chunk_waits_for_what_follows(chunks: list[bytes], expected: bytes) -> None:
    ends = LineEnds()

    assert b"".join(ends.feed(chunk) for chunk in chunks) + ends.finish() == expected


@given(st.binary())
def test_making_crlf_twice_is_making_it_once(data: bytes) -> None:
    assert with_crlf(with_crlf(data)) == with_crlf(data)


@given(st.lists(st.binary(max_size=20).map(lambda data: re.sub(rb"[\r\n\0]", b"", data))))
def test_data_in_wire_form_keeps_every_byte(lines: list[bytes]) -> None:
    data = b"".join(line + b"\r\n" for line in lines)

    assert LineEnds().feed(data) + b"" == data
    assert with_crlf(data) is data


def test_nul_is_refused_in_the_body() -> None:
    with pytest.raises(MessageError) as caught:
        LineEnds().feed(b"abc\0")

    assert caught.value.problem is MessageProblem.NUL


# ---------------------------------------------------------------------- recipients


@each_row(
    ("head", "expected"),
    [
        (b"To: a@x.org, b@x.org\r\ncc: c@x.org\r\nBCC: d@x.org\r\n", ["a@x.org", "b@x.org", "c@x.org", "d@x.org"]),
        (b"To: A <a@x.org>\r\nTo: a@X.ORG,\r\n b@x.org\r\n", ["a@x.org", "b@x.org"]),
        (b"To: friends: a@x.org, b@x.org;\r\n", ["a@x.org", "b@x.org"]),
        (b"To: undisclosed-recipients:;\r\nBcc: a@x.org\r\n", ["a@x.org"]),
        (b"Resent-To: r@x.org\r\nTo: a@x.org\r\nCc: b@x.org\r\n", ["r@x.org"]),
        (b"Resent-Bcc: r@x.org\r\nRESENT-CC: s@x.org\r\nTo: a@x.org\r\n", ["s@x.org", "r@x.org"]),
        (
            b"Resent-From: f@x\r\nResent-To: new@x.org\r\nResent-From: g@x\r\nResent-To: old@x.org\r\nTo: a@x.org\r\n",
            ["new@x.org"],
        ),
        (b"Resent-From: f@x.org\r\nTo: a@x.org\r\n", ["a@x.org"]),
        ("To: Jürgen <jürgen@x.org>\r\n".encode(), ["jürgen@x.org"]),
        ("To: Jürgen <j@x.org>\r\n".encode("latin-1"), ["j@x.org"]),
    ],
)
def test_recipients_come_from_the_header(head: bytes, expected: list[str]) -> None:
    assert recipients(head) == expected


@each_row(
    ("head", "problem"),
    [
        (b"Subject: x\r\n", MessageProblem.NO_RECIPIENTS),
        (b"To:\r\nCc: undisclosed-recipients:;\r\n", MessageProblem.NO_RECIPIENTS),
        (b"To: a@x.org, nobody\r\n", MessageProblem.BAD_RECIPIENT),
        ("To: jürgen@x.org\r\n".encode("latin-1"), MessageProblem.BAD_RECIPIENT),
        (
            b"To: " + b",\r\n ".join(b"a%d@x.org" % n for n in range(MAX_RECIPIENTS + 1)) + b"\r\n",
            MessageProblem.TOO_MANY_RECIPIENTS,
        ),
    ],
)
def test_a_header_that_names_nobody_readable_is_refused(head: bytes, problem: MessageProblem) -> None:
    with pytest.raises(MessageError) as caught:
        recipients(head)

    assert caught.value.problem is problem


@each_row(
    ("head", "expected"),
    [
        (b"From: A <a@Shop.example>\r\n", "shop.example"),
        (b"From: nobody\r\nFrom: b@x.org\r\n", "x.org"),
        (b"From:\r\n", None),
        (b"To: a@x.org\r\n", None),
    ],
)
def test_the_senders_domain_is_that_of_the_first_readable_from(head: bytes, expected: str | None) -> None:
    assert sender_domain_of(Header.parse(head)) == expected


# ---------------------------------------------------------------------- finishing


def test_bcc_never_leaves_whatever_its_case_folding_and_number() -> None:
    header = Header.parse(
        b"Date: x\r\nBCC: a@x.org,\r\n\tb@x.org\r\nMessage-ID: <1@x>\r\nbcc:\r\nResent-Bcc : c@x.org\r\nTo: d@x.org\r\n"
    )

    finished = finish_header(header, now=NOW, message_id="<new@x>")

    assert finished.head == b"Date: x\r\nMessage-ID: <1@x>\r\nTo: d@x.org\r\n"
    assert finished.message_id == "<1@x>"


@pytest.mark.parametrize("head", [b"To: d@x.org\r\n", b"To: d@x.org\r\nDate:\r\nMessage-ID: \r\n"])
def test_date_and_message_id_are_added_where_they_are_missing_or_empty(head: bytes) -> None:
    finished = finish_header(Header.parse(head), now=NOW, message_id="<new@x>")

    assert finished.head == (b"To: d@x.org\r\nDate: Sun, 01 Mar 2026 12:00:00 +0000\r\nMessage-ID: <new@x>\r\n")
    assert finished.message_id == "<new@x>"


@given(st.datetimes(timezones=st.sampled_from([UTC, timezone(timedelta(hours=2)), timezone(-timedelta(minutes=90))])))
def test_a_date_is_written_as_the_library_writes_it(now: datetime) -> None:
    finished = finish_header(Header.parse(b"Message-ID: <1@x>\r\n"), now=now, message_id="<new@x>")

    assert finished.head == f"Message-ID: <1@x>\r\nDate: {format_datetime(now)}\r\n".encode()


def test_a_message_id_is_shown_without_control_characters() -> None:
    header = Header.parse(b"Date: x\r\nMessage-ID: <a\x1b[31m@x>\r\n")

    finished = finish_header(header, now=NOW, message_id="<new@x>")

    assert finished.message_id == "<a\ufffd[31m@x>"
    assert finished.head == bytes(header)


@each_row(
    ("data", "expected"),
    [(b"To: a", True), (b"\xef\xbb\xbfX-A : b", True), (b"Hello there: you", False), (b"", False), (b"\nTo: a", False)],
)
def test_a_header_is_recognised_by_its_first_line(data: bytes, expected: bool) -> None:  # noqa: FBT001
    assert begins_with_field(data) is expected
