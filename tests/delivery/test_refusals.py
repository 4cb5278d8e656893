"""Each answer here was given by a real server or stands in an RFC."""

from hypothesis import given, settings
from hypothesis import strategies as st

from maild.delivery.refusal import Meaning
from maild.delivery.refusals import REFUSALS, find_refusal, row_named_by
from maild.mail.phase import Phase
from maild.mail.reply import Reply
from tests.rows import each_row

CASES = [
    (Phase.MAIL, 421, "4.7.0 Too many messages in this connection", Meaning.SESSION_OVER),
    (Phase.MAIL, 452, "4.5.3 10 messages per session, please reconnect", Meaning.SESSION_OVER),
    # quota, whatever the first digit says
    (Phase.BODY, 550, "5.4.5 Daily user sending limit exceeded. For more information on Gmail", Meaning.ACCOUNT_QUOTA),
    (Phase.MAIL, 550, "5.4.5 Daily SMTP relay sending quota exceeded", Meaning.ACCOUNT_QUOTA),
    (
        Phase.BODY,
        554,
        "5.2.0 STOREDRV.Submission.Exception:SubmissionQuotaExceededException; Failed to process message",
        Meaning.ACCOUNT_QUOTA,
    ),
    (Phase.RCPT, 550, "5.7.1 Hourly sending limit of 100 reached for this account", Meaning.ACCOUNT_QUOTA),
    (Phase.BODY, 451, "4.7.1 You have exceeded the quota of messages per hour", Meaning.ACCOUNT_QUOTA),
    # somebody else's quota
    (Phase.RCPT, 552, "5.2.2 mailbox full, quota exceeded", Meaning.RECIPIENT_NEVER),
    (Phase.RCPT, 452, "4.2.2 The recipient's inbox has reached its daily limit", Meaning.RECIPIENT_LATER),
    # login
    (Phase.AUTH, 535, "5.7.8 Username and Password not accepted", Meaning.ACCOUNT_LOGIN),
    (Phase.AUTH, 534, "5.7.9 Application-specific password required", Meaning.ACCOUNT_LOGIN),
    (Phase.AUTH, 550, "5.7.30 Basic authentication is not supported", Meaning.ACCOUNT_LOGIN),
    (Phase.MAIL, 530, "5.7.0 Authentication Required", Meaning.ACCOUNT_LOGIN),
    (Phase.MAIL, 530, "5.7.57 Client not authenticated to send mail", Meaning.ACCOUNT_LOGIN),
    (Phase.MAIL, 550, "5.7.57 Client not authenticated to send mail", Meaning.ACCOUNT_LOGIN),
    (Phase.MAIL, 535, "5.7.3 session expired", Meaning.ACCOUNT_LOGIN),
    (Phase.MAIL, 530, "5.7.0 Must issue a STARTTLS command first", Meaning.ACCOUNT_LINE),
    (Phase.AUTH, 454, "4.7.0 Too many login attempts, please try again later", Meaning.ACCOUNT_LINE),
    # rate and connections
    (Phase.BODY, 454, "Throttling failure: Maximum sending rate exceeded.", Meaning.ACCOUNT_LINE),
    (Phase.MAIL, 432, "4.3.2 Concurrent connections limit exceeded", Meaning.CROWD),
    (Phase.MAIL, 432, "", Meaning.CROWD),
    (Phase.MAIL, 421, "4.7.0 too many connections", Meaning.CROWD),
    (Phase.MAIL, 421, "4.7.0 too many concurrent SMTP connections", Meaning.CROWD),
    (Phase.BANNER, 421, "4.7.0 Maximum number of connections from 192.0.2.1 reached", Meaning.CROWD),
    (Phase.MAIL, 421, "4.7.0 Too many sessions from this user", Meaning.CROWD),
    (Phase.RCPT, 451, "4.7.1 too many connections to the recipient's server", Meaning.RECIPIENT_LATER),
    (Phase.BODY, 421, "4.7.0 Try again later, closing connection", Meaning.ACCOUNT_LINE),
    (Phase.RCPT, 421, "4.3.0 shutting down", Meaning.ACCOUNT_LINE),
    (Phase.BANNER, 554, "no service for you", Meaning.ACCOUNT_LINE),
    (Phase.EHLO, 550, "go away", Meaning.ACCOUNT_LINE),
    # recipients
    (Phase.RCPT, 452, "4.5.3 Too many recipients", Meaning.RECIPIENT_SURPLUS),
    (Phase.RCPT, 452, "too many recipients", Meaning.RECIPIENT_SURPLUS),
    (Phase.RCPT, 552, "Too many rcpt in this transaction", Meaning.RECIPIENT_SURPLUS),
    (Phase.RCPT, 450, "4.2.1 greylisted", Meaning.RECIPIENT_LATER),
    (Phase.RCPT, 452, "4.3.1 insufficient system storage", Meaning.RECIPIENT_LATER),
    (Phase.RCPT, 550, "5.1.1 no such user", Meaning.RECIPIENT_NEVER),
    (Phase.RCPT, 550, "5.7.1 rejected, try again later", Meaning.RECIPIENT_LATER),
    (Phase.RCPT, 554, "5.7.1 <x@example.org>: Relay access denied", Meaning.ACCOUNT_LINE),
    (Phase.RCPT, 550, "5.7.54 SMTP; Unable to relay recipient in non-accepted domain", Meaning.ACCOUNT_LINE),
    # messages
    (Phase.MAIL, 552, "5.3.4 message size exceeds fixed limit", Meaning.MESSAGE_NEVER),
    (Phase.MAIL, 451, "4.3.0 temporary failure", Meaning.MESSAGE_LATER),
    (Phase.BODY, 451, "4.3.0 temporary failure", Meaning.MESSAGE_LATER),
    (Phase.BODY, 554, "5.7.0 Message considered spam", Meaning.MESSAGE_NEVER),
    (Phase.BODY, 554, "5.7.0 Too many messages. Try again later", Meaning.MESSAGE_LATER),
    (Phase.BODY, 552, "5.2.3 size", Meaning.MESSAGE_NEVER),
    (Phase.DATA, 503, "valid RCPT command must precede DATA", Meaning.MESSAGE_LATER),
    (Phase.MAIL, 501, "5.1.7 bad sender address syntax", Meaning.MESSAGE_NEVER),
    (Phase.BODY, 354, "go on", Meaning.MESSAGE_LATER),
    (Phase.MAIL, 250, "ok", Meaning.MESSAGE_LATER),
]


