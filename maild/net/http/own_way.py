"""The HTTP library's connector where an account has its own ideas of the way: by a proxy, or to a pinned certificate.
Our own way there, then TLS with the service itself.

The library speaks to HTTP proxies only, and does not tell a refused login from other refusals; SMTP's tunnel does both
kinds. A pin it holds against the certificate alone and never against the key. Nothing but TLS goes this way, and not an
octet of the request before the pin fits. For one request, whose phases up to the connection it tells.
"""

import asyncio
import ssl
from collections.abc import Sequence
from typing import Final

import aiohttp
from aiohttp.client_proto import ResponseHandler
from aiohttp.client_reqrep import ClientRequest
from aiohttp.tracing import Trace

from maild.config.pin import Pin
from maild.net.dial import Way
from maild.net.handshake import pin_error, tls_error
from maild.net.http.progress import Progress
from maild.net.narrator import Narrator
from maild.net.peer import Peer
from maild.net.step import Step, StepListener


class NotTrustedError(Exception):
    """The service's certificate was refused; `error` is OpenSSL's."""

    def __init__(self, error: ssl.SSLCertVerificationError) -> None:
        super().__init__()
        self.error: Final = error


class OwnWay(aiohttp.BaseConnector):
    """See above; what goes wrong on the way comes out as NetError or NotTrustedError."""

    def __init__(
        self, way: Way, context: ssl.SSLContext, pins: Sequence[Pin], *, progress: Progress, listener: StepListener
    ) -> None:
        super().__init__(force_close=True)
        self._way: Final = way
        self._context: Final = context
        self._pins: Final = pins
        self._progress: Final = progress
        self._listener: Final = listener

    async def _create_connection(
        self,
        req: ClientRequest,
        traces: list[Trace],
        timeout: aiohttp.ClientTimeout,  # noqa: ASYNC109 -- the library's parameter
    ) -> ResponseHandler:
        del req, traces, timeout
        connection = await self._way.connect(Narrator(self._tell))
        self._progress.dialled()
        try:
            transport, protocol = await asyncio.get_running_loop().create_connection(
                self._factory,
                sock=connection.sock,
                ssl=self._context,
                server_hostname=self._way.host,
                ssl_handshake_timeout=self._way.timeout_s,
            )
        except ssl.SSLCertVerificationError as error:
            raise NotTrustedError(error) from error
        except OSError as error:
            raise tls_error(error, timeout_s=self._way.timeout_s) from error
        stranger = pin_error(self._pins, Peer.of(transport.get_extra_info("ssl_object")), host=self._way.host)
        if stranger is not None:
            transport.abort()
            raise stranger
        return protocol

    def _tell(self, step: Step) -> None:
        """What went well; a failure is told with the request's."""
        if step.error is None:
            self._listener(step)
