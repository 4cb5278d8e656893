import asyncio
from base64 import encodebytes
from collections.abc import Awaitable, Callable
from email import message_from_bytes
from email.message import Message
from pathlib import Path
from typing import Literal

import pytest

from maild.mail.address import Mailbox
from maild.mail.envelope import Envelope
from maild.mail.phase import Phase
from maild.mail.reply import Reply
from maild.net.smtp import Accepted, Answer, Broken, Content, Refused, SmtpSession, Timeouts
from maild.net.smtp.session import GAMBLE_S
from maild.net.step import NetError, Reason
from tests.fakes.certificates import certificates
from tests.fakes.smtp_server import CAPABILITIES, CHUNKING, STEPWISE, ScriptedSmtpServer, Transaction
from tests.net.smtp.visit import ANNA, BERT, CLEO, IMPATIENT, MESSAGE, SENDER, USERS, Visit
from tests.rows import each_row

Scenario = Callable[[Visit, SmtpSession], Awaitable[None]]


def on_session(peer: ScriptedSmtpServer, scenario: Scenario, timeouts: Timeouts | None = None) -> Visit:
    """Run a scenario on an open session; no connection may be left in the end."""

    async def run() -> Visit:
        async with peer:
            visit = Visit(peer=peer, username=None, timeouts=timeouts or Timeouts())
            session = await visit.open()
            await scenario(visit, session)
            await session.quit()
            if peer.stops_reading_after is None:  # who does not read does not see that we are gone
                await peer.until(lambda: not peer.open_connections)
            return visit

    return asyncio.run(run())


def answers_of(
    peer: ScriptedSmtpServer, *recipients: Mailbox, message: bytes = MESSAGE, timeouts: Timeouts | None = None
) -> tuple[list[Answer], bool, Visit]:
    """The answers to one message, and whether the session was usable afterwards."""
    answers: list[Answer] = []
    usable: list[bool] = []

    async def scenario(visit: Visit, session: SmtpSession) -> None:
        answers.extend(await visit.send(session, *recipients, message=message))
        usable.append(session.is_usable)

    visit = on_session(peer, scenario, timeouts)
    return answers, usable[0], visit


def broken(answer: Answer) -> tuple[Phase, Reason, bool]:
    assert isinstance(answer, Broken)
    return answer.error.phase, answer.error.reason, answer.is_uncertain


def reply(code: int, text: str) -> Reply:
    return Reply.of(code, text)


def refusing(*texts: str, code: int = 550) -> Callable[[str], str | None]:
    """Refuse the commands that hold one of these."""
    return lambda line: f"{code} 5.1.1 no" if any(text in line for text in texts) else None


WAYS = pytest.mark.parametrize("ways", [STEPWISE, CAPABILITIES, CHUNKING, (*STEPWISE, "CHUNKING")])
"""What a server offers decides how a message travels; what becomes of it must not depend on that."""


@WAYS
def test_a_message_arrives_byte_for_byte(ways: tuple[str, ...]) -> None:
    peer = ScriptedSmtpServer(capabilities=ways)

    answers, is_usable, visit = answers_of(peer, ANNA, BERT)

    assert answers == [Accepted(reply=reply(250, "2.0.0 taken"))] * 2
    assert is_usable
    assert visit.dots == [(ANNA, BERT)]
    assert peer.transactions == [
        Transaction(
            sender="sender@example.test",
            recipients=("anna@example.test", "bert@example.test"),
            data=MESSAGE,
            mail_parameters=(f"SIZE={len(MESSAGE)}",),
        )
    ]


