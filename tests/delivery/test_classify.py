from datetime import timedelta

import pytest

from maild.delivery.classify import Judgement, judge_error, judge_opening, judge_reply, judge_status, when_unsent
from maild.delivery.trouble import Trouble, TroubleKind
from maild.mail.phase import Phase
from maild.mail.reply import Reply
from maild.mail.verdict import Deferred, Delivered, Failed, Fault, Uncertain
from maild.net.step import NetError, Reason
from tests.rows import each_row


def test_a_positive_answer_to_the_body_is_a_delivery() -> None:
    reply = Reply.of(250, "2.0.0 queued as 4711")

    assert judge_reply(Phase.BODY, reply, is_own_sender=True) == Judgement(verdict=Delivered(reply=reply))


@pytest.mark.parametrize(
    ("phase", "code", "fault", "reason"),
    [
        (Phase.RCPT, 450, Fault.RECIPIENT, "the server does not accept the recipient for now"),
        (Phase.BODY, 451, Fault.MESSAGE, "the server does not accept the message for now"),
    ],
)
def test_a_4yz_defers(phase: Phase, code: int, fault: Fault, reason: str) -> None:
    reply = Reply.of(code, "no")

    assert judge_reply(phase, reply, is_own_sender=True) == Judgement(
        verdict=Deferred(fault=fault, phase=phase, reason=reason, reply=reply)
    )


@pytest.mark.parametrize(
    ("phase", "fault", "reason"),
    [
        (Phase.RCPT, Fault.RECIPIENT, "the server refused the recipient for good"),
        (Phase.BODY, Fault.MESSAGE, "the server refused the message for good"),
    ],
)
def test_a_5yz_fails(phase: Phase, fault: Fault, reason: str) -> None:
    reply = Reply.of(550, "no")

    assert judge_reply(phase, reply, is_own_sender=True) == Judgement(
        verdict=Failed(fault=fault, phase=phase, reason=reason, reply=reply)
    )


def test_a_recipient_too_many_is_marked_for_the_next_transaction() -> None:
    reply = Reply.of(452, "4.5.3 too many recipients")

    judgement = judge_reply(Phase.RCPT, reply, is_own_sender=True)

    assert judgement.is_surplus
    assert judgement.trouble is None
    assert isinstance(judgement.verdict, Deferred)
    assert judgement.verdict.fault is Fault.RECIPIENT


def test_an_accounts_fault_brings_the_trouble_with_the_servers_words() -> None:
    reply = Reply.of(535, "5.7.8 bad credentials")

    assert judge_reply(Phase.AUTH, reply, is_own_sender=True) == Judgement(
        verdict=Deferred(
            fault=Fault.ACCOUNT, phase=Phase.AUTH, reason="the server refused the username or password", reply=reply
        ),
        trouble=Trouble(
            kind=TroubleKind.LOGIN,
            phase=Phase.AUTH,
            reason=Reason.REPLY,
            detail="the server refused the username or password (it said: 535 5.7.8 bad credentials)",
        ),
    )


def judge(error: NetError, *, is_uncertain: bool = False) -> Judgement:
    return judge_error(error, is_uncertain=is_uncertain, is_own_sender=True)


def test_a_lost_answer_to_the_dot_is_uncertain() -> None:
    error = NetError(Phase.BODY, Reason.LOST, "the server closed the connection")

    assert judge(error, is_uncertain=True) == Judgement(
        verdict=Uncertain(phase=Phase.BODY, reason="the answer was lost: the server closed the connection")
    )


@pytest.mark.parametrize("reason", [Reason.LOST, Reason.TIMEOUT, Reason.PROTOCOL])
def test_a_line_that_breaks_in_a_message_counts_against_the_message(reason: Reason) -> None:
    error = NetError(Phase.BODY, reason, "broken")

    assert judge(error) == Judgement(verdict=Deferred(fault=Fault.MESSAGE, phase=Phase.BODY, reason="broken"))


def test_what_the_server_cannot_do_it_will_not_learn_by_waiting() -> None:
    error = NetError(Phase.MAIL, Reason.UNSUPPORTED, "the server has no SMTPUTF8")

    assert judge(error).verdict == Failed(fault=Fault.MESSAGE, phase=Phase.MAIL, reason="the server has no SMTPUTF8")


