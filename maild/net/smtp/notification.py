"""What the sender wants to hear about a message, as parameters of MAIL and RCPT (RFC 3461 §4). Pure.

Only for a server that offers DSN, and only where something was said: servers treat the silent majority best.

Deviates: NOTIFY=SUCCESS is not handed on. maild itself tells the sender that the provider took the message, once and
whatever the provider offers; what comes after that, nobody is told.
"""

from typing import Final

from maild.mail.report_wish import NEVER, USUAL_WISH, Notify, ReportWish
from maild.net.smtp.capabilities import Capabilities

_EXTENSION: Final = "DSN"


def mail_words(wish: ReportWish, capabilities: Capabilities) -> tuple[bytes, ...]:
    """RET and ENVID."""
    if wish is USUAL_WISH or wish == USUAL_WISH or not capabilities.offers(_EXTENSION):
        return ()
    words = [b"RET=FULL" if wish.is_full else b"RET=HDRS"]
    if wish.envelope_id is not None:
        words.append(b"ENVID=" + _xtext(wish.envelope_id))
    return tuple(words)


def rcpt_words(wish: ReportWish, capabilities: Capabilities) -> bytes:
    """NOTIFY with the space before it, or nothing."""
    if wish.notify is None or not capabilities.offers(_EXTENSION):
        return b""
    occasions = [one.value for one in (Notify.FAILURE, Notify.DELAY) if one in wish.notify]
    return b" NOTIFY=" + ",".join(occasions or [NEVER]).upper().encode()


def _xtext(text: str) -> bytes:
    """RFC 3461 §4: everything but printable ASCII without + and = is written in hexadecimal."""
    return "".join(char if "!" <= char <= "~" and char not in "+=" else f"+{ord(char):02X}" for char in text).encode()