@each_row(
    "message",
    [
        b"",
        b".",
        b".\r\n",
        b"..\r\n.\r\n...\r\n",
        b"Subject: x\r\n\r\nno line end",
        b"\r\n.\r\n.\r\n",
        b"Subject: x\r\n\r\n" + b"long" * 50_000,
        b"Subject: x\r\n\r\n" + b".line\r\n" * 60_000,
        "Subject: x\r\n\r\nGrüße\r\n".encode(),
        b"Subject: x\r\n\r\n\xff\x00\xfe\r\n",
    ],
)
@each_row("ways", [CAPABILITIES, CHUNKING])
def test_messages_of_every_shape_arrive_byte_for_byte(message: bytes, ways: tuple[str, ...]) -> None:
    peer = ScriptedSmtpServer(capabilities=ways)

    answers, is_usable, _ = answers_of(peer, ANNA, message=message)

    assert isinstance(answers[0], Accepted)
    assert is_usable
    ended = message if not message or message.endswith(b"\r\n") else message + b"\r\n"
    assert [transaction.data for transaction in peer.transactions] == [ended]


@pytest.mark.parametrize("sent", [1, 0])
def test_a_message_that_requires_tls_goes_to_a_server_that_is_known_and_promises_it(sent: int) -> None:
    peer = ScriptedSmtpServer(
        tls="implicit", certificate=certificates().good, users=USERS, capabilities=(*CAPABILITIES, "REQUIRETLS")
    )

    async def scenario() -> Answer:
        async with peer:
            session = await Visit(peer=peer, verify=sent == 1).open()
            envelope = Envelope(sender=SENDER, recipients=(ANNA,), requires_tls=True)
            answers = await session.send(envelope, Content.of(MESSAGE), before_dot=_no_books)
            await session.quit()
            return answers[ANNA]

    answer = asyncio.run(scenario())

    assert isinstance(answer, Accepted) is (sent == 1)
    assert ["REQUIRETLS" in one.mail_parameters for one in peer.transactions] == [True] * sent


async def _no_books(recipients: tuple[Mailbox, ...]) -> None:
    del recipients


@WAYS
def test_a_session_carries_many_messages(ways: tuple[str, ...]) -> None:
    async def scenario(visit: Visit, session: SmtpSession) -> None:
        for _ in range(3):
            peer.transactions.clear()
            assert [type(one) for one in await visit.send(session, ANNA)] == [Accepted]
            assert len(peer.transactions) == 1

    peer = ScriptedSmtpServer(capabilities=ways)
    on_session(peer, scenario)

    assert peer.connections == 1
    assert "RSET" not in peer.verbs()


def test_the_null_sender_is_empty_brackets() -> None:
    async def scenario(visit: Visit, session: SmtpSession) -> None:
        envelope = Envelope(sender=None, recipients=(ANNA,))
        await session.send(envelope, Content.of(MESSAGE), before_dot=visit.before_dot)

    peer = ScriptedSmtpServer(capabilities=())
    on_session(peer, scenario)

    assert peer.commands[1] == "MAIL FROM:<>"


@WAYS
def test_a_refused_recipient_does_not_stop_the_others(ways: tuple[str, ...]) -> None:
    peer = ScriptedSmtpServer(replies={"RCPT": refusing("bert")}, capabilities=ways)

    answers, is_usable, visit = answers_of(peer, ANNA, BERT, CLEO)

    taken = Accepted(reply=reply(250, "2.0.0 taken"))
    assert answers == [taken, Refused(phase=Phase.RCPT, reply=reply(550, "5.1.1 no")), taken]
    # What travels all at once may reach anybody until the replies are there.
    assert visit.dots == [(ANNA, BERT, CLEO) if ways == CHUNKING else (ANNA, CLEO)]
    assert is_usable


@WAYS
def test_a_refused_recipient_stays_refused_when_the_message_is_put_off(ways: tuple[str, ...]) -> None:
    peer = ScriptedSmtpServer(replies={"RCPT": refusing("bert"), ".": "451 4.3.0 later"}, capabilities=ways)

    answers, is_usable, _ = answers_of(peer, ANNA, BERT)

    assert answers == [
        Refused(phase=Phase.BODY, reply=reply(451, "4.3.0 later")),
        Refused(phase=Phase.RCPT, reply=reply(550, "5.1.1 no")),
    ]
    assert is_usable
    assert peer.verbs()[-2:] == ["RSET", "QUIT"]


