from maild.mail.address import Mailbox
from maild.mail.envelope import Envelope
from maild.mail.report_wish import ReportWish
from maild.net.smtp import Capabilities
from maild.net.smtp.inspection import Inspection
from maild.net.smtp.needs import MessageNeeds
from maild.net.step import Reason
from tests.rows import each_row

ANNA = Mailbox("anna", "example.test")
JURGEN = Mailbox("jürgen", "example.test")
EVERYTHING = Capabilities.parse("hi\nSIZE 1000\n8BITMIME\nSMTPUTF8")
NOTHING = Capabilities.parse("hi")


def needs(message: bytes, recipient: Mailbox = ANNA, sender: Mailbox | None = ANNA) -> MessageNeeds:
    return MessageNeeds.of(Envelope(sender=sender, recipients=(recipient,)), Inspection.of(message))


@each_row(
    ("message", "parameters"),
    [
        (b"Subject: x\r\n\r\nplain\r\n", (b"SIZE=21",)),
        (b"Subject: x\r\n\r\nplain", (b"SIZE=21",)),
        ("Subject: x\r\n\r\nGrüße\r\n".encode(), (b"SIZE=23", b"BODY=8BITMIME")),
        ("Subject: Grüße\r\n\r\n\r\n".encode(), (b"SIZE=22", b"BODY=8BITMIME", b"SMTPUTF8")),
        (b"Subject: Gr\xfc\xdfe\r\n\r\n\r\n", (b"SIZE=20", b"BODY=8BITMIME")),
    ],
)
def test_the_parameters_are_what_the_message_needs(message: bytes, parameters: tuple[bytes, ...]) -> None:
    assert needs(message).mail_parameters(EVERYTHING) == parameters
    assert needs(message).unmet_by(EVERYTHING) is None


def test_the_sender_s_wish_goes_with_the_message() -> None:
    envelope = Envelope(sender=ANNA, recipients=(ANNA,), wish=ReportWish(is_full=True, envelope_id="7"))
    wishing = MessageNeeds.of(envelope, Inspection.of(b"x\r\n"))

    assert wishing.mail_parameters(Capabilities.parse("hi\nDSN")) == (b"RET=FULL", b"ENVID=7")
    assert wishing.mail_parameters(NOTHING) == ()


def test_a_message_that_requires_tls_says_so_or_does_not_go() -> None:
    envelope = Envelope(sender=ANNA, recipients=(ANNA,), requires_tls=True)
    strict = MessageNeeds.of(envelope, Inspection.of(b"x\r\n"))
    able = Capabilities.parse("hi\nREQUIRETLS")

    assert strict.unmet_by(able) is None
    assert strict.mail_parameters(able) == (b"REQUIRETLS",)
    for unable, is_trusted, words in ((NOTHING, True, "does not offer REQUIRETLS"), (able, False, "is not verified")):
        error = strict.unmet_by(unable, is_trusted=is_trusted)
        assert error is not None
        assert error.reason is Reason.UNSUPPORTED
        assert words in error.detail


def test_no_parameter_is_sent_that_the_server_does_not_know() -> None:
    assert needs("Subject: Grüße\r\n\r\n\r\n".encode(), JURGEN).mail_parameters(NOTHING) == ()


def test_a_header_in_utf_8_alone_does_not_keep_the_message_from_a_server_without_smtputf8() -> None:
    assert needs("Subject: Grüße\r\n\r\n\r\n".encode()).unmet_by(Capabilities.parse("hi\n8BITMIME")) is None


@each_row(
    ("given", "capabilities", "detail"),
    [
        (needs(b"x" * 999), EVERYTHING, "the message has 1001 bytes and the server takes at most 1000"),
        (needs(b"x\r\n", JURGEN), NOTHING, "an address is not ASCII and the server does not offer SMTPUTF8"),
        (
            needs(b"a\nb\r\n"),
            EVERYTHING,
            "the message has a line end that is not CRLF, which could smuggle another message in",
        ),
        (needs(b"x\r\n", Mailbox("a\rb", "example.test")), EVERYTHING, "an address holds a control character"),
    ],
)
def test_what_cannot_go_is_said_why(given: MessageNeeds, capabilities: Capabilities, detail: str) -> None:
    error = given.unmet_by(capabilities)

    assert error is not None
    assert (error.reason, error.detail) == (Reason.UNSUPPORTED, detail)


def test_a_message_of_exactly_the_size_allowed_goes() -> None:
    assert needs(b"x" * 998).unmet_by(EVERYTHING) is None
