"""Reports about messages: whether one is due, to whom, by which reverse-path, and what it says. Pure.

Never about a report, never to a program (RFC 3834 §2: what carries Auto-Submitted gets no answer; an administrator
who wants all reports still hears of it), never for the null sender (RFC 5321 §4.5.5; the queue owes none for it), and
of lists and bulk mail only failures. A report goes out with the null reverse-path where the account's provider takes
it, else with the account's own address: better a report that could be bounced than none.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, TypeAlias, assert_never

from maild.config.model import Account, HttpSettings, SmtpSettings
from maild.config.report_settings import ReportSettings, ReportTo
from maild.mail.address import Mailbox
from maild.mail.digest import DigestEntry
from maild.mail.dsn import MAX_RETURNED_BYTES, Dsn, DsnRecipient, Returned, plain
from maild.mail.header import Header, HeaderError
from maild.mail.reply import EnhancedCode, Reply
from maild.mail.verdict import Deferred, Delivered, Failed, Uncertain, Verdict, verdict_words
from maild.providers.catalogue import provider_of
from maild.spool.queue import AccountSender, NullSender, Occasion, OwedReport, QueuedRecipient, SenderChoice

_ANSWERS: Final = frozenset({"auto-replied", "auto-notified"})
_BULK: Final = frozenset({"bulk", "list", "junk"})
_MAX_LINE_OCTETS: Final = 998


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """What decides besides the message: the settings, the accounts in force, this machine's name."""

    settings: ReportSettings
    accounts: Mapping[str, Account]
    hostname: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Original:
    """What is left of the message a report is about; `body` None: it is too large, or gone."""

    head: bytes = field(repr=False)
    body: bytes | None = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounce:
    """A report that is due.

    Attributes:
        to: who gets it by mail; None: nobody, only the Maildir does.
        sender: its reverse-path.
        account: the account it goes through; None: the routes decide.
        dsn: what it says; addressed to `to`, or to nobody in particular.
        entries: the same for a digest.
    """

    report: OwedReport
    to: Mailbox | None
    sender: SenderChoice
    account: str | None
    dsn: Dsn
    entries: tuple[DigestEntry, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Silence:
    """Nobody is told; `reason` says why, as a sentence."""

    report: OwedReport
    reason: str


def judge(report: OwedReport, original: Original | None, world: World) -> Bounce | Silence:
    """The report, if anybody is to get one."""
    if not report.recipients:
        return Silence(report=report, reason="there is nobody left whom it could be about")
    header = _header_of(original)
    automatic = _first_word(header, "auto-submitted")
    if automatic in _ANSWERS:
        return Silence(report=report, reason="the message is an automatic answer itself")
    is_automatic = automatic not in ("", "no")
    if report.occasion is Occasion.DELAYED and (is_automatic or _is_bulk(header)):
        return Silence(report=report, reason="nobody waits for an answer to a message that a program sent to many")
    account = world.accounts.get(report.message.last_account or report.message.account or "")
    to = _addressee(report, world, account, is_automatic=is_automatic)
    if to is None and world.settings.maildir is None:
        return Silence(report=report, reason="reports.to and reports.maildir of maild.yaml name nobody for it")
    return Bounce(
        report=report,
        to=to,
        sender=NullSender() if account is not None and takes_null_sender(account) else AccountSender(),
        account=None if account is None else account.name,
        dsn=_dsn(report, original, header, (world, account, to)),
        entries=tuple(_entry(report, one) for one in report.recipients),
    )


def takes_null_sender(account: Account) -> bool:
    """Whether the reverse-path `<>` may be tried: one's own server must take it, of a provider it must be known."""
    match account.transport:
        case SmtpSettings(host=host):
            provider = provider_of(host)
            return provider is None or provider.null_sender is True
        case HttpSettings():
            return False
        case _:
            assert_never(account.transport)


def _addressee(report: OwedReport, world: World, account: Account | None, *, is_automatic: bool) -> Mailbox | None:
    match world.settings.to:
        case Mailbox() as fixed:
            to: Mailbox | None = fixed
        case ReportTo.NOBODY:
            to = None
        case ReportTo.SENDER:
            to = None if is_automatic else _sender_of(report, account)
        case _:
            assert_never(world.settings.to)
    # Who cannot be reached cannot be told so by mail either.
    is_unreachable = report.occasion is Occasion.FAILED and any(one.mailbox == to for one in report.recipients)
    return None if is_unreachable else to


def _sender_of(report: OwedReport, account: Account | None) -> Mailbox | None:
    match report.message.sender:
        case AccountSender():
            return None if account is None else account.sender
        case NullSender():
            return None
        case Mailbox() as sender:
            return sender
        case _:
            assert_never(report.message.sender)


_Circumstances: TypeAlias = tuple[World, Account | None, Mailbox | None]


def _dsn(report: OwedReport, original: Original | None, header: Header | None, where: _Circumstances) -> Dsn:
    world, account, to = where
    message = report.message
    title, prose = _WORDS[report.occasion]
    author = None if account is None else account.sender
    return Dsn(
        title=title,
        prose=prose,
        reporter=world.hostname,
        recipients=tuple(_recipient(report, one) for one in report.recipients),
        author=author,
        to=to or author or report.recipients[0].mailbox,
        subject=(header.text("subject") or "") if header is not None else "",
        message_id=message.message_id,
        envelope_id=message.wish.envelope_id,
        arrived_at=message.received_at,
        returned=_returned(report, original),
    )


_FAILED: Final = (
    "Your message could not be delivered to the recipients named here. Nothing more will be tried for them."
)
_DELAYED: Final = (
    "Your message has not reached the recipients named here yet. It is tried again and again, and you will hear of it\n"
    "when it is given up. You need not send it again."
)
_RELAYED: Final = (
    "The mail provider took your message for the recipients named here, as you wished to be told. Whether it reaches\n"
    "them is not reported from there on."
)
_WORDS: Final[Mapping[Occasion, tuple[str, str]]] = {
    Occasion.FAILED: ("Undelivered mail", _FAILED),
    Occasion.DELAYED: ("Delayed mail", _DELAYED),
    Occasion.RELAYED: ("Delivered mail", _RELAYED),
}


def _recipient(report: OwedReport, one: QueuedRecipient) -> DsnRecipient:
    reply = _reply_of(one.verdict)
    is_delay = report.occasion is Occasion.DELAYED
    return DsnRecipient(
        mailbox=one.mailbox,
        action=report.occasion.value,
        status=_status(report.occasion, reply),
        reason=_reason(one.verdict),
        diagnostic=None if reply is None else str(reply),
        last_attempt=one.verdict_at,
        retry_until=report.message.expires_at if is_delay else None,
    )


def _entry(report: OwedReport, one: QueuedRecipient) -> DigestEntry:
    words = verdict_words(one.verdict) or _reason(None)
    return DigestEntry(message=report.message.id, mailbox=one.mailbox, action=report.occasion.value, words=words)


def _status(occasion: Occasion, reply: Reply | None) -> EnhancedCode:
    known = None if reply is None else reply.enhanced
    match occasion:
        case Occasion.RELAYED:
            return known or EnhancedCode(class_=2, subject=0, detail=0)
        case Occasion.DELAYED:
            is_fitting = known is not None and known.class_ == 4
            return known if known is not None and is_fitting else EnhancedCode(class_=4, subject=0, detail=0)
        case Occasion.FAILED if reply is not None and reply.is_transient:
            # Given up at the end of its lifetime: RFC 3463 §3.5, delivery time expired.
            return EnhancedCode(class_=5, subject=4, detail=7)
        case Occasion.FAILED:
            is_fitting = known is not None and known.class_ == 5
            return known if known is not None and is_fitting else EnhancedCode(class_=5, subject=0, detail=0)
        case _:
            assert_never(occasion)


def _reply_of(verdict: Verdict | None) -> Reply | None:
    match verdict:
        case None | Uncertain():
            return None
        case Delivered(reply=reply):
            return reply
        case Deferred(reply=answer) | Failed(reply=answer):
            return answer
        case _:
            assert_never(verdict)


def _reason(verdict: Verdict | None) -> str:
    match verdict:
        case None:
            return "it could not be tried yet"
        case Delivered():
            return "the server took it"
        case Deferred(reason=reason) | Failed(reason=reason) | Uncertain(reason=reason):
            return reason
        case _:
            assert_never(verdict)


def _returned(report: OwedReport, original: Original | None) -> Returned | None:
    if original is None:
        return None
    wants_all = report.message.wish.is_full and report.occasion is Occasion.FAILED
    if not wants_all or original.body is None:
        return Returned(data=original.head, is_full=False)
    whole = original.head + b"\r\n" + original.body
    # What no server might take back is not offered to one.
    is_fit = len(whole) <= MAX_RETURNED_BYTES and max(map(len, whole.split(b"\r\n"))) <= _MAX_LINE_OCTETS
    return Returned(data=whole, is_full=True) if is_fit else Returned(data=original.head, is_full=False)


def _header_of(original: Original | None) -> Header | None:
    try:
        return None if original is None else Header.parse(original.head)
    except HeaderError:
        return None


def _first_word(header: Header | None, name: str) -> str:
    """The value without comment and parameters, in lower case; empty when there is none."""
    text = "" if header is None else header.text(name) or ""
    return plain(text.partition("(")[0].partition(";")[0]).lower()


def _is_bulk(header: Header | None) -> bool:
    return header is not None and ("list-id" in header or _first_word(header, "precedence") in _BULK)
