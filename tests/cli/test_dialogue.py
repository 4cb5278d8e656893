from hypothesis import given
from hypothesis import strategies as st

from maild.cli.dialogue import MAX_ERRORS, MAX_LINE_OCTETS, Dialogue, Letter
from maild.errors import PermanentError
from maild.mail.address import Mailbox
from maild.mail.message import MAX_RECIPIENTS
from maild.mail.report_wish import Notify, ReportWish
from maild.spool.queue import NullSender, SenderChoice
from tests.rows import each_row

ANN = Mailbox.parse("ann@customer.example")
SHOP = Mailbox.parse("shop@shop.example")


class Desk:
    def __init__(self) -> None:
        self.letters: list[Letter] = []

    def sender(self, text: str) -> SenderChoice:
        if text and "@" not in text:
            raise PermanentError("no domain")
        return SHOP if text else NullSender()

    def recipient(self, text: str) -> Mailbox:
        if "@" not in text:
            raise PermanentError("no domain")
        return Mailbox("ann", "customer.example") if text == str(ANN) else Mailbox(*text.split("@", 1))

    def take(self, letter: Letter) -> str:
        self.letters.append(letter)
        return "250 2.0.0 Queued"


def talk(*lines: str, desk: Desk | None = None, end: str = "\r\n") -> list[str]:
    dialogue = Dialogue("host.example", desk or Desk(), 1000)
    return [dialogue.answer(f"{line}{end}".encode()) for line in lines]


EHLO = (
    "250-host.example\r\n250-PIPELINING\r\n250-SIZE 1000\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n"
    "250-ENHANCEDSTATUSCODES\r\n250-DSN\r\n250 HELP"
)
START = ("MAIL FROM:<shop@shop.example>", "RCPT TO:<ann@customer.example>", "DATA")


def test_a_message_is_taken_as_any_server_takes_it() -> None:
    desk = Desk()

    replies = talk("EHLO me", *START, "Subject: x", "", "..dots", "text", ".", "QUIT", desk=desk)

    assert replies == [
        EHLO,
        "250 2.1.0 Fine",
        "250 2.1.5 Fine",
        "354 Go on; a line with a lone dot ends it",
        *[""] * 4,
        "250 2.0.0 Queued",
        "221 2.0.0 Bye",
    ]
    assert desk.letters == [
        Letter(
            sender=SHOP,
            recipients=(ANN,),
            content=b"Subject: x\r\n\r\n.dots\r\ntext\r\n",
            wish=ReportWish(),
        )
    ]


def test_lines_of_a_pipe_end_in_lf_too() -> None:
    desk = Desk()

    talk("helo me", *(line.lower() for line in START), "a: b", "", ".", desk=desk, end="\n")

    assert desk.letters[0].content == b"a: b\n\n"


def test_several_messages_follow_each_other_and_rset_forgets_one() -> None:
    desk = Desk()

    replies = talk(*START, ".", START[0], "RSET", *START, ".", START[0], "EHLO again", START[0], desk=desk)

    assert len(desk.letters) == 2
    assert all(reply.startswith(("250", "354")) for reply in replies)


def test_what_the_sender_wants_to_hear_goes_along() -> None:
    desk = Desk()

    talk(
        "MAIL FROM:<> RET=FULL ENVID=a+2Bb+20c SIZE=10 BODY=8BITMIME SMTPUTF8",
        "RCPT TO:<ann@customer.example> NOTIFY=DELAY",
        "RCPT TO:bob@customer.example NOTIFY=FAILURE ORCPT=rfc822;bob@customer.example",
        "DATA",
        ".",
        "MAIL FROM:<>",
        "RCPT TO:<ann@customer.example> NOTIFY=NEVER",
        "DATA",
        ".",
        desk=desk,
    )

    first, second = desk.letters
    assert (first.sender, [str(one) for one in first.recipients]) == (
        NullSender(),
        ["ann@customer.example", "bob@customer.example"],
    )
    assert first.wish == ReportWish(notify=frozenset({Notify.DELAY, Notify.FAILURE}), is_full=True, envelope_id="a+b c")
    assert second.wish == ReportWish(notify=frozenset())


