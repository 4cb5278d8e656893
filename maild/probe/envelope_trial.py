"""An envelope that is taken back: MAIL with the account's sender, RCPT to that very address, RSET; never a message.

It shows what a login does not: that the account may send as this address. Nobody else's address is ever asked about:
that looks like harvesting. A refusal of MAIL ends the conversation; what is said to RCPT is no more than a remark,
since a sender's address need not take mail, and 4yz is how greylisting greets everybody (RFC 5321 §3.3, §4.1.1.5).
"""

from dataclasses import replace

from maild.diagnostics import Diagnostic
from maild.mail.address import Mailbox
from maild.mail.phase import Phase
from maild.net.narrator import Findings, Narrator
from maild.net.smtp import SmtpSession
from maild.net.step import NetError, Reason
from maild.probe.findings.message import OWN_ADDRESS_REFUSED
from maild.probe.result import CheckVerdict, PhaseResult


async def try_envelope(session: SmtpSession, sender: Mailbox, narrator: Narrator) -> Diagnostic | None:
    """Try it; what is to be said about RCPT, if there is something.

    Raises:
        NetError: MAIL was refused, or the connection failed.
    """
    path = str(sender)
    if not path.isascii() or any(not char.isprintable() for char in path):
        return None  # needs SMTPUTF8, which deliveries ask for by message
    with narrator.phase(Phase.MAIL) as found:
        found.reply = await session.ask(Phase.MAIL, f"MAIL FROM:<{path}>")
        found.detail = str(found.reply)
        if not found.reply.is_positive:
            detail = f"the server does not take this sender: {found.reply}"
            raise NetError(Phase.MAIL, Reason.REPLY, detail, reply=found.reply)
    remark = None
    if session.is_usable:
        with narrator.phase(Phase.RCPT) as found:
            remark = await _try_recipient(session, path, found)
    if session.is_usable:
        with narrator.phase(Phase.RSET) as found:
            found.reply = await session.ask(Phase.RSET, "RSET")
            found.detail = str(found.reply)
    return remark


async def _try_recipient(session: SmtpSession, path: str, found: Findings) -> Diagnostic | None:
    reply = await session.ask(Phase.RCPT, f"RCPT TO:<{path}>")
    found.reply, found.detail = reply, str(reply)
    if not reply.is_permanent:
        return None
    message = f'The server does not take mail for the sender\'s own address. The server said: "{reply}"'
    return OWN_ADDRESS_REFUSED.diagnostic(message, help_=OWN_ADDRESS_REFUSED.mend)


def with_remark(phases: tuple[PhaseResult, ...], remark: Diagnostic | None) -> tuple[PhaseResult, ...]:
    """The phases, with a warning at RCPT where there is one."""
    if remark is None:
        return phases
    return tuple(replace(phase, verdict=CheckVerdict.WARN) if phase.phase is Phase.RCPT else phase for phase in phases)