@each_row(
    ("ways", "verbs"), [(STEPWISE, []), (CAPABILITIES, ["DATA"]), ((*STEPWISE, "CHUNKING"), []), (CHUNKING, ["BDAT"])]
)
def test_no_message_is_left_with_a_server_that_accepted_nobody(ways: tuple[str, ...], verbs: list[str]) -> None:
    peer = ScriptedSmtpServer(replies={"RCPT": refusing("anna", "bert")}, capabilities=ways)

    answers, is_usable, visit = answers_of(peer, ANNA, BERT)

    assert answers == [Refused(phase=Phase.RCPT, reply=reply(550, "5.1.1 no"))] * 2
    assert (is_usable, visit.dots) == (True, [(ANNA, BERT)] if ways == CHUNKING else [])
    assert peer.verbs() == ["EHLO", "MAIL", "RCPT", "RCPT", *verbs, "RSET", "QUIT"]


def test_a_go_on_although_nobody_was_accepted_gets_a_lone_dot() -> None:
    peer = ScriptedSmtpServer(replies={"RCPT": refusing("anna")}, wants_data_for_nobody=True)

    answers, is_usable, visit = answers_of(peer, ANNA)

    assert answers == [Refused(phase=Phase.RCPT, reply=reply(550, "5.1.1 no"))]
    assert (is_usable, visit.dots, peer.transactions) == (True, [], [])
    assert peer.verbs() == ["EHLO", "MAIL", "RCPT", "DATA", ".", "RSET", "QUIT"]


@pytest.mark.parametrize(("verb", "phase"), [("MAIL", Phase.MAIL), ("DATA", Phase.DATA), (".", Phase.BODY)])
@pytest.mark.parametrize("text", ["452 4.2.2 full", "552 5.3.4 too big"])
@WAYS
def test_a_refusal_leaves_the_session_usable_after_rset(
    verb: str, phase: Phase, text: str, ways: tuple[str, ...]
) -> None:
    if verb == "DATA" and "CHUNKING" in ways:
        verb, phase = "BDAT", Phase.BODY
    peer = ScriptedSmtpServer(replies={verb: text}, capabilities=ways)

    answers, is_usable, _ = answers_of(peer, ANNA, BERT)

    assert answers == [Refused(phase=phase, reply=reply(int(text[:3]), text[4:]))] * 2
    assert is_usable
    assert peer.verbs()[-2:] == ["RSET", "QUIT"]


@WAYS
def test_the_next_message_goes_through_after_a_refusal(ways: tuple[str, ...]) -> None:
    async def scenario(visit: Visit, session: SmtpSession) -> None:
        assert [type(one) for one in await visit.send(session, BERT)] == [Refused]
        assert [type(one) for one in await visit.send(session, ANNA)] == [Accepted]

    on_session(ScriptedSmtpServer(replies={"RCPT": refusing("bert")}, capabilities=ways), scenario)


@each_row(
    ("verb", "ways"),
    [
        *((verb, ways) for verb in ("MAIL", "RCPT", "DATA", ".") for ways in (STEPWISE, CAPABILITIES)),
        *((verb, CHUNKING) for verb in ("MAIL", "RCPT", ".")),
    ],
)
def test_a_421_refuses_everybody_and_ends_the_session(verb: str, ways: tuple[str, ...]) -> None:
    peer = ScriptedSmtpServer(
        replies={verb: lambda line: None if "anna" in line else "421 4.3.2 bye"}, capabilities=ways
    )

    answers, is_usable, _ = answers_of(peer, ANNA, BERT)

    phase = {"MAIL": Phase.MAIL, "RCPT": Phase.RCPT, "DATA": Phase.DATA, ".": Phase.BODY}[verb]
    assert answers == [Refused(phase=phase, reply=reply(421, "4.3.2 bye"))] * 2
    assert not is_usable
    assert "QUIT" not in peer.verbs()


def test_a_failing_rset_ends_the_session_but_no_answer() -> None:
    peer = ScriptedSmtpServer(replies={"MAIL": "550 5.7.1 no", "RSET": "500 what"})

    answers, is_usable, _ = answers_of(peer)

    assert answers == [Refused(phase=Phase.MAIL, reply=reply(550, "5.7.1 no"))]
    assert not is_usable


