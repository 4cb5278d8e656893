"""An HTTP request that came to no answer, and why: the library's errors in our words."""

import aiohttp

from maild.mail.phase import Phase
from maild.net.connect import connection_failure
from maild.net.handshake import tls_error
from maild.net.http.target import Target
from maild.net.step import NetError, Reason


class HttpError(NetError):
    """No answer.

    Attributes:
        cause: why; a `CertificateError` for a certificate that was not accepted.
        is_uncertain: whether the service may have done what it was asked for, because all of it was on its way.
    """

    def __init__(self, error: NetError, *, is_uncertain: bool) -> None:
        super().__init__(error.phase, error.reason, error.detail, reply=error.reply)
        self.cause = error
        self.is_uncertain = is_uncertain


def explain(error: Exception, phase: Phase, target: Target, *, timeout_s: float) -> NetError:
    """Any failure but a refused certificate's.

    Args:
        error: the library's or the system's.
        phase: how far the request had come.
        target: where it went.
        timeout_s: how long it was given.
    """
    match error:
        case aiohttp.ClientConnectorSSLError():
            return tls_error(error.os_error, timeout_s=timeout_s)
        case aiohttp.ClientConnectorError():
            reason, words = connection_failure(error.os_error, timeout_s=timeout_s)
            phase, detail = Phase.CONNECT, f"{target.host} port {target.port}: {words}"
        case TimeoutError():
            reason, detail = Reason.TIMEOUT, f"the service did not answer within {timeout_s:g} seconds"
        case aiohttp.ClientConnectionError() | aiohttp.ClientPayloadError() | OSError():
            reason, detail = Reason.LOST, "the service closed the connection without an answer"
        case aiohttp.ClientError():
            reason, detail = Reason.PROTOCOL, "what the service answered is not HTTP"
        case _:
            reason, detail = Reason.LOCAL, f"the request could not be made: {type(error).__name__}"
    return NetError(phase, reason, detail)
