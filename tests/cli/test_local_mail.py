from maild.cli.local_mail import (
    is_local_user,
    names_local_recipients,
    with_full_recipients,
    without_local_originators,
)
from maild.mail.address import Mailbox
from maild.mail.header import Header
from tests.rows import each_row

ADMIN = Mailbox.parse("admin@example.com")


def header(text: str) -> Header:
    return Header.parse(text.encode())


@each_row(
    ("text", "is_one"),
    [
        ("root", True),
        ("www-data", True),
        (" _apt ", True),
        ("a@b", False),
        ("", False),
        ("root,bin", False),
        ("ä", False),
    ],
)
def test_a_user_is_a_bare_name(text: str, *, is_one: bool) -> None:
    assert is_local_user(text) is is_one


@each_row(
    ("line", "expected"),
    [
        ("To: root\r\n", "To: admin@example.com\r\n"),
        ("to : Charlie Root <root>\r\n", "To: admin@example.com\r\n"),
        ("CC: root, postgres,\r\n ann@x.example\r\n", "Cc: admin@example.com, ann@x.example\r\n"),
        ('To: "Root, the" <root>\r\n', "To: admin@example.com\r\n"),
        ('To: "a, b" <ann@x.example>, root\r\n', 'To: "a, b" <ann@x.example>, admin@example.com\r\n'),
        (
            "To: root, " + ", ".join(f"{number}@x.example" for number in range(9)) + "\r\n",
            "To: admin@example.com,\r\n " + ",\r\n ".join(f"{number}@x.example" for number in range(9)) + "\r\n",
        ),
        ("To: ann@x.example\r\n", None),
        ("To: two words\r\n", None),
        ("Subject: root\r\n", None),
    ],
)
def test_local_recipients_are_replaced_and_nothing_else(line: str, expected: str | None) -> None:
    assert names_local_recipients(header(line)) is (expected is not None)
    assert bytes(with_full_recipients(header(line), ADMIN)).decode() == (expected or line)


@each_row(
    "line",
    [
        "From: root (Cron Daemon)\r\n",
        'From: "(Cron Daemon)" <root>\r\n',
        "from: root\r\n",
        "Sender: root\r\n",
        "Reply-To: www-data\r\n",
    ],
)
def test_an_originator_without_a_domain_goes(line: str) -> None:
    assert bytes(without_local_originators(header(f"X: 1\r\n{line}"))) == b"X: 1\r\n"


def test_every_other_originator_stays_as_it_is() -> None:
    kept = header('From: "root" <root@host.example>\r\nReply-To: a b c\r\nTo: root\r\n')

    assert without_local_originators(kept) == kept
