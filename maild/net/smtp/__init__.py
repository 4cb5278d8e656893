"""Sessions with SMTP servers: `open_session`, then `send` as often as wanted, then `quit`.

aiosmtplib opens every session (`opening`, `encryption`, `login`, over a `Dialogue`); then `Wire` takes the connection
over, and how a message travels on it is `transaction` and `sending`, behind `SmtpSession.send`.
"""

from maild.net.handshake import CertificateError
from maild.net.smtp.answer import Accepted, Answer, Broken, Refused
from maild.net.smtp.capabilities import Capabilities
from maild.net.smtp.content import Content
from maild.net.smtp.opening import open_session
from maild.net.smtp.server import SmtpServer, Timeouts
from maild.net.smtp.session import SessionFacts, SmtpSession

__all__ = [
    "Accepted",
    "Answer",
    "Broken",
    "Capabilities",
    "CertificateError",
    "Content",
    "Refused",
    "SessionFacts",
    "SmtpServer",
    "SmtpSession",
    "Timeouts",
    "open_session",
]
