"""Whose fault it is: from a server's answer or a broken conversation to a verdict, and to trouble of the account.

Pure. Four faults. The recipient's and the message's use up an attempt. The account's (login, TLS, DNS, line, quota,
rate) opens the breaker and uses up nothing. A local one (our disk, our descriptors) uses up nothing either. A failure
nobody has a row for is temporary and the message's: it is tried again, and in the end somebody is told.

A line that breaks in the middle of a message counts against the message and not against the account. A message that
kills its session every time would otherwise close the account for all others and never be given up; and when it is
the line after all, the next connection fails too, and that opens the breaker.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final, assert_never

from maild.delivery.refusal import Meaning
from maild.delivery.refusals import OPENING, find_refusal
from maild.delivery.stated_limit import stated_limit
from maild.delivery.status_row import StatusRow
from maild.delivery.trouble import Trouble, TroubleKind
from maild.mail.address import Mailbox
from maild.mail.phase import Phase
from maild.mail.reply import Reply
from maild.mail.verdict import Deferred, Delivered, Failed, Fault, Uncertain, Verdict
from maild.net.step import NetError, Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What an answer means.

    Attributes:
        verdict: on the recipient.
        trouble: what is wrong with the account, where it is the account.
        is_surplus: the recipient only was one too many for the transaction and may go in the next one at once.
        is_session_over: the message only was one too many for the connection; on a fresh one it is the account.
    """

    verdict: Verdict
    trouble: Trouble | None = None
    is_surplus: bool = False
    is_session_over: bool = False


def judge_reply(phase: Phase, reply: Reply, *, is_own_sender: bool) -> Judgement:
    """What a server's answer at that phase means for the recipient.

    Args:
        phase: the command that was answered.
        reply: the answer; a positive one to the body is a delivery.
        is_own_sender: whether the reverse-path is the account's own address, so that refusing it is no fault of the
            message.
    """
    if phase is Phase.BODY and reply.is_positive:
        return Judgement(verdict=Delivered(reply=reply))
    row = find_refusal(phase, reply, is_own_sender=is_own_sender)
    kind = _KINDS.get(row.meaning)
    if kind is not None:
        return _session(row.meaning, _account(kind, phase, row.words, reply))
    if row.meaning in _NEVER:
        return Judgement(verdict=Failed(fault=_NEVER[row.meaning], phase=phase, reason=row.words, reply=reply))
    return Judgement(
        verdict=_deferred(_LATER[row.meaning], phase, row.words, reply),
        is_surplus=row.meaning is Meaning.RECIPIENT_SURPLUS,
    )


def _session(meaning: Meaning, judgement: Judgement) -> Judgement:
    """Remember what is no news about the account, where another session takes the message."""
    if meaning is Meaning.SESSION_OVER:
        return replace(judgement, is_session_over=True)
    if meaning is Meaning.CROWD and judgement.trouble is not None:
        return replace(judgement, trouble=replace(judgement.trouble, is_crowd=True))
    return judgement


_KINDS: Final = {
    Meaning.ACCOUNT_LINE: TroubleKind.LINE,
    Meaning.ACCOUNT_LOGIN: TroubleKind.LOGIN,
    Meaning.ACCOUNT_QUOTA: TroubleKind.QUOTA,
    Meaning.SESSION_OVER: TroubleKind.LINE,
    Meaning.CROWD: TroubleKind.LINE,
}
_NEVER: Final = {Meaning.RECIPIENT_NEVER: Fault.RECIPIENT, Meaning.MESSAGE_NEVER: Fault.MESSAGE}
_LATER: Final = {
    Meaning.RECIPIENT_LATER: Fault.RECIPIENT,
    Meaning.RECIPIENT_SURPLUS: Fault.RECIPIENT,
    Meaning.MESSAGE_LATER: Fault.MESSAGE,
}


def judge_error(error: NetError, *, is_uncertain: bool, is_own_sender: bool) -> Judgement:
    """What a conversation means that broke off.

    Args:
        error: where and why it broke off.
        is_uncertain: the message had been sent to its end, so it may have been delivered (RFC 1047).
        is_own_sender: as for `judge_reply`.
    """
    if is_uncertain:
        return Judgement(verdict=Uncertain(phase=error.phase, reason=f"the answer was lost: {error.detail}"))
    if error.reply is not None:
        return judge_reply(error.phase, error.reply, is_own_sender=is_own_sender)
    if error.reason is Reason.LOCAL:
        return Judgement(verdict=_deferred(Fault.LOCAL, error.phase, error.detail, None))
    if error.phase in OPENING or error.reason not in _OF_THE_MESSAGE:
        trouble = judge_opening(error)
        return Judgement(verdict=_deferred(Fault.ACCOUNT, error.phase, error.detail, None), trouble=trouble)
    if error.reason is Reason.UNSUPPORTED:
        # The server will not learn SMTPUTF8 by waiting (RFC 6531 §3.2).
        return Judgement(verdict=Failed(fault=Fault.MESSAGE, phase=error.phase, reason=error.detail))
    return Judgement(verdict=_deferred(Fault.MESSAGE, error.phase, error.detail, None))


_OF_THE_MESSAGE: Final = frozenset({Reason.LOST, Reason.TIMEOUT, Reason.PROTOCOL, Reason.UNSUPPORTED, Reason.REPLY})
"""Reasons that count against the message when they come up after the login."""