@each_row(
    ("lines", "reply"),
    [
        (["STARTTLS"], "500 5.5.1 There is no such command"),
        (["MAIL FROM:\x07"], "500 5.5.2 This line is too long or holds something else than text"),
        (["NOOP " + "x" * MAX_LINE_OCTETS], "500 5.5.2 This line is too long or holds something else than text"),
        (["MAIL shop@shop.example"], "501 5.5.4 FROM: is missing"),
        (["MAIL FROM:"], "501 5.1.7 An address in angle brackets is needed"),
        (["MAIL FROM:<shop>"], "553 5.1.7 no domain"),
        (["MAIL FROM:<> SIZE=x"], "501 5.5.4 SIZE is a number"),
        (["MAIL FROM:<> SIZE=" + "9" * 16], "501 5.5.4 SIZE is a number"),
        (["MAIL FROM:<> SIZE=1001"], "552 5.3.4 At most 1000 octets are taken"),
        (["MAIL FROM:<> RET=ALL"], "501 5.5.4 RET is FULL or HDRS"),
        (["MAIL FROM:<> ENVID="], "501 5.5.4 an envelope id is 1 to 100 printable ASCII characters"),
        (["MAIL FROM:<>", "MAIL FROM:<>"], "503 5.5.1 There is a sender already"),
        (["RCPT TO:<ann@customer.example>"], "503 5.5.1 MAIL comes first"),
        (["MAIL FROM:<>", "RCPT TO:<root>"], "550 5.1.1 no domain"),
        (["MAIL FROM:<>", "RCPT TO:<>"], "501 5.1.3 A recipient is needed"),
        (
            ["MAIL FROM:<>", "RCPT TO:<ann@customer.example> NOTIFY=YES"],
            "501 5.5.4 'yes' is no occasion of a report: write success, failure, delay or never",
        ),
        (["MAIL FROM:<>", "DATA"], "503 5.5.1 MAIL and RCPT come first"),
        (["DATA"], "503 5.5.1 MAIL and RCPT come first"),
        (["DATA now"], "501 5.5.4 DATA has no parameter"),
        (["VRFY ann"], "252 2.1.5 Send it, and the receipt will say"),
        (["HELP"], "214 2.0.0 HELO EHLO MAIL RCPT DATA RSET NOOP VRFY HELP QUIT"),
        (["NOOP"], "250 2.0.0 Fine"),
    ],
)
def test_everything_else_has_its_reply(lines: list[str], reply: str) -> None:
    assert talk(*lines)[-1] == reply


def test_a_message_that_is_too_large_is_read_to_its_end_and_refused() -> None:
    desk = Desk()

    replies = talk(*START, *["x" * 100] * 20, ".", "NOOP", desk=desk)

    assert replies[-2:] == ["552 5.3.4 At most 1000 octets are taken", "250 2.0.0 Fine"]
    assert desk.letters == []


def test_recipients_have_an_end() -> None:
    recipients = [f"RCPT TO:<{number}@customer.example>" for number in range(MAX_RECIPIENTS + 1)]

    assert talk("MAIL FROM:<>", *recipients)[-1] == "452 4.5.3 Too many recipients"


def test_nonsense_has_an_end() -> None:
    dialogue = Dialogue("host.example", Desk(), 1000)

    replies = [dialogue.answer(b"WHAT\r\n") for _ in range(MAX_ERRORS)]

    assert dialogue.greeting() == "220 host.example ESMTP maild"
    assert replies[-1] == "421 4.7.0 Too many errors"
    assert dialogue.is_over


@given(st.lists(st.binary(max_size=40), max_size=10))
def test_any_line_gets_a_reply_and_nothing_is_taken_by_accident(lines: list[bytes]) -> None:
    desk = Desk()
    dialogue = Dialogue("host.example", desk, 1000)

    for line in lines:
        reply = dialogue.answer(line + b"\r\n")
        assert reply[:3].isdecimal()
    assert desk.letters == []
