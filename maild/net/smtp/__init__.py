"""Sessions with SMTP servers: `open_session`, then `send` as often as wanted, then `quit`.

aiosmtplib opens every session; how a message travels on it is `session` and `dialogue`, behind `SmtpSession.send`.
"""

from maild.net.handshake import CertificateError
from maild.net.smtp.answer import Accepted, Answer, Broken, Refused
from maild.net.smtp.capabilities import Capabilities
from maild.net.smtp.opening import open_session
from maild.net.smtp.server import SmtpServer, Timeouts
from maild.net.smtp.session import SessionFacts, SmtpSession

__all__ = [
    "Accepted",
    "Answer",
    "Broken",
    "Capabilities",
    "CertificateError",
    "Refused",
    "SessionFacts",
    "SmtpServer",
    "SmtpSession",
    "Timeouts",
    "open_session",
]