def test_our_own_fault_is_nobody_elses() -> None:
    error = NetError(Phase.BODY, Reason.LOCAL, "too many open files")

    assert judge(error) == Judgement(
        verdict=Deferred(fault=Fault.LOCAL, phase=Phase.BODY, reason="too many open files")
    )


@pytest.mark.parametrize(
    ("phase", "reason"), [(Phase.CONNECT, Reason.REFUSED), (Phase.EHLO, Reason.LOST), (Phase.REQUEST, Reason.TLS)]
)
def test_a_line_that_breaks_before_a_message_is_the_accounts(phase: Phase, reason: Reason) -> None:
    error = NetError(phase, reason, "broken")

    assert judge(error) == Judgement(
        verdict=Deferred(fault=Fault.ACCOUNT, phase=phase, reason="broken"),
        trouble=Trouble(kind=TroubleKind.LINE, phase=phase, reason=reason, detail="broken"),
    )


def test_an_error_that_carries_an_answer_is_judged_by_the_answer() -> None:
    reply = Reply.of(550, "5.1.1 no such user")
    error = NetError(Phase.RCPT, Reason.REPLY, "refused", reply=reply)

    assert judge(error) == judge_reply(Phase.RCPT, reply, is_own_sender=True)


def test_what_keeps_a_session_from_opening_is_the_accounts() -> None:
    error = NetError(Phase.RESOLVE, Reason.NAME, "no such host")

    assert judge_opening(error) == Trouble(
        kind=TroubleKind.LINE, phase=Phase.RESOLVE, reason=Reason.NAME, detail="no such host"
    )


@pytest.mark.parametrize(
    ("phase", "code", "kind"),
    [
        (Phase.AUTH, 535, TroubleKind.LOGIN),
        (Phase.BANNER, 421, TroubleKind.LINE),
        (Phase.MAIL, 451, TroubleKind.LINE),
    ],
)
def test_the_answer_decides_the_kind_of_an_opening_trouble(phase: Phase, code: int, kind: TroubleKind) -> None:
    error = NetError(phase, Reason.REPLY, "refused", reply=Reply.of(code, "no"))

    assert judge_opening(error) == Trouble(kind=kind, phase=phase, reason=Reason.REPLY, detail="refused")


@pytest.mark.parametrize("status", [200, 202, 204])
def test_every_2xx_of_a_mail_service_is_a_delivery(status: int) -> None:
    assert judge_status(status, "", None) == Judgement(verdict=Delivered(reply=Reply.of(status, "")))


@each_row("status", [301, 302, 401, 403, 404, 405, 407, 408, 410, 425, 429, 500, 502, 503, 599])
def test_statuses_about_the_account(status: int) -> None:
    judgement = judge_status(status, "words", timedelta(seconds=90))

    assert isinstance(judgement.verdict, Deferred)
    assert judgement.verdict.fault is Fault.ACCOUNT
    assert judgement.trouble is not None
    assert judgement.trouble.kind is TroubleKind.LINE
    assert judgement.trouble.retry_after == timedelta(seconds=90)
    assert judgement.trouble.detail.endswith(f"(it said: {status} words)")


@each_row("status", [400, 413, 415, 422])
def test_statuses_about_the_message(status: int) -> None:
    assert judge_status(status, "bad subject", None) == Judgement(
        verdict=Failed(
            fault=Fault.MESSAGE,
            phase=Phase.REQUEST,
            reason="the mail service refused the message",
            reply=Reply.of(status, "bad subject"),
        )
    )


def test_a_gateway_that_waited_in_vain_leaves_the_message_uncertain_and_closes_the_account() -> None:
    judgement = judge_status(504, "late", None)
    unsent = when_unsent(judgement)

    reason = "the answer was lost: a gateway waited in vain for that of the mail service"
    assert judgement.verdict == Uncertain(phase=Phase.REQUEST, reason=reason)
    assert judgement.trouble is not None
    assert judgement.trouble.detail == f"{reason} (it said: 504 late)"
    assert isinstance(unsent.verdict, Deferred)
    assert unsent.verdict.fault is Fault.ACCOUNT
    assert when_unsent(unsent) == unsent


@pytest.mark.parametrize("status", [100, 199, 600])
def test_an_unknown_status_is_temporary(status: int) -> None:
    verdict = judge_status(status, "", None).verdict

    assert isinstance(verdict, Deferred)
    assert verdict.fault is Fault.MESSAGE