def test_a_connection_lost_at_rset_loses_no_answer() -> None:
    answers, is_usable, _ = answers_of(
        ScriptedSmtpServer(replies={"MAIL": "550 5.7.1 no"}, drop_at=frozenset({"RSET"}))
    )

    assert answers == [Refused(phase=Phase.MAIL, reply=reply(550, "5.7.1 no"))]
    assert not is_usable


@each_row(
    ("verb", "phase", "is_uncertain"),
    [
        ("MAIL", Phase.MAIL, False),
        ("RCPT", Phase.RCPT, False),
        ("DATA", Phase.DATA, False),
        (".", Phase.BODY, True),
    ],
)
@each_row("ways", [STEPWISE, CAPABILITIES])
def test_a_lost_or_silent_connection_is_uncertain_only_after_the_dot(
    verb: str, phase: Phase, ways: tuple[str, ...], *, is_uncertain: bool
) -> None:
    lost, is_usable, _ = answers_of(ScriptedSmtpServer(drop_at=frozenset({verb}), capabilities=ways))
    silent, is_still_usable, _ = answers_of(
        ScriptedSmtpServer(silent_at=frozenset({verb}), capabilities=ways), timeouts=IMPATIENT
    )

    assert broken(lost[0]) == (phase, Reason.LOST, is_uncertain)
    assert broken(silent[0]) == (phase, Reason.TIMEOUT, is_uncertain)
    assert not is_usable
    assert not is_still_usable


@each_row("verb", ["MAIL", "RCPT", "BDAT", "."])
def test_whatever_breaks_after_everything_was_sent_at_once_is_uncertain(verb: str) -> None:
    peer = ScriptedSmtpServer(drop_at=frozenset({verb}), capabilities=CHUNKING)

    answers, is_usable, _ = answers_of(peer)

    assert broken(answers[0]) == (Phase.BODY, Reason.LOST, True)
    assert not is_usable


def test_on_a_session_that_was_silent_for_long_a_lost_connection_is_certain() -> None:
    async def scenario(visit: Visit, session: SmtpSession) -> None:
        await visit.send(session, ANNA)
        visit.peer.transactions.clear()
        session._wire._heard_at -= GAMBLE_S
        visit.peer.drop_at = frozenset({"MAIL"})
        (answer,) = await visit.send(session, ANNA)
        assert broken(answer) == (Phase.MAIL, Reason.LOST, False)

    on_session(ScriptedSmtpServer(capabilities=CHUNKING), scenario)


@WAYS
def test_a_connection_lost_after_a_refused_recipient_keeps_that_refusal(ways: tuple[str, ...]) -> None:
    answers, _, _ = answers_of(
        ScriptedSmtpServer(replies={"RCPT": refusing("anna")}, drop_at=frozenset({"."}), capabilities=ways), ANNA, BERT
    )

    assert answers[0] == Refused(phase=Phase.RCPT, reply=reply(550, "5.1.1 no"))
    assert broken(answers[1]) == (Phase.BODY, Reason.LOST, True)


LINE = b"0123456789abcdef" * 4 + b"\r\n"
BLOCKS = b"Subject: several blocks\r\n\r\n" + LINE * 5_000
BIG = b"Subject: big\r\n\r\n" + LINE * 127_000  # far beyond what buffers on the way take


@pytest.mark.parametrize("ways", [CAPABILITIES, CHUNKING])
def test_a_connection_lost_in_the_middle_of_the_data_is_certain(ways: tuple[str, ...]) -> None:
    peer = ScriptedSmtpServer(stops_reading_after=4096, hangs_up_in_data=True, capabilities=ways)

    answers, is_usable, _ = answers_of(peer, message=BIG)

    assert broken(answers[0]) == (Phase.BODY, Reason.LOST, False)
    assert not is_usable


def test_a_server_that_stops_reading_is_certain_not_to_have_the_message() -> None:
    answers, _, _ = answers_of(ScriptedSmtpServer(stops_reading_after=4096), message=BIG, timeouts=IMPATIENT)

    assert broken(answers[0]) == (Phase.BODY, Reason.TIMEOUT, False)


