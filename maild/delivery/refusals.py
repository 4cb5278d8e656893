"""What an SMTP refusal means: one table from (phase, reply code, enhanced code, text) to whose fault it is. Pure data.

The first row that matches decides, so the particular stands before the general. A row matches when everything that it
names matches; what it leaves out matches always. `classify` reads it, and so may a person (`maild explain --replies`):
a row says in a sentence what it takes the refusal to mean. Words that only one provider uses are facts about it.

Where each oddity was met:
- Gmail answers an exhausted day with `550 5.4.5`, Microsoft with `554 5.2.0 … SubmissionQuotaExceededException`: both
  heal by waiting, and clients that believe the 5 lose the mail.
- Microsoft says `432 4.3.2` for a connection too many, Amazon SES `454 Throttling failure` for any rate, Gmail
  `454 4.7.0` for logins too frequent.
- RFC 5321 §4.5.3.1.10 has 452 for recipients too many in one transaction, and older servers say 552.
"""

import re
from collections.abc import Iterable
from typing import Final

from maild.delivery.refusal import Meaning, Refusal
from maild.mail.phase import Phase
from maild.mail.reply import Reply
from maild.providers.refusal_texts import Says, texts_that_say


def _words(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


def _any_of(texts: Iterable[str]) -> re.Pattern[str]:
    """What providers are known to say, whoever says it: servers of their customers answer with it, too."""
    return _words("|".join(re.escape(text) for text in texts))


OPENING: Final = frozenset(
    {
        Phase.SECRET,
        Phase.RESOLVE,
        Phase.CONNECT,
        Phase.BANNER,
        Phase.EHLO,
        Phase.STARTTLS,
        Phase.TLS,
        Phase.CERTIFICATE,
        Phase.AUTH,
    }
)
"""The phases before any message: what fails here is the account's."""

_AUTH: Final = frozenset({Phase.AUTH})
_MAIL: Final = frozenset({Phase.MAIL})
_RCPT: Final = frozenset({Phase.RCPT})

# Repetitions are bounded: the text is a stranger's, and an unbounded one invites quadratic searches.
_ALLOWANCE: Final = _words(
    r"(daily|hourly|monthly|sending|submission|outgoing|outbound|message rate)[\w' ]{0,40}(quota|limit)"
    r"|(quota|limit)[\w' ]{0,40}(daily|hourly|per day|per hour|sending|submission|outgoing|outbound)"
)
_ALLOWANCE_OF_OTHERS: Final = _words(r"recipient|receiv|mailbox|inbox|storage|size|connection")
_NO_RELAY: Final = _words(r"relay(ing)?( access)? (is )?(denied|not permitted|not allowed|prohibited)|unable to relay")

REFUSALS: Final = (
    Refusal(
        name="sending-quota",
        meaning=Meaning.ACCOUNT_QUOTA,
        words="the provider's sending allowance is used up; it comes back with time",
        enhanced=((4, 5),),
    ),
    Refusal(
        name="submission-quota",
        meaning=Meaning.ACCOUNT_QUOTA,
        words="the provider's daily allowance of recipients is used up; it comes back with time",
        text=_any_of(texts_that_say(Says.QUOTA_USED_UP)),
    ),
    Refusal(
        name="sending-limit",
        meaning=Meaning.ACCOUNT_QUOTA,
        words="the provider says that a sending limit is reached; it comes back with time",
        codes=(4, 5),
        text=_ALLOWANCE,
        unless=_ALLOWANCE_OF_OTHERS,
    ),
    Refusal(
        name="encryption-first",
        meaning=Meaning.ACCOUNT_LINE,
        words="the server wants encryption first: the account's tls mode should be starttls or implicit",
        codes=(530, 538),
        text=_words(r"STARTTLS|encrypt"),
    ),
    Refusal(
        name="login-unavailable",
        meaning=Meaning.ACCOUNT_LINE,
        words="the server cannot check logins now",
        phases=_AUTH,
        codes=(4,),
    ),
    Refusal(
        name="login-refused",
        meaning=Meaning.ACCOUNT_LOGIN,
        words="the server refused the username or password",
        phases=_AUTH,
    ),
    Refusal(
        # RFC 4954 §6: 530 login required, 534 mechanism too weak, 535 credentials invalid, 538 needs encryption.
        name="login-wanted",
        meaning=Meaning.ACCOUNT_LOGIN,
        words="the server wants a valid login",
        codes=(530, 534, 535, 538),
    ),
    Refusal(
        # Microsoft's "client was not authenticated".
        name="not-authenticated",
        meaning=Meaning.ACCOUNT_LOGIN,
        words="the server wants a valid login",
        enhanced=((7, 57),),
    ),
    Refusal(
        # Some relays take five or ten and then say 421, which is no news about the account.
        name="session-over",
        meaning=Meaning.SESSION_OVER,
        words="the server takes no more messages over one connection",
        codes=(4,),
        text=_words(
            r"too many (messages|mails|emails|transactions)[\w ]{0,30}(connection|session)"
            r"|(messages?|mails|emails)( limit)? (per|in one|in this|for this) (smtp )?(connection|session)"
        ),
    ),
    Refusal(
        name="connections-too-many",
        meaning=Meaning.CROWD,
        words="the server does not take so many connections at the same time",
        codes=(421, 454),
        text=_words(
            r"(too many|concurren(t|cy of)|simultaneous|maximum (number of )?)[\w ]{0,20}(connections?|sessions?)"
            r"|connections? [\w ]{0,20}(limit|exceeded)"
        ),
    ),
    Refusal(
        name="connections-most",
        meaning=Meaning.CROWD,
        words="the server does not take so many connections at the same time",
        codes=(432,),
    ),
    Refusal(
        name="service-closing",
        meaning=Meaning.ACCOUNT_LINE,
        words="the server closes its service for now",
        codes=(421,),
    ),
    Refusal(
        name="less-haste",
        meaning=Meaning.ACCOUNT_LINE,
        words="the server wants fewer connections or less haste",
        codes=(454,),
    ),
    Refusal(
        name="no-conversation",
        meaning=Meaning.ACCOUNT_LINE,
        words="the server would not begin a conversation",
        phases=OPENING,
    ),
    Refusal(
        name="recipients-surplus",
        meaning=Meaning.RECIPIENT_SURPLUS,
        words="the server takes no more recipients in one transaction",
        phases=_RCPT,
        enhanced=((5, 3),),
    ),
    Refusal(
        name="recipients-too-many",
        meaning=Meaning.RECIPIENT_SURPLUS,
        words="the server takes no more recipients in one transaction",
        phases=_RCPT,
        codes=(452, 552),
        text=_words(r"too many (recipients|rcpt)"),
    ),
    Refusal(
        name="no-relaying",
        meaning=Meaning.ACCOUNT_LINE,
        words="the server does not send mail onwards for this account: does it need a username and password?",
        phases=_RCPT,
        codes=(5,),
        text=_NO_RELAY,
    ),
    Refusal(
        name="foreign-sender",
        meaning=Meaning.ACCOUNT_LINE,
        words="the server does not let this account send with its own sender address: check username and email",
        codes=(5,),
        text=_any_of(texts_that_say(Says.FOREIGN_SENDER)),
        is_own_sender=True,
    ),
    Refusal(
        # Too large, or not to be represented (RFC 3463 §3.4, §3.7): the message's own fault though said at MAIL.
        name="message-unfit",
        meaning=Meaning.MESSAGE_NEVER,
        words="the server refused the message for good",
        phases=_MAIL,
        codes=(5,),
        enhanced=((2, 3), (3, 4), (6, 1), (6, 3), (6, 7)),
    ),
    Refusal(
        name="sender-refused",
        meaning=Meaning.ACCOUNT_LINE,
        words="the server does not accept the account's sender address: check username and email",
        phases=_MAIL,
        codes=(550, 551, 553, 554),
        is_own_sender=True,
    ),
    Refusal(
        name="recipient-retry",
        meaning=Meaning.RECIPIENT_LATER,
        words="the server refused the recipient and asks to try again later",
        phases=_RCPT,
        codes=(5,),
        text=_words(r"try (again|later)|retry later"),
    ),
    Refusal(
        name="message-retry",
        meaning=Meaning.MESSAGE_LATER,
        words="the server refused the message and asks to try again later",
        codes=(5,),
        text=_words(r"try (again|later)|retry later"),
    ),
    Refusal(
        # A conversation out of step says nothing about the message.
        name="out-of-step",
        meaning=Meaning.MESSAGE_LATER,
        words="the server and maild lost step",
        codes=(503,),
    ),
    Refusal(
        name="recipient-later",
        meaning=Meaning.RECIPIENT_LATER,
        words="the server does not accept the recipient for now",
        phases=_RCPT,
        codes=(4,),
    ),
    Refusal(
        name="recipient-never",
        meaning=Meaning.RECIPIENT_NEVER,
        words="the server refused the recipient for good",
        phases=_RCPT,
        codes=(5,),
    ),
    Refusal(
        name="message-later",
        meaning=Meaning.MESSAGE_LATER,
        words="the server does not accept the message for now",
        codes=(4,),
    ),
    Refusal(
        name="message-never", meaning=Meaning.MESSAGE_NEVER, words="the server refused the message for good", codes=(5,)
    ),
    # Unknown remote failure is temporary.
    Refusal(
        name="unknown-answer", meaning=Meaning.MESSAGE_LATER, words="the server gave an answer that means nothing here"
    ),
)


def find_refusal(phase: Phase, reply: Reply, *, is_own_sender: bool) -> Refusal:
    """The row that speaks of this refusal; the last row takes whatever no other did."""
    return next(row for row in REFUSALS if row.matches(phase, reply, is_own_sender=is_own_sender))


def row_named_by(phase: Phase, reply: Reply, reason: str) -> Refusal | None:
    """The row that a verdict with this reply and reason was made by; None when it was no row of the table."""
    rows = (find_refusal(phase, reply, is_own_sender=is_own) for is_own in (True, False))
    return next((row for row in rows if row.words in reason), None)