@each_row(("phase", "code", "text", "meaning"), CASES)
@each_row("is_own_sender", [True, False])
def test_an_answer_means(phase: Phase, code: int, text: str, meaning: Meaning, *, is_own_sender: bool) -> None:
    assert find_refusal(phase, Reply.of(code, text), is_own_sender=is_own_sender).meaning is meaning


SENDER_CASES = [
    (Phase.MAIL, 553, "5.7.1 <a@example.org>: Sender address rejected: not owned by user b"),
    (Phase.MAIL, 550, "5.7.1 sender rejected"),
    (Phase.MAIL, 501, "5.7.1 not owned by user"),
    (Phase.BODY, 554, "5.2.252 SendAsDenied; b@example.org not allowed to send as a@example.org"),
]


@each_row(("phase", "code", "text"), SENDER_CASES)
def test_refusing_the_sender_is_the_accounts_fault_when_the_account_chose_it(
    phase: Phase, code: int, text: str
) -> None:
    reply = Reply.of(code, text)

    assert find_refusal(phase, reply, is_own_sender=True).meaning is Meaning.ACCOUNT_LINE
    assert find_refusal(phase, reply, is_own_sender=False).meaning is Meaning.MESSAGE_NEVER


def test_the_last_row_takes_everything() -> None:
    assert REFUSALS[-1].matches(Phase.QUIT, Reply.of(999, "?"), is_own_sender=False)


@settings(deadline=None)
@given(st.sampled_from(Phase), st.integers(100, 599), st.text(max_size=3000), st.booleans())
def test_any_answer_of_any_server_means_something(phase: Phase, code: int, text: str, own: bool) -> None:  # noqa: FBT001
    assert find_refusal(phase, Reply.of(code, text), is_own_sender=own) in REFUSALS


def test_a_hostile_text_costs_no_quadratic_search() -> None:
    reply = Reply.of(550, "daily sending " * 1000)

    for _ in range(200):
        find_refusal(Phase.BODY, reply, is_own_sender=True)


def test_no_two_rows_have_one_name() -> None:
    names = [row.name for row in REFUSALS]

    assert len(set(names)) == len(names)


def test_a_verdict_names_the_row_that_made_it() -> None:
    reply = Reply.of(553, "5.7.1 sender refused")
    own, foreign = (find_refusal(Phase.MAIL, reply, is_own_sender=is_own) for is_own in (True, False))

    assert (own.name, foreign.name) == ("sender-refused", "message-never")
    assert row_named_by(Phase.MAIL, reply, own.words) is own
    assert row_named_by(Phase.MAIL, reply, f"given up at the end of its lifetime: {foreign.words}") is foreign
    assert row_named_by(Phase.REQUEST, reply, "the mail service refused the message") is None