@pytest.mark.parametrize("ways", [CAPABILITIES, CHUNKING])
def test_a_refusal_in_the_middle_of_the_data_is_heard(ways: tuple[str, ...]) -> None:
    peer = ScriptedSmtpServer(stops_reading_after=4096, refuses_in_data="552 5.3.4 too big", capabilities=ways)

    answers, is_usable, _ = answers_of(peer, message=BIG)

    assert answers == [Refused(phase=Phase.BODY, reply=reply(552, "5.3.4 too big"))]
    assert not is_usable  # half a message is on the wire and cannot be taken back


def test_an_acceptance_in_the_middle_of_the_data_is_not_believed() -> None:
    peer = ScriptedSmtpServer(stops_reading_after=4096, refuses_in_data="250 2.0.0 taken")

    answers, is_usable, _ = answers_of(peer, message=BIG)

    assert broken(answers[0]) == (Phase.BODY, Reason.PROTOCOL, False)
    assert not is_usable


def test_an_acceptance_sent_along_with_the_354_is_not_believed() -> None:
    answers, is_usable, visit = answers_of(ScriptedSmtpServer(after_data_command=b"250 2.0.0 taken\r\n"))

    assert broken(answers[0]) == (Phase.DATA, Reason.PROTOCOL, False)
    assert not is_usable
    assert visit.dots == []


@each_row("verb", ["MAIL", "RCPT", "DATA", "."])
@each_row("ways", [STEPWISE, CAPABILITIES, CHUNKING])
@each_row(
    "text",
    [
        b"nonsense\r\n",
        b"999 what\r\n",
        b"\xff\xfe\x00\r\n",
        b"12\r\n",
        b"334 go on\r\n",
        b"250 ok\r\n250 ok\r\n",
        b"250-" + b"x" * 9000 + b"\r\n",
        b"250-more\r\n" * 10_000,
    ],
)
def test_an_answer_that_makes_no_sense_ends_the_session(verb: str, text: bytes, ways: tuple[str, ...]) -> None:
    if verb == "DATA" and ways == CHUNKING:
        verb = "."
    answers, is_usable, _ = answers_of(ScriptedSmtpServer(replies={verb: text}, capabilities=ways))

    phase, reason, is_uncertain = broken(answers[0])
    assert (reason, is_uncertain) == (Reason.PROTOCOL, verb == "." or ways == CHUNKING)
    if ways == STEPWISE:
        # Where commands travel together, one reply too many is only found out at a later one.
        assert phase is {"MAIL": Phase.MAIL, "RCPT": Phase.RCPT, "DATA": Phase.DATA, ".": Phase.BODY}[verb]
    assert not is_usable


def test_a_yes_where_only_go_on_makes_sense_ends_the_session() -> None:
    answers, is_usable, _ = answers_of(ScriptedSmtpServer(replies={"DATA": "250 ok"}))

    assert broken(answers[0]) == (Phase.DATA, Reason.PROTOCOL, False)
    assert not is_usable


def test_answers_that_drip_byte_by_byte_are_answers() -> None:
    answers, is_usable, _ = answers_of(ScriptedSmtpServer(drip_s=0.0), ANNA, BERT)

    assert [type(one) for one in answers] == [Accepted, Accepted]
    assert is_usable


def test_a_message_beyond_the_advertised_size_is_not_begun() -> None:
    peer = ScriptedSmtpServer(capabilities=("SIZE 20",))

    answers, is_usable, _ = answers_of(peer)

    assert broken(answers[0]) == (Phase.MAIL, Reason.UNSUPPORTED, False)
    assert is_usable
    assert peer.verbs() == ["EHLO", "QUIT"]


def test_eight_bit_text_is_announced() -> None:
    peer = ScriptedSmtpServer(capabilities=("8BITMIME",))

    answers_of(peer, message="Subject: x\r\n\r\nGrüße\r\n".encode())

    assert peer.transactions[0].mail_parameters == ("BODY=8BITMIME",)


