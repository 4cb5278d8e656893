"""The phases of a conversation with a mail server or mail service, in their order.

Delivery, probes, `maild test`, metrics and diagnostics all name the same phases.
"""

from enum import StrEnum


class Phase(StrEnum):
    """How far a conversation came. The order of definition is the order in which they happen."""

    SECRET = "secret"  # noqa: S105 -- the phase of resolving the password reference
    RESOLVE = "resolve"
    CONNECT = "connect"
    BANNER = "banner"
    EHLO = "ehlo"
    STARTTLS = "starttls"
    TLS = "tls"
    CERTIFICATE = "certificate"
    AUTH = "auth"
    MAIL = "mail"
    RCPT = "rcpt"
    DATA = "data"
    BODY = "body"
    """The message itself up to the answer to its final dot; for HTTP the request up to its answer is REQUEST."""
    REQUEST = "request"
    RSET = "rset"
    """After a probe's envelope, which is taken back."""
    QUIT = "quit"
