from typing import TypeAlias

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maild.mail.envelope import Envelope
from maild.mail.phase import Phase
from maild.mail.reply import Reply
from maild.mail.report_wish import ReportWish
from maild.net.smtp import Accepted, Broken, Capabilities, Refused
from maild.net.smtp.transaction import (
    AT_ONCE_BYTES,
    Body,
    Command,
    Data,
    Mail,
    Nothing,
    Rcpt,
    Transaction,
    TransactionPlan,
    plan_transaction,
)
from maild.net.step import NetError, Reason
from tests.net.smtp.visit import ANNA, BERT, CLEO, SENDER
from tests.rows import each_row

Said: TypeAlias = tuple[Command, int]

ENVELOPE = Envelope(sender=SENDER, recipients=(ANNA, BERT))
NEITHER = Capabilities.parse("hi")
PIPELINING = Capabilities.parse("hi\nPIPELINING")
CHUNKING = Capabilities.parse("hi\nCHUNKING")
BOTH = Capabilities.parse("hi\nPIPELINING\nCHUNKING")


def plan(capabilities: Capabilities, *, size_bytes: int = 100, may_gamble: bool = True) -> TransactionPlan:
    return plan_transaction(ENVELOPE, (b"SIZE=1",), capabilities, size_bytes, may_gamble=may_gamble)


MAIL = b"MAIL FROM:<sender@example.test> SIZE=1\r\n"
TO_ANNA, TO_BERT = b"RCPT TO:<anna@example.test>\r\n", b"RCPT TO:<bert@example.test>\r\n"


@each_row(
    ("capabilities", "groups", "is_chunked", "is_at_once"),
    [
        (NEITHER, [MAIL, TO_ANNA, TO_BERT, b"DATA\r\n"], False, False),
        (CHUNKING, [MAIL, TO_ANNA, TO_BERT], True, False),
        (PIPELINING, [MAIL + TO_ANNA + TO_BERT + b"DATA\r\n"], False, False),
        (BOTH, [MAIL + TO_ANNA + TO_BERT], True, True),
    ],
)
def test_commands_travel_together_as_far_as_the_server_lets_them(
    capabilities: Capabilities, groups: list[bytes], *, is_chunked: bool, is_at_once: bool
) -> None:
    found = plan(capabilities)

    assert [group.text for group in found.groups] == groups
    assert sum(len(group.commands) for group in found.groups) == b"".join(groups).count(b"\r\n")
    assert (found.is_chunked, found.is_at_once) == (is_chunked, is_at_once)


def test_a_large_message_or_one_on_a_silent_session_does_not_travel_with_its_envelope() -> None:
    assert plan(BOTH, size_bytes=AT_ONCE_BYTES).is_at_once
    assert not plan(BOTH, size_bytes=AT_ONCE_BYTES + 1).is_at_once
    assert not plan(BOTH, may_gamble=False).is_at_once


def test_what_the_sender_wants_to_hear_stands_behind_each_recipient() -> None:
    envelope = Envelope(sender=SENDER, recipients=(ANNA, BERT), wish=ReportWish(notify=frozenset()))
    dsn = Capabilities.parse("hi\nPIPELINING\nCHUNKING\nDSN")

    (group,) = plan_transaction(envelope, (), dsn, 100, may_gamble=False).groups

    assert group.text.count(b" NOTIFY=NEVER\r\n") == 2


def test_the_null_sender_is_empty_brackets() -> None:
    found = plan_transaction(Envelope(sender=None, recipients=(ANNA,)), (), NEITHER, 1, may_gamble=True)

    assert found.groups[0].text == b"MAIL FROM:<>\r\n"


def reply(code: int) -> Reply:
    return Reply.of(code, "said")


def carried(*said: Said) -> Transaction:
    transaction = Transaction(ENVELOPE)
    for command, code in said:
        transaction.take(command, reply(code))
    return transaction


def test_everybody_has_the_answer_to_the_end_who_was_not_refused_before() -> None:
    transaction = carried((Mail(), 250), (Rcpt(ANNA), 550), (Rcpt(BERT), 251), (Data(), 354))

    assert (transaction.pending, transaction.is_going_on, transaction.wants_data) == ((BERT,), True, True)
    transaction.take(Body(), reply(250))
    assert transaction.answers == {
        ANNA: Refused(phase=Phase.RCPT, reply=reply(550)),
        BERT: Accepted(reply=reply(250)),
    }
    assert (transaction.pending, transaction.wants_data) == ((), False)