def test_eight_bit_text_is_encoded_anew_for_a_server_that_takes_none() -> None:
    peer = ScriptedSmtpServer(capabilities=("SIZE 1000",))

    answers, _, _ = answers_of(peer, message="Subject: x\r\n\r\nGrüße\r\n".encode())

    (taken,) = peer.transactions
    assert isinstance(answers[0], Accepted)
    assert b"\r\n\r\nGr=C3=BC=C3=9Fe\r\n" in taken.data
    assert taken.mail_parameters == (f"SIZE={len(taken.data)}",)


ATTACHED = encodebytes(bytes(range(256)) * 250).replace(b"\n", b"\r\n")
PARTS = (
    b"--m\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n%b\r\n"
    b"--m\r\nContent-Type: application/x-y\r\nContent-Transfer-Encoding: base64\r\n\r\n%b\r\n--m--\r\n"
)


@pytest.mark.parametrize("text", ["Grüße", "Grüße\r\n" + "abcd" * 19 + ("\r\n" + "abcd" * 19) * 600])
def test_eight_bit_text_beside_a_large_attachment_is_encoded_anew(tmp_path: Path, text: str) -> None:
    body, file = PARTS % (text.encode(), ATTACHED), tmp_path / "body"
    file.write_bytes(body)

    async def scenario(visit: Visit, session: SmtpSession) -> None:
        content = Content(start=b"Content-Type: multipart/mixed; boundary=m\r\n\r\n", file=file)
        answers = await session.send(Envelope(sender=SENDER, recipients=(ANNA,)), content, before_dot=visit.before_dot)
        assert isinstance(answers[ANNA], Accepted)

    peer = ScriptedSmtpServer(capabilities=("SIZE 1000000",))
    on_session(peer, scenario)

    (taken,) = peer.transactions
    assert taken.data.isascii()
    assert taken.mail_parameters == (f"SIZE={len(taken.data)}",)
    assert ATTACHED in taken.data
    first = message_from_bytes(taken.data).get_payload(0)
    assert isinstance(first, Message)
    assert first.get_payload(decode=True) == text.encode()


def test_a_body_that_is_gone_when_it_is_to_be_encoded_anew_costs_no_session(tmp_path: Path) -> None:
    async def scenario() -> NetError:
        with pytest.raises(NetError) as caught:
            await Content(start=b"Subject: x\r\n\r\n", file=tmp_path / "gone").in_seven_bits()
        return caught.value

    assert asyncio.run(scenario()).reason is Reason.LOCAL


def test_eight_bit_text_that_cannot_be_encoded_anew_is_refused_with_the_reason(tmp_path: Path) -> None:
    body = tmp_path / "body"
    body.write_bytes("Grüße\r\n".encode())

    async def scenario(visit: Visit, session: SmtpSession) -> None:
        (signed,) = await visit.send(session, ANNA, message="DKIM-Signature: x\r\n\r\nGrüße\r\n".encode())
        content = Content(start=b"DKIM-Signature: x\r\n\r\n", file=body)
        answers = await session.send(Envelope(sender=SENDER, recipients=(ANNA,)), content, before_dot=visit.before_dot)
        for answer in (signed, answers[ANNA]):
            assert broken(answer) == (Phase.MAIL, Reason.UNSUPPORTED, False)
            assert isinstance(answer, Broken)
            assert "the server does not offer 8BITMIME, and it is signed (DKIM)" in answer.error.detail
        assert session.is_usable

    on_session(ScriptedSmtpServer(capabilities=()), scenario)


def test_a_server_that_offers_chunking_and_does_not_know_it_gets_data() -> None:
    async def scenario(visit: Visit, session: SmtpSession) -> None:
        for _ in range(2):
            assert [type(one) for one in await visit.send(session, ANNA)] == [Accepted]
            visit.peer.transactions.clear()

    peer = ScriptedSmtpServer(replies={"BDAT": "502 5.5.1 not here"}, capabilities=CHUNKING)
    on_session(peer, scenario)

    rest = ["MAIL", "RCPT", "DATA", "."]
    assert peer.verbs() == ["EHLO", "MAIL", "RCPT", "BDAT", "RSET", *rest, *rest, "QUIT"]