def judge_opening(error: NetError) -> Trouble:
    """What keeps the account from opening a session: whatever it is, it is the account's."""
    if error.reply is None:
        # A token service that says no for good says it to every further question, too.
        kind = TroubleKind.LOGIN if error.reason is Reason.TOKEN else TroubleKind.LINE
        return Trouble(kind=kind, phase=error.phase, reason=error.reason, detail=error.detail)
    judgement = judge_reply(error.phase, error.reply, is_own_sender=True)
    kind = TroubleKind.LINE if judgement.trouble is None else judgement.trouble.kind
    stated = stated_limit(error.reply.text)
    return Trouble(kind=kind, phase=error.phase, reason=error.reason, detail=error.detail, stated=stated)


def judge_status(
    status: int,
    text: str,
    retry_after: timedelta | None,
    *,
    rows: Sequence[StatusRow] = (),
    is_own_sender: bool = True,
) -> Judgement:
    """What an HTTP mail service's answer means (RFC 9110 §15).

    The rows are what is known of the kind of service and come first. The service has no accounts of recipients: it took
    the message or it did not. The text of a failure is meant for the user, so it goes into the reply as it is. Only a
    gateway that waited in vain for the service's answer does not know.
    """
    reply = Reply.of(status, text)
    if 200 <= status <= 299:
        return Judgement(verdict=Delivered(reply=reply))
    row = next((row for row in rows if row.matches(status, text)), None)
    if row is not None:
        return _by_row(row, reply, retry_after, is_own_sender=is_own_sender)
    words = _STATUS_WORDS.get(status)
    if status == _GATEWAY_TIMEOUT:
        late = "the answer was lost: a gateway waited in vain for that of the mail service"
        told = _account(TroubleKind.LINE, Phase.REQUEST, late, reply, retry_after=retry_after)
        return replace(told, verdict=Uncertain(phase=Phase.REQUEST, reason=late))
    if words is None and 500 <= status <= 599:
        words = "the mail service has a fault of its own"
    if words is None and 300 <= status <= 399:
        words = "the mail service has moved: put its new address into http.url"
    if words is not None:
        return _account(TroubleKind.LINE, Phase.REQUEST, words, reply, retry_after=retry_after)
    if 400 <= status <= 499:
        refused = "the mail service refused the message"
        return Judgement(verdict=Failed(fault=Fault.MESSAGE, phase=Phase.REQUEST, reason=refused, reply=reply))
    odd = "the mail service gave an answer that means nothing here"
    return Judgement(verdict=_deferred(Fault.MESSAGE, Phase.REQUEST, odd, reply))


def when_unsent(judgement: Judgement) -> Judgement:
    """What an answer means that came before the service was asked to send: nothing is uncertain yet."""
    match judgement.verdict:
        case Uncertain(phase=phase, reason=reason):
            return replace(judgement, verdict=_deferred(Fault.ACCOUNT, phase, reason, None))
        case Delivered() | Deferred() | Failed():
            return judgement
        case _:
            assert_never(judgement.verdict)


def _by_row(row: StatusRow, reply: Reply, retry_after: timedelta | None, *, is_own_sender: bool) -> Judgement:
    meaning = row.meaning_for(is_own_sender=is_own_sender)
    kind = _KINDS.get(meaning)
    if kind is not None:
        return _account(kind, Phase.REQUEST, row.words, reply, retry_after=retry_after)
    if meaning in _NEVER:
        fault = _NEVER[meaning]
        return Judgement(verdict=Failed(fault=fault, phase=Phase.REQUEST, reason=row.words, reply=reply))
    return Judgement(verdict=_deferred(_LATER[meaning], Phase.REQUEST, row.words, reply))


def took_nothing(judgements: Mapping[Mailbox, Judgement]) -> bool:
    """Whether the conversation ended before the server accepted anything of the message."""
    return all(isinstance(one.verdict, Deferred) and one.verdict.phase is Phase.MAIL for one in judgements.values())


def surplus_of(judgements: Mapping[Mailbox, Judgement]) -> tuple[Mailbox, ...]:
    """Recipients for the next transaction; none when this one took nobody, or it would go on for ever."""
    if not any(isinstance(one.verdict, Delivered) for one in judgements.values()):
        return ()
    return tuple(mailbox for mailbox, one in judgements.items() if one.is_surplus)


def is_answer(judgement: Judgement) -> bool:
    """Whether the server spoke about the message or the recipient, so that the account works."""
    verdict = judgement.verdict
    if isinstance(verdict, Delivered):
        return True
    return isinstance(verdict, Deferred | Failed) and verdict.reply is not None and judgement.trouble is None


_GATEWAY_TIMEOUT: Final = 504

_STATUS_WORDS: Final = {
    401: "the mail service wants a login",
    403: "the mail service does not let this account send",
    404: "the mail service is not at this address: check http.url",
    405: "the mail service is not at this address: check http.url",
    407: "a proxy in between wants a login",
    408: "the mail service did not wait for the whole message",
    410: "the mail service is no longer at this address: check http.url",
    425: "the mail service wants less haste",
    429: "the mail service wants less haste",
}
"""The 4xx that are about the account or the moment, not about the message."""


def _deferred(fault: Fault, phase: Phase, reason: str, reply: Reply | None) -> Deferred:
    return Deferred(fault=fault, phase=phase, reason=reason, reply=reply)


def _account(
    kind: TroubleKind, phase: Phase, words: str, reply: Reply, *, retry_after: timedelta | None = None
) -> Judgement:
    trouble = Trouble(
        kind=kind,
        phase=phase,
        reason=Reason.REPLY,
        detail=f"{words} (it said: {reply})",
        retry_after=retry_after,
        stated=stated_limit(reply.text),
    )
    return Judgement(verdict=_deferred(Fault.ACCOUNT, phase, words, reply), trouble=trouble)