@each_row(
    ("said", "phase"),
    [
        ([(Mail(), 550)], Phase.MAIL),
        ([(Mail(), 421)], Phase.MAIL),
        ([(Mail(), 250), (Rcpt(ANNA), 421)], Phase.RCPT),
        ([(Mail(), 250), (Data(), 451)], Phase.DATA),
        ([(Mail(), 250), (Data(), 354), (Body(), 552)], Phase.BODY),
        # What is answered to the rest after a refused MAIL is only its echo.
        ([(Mail(), 550), (Rcpt(ANNA), 503), (Rcpt(BERT), 503), (Data(), 503)], Phase.MAIL),
        ([(Mail(), 550), (Rcpt(ANNA), 503), (Rcpt(BERT), 503), (Body(), 503)], Phase.MAIL),
    ],
)
def test_the_first_refusal_of_everybody_is_everybodys_answer(said: list[Said], phase: Phase) -> None:
    transaction = carried(*said)

    (refused,) = set(transaction.answers.values())
    assert isinstance(refused, Refused)
    assert refused.phase is phase
    assert not transaction.is_going_on


def test_go_on_although_nobody_is_there_asks_for_the_lone_dot() -> None:
    transaction = carried((Mail(), 250), (Rcpt(ANNA), 550), (Rcpt(BERT), 450), (Data(), 354))

    assert (transaction.is_going_on, transaction.wants_data) == (False, True)
    transaction.take(Nothing(), reply(554))
    assert not transaction.wants_data
    assert {type(answer) for answer in transaction.answers.values()} == {Refused}


@each_row(
    ("before", "command", "code"),
    [
        ([], Mail(), 354),
        ([(Mail(), 250)], Rcpt(ANNA), 334),
        ([(Mail(), 250), (Rcpt(ANNA), 250)], Data(), 250),
        ([(Mail(), 250), (Rcpt(ANNA), 250), (Data(), 354)], Body(), 354),
    ],
)
def test_a_reply_that_a_command_cannot_have_is_a_violation(before: list[Said], command: Command, code: int) -> None:
    transaction = carried(*before)

    with pytest.raises(NetError) as caught:
        transaction.take(command, reply(code))
    assert (caught.value.phase, caught.value.reason) == (command.phase, Reason.PROTOCOL)


@pytest.mark.parametrize("command", [Rcpt(ANNA), Body()])
def test_a_server_that_goes_on_after_refusing_the_sender_is_not_believed_to_have_refused(command: Command) -> None:
    transaction = carried((Mail(), 550))

    with pytest.raises(NetError, match="after it had refused the sender") as caught:
        transaction.take(command, reply(250))
    transaction.break_off(caught.value, is_uncertain=True)
    assert set(transaction.answers.values()) == {Broken(error=caught.value, is_uncertain=True)}


@given(st.lists(st.sampled_from([250, 354, 421, 450, 550]), min_size=5, max_size=5), st.booleans())
def test_whatever_a_server_says_everybody_gets_one_answer_and_yes_only_from_the_end(
    codes: list[int],
    is_chunked: bool,  # noqa: FBT001 -- drawn
) -> None:
    envelope = Envelope(sender=SENDER, recipients=(ANNA, BERT, CLEO))
    commands: list[Command] = [Mail(), *map(Rcpt, envelope.recipients), *([] if is_chunked else [Data()]), Body()]
    transaction = Transaction(envelope)
    heard: list[Said] = []
    try:
        for command, code in zip(commands, codes, strict=False):
            heard.append((command, code))
            transaction.take(command, reply(code))
            if code == 421:
                break
    except NetError as error:
        transaction.break_off(error, is_uncertain=True)
    else:
        transaction.break_off(NetError(Phase.BODY, Reason.LOST, "gone"), is_uncertain=True)

    assert transaction.answers.keys() == set(envelope.recipients)
    has_yes = any(isinstance(answer, Accepted) for answer in transaction.answers.values())
    assert not has_yes or heard[-1] == (Body(), 250)
    for mailbox in envelope.recipients:
        if (Rcpt(mailbox), 550) in heard and (Mail(), 250) in heard:
            assert isinstance(transaction.answers[mailbox], Refused)