def test_an_address_beyond_ascii_needs_smtputf8() -> None:
    jurgen = Mailbox.parse("jürgen@example.test")
    peer, lacking = ScriptedSmtpServer(), ScriptedSmtpServer(capabilities=("8BITMIME",))

    answers, _, _ = answers_of(peer, jurgen)
    refused, _, _ = answers_of(lacking, jurgen)

    assert isinstance(answers[0], Accepted)
    assert peer.transactions[0].recipients == ("jürgen@example.test",)
    assert "SMTPUTF8" in peer.transactions[0].mail_parameters
    assert broken(refused[0]) == (Phase.MAIL, Reason.UNSUPPORTED, False)


@each_row("message", [b"a\nb\r\n", b"a\rb\r\n", b"a\r\n.\nMAIL FROM:<x>\r\n", b"a\r\r\n"])
def test_a_line_end_that_could_smuggle_is_not_sent(message: bytes) -> None:
    peer = ScriptedSmtpServer()

    answers, _, _ = answers_of(peer, message=message)

    assert broken(answers[0]) == (Phase.MAIL, Reason.UNSUPPORTED, False)
    assert peer.verbs() == ["EHLO", "QUIT"]


def test_an_address_cannot_carry_a_command() -> None:
    peer = ScriptedSmtpServer()

    answers, _, _ = answers_of(peer, Mailbox("a\r\nRSET", "example.test"))

    assert broken(answers[0]) == (Phase.MAIL, Reason.UNSUPPORTED, False)
    assert peer.verbs() == ["EHLO", "QUIT"]


def test_nothing_is_sent_when_the_mark_before_the_dot_fails() -> None:
    class DiskFullError(Exception):
        pass

    async def failing(_: tuple[Mailbox, ...]) -> None:
        raise DiskFullError

    async def scenario(visit: Visit, session: SmtpSession) -> None:
        with pytest.raises(DiskFullError):
            await session.send(Envelope(sender=SENDER, recipients=(ANNA,)), Content.of(MESSAGE), before_dot=failing)
        assert not session.is_usable

    peer = ScriptedSmtpServer()
    on_session(peer, scenario)

    assert peer.transactions == []


@WAYS
def test_a_connection_that_is_lost_while_the_mark_is_written_is_certain(ways: tuple[str, ...]) -> None:
    async def scenario(visit: Visit, session: SmtpSession) -> None:
        async def slow(_: tuple[Mailbox, ...]) -> None:
            await visit.peer.hang_up()
            while session.is_usable:  # noqa: ASYNC110 -- nobody tells
                await asyncio.sleep(0)

        content = Content.of(MESSAGE)
        answers = await session.send(Envelope(sender=SENDER, recipients=(ANNA,)), content, before_dot=slow)
        assert broken(answers[ANNA])[1:] == (Reason.LOST, False)

    on_session(ScriptedSmtpServer(capabilities=ways), scenario)


def test_a_cancelled_send_closes_the_session() -> None:
    async def scenario(visit: Visit, session: SmtpSession) -> None:
        sending = asyncio.create_task(visit.send(session, ANNA))
        await visit.peer.until(lambda: "." in visit.peer.commands)
        sending.cancel()
        with pytest.raises(asyncio.CancelledError):
            await sending
        assert not session.is_usable

    on_session(ScriptedSmtpServer(silent_at=frozenset({"."})), scenario)


def test_a_session_that_was_closed_meanwhile_breaks_with_certainty() -> None:
    async def scenario(visit: Visit, session: SmtpSession) -> None:
        await visit.send(session, ANNA)
        session.abort()
        answers = await session.send(
            Envelope(sender=SENDER, recipients=(ANNA,)), Content.of(MESSAGE), before_dot=visit.before_dot
        )
        assert broken(answers[ANNA]) == (Phase.MAIL, Reason.LOST, False)

    on_session(ScriptedSmtpServer(), scenario)


