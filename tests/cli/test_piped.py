import io

import pytest

from maild.cli.piped import read_message, with_full_addresses, with_header
from maild.errors import PermanentError, UsageError
from maild.mail.address import Mailbox
from maild.spool.queue import AccountSender
from tests.rows import each_row

ANN = Mailbox.parse("ann@customer.example")
SHOP = Mailbox.parse("shop@shop.example")
ADMIN = Mailbox.parse("admin@example.com")


def test_a_lone_dot_ends_the_message_where_it_does() -> None:
    data = b"a: b\n\n.\r\nmore\n."

    assert read_message(io.BytesIO(data), dot_ends=True) == b"a: b\n\n"
    assert read_message(io.BytesIO(data), dot_ends=False) == data


def test_an_endless_line_has_an_end() -> None:
    with pytest.raises(PermanentError, match="larger than 1 KiB"):
        read_message(io.BytesIO(b"x" * 5000), dot_ends=True, limit=1024)


@each_row(
    ("content", "expected"),
    [
        (b"done\n", b"To: ann@customer.example\r\nFrom: My Shop <shop@shop.example>\r\n\r\ndone\n"),
        (b"\ndone\n", b"To: ann@customer.example\r\nFrom: My Shop <shop@shop.example>\r\n\ndone\n"),
        (b"a: b\n\nx\n", b"From: My Shop <shop@shop.example>\r\na: b\n\nx\n"),
        (b"From x Mon\na: b\n\nx\n", b"From x Mon\nFrom: My Shop <shop@shop.example>\r\na: b\n\nx\n"),
        (b"From: me@b.example\n\nx\n", b"From: me@b.example\n\nx\n"),
    ],
)
def test_what_a_caller_need_not_write_is_added(content: bytes, expected: bytes) -> None:
    assert with_header(content, (ANN,), SHOP, "My Shop") == expected


def test_a_message_without_a_named_sender_is_left_alone() -> None:
    assert with_header(b"a: b\n\nx\n", (ANN,), AccountSender(), "My Shop") == b"a: b\n\nx\n"


def test_a_name_that_would_make_two_fields_is_a_wrong_call() -> None:
    with pytest.raises(UsageError, match="-F: From: character 2 is a control character"):
        with_header(b"a: b\n\nx\n", (ANN,), SHOP, "x\nBcc: y@z.example")


@each_row(
    ("content", "expected"),
    [
        (b"no header\n", b"no header\n"),
        (b"From: a@b.example\nTo: ann@customer.example\n\nx\n", b"From: a@b.example\nTo: ann@customer.example\n\nx\n"),
        (b"From: root\nTo: root\n\nx\n", b"To: admin@example.com\r\n\r\nx\n"),
        (b"To: root\n", b"To: admin@example.com\r\n"),
    ],
)
def test_users_of_this_machine_get_full_addresses(content: bytes, expected: bytes) -> None:
    assert with_full_addresses(content, ADMIN) == expected


def test_without_a_place_for_them_they_stay() -> None:
    assert with_full_addresses(b"From: root\nTo: root\n\nx\n", None) == b"To: root\r\n\r\nx\n"
