from dataclasses import replace
from datetime import timedelta
from pathlib import PurePath
from types import MappingProxyType

import pytest

from maild.config.model import Account, HttpSettings, SmtpSettings, Tls, TlsMode
from maild.config.report_settings import ReportSettings, ReportTo
from maild.delivery.bounce import Bounce, Original, Silence, World, judge, takes_null_sender
from maild.mail.address import Mailbox
from maild.mail.dsn import Returned
from maild.mail.phase import Phase
from maild.mail.reply import Reply
from maild.mail.report_wish import ReportWish
from maild.mail.verdict import Deferred, Failed, Fault, Verdict
from maild.spool import transition
from maild.spool.queue import (
    AccountSender,
    MessageState,
    NullSender,
    Occasion,
    OwedReport,
    QueuedMessage,
    RecipientState,
    SenderChoice,
)
from tests.delivery.world import account
from tests.rows import each_row
from tests.spool.messages import ANNA, BERT, DEFERRED, DELIVERED, FAILED, NOW, UNCERTAIN, make_arrival

BILLING = account("billing")
BOSS = Mailbox.parse("boss@example.com")
ADMIN = Mailbox.parse("admin@example.com")
HEAD = b"From: a@b.example\r\nSubject: Hello\r\n"
WORLD = World(settings=ReportSettings(), accounts=MappingProxyType({"billing": BILLING}), hostname="mail.example.com")
TO_ADMIN = replace(WORLD, settings=ReportSettings(to=ADMIN))


def owed(
    occasion: Occasion = Occasion.FAILED,
    verdict: Verdict | None = FAILED,
    *,
    sender: SenderChoice = BOSS,
    wish: ReportWish = ReportWish(),  # noqa: B008 -- frozen
) -> OwedReport:
    message: QueuedMessage = transition.received(make_arrival(sender=sender, account="billing", wish=wish))
    states = {
        Occasion.FAILED: RecipientState.FAILED,
        Occasion.DELAYED: RecipientState.WAITING,
        Occasion.RELAYED: RecipientState.DELIVERED,
    }
    recipients = tuple(
        replace(one, state=states[occasion], verdict=verdict, verdict_at=NOW) for one in message.recipients
    )
    return OwedReport(message=replace(message, recipients=recipients), occasion=occasion, at=NOW)


def bounce(report: OwedReport, head: bytes = HEAD, world: World = WORLD) -> Bounce:
    judged = judge(report, Original(head=head, body=b"Body.\r\n"), world)
    assert isinstance(judged, Bounce)
    return judged


def silence(report: OwedReport, head: bytes = HEAD, world: World = WORLD) -> str:
    judged = judge(report, Original(head=head, body=b"Body.\r\n"), world)
    assert isinstance(judged, Silence)
    return judged.reason


def test_the_sender_hears_of_a_failure_through_the_account_that_tried() -> None:
    judged = bounce(owed())

    assert (judged.to, judged.account, judged.dsn.author) == (BOSS, "billing", BILLING.sender)
    assert judged.dsn.subject == "Hello"
    (recipient,) = judged.dsn.recipients
    assert (recipient.action, str(recipient.status)) == ("failed", "5.1.1")
    assert (recipient.reason, recipient.diagnostic) == ("no such user", "550 5.1.1 who?")
    assert [(one.message, one.words) for one in judged.entries] == [
        ("00000000000000000000000001", "no such user (550 5.1.1 who?)")
    ]


@each_row(
    ("sender", "settings", "to"),
    [
        (AccountSender(), ReportSettings(), BILLING.sender),
        (BOSS, ReportSettings(to=ADMIN), ADMIN),
        (NullSender(), ReportSettings(to=ADMIN), ADMIN),
        (BOSS, ReportSettings(to=ReportTo.NOBODY, maildir=PurePath("m")), None),
        (NullSender(), ReportSettings(maildir=PurePath("m")), None),
        (ANNA, ReportSettings(maildir=PurePath("m")), None),
    ],
)
def test_who_gets_it_is_the_sender_or_whom_the_site_names(
    sender: SenderChoice, settings: ReportSettings, to: Mailbox | None
) -> None:
    assert bounce(owed(sender=sender), world=replace(WORLD, settings=settings)).to == to


def test_without_the_account_the_routes_decide_and_an_own_sender_is_unknown() -> None:
    nothing = replace(WORLD, accounts=MappingProxyType({}))

    judged = bounce(owed(), world=nothing)

    assert (judged.account, judged.sender, judged.dsn.author) == (None, AccountSender(), None)
    assert silence(owed(sender=AccountSender()), world=nothing) == (
        "reports.to and reports.maildir of maild.yaml name nobody for it"
    )


@pytest.mark.parametrize("field", [b"Auto-Submitted: auto-replied (vacation)", b"auto-submitted: Auto-Notified; x=y"])
def test_an_automatic_answer_gets_none(field: bytes) -> None:
    assert silence(owed(), HEAD + field + b"\r\n", TO_ADMIN) == "the message is an automatic answer itself"