def test_an_idle_session_that_the_server_closed_is_found_out() -> None:
    async def scenario(visit: Visit, session: SmtpSession) -> None:
        await visit.peer.hang_up()
        await visit.peer.until(lambda: not visit.peer.open_connections)
        answers = await session.send(
            Envelope(sender=SENDER, recipients=(ANNA,)), Content.of(MESSAGE), before_dot=visit.before_dot
        )
        assert broken(answers[ANNA]) == (Phase.MAIL, Reason.LOST, False)
        assert not session.is_usable

    on_session(ScriptedSmtpServer(), scenario)


@pytest.mark.parametrize("mode", ["implicit", "starttls"])
def test_over_tls_the_same_message_arrives(mode: Literal["implicit", "starttls"]) -> None:
    async def run() -> list[Transaction]:
        async with ScriptedSmtpServer(tls=mode, certificate=certificates().good, users=USERS) as peer:
            visit = Visit(peer=peer)
            session = await visit.open()
            assert [type(one) for one in await visit.send(session, ANNA, message=BLOCKS)] == [Accepted]
            await session.quit()
            return peer.transactions

    (transaction,) = asyncio.run(run())

    assert (transaction.data == BLOCKS, transaction.user, transaction.is_encrypted) == (True, "user", True)


@WAYS
def test_a_body_in_a_file_arrives_byte_for_byte(tmp_path: Path, ways: tuple[str, ...]) -> None:
    body = tmp_path / "body"
    body.write_bytes(b".dot\r\n" + LINE * 10_000)

    async def scenario(visit: Visit, session: SmtpSession) -> None:
        content = Content(start=b"Subject: x\r\n\r\n", file=body)
        answers = await session.send(Envelope(sender=SENDER, recipients=(ANNA,)), content, before_dot=visit.before_dot)
        assert isinstance(answers[ANNA], Accepted)

    peer = ScriptedSmtpServer(capabilities=ways)
    on_session(peer, scenario)

    assert peer.transactions[0].data == b"Subject: x\r\n\r\n" + body.read_bytes()


@pytest.mark.parametrize("change", [b"", LINE * 5_000, LINE * 20_000])
@pytest.mark.parametrize("ways", [CAPABILITIES, CHUNKING])
def test_a_body_that_changes_meanwhile_is_not_completed(tmp_path: Path, ways: tuple[str, ...], change: bytes) -> None:
    body = tmp_path / "body"
    body.write_bytes(LINE * 10_000)

    async def scenario(visit: Visit, session: SmtpSession) -> None:
        async def change_it(_: tuple[Mailbox, ...]) -> None:
            body.write_bytes(change)

        content = Content(start=b"Subject: x\r\n\r\n", file=body)
        answers = await session.send(Envelope(sender=SENDER, recipients=(ANNA,)), content, before_dot=change_it)
        assert broken(answers[ANNA]) == (Phase.BODY, Reason.LOCAL, False)
        assert not session.is_usable

    peer = ScriptedSmtpServer(capabilities=ways)
    on_session(peer, scenario)

    assert peer.transactions == []


def test_a_body_that_cannot_be_read_costs_no_session(tmp_path: Path) -> None:
    async def scenario(visit: Visit, session: SmtpSession) -> None:
        content = Content(start=b"Subject: x\r\n\r\n", file=tmp_path / "gone")
        answers = await session.send(Envelope(sender=SENDER, recipients=(ANNA,)), content, before_dot=visit.before_dot)
        assert broken(answers[ANNA]) == (Phase.BODY, Reason.LOCAL, False)
        assert session.is_usable

    on_session(ScriptedSmtpServer(), scenario)


def test_what_a_server_says_unasked_ends_the_session() -> None:
    async def scenario(visit: Visit, session: SmtpSession) -> None:
        await visit.send(session, ANNA)
        await visit.peer.until(lambda: not session.is_usable)
        (answer,) = await visit.send(session, ANNA)
        assert broken(answer) == (Phase.MAIL, Reason.PROTOCOL, False)

    def taken_and_more(_: str) -> None:
        asyncio.get_running_loop().call_later(0.01, tell)

    def tell() -> None:
        peer.say_to_all(b"250 2.0.0 by the way\r\n")

    peer = ScriptedSmtpServer(replies={".": taken_and_more})
    on_session(peer, scenario)
