import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maild.config.model import AuthMechanism
from maild.mail.address import Mailbox
from maild.mail.envelope import Envelope
from maild.net.smtp import Content
from maild.net.transcript import SmtpLines, current_tap, shown, transcribe
from tests.fakes.certificates import certificates
from tests.fakes.smtp_server import CAPABILITIES, CHUNKING, ScriptedSmtpServer
from tests.net.smtp.visit import ANNA, MESSAGE, SENDER, USERS, Visit


async def no_books(recipients: tuple[Mailbox, ...]) -> None:
    del recipients


def lines_of(capabilities: tuple[str, ...], auth: AuthMechanism = AuthMechanism.PLAIN) -> list[str]:
    """What is told of a whole conversation."""
    lines: list[str] = []
    peer = ScriptedSmtpServer(
        tls="starttls",
        certificate=certificates().good,
        users=USERS,
        capabilities=capabilities,
        mechanisms=("PLAIN", "CRAM-MD5"),
    )

    async def scenario() -> None:
        async with peer:
            session = await Visit(peer=peer, auth=auth, local_hostname="me.example").open()
            envelope = Envelope(sender=SENDER, recipients=(ANNA,))
            await session.send(envelope, Content.of(MESSAGE), before_dot=no_books)
            await session.quit()

    with transcribe(lines.append):
        asyncio.run(scenario())
    return lines


SIZE = len(MESSAGE)


def test_a_conversation_is_told_line_by_line_without_password_and_message() -> None:
    lines = lines_of(CAPABILITIES)

    assert lines[:3] == ["S: 220 mail.test ESMTP", "C: EHLO me.example", "S: 250-mail.test at your service"]
    assert "C: STARTTLS" in lines
    at = lines.index("C: AUTH PLAIN ••••")
    assert lines[at + 1 : at + 7] == [
        "S: 235 2.7.0 welcome",
        f"C: MAIL FROM:<sender@example.test> SIZE={SIZE}",
        "C: RCPT TO:<anna@example.test>",
        "C: DATA",
        "S: 250 2.1.0 ok",
        "S: 250 2.1.5 ok",
    ]
    assert lines[-4].startswith("C: (")
    assert lines[-4].endswith("octets of the message and its final dot)")
    assert lines[-3:] == ["S: 250 2.0.0 taken", "C: QUIT", "S: 221 2.0.0 bye"]


def test_a_message_in_a_chunk_is_left_out_as_well() -> None:
    lines = lines_of(CHUNKING)

    assert f"C: ({SIZE} octets of the message)" in lines
    assert not any("dot first" in line for line in lines)


def test_challenges_and_responses_are_hidden() -> None:
    lines = lines_of(CAPABILITIES, AuthMechanism.CRAM_MD5)

    at = lines.index("C: AUTH CRAM-MD5")
    assert lines[at + 1 : at + 4] == ["S: 334 ••••", "C: ••••", "S: 235 2.7.0 welcome"]


def test_nobody_listens_unasked() -> None:
    assert current_tap() is None


@pytest.mark.parametrize(("text", "safe"), [(b"a\x1b[31m", "a\ufffd[31m"), ("x" * 600, "x" * 500)])
def test_a_line_can_be_printed(text: bytes | str, safe: str) -> None:
    assert shown(text) == safe


@given(st.lists(st.integers(1, 9), min_size=1), st.binary(max_size=30))
def test_how_the_octets_are_cut_makes_no_difference(sizes: list[int], body: bytes) -> None:
    data = b"MAIL FROM:<>\r\nBDAT %d LAST\r\n%bRSET\r\n" % (len(body), body)
    whole: list[str] = []
    cut: list[str] = []
    SmtpLines(whole.append).sent(data)
    lines, at = SmtpLines(cut.append), 0
    for size in (*sizes, len(data)):
        lines.sent(data[at : at + size])
        at += size

    assert (
        cut
        == whole
        == ["C: MAIL FROM:<>", f"C: BDAT {len(body)} LAST", f"C: ({len(body)} octets of the message)", "C: RSET"]
    )


def test_a_final_dot_in_a_write_of_its_own_ends_the_message() -> None:
    told: list[str] = []
    lines = SmtpLines(told.append)
    lines.sent(b"DATA\r\n")
    lines.heard(b"354 go")
    lines.heard(b" ahead\r\n")
    for piece in (b"one\r\n", b".", b"\r\n"):
        lines.sent(piece)
    lines.sent(b"QUIT\r\n")

    assert told == ["C: DATA", "S: 354 go ahead", "C: (8 octets of the message and its final dot)", "C: QUIT"]
