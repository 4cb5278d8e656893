"""What became of a message that was sent by JMAP (RFC 8620 §5.3, RFC 8621 §7.5). Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from maild.delivery.classify import Judgement, judge_status
from maild.delivery.refusal import Meaning
from maild.delivery.status_row import LOGIN_ROWS, StatusRow
from maild.delivery.transports.services.jmap_answer import JmapError, mapping_of, method_answers
from maild.mail.address import Mailbox
from maild.mail.phase import Phase
from maild.mail.reply import Reply
from maild.mail.verdict import Deferred, Failed, Fault, Uncertain

_SMTP_REPLY: Final = re.compile(r"([2-5][0-9]{2})[ -]?(.*)", re.ASCII | re.DOTALL)

_FAILED_STATUS: Final = 400
"""What stands for an error that came with a success of HTTP's."""


def _row(word: str, meaning: Meaning, words: str, own: Meaning | None = None) -> StatusRow:
    return StatusRow(status=_FAILED_STATUS, word=word, meaning=meaning, words=words, meaning_of_own=own)


_FOREIGN: Final = "the mail service does not let this account send with that address"
_NOT_ALLOWED: Final = "the mail service does not let this account send"
_FAULTY: Final = "the mail service has a fault of its own"
_HASTE: Final = "the mail service wants less haste"

ROWS: Final = (
    _row("forbiddenFrom:", Meaning.MESSAGE_NEVER, _FOREIGN, Meaning.ACCOUNT_LOGIN),
    _row("forbiddenMailFrom:", Meaning.MESSAGE_NEVER, _FOREIGN, Meaning.ACCOUNT_LOGIN),
    _row("forbiddenToSend:", Meaning.ACCOUNT_LOGIN, _NOT_ALLOWED),
    _row("forbidden:", Meaning.ACCOUNT_LOGIN, _NOT_ALLOWED),
    _row("accountReadOnly:", Meaning.ACCOUNT_LOGIN, _NOT_ALLOWED),
    _row("accountNotFound:", Meaning.ACCOUNT_LOGIN, _NOT_ALLOWED),
    _row("overQuota:", Meaning.ACCOUNT_QUOTA, "the account's allowance is used up"),
    _row("rateLimit:", Meaning.ACCOUNT_LINE, _HASTE),
    _row("jmap:error:limit", Meaning.ACCOUNT_LINE, _HASTE),
    _row("serverFail:", Meaning.ACCOUNT_LINE, _FAULTY),
    _row("serverUnavailable:", Meaning.ACCOUNT_LINE, _FAULTY),
    _row("unknownMethod:", Meaning.ACCOUNT_LINE, "the mail service does not send mail by JMAP"),
    _row("alreadyExists:", Meaning.MESSAGE_LATER, "the message stands in the mailbox already"),
    *LOGIN_ROWS,
)
"""The words are those of RFC 8620 §3.6, §5.3 and RFC 8621 §4.8, §7.5."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What the last request came to.

    Attributes:
        leftover: the message that stands in the mailbox unsent.
    """

    judgements: Mapping[Mailbox, Judgement]
    leftover: str | None = None


def read_outcome(text: str, recipients: tuple[Mailbox, ...], *, is_own_sender: bool) -> Outcome:
    """What became of it; uncertain where the answer does not say."""
    try:
        answers = method_answers(text)
    except JmapError as error:
        unclear = Uncertain(phase=Phase.REQUEST, reason=f"the answer cannot be read: {error}")
        return Outcome(judgements=dict.fromkeys(recipients, Judgement(verdict=unclear)))
    imported, submitted = _result(answers, "Email/import", "m"), _result(answers, "EmailSubmission/set", "s")
    leftover = mapping_of(mapping_of(imported.get("created")).get("m")).get("id")
    submission = mapping_of(mapping_of(submitted.get("created")).get("s"))
    sent = submission.get("id")
    if isinstance(sent, str):
        taken = judge_status(200, f"submission {sent}", None)
        told = mapping_of(submission.get("deliveryStatus"))
        statuses = {str(address).lower(): mapping_of(status) for address, status in told.items()}
        return Outcome(judgements={one: _delivered(statuses.get(str(one).lower(), {}), taken) for one in recipients})
    # Without an import there is nothing to submit, and its own error says why.
    reason = _error_of(imported, "m") if not isinstance(leftover, str) else _error_of(submitted, "s")
    return Outcome(
        judgements=_judged(reason, recipients, is_own_sender=is_own_sender),
        leftover=leftover if isinstance(leftover, str) else None,
    )


def _judged(
    error: Mapping[str, Any], recipients: tuple[Mailbox, ...], *, is_own_sender: bool
) -> Mapping[Mailbox, Judgement]:
    kind, description = error.get("type"), error.get("description")
    if not isinstance(kind, str) or kind == "serverPartialFail":
        unclear = Uncertain(phase=Phase.REQUEST, reason="the answer does not say whether the message was sent")
        return dict.fromkeys(recipients, Judgement(verdict=unclear))
    text = f"{kind}: {description if isinstance(description, str) else ''}".strip()
    whole = judge_status(_FAILED_STATUS, text, None, rows=ROWS, is_own_sender=is_own_sender)
    bad = error.get("invalidRecipients")
    if kind != "invalidRecipients" or not isinstance(bad, list):
        return dict.fromkeys(recipients, whole)
    return {one: _of_recipient(one, {str(address).lower() for address in bad}, whole) for one in recipients}


def _delivered(status: Mapping[str, Any], taken: Judgement) -> Judgement:
    """What a service that delivers at once says of one recipient: "no" is for good (RFC 8621 §7)."""
    if status.get("delivered") != "no":
        return taken
    words = "the mail service could not deliver to the recipient"
    found = _SMTP_REPLY.match(str(status.get("smtpReply")))
    reply = None if found is None else Reply.of(int(found[1]), found[2])
    return Judgement(verdict=Failed(fault=Fault.RECIPIENT, phase=Phase.REQUEST, reason=words, reply=reply))


def _of_recipient(recipient: Mailbox, bad: set[str], whole: Judgement) -> Judgement:
    """One that is wrong fails; the others have only lost this try."""
    reply = whole.verdict.reply if isinstance(whole.verdict, Failed) else None
    if str(recipient).lower() in bad:
        words = "the mail service refused the recipient"
        return Judgement(verdict=Failed(fault=Fault.RECIPIENT, phase=Phase.REQUEST, reason=words, reply=reply))
    words = "the mail service took the message for nobody, because it refused another recipient"
    return Judgement(verdict=Deferred(fault=Fault.MESSAGE, phase=Phase.REQUEST, reason=words, reply=reply))


def _result(answers: list[list[Any]], name: str, call: str) -> Mapping[str, Any]:
    """What the method said; an error of the whole method as if it were the error of what it should have made."""
    for said, what, of_call in answers:
        if of_call == call and said == name:
            return mapping_of(what)
        if of_call == call and said == "error":
            return {"notCreated": {call: what}}
    return {}


def _error_of(result: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    return mapping_of(mapping_of(result.get("notCreated")).get(key))
