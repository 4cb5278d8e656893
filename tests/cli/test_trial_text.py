from dataclasses import replace

import pytest

from maild.cli.trial_text import describe_trial, format_failure, format_line, format_step, format_success
from maild.config.fault import Pointer
from maild.config.model import Account, HttpSettings, SmtpSettings, Tls, TlsMode
from maild.diagnostics import Location, Span
from maild.diagnostics.render import Style
from maild.mail.address import Mailbox
from maild.mail.phase import Phase
from maild.mail.reply import Reply
from maild.net.step import NetError, Reason, Step
from maild.probe.blame import Target
from maild.probe.conversation import Judged

SMTP = SmtpSettings(host="smtp.gmail.com", port=465, tls=Tls(mode=TlsMode.IMPLICIT))
ACCOUNT = Account(name="billing", transport=SMTP, username="billing@shop.example")
TO = Mailbox("me", "example.com")
TEXT = "protocol: smtp\n  port: 25 # \x1b[31m\npassword: {command: [vault, token-in-words]}\n"


def at(line: int, pointer: str) -> Location:
    span = Span(line=line, column=1, end_line=line, end_column=2)
    return Location(file="accounts/billing.yaml", span=span, pointer=Pointer(pointer))


@pytest.mark.parametrize(
    ("mode", "words"),
    [(TlsMode.IMPLICIT, "implicit TLS"), (TlsMode.STARTTLS, "STARTTLS"), (TlsMode.NONE, "no encryption")],
)
def test_the_first_line_says_by_which_way(mode: TlsMode, words: str) -> None:
    account = replace(ACCOUNT, transport=replace(SMTP, tls=Tls(mode=mode)))

    assert describe_trial(account, TO) == (
        f"Sending a test e-mail through billing (smtp.gmail.com port 465, {words}) as billing@shop.example "
        "to me@example.com"
    )


def test_the_way_of_a_service_is_its_url() -> None:
    service = Account(name="a", transport=HttpSettings(url="https://mail.example/"), reply_to=(TO,))

    assert describe_trial(service, TO) == (
        "Sending a test e-mail through a (https://mail.example/) as me@example.com to me@example.com"
    )


def test_a_phase_shows_what_was_learnt_or_else_the_reply() -> None:
    reply = Reply.of(250, "fine\nPIPELINING")

    assert format_step(Step(phase=Phase.EHLO, seconds=0.0123, reply=reply), Style()) == (
        "  ✓ ehlo             12 ms  250 fine / PIPELINING"
    )
    assert format_step(Step(phase=Phase.QUIT, seconds=0.0), Style()) == "  ✓ quit              0 ms"


def test_a_phase_that_failed_shows_why() -> None:
    error = NetError(Phase.CONNECT, Reason.TIMEOUT, "no answer")
    step = Step(phase=Phase.CONNECT, seconds=15, detail="unused", error=error)

    assert format_step(step, Style()) == "  ✗ connect       15000 ms  no answer"


def test_a_long_answer_is_cut() -> None:
    first = format_success("x" * 400, TO).splitlines()[0]

    assert first == "Sent. The last words were: " + "x" * 299 + "…"


def test_without_words_of_the_server_what_happened_is_told() -> None:
    error = NetError(Phase.CONNECT, Reason.TIMEOUT, "127.0.0.1 port 465: no answer within 15 s")
    judged = Judged.of(error, Target.of(ACCOUNT))

    assert format_failure(judged, None, "", Style()).splitlines() == [
        "The test e-mail was not sent: it stopped at connect.",
        "",
        "  What happened    127.0.0.1 port 465: no answer within 15 s",
        ("  Likely cause     Gmail does serve port 465, so a firewall or the network on the way keeps you from it."),
        "  Whose fault      your network",
        (
            "  What to do       Allow outgoing connections to smtp.gmail.com port 465, or try another of its ports: "
            "465 (implicit) or 587 (starttls)."
        ),
        "  More             maild explain ML720",
    ]


def test_gmail_s_refusal_is_answered_with_the_way_to_an_app_password() -> None:
    reply = Reply.of(534, "5.7.9 Application-specific password required.")
    judged = Judged.of(NetError(Phase.AUTH, Reason.REPLY, "refused", reply=reply), Target.of(ACCOUNT))
    shown = format_failure(judged, at(3, "/password"), TEXT, Style(width=80))

    assert "  The server said  534 5.7.9 Application-specific password required." in shown
    assert "  Line to change   accounts/billing.yaml:3: password: …" in shown
    assert "  What to do       Gmail takes no normal account password here. Switch on 2-Step" in shown
    assert max(len(line) for line in shown.splitlines()) <= 80


def test_the_line_is_shown_harmless_and_a_password_s_not_at_all() -> None:
    assert format_line(at(2, "/smtp/port"), TEXT) == "accounts/billing.yaml:2: port: 25 # \ufffd[31m"
    assert format_line(at(3, "/password"), TEXT) == "accounts/billing.yaml:3: password: …"


def test_a_line_that_the_text_does_not_have_is_only_named() -> None:
    assert format_line(at(9, "/smtp/port"), TEXT) == "accounts/billing.yaml:9: "
    assert format_line(Location(file="a.yaml"), TEXT) == "a.yaml"
