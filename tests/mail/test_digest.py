import email
from datetime import UTC, datetime
from email import policy

from maild.mail.address import Mailbox
from maild.mail.digest import Digest, DigestEntry, compose_digest
from maild.mail.header import Header

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
ANNA = Mailbox.parse("anna@example.org")


def digest(*words: str) -> Digest:
    entries = [DigestEntry(message="01AB", mailbox=ANNA, action="failed", words=text) for text in words]
    return Digest(reporter="mail.example.com", entries=entries, per_hour=20, author=None, to=ANNA)


def test_a_digest_names_each_message_and_why() -> None:
    written = compose_digest(digest("no such user", "mailbox full"), now=NOON, serial="s1")

    assert Header.parse(written.head).text("subject") == "2 reports about mail from mail.example.com"
    assert written.head.endswith(b"MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n")
    assert written.message_id == "<s1@mail.example.com>"
    assert written.body.decode().split("\r\n")[5:] == [
        "01AB  failed  anna@example.org: no such user",
        "01AB  failed  anna@example.org: mailbox full",
        "",
    ]


def test_a_digest_has_an_end() -> None:
    written = compose_digest(digest(*map(str, range(1000))), now=NOON, serial="s1")

    assert len(written.body) < 20_000
    assert written.body.endswith(b"and 800 more\r\n")


def test_a_servers_words_in_another_script_arrive() -> None:
    written = compose_digest(digest("Postfach voll: größer geht's nicht\r\n.\r\nMAIL FROM:<>"), now=NOON, serial="s1")

    message = email.message_from_bytes(written.head + b"\r\n" + written.body, policy=policy.default)
    assert written.body.isascii()
    assert "größer geht's nicht . MAIL FROM:<>" in message.get_content()