def test_a_program_gets_no_answer_but_the_administrator_hears_of_it() -> None:
    head = HEAD + b"Auto-Submitted: auto-generated\r\n"

    assert silence(owed(), head) == "reports.to and reports.maildir of maild.yaml name nobody for it"
    assert bounce(owed(), head, TO_ADMIN).to == ADMIN
    assert bounce(owed(), HEAD + b"Auto-Submitted: no\r\n").to == BOSS


@each_row(
    "field", [b"List-Id: <x.example>", b"Precedence: bulk", b"precedence: LIST", b"Auto-Submitted: auto-generated"]
)
def test_nobody_is_told_that_bulk_mail_is_late(field: bytes) -> None:
    late = owed(Occasion.DELAYED, DEFERRED)

    assert silence(late, HEAD + field + b"\r\n", TO_ADMIN).startswith("nobody waits for an answer")
    assert bounce(late).to == BOSS


def test_who_is_not_meant_any_more_is_not_written_about() -> None:
    report = owed()
    later = replace(report, at=NOW + timedelta(seconds=1))

    assert silence(later) == "there is nobody left whom it could be about"


def test_a_header_that_cannot_be_read_is_no_reason_for_silence() -> None:
    assert bounce(owed(), b"no field\r\n").dsn.subject == ""


def at(host: str) -> Account:
    return account("billing", transport=SmtpSettings(host=host, port=465, tls=Tls(mode=TlsMode.IMPLICIT)))


def test_the_null_sender_goes_where_it_is_taken() -> None:
    own, ses, gmail = map(at, ("mail.example.com", "email-smtp.eu-west-1.amazonaws.com", "smtp.gmail.com"))
    http = replace(BILLING, transport=HttpSettings(url="https://email.example/send"))

    assert [takes_null_sender(one) for one in (own, ses, gmail, http)] == [True, False, False, False]
    assert bounce(owed(), world=replace(WORLD, accounts={"billing": own})).sender == NullSender()
    assert bounce(owed(), world=replace(WORLD, accounts={"billing": ses})).sender == AccountSender()


QUOTA = Deferred(fault=Fault.ACCOUNT, phase=Phase.RCPT, reason="x", reply=Reply.of(550, "5.4.5 quota"))


def given_up(code: int | None) -> Verdict:
    reply = None if code is None else Reply.of(code, "later")
    return Failed(fault=Fault.RECIPIENT, phase=Phase.RCPT, reason="given up", reply=reply)


@each_row(
    ("occasion", "verdict", "status"),
    [
        (Occasion.FAILED, given_up(451), "5.4.7"),
        (Occasion.FAILED, given_up(550), "5.0.0"),
        (Occasion.FAILED, given_up(None), "5.0.0"),
        (Occasion.DELAYED, DEFERRED, "4.7.1"),
        (Occasion.DELAYED, UNCERTAIN, "4.0.0"),
        (Occasion.DELAYED, None, "4.0.0"),
        (
            Occasion.DELAYED,
            Deferred(fault=Fault.ACCOUNT, phase=Phase.RCPT, reason="x", reply=Reply.of(550, "5.4.5 q")),
            "4.0.0",
        ),
        (Occasion.RELAYED, DELIVERED, "2.0.0"),
    ],
)
def test_the_status_fits_what_happened(occasion: Occasion, verdict: Verdict | None, status: str) -> None:
    (recipient,) = bounce(owed(occasion, verdict)).dsn.recipients

    assert str(recipient.status) == status
    assert (recipient.retry_until is not None) == (occasion is Occasion.DELAYED)


FULL = ReportWish(is_full=True)
WHOLE = Returned(data=HEAD + b"\r\nBody.\r\n", is_full=True)
ONLY_HEAD = Returned(data=HEAD, is_full=False)


@each_row(
    ("report", "original", "returned"),
    [
        (owed(wish=FULL), Original(head=HEAD, body=b"Body.\r\n"), WHOLE),
        (owed(), Original(head=HEAD, body=b"Body.\r\n"), ONLY_HEAD),
        (owed(Occasion.DELAYED, DEFERRED, wish=FULL), Original(head=HEAD, body=b"Body.\r\n"), ONLY_HEAD),
        (owed(wish=FULL), Original(head=HEAD, body=None), ONLY_HEAD),
        (owed(wish=FULL), Original(head=HEAD, body=b"x" * 999 + b"\r\n"), ONLY_HEAD),
        (owed(wish=FULL), Original(head=HEAD, body=b"x\r\n" * 400_000), ONLY_HEAD),
        (owed(wish=FULL), None, None),
    ],
)
def test_the_whole_message_comes_back_where_it_was_wished_for_and_can(
    report: OwedReport, original: Original | None, returned: Returned | None
) -> None:
    judged = judge(report, original, WORLD)

    assert isinstance(judged, Bounce)
    assert judged.dsn.returned == returned


def test_a_copy_is_nobodys_business() -> None:
    report = owed()
    copy = replace(report.message.recipients[0], mailbox=BERT, is_copy=True)
    both = replace(report, message=replace(report.message, recipients=(*report.message.recipients, copy)))

    assert [one.mailbox for one in both.recipients] == [ANNA]
    assert both.message.state is MessageState.QUEUED
