"""Posts forms to mail services by HTTPS (aiohttp).

What matters beyond the request itself: nothing travels unencrypted except on this machine, no redirect is followed
(it would repeat the mail to somebody else), the answer is capped, every phase is told, and a failure says whether the
service may have acted all the same. Every POST has a connection of its own: one kept open may have been closed by the
service just now, and then nobody knows whether the POST got there.
"""

import os
import ssl
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Final

import aiohttp
from yarl import URL

from maild.clock import Clock
from maild.mail.phase import Phase
from maild.net.certificate import Certificate
from maild.net.connect import Connection
from maild.net.dial import Way
from maild.net.handshake import certificate_error, pin_error, shake_hands_on
from maild.net.http.answer import MAX_ANSWER_BYTES, HttpAnswer, make_safe, parse_retry_after, safe_text
from maild.net.http.error import HttpError, explain
from maild.net.http.form import FormBody
from maild.net.http.names import Names
from maild.net.http.own_way import NotTrustedError, OwnWay
from maild.net.http.progress import Progress, trace_config
from maild.net.http.request import HttpRequest
from maild.net.http.streaming import body_of, fields_of
from maild.net.http.target import Target
from maild.net.http.trust import Trust
from maild.net.narrator import Findings, Narrator
from maild.net.peer import Peer
from maild.net.resolver import Resolver
from maild.net.step import NetError, Reason, StepListener, ignore_steps
from maild.net.tls import context_for, watch_handshake
from maild.net.transcript import HIDDEN, current_tap, shown

CONNECT_TIMEOUT_S: Final = 15.0
BOUNDARY_BYTES: Final = 16

SLOWEST_BYTES_S: Final = 50_000
"""What an upload may be as slow as: half a megabit."""


class HttpClient:
    """One client with one pool; `close` it. Made inside or outside of a running loop, used inside of one."""

    def __init__(self, resolver: Resolver, clock: Clock) -> None:
        self._resolver: Final = resolver
        self._clock: Final = clock
        self._session: aiohttp.ClientSession | None = None

    async def post(
        self,
        url: str,
        form: FormBody,
        *,
        trust: Trust,
        listener: StepListener = ignore_steps,
        timeout_s: float = 60.0,
    ) -> HttpAnswer:
        """Send the form and get the answer, whatever its status.

        Args:
            url: absolute; https, or http on loopback.
            form: what to send.
            trust: how the service's certificate is looked at.
            listener: told each phase as it ends.
            timeout_s: for everything together, besides what the upload takes.

        Raises:
            HttpError: there was no answer.
        """
        request = form.request(url, os.urandom(BOUNDARY_BYTES).hex())
        timeout_s += request.size_bytes / SLOWEST_BYTES_S
        return await self.send(request, trust=trust, listener=listener, timeout_s=timeout_s)

    async def send(
        self,
        request: HttpRequest,
        *,
        trust: Trust,
        listener: StepListener = ignore_steps,
        timeout_s: float = 60.0,
    ) -> HttpAnswer:
        """Send a request and get the answer, whatever its status; otherwise as `post`, but for the time of the upload.

        Raises:
            HttpError: there was no answer.
        """
        progress = Progress(Narrator(listener), request.size_bytes)
        with _as_http_error(progress):
            target = Target.of(request.url)
            _judge_way(target, trust)
            context = _context(target, trust)
            connector = None
            if context is not None and (trust.proxy is not None or trust.pins):
                way = self._way(target, trust, min(CONNECT_TIMEOUT_S, timeout_s))
                connector = OwnWay(way, context, trust.pins, progress=progress, listener=listener)
            _tell_request(request)
            with watch_handshake() as progress.handshake:
                try:
                    async with (
                        self._session_on(connector) as session,
                        session.request(
                            request.method,
                            URL(request.url, encoded=True),
                            data=body_of(request),
                            headers=fields_of(request),
                            ssl=context or False,
                            allow_redirects=False,
                            timeout=_timeout(timeout_s),
                            trace_request_ctx=progress,
                        ) as response,
                    ):
                        answer = await self._read(response)
                except NotTrustedError as error:
                    raise await self._certificate_failure(error.error, target, trust, timeout_s) from error.error
                except (aiohttp.ClientError, OSError, ValueError) as error:
                    if isinstance(error, aiohttp.ClientConnectorCertificateError):
                        raise await self._certificate_failure(
                            error.certificate_error, target, trust, timeout_s
                        ) from error
                    raise explain(error, progress.phase, target, timeout_s=timeout_s) from error
            _tell_answer(answer)
            if answer.is_success and request.size_bytes and not progress.is_all_sent:
                words = "the service said yes before it had all of the request"
                raise NetError(Phase.REQUEST, Reason.PROTOCOL, words)
        progress.narrator.tell(
            Phase.REQUEST, since=progress.began_at, findings=Findings(detail=f"answered with status {answer.status}")
        )
        return answer

    async def shake_hands(
        self, url: str, *, trust: Trust, listener: StepListener = ignore_steps, timeout_s: float = CONNECT_TIMEOUT_S
    ) -> Certificate | None:
        """Look the service up, connect, check its certificate, hang up: what a probe may do without sending anything.

        Returns:
            The service's certificate; None on loopback without TLS.

        Raises:
            NetError: a phase failed; `CertificateError` for a certificate that was not accepted.
        """
        target = Target.of(url)
        _judge_way(target, trust)
        narrator = Narrator(listener)
        connection = await self._dial(target, trust, narrator, timeout_s)
        context = _context(target, trust)
        if context is None:
            connection.sock.close()
            return None
        began_at = narrator.now()
        try:
            peer = await shake_hands_on(connection.sock, target.host, context, timeout_s=timeout_s)
        except ssl.SSLCertVerificationError as error:
            failed_at = narrator.now()
            seen = await self._peer_of(target, trust, timeout_s)
            refused = certificate_error(error, seen, host=target.host)
            narrator.fail(refused, since=began_at, until=failed_at)
            raise refused from error
        except NetError as error:
            narrator.fail(error, since=began_at)
            raise
        stranger = pin_error(trust.pins, peer, host=target.host)
        if stranger is not None:
            narrator.fail(stranger, since=began_at)
            raise stranger
        narrator.tell_peer(peer, since=began_at, is_verified=trust.verify)
        return peer.certificate

    async def close(self) -> None:
        """Let go of everything; the client can be used again afterwards."""
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    @asynccontextmanager
    async def _session_on(self, connector: aiohttp.BaseConnector | None) -> AsyncIterator[aiohttp.ClientSession]:
        """With this connector, for one request; None: that of all requests that have no way of their own."""
        if connector is not None:
            async with _new_session(connector) as session:
                yield session
            return
        if self._session is None:
            names = Names(self._resolver)
            usual = aiohttp.TCPConnector(resolver=names, use_dns_cache=False, force_close=True, limit=0)
            self._session = _new_session(usual)
        yield self._session

    async def _read(self, response: aiohttp.ClientResponse) -> HttpAnswer:
        data = b""
        while len(data) < MAX_ANSWER_BYTES:
            more = await response.content.read(MAX_ANSWER_BYTES - len(data))
            if not more:
                break
            data += more
        location = response.headers.get("Location")
        return HttpAnswer(
            status=response.status,
            text=safe_text(data, response.headers.get("Content-Type", "")),
            error_type=_error_type(response),
            retry_after_s=parse_retry_after(response.headers.get("Retry-After"), self._clock.now()),
            location=None if location is None else make_safe(location[:500]),
        )

    async def _certificate_failure(self, error: Exception, target: Target, trust: Trust, timeout_s: float) -> NetError:
        if not isinstance(error, ssl.SSLCertVerificationError):
            return NetError(Phase.CERTIFICATE, Reason.CERTIFICATE, "the service's certificate was not accepted")
        peer = await self._peer_of(target, trust, min(CONNECT_TIMEOUT_S, timeout_s))
        return certificate_error(error, peer, host=target.host)

    async def _peer_of(self, target: Target, trust: Trust, timeout_s: float) -> Peer | None:
        """Who is there when nobody verifies it; None when that cannot be had."""
        try:
            connection = await self._dial(target, trust, Narrator(ignore_steps), timeout_s)
            return await shake_hands_on(connection.sock, target.host, context_for(verify=False), timeout_s=timeout_s)
        except NetError:
            return None

    async def _dial(self, target: Target, trust: Trust, narrator: Narrator, timeout_s: float) -> Connection:
        return await self._way(target, trust, timeout_s).connect(narrator)

    def _way(self, target: Target, trust: Trust, timeout_s: float) -> Way:
        return Way(host=target.host, port=target.port, proxy=trust.proxy, resolver=self._resolver, timeout_s=timeout_s)


def _new_session(connector: aiohttp.BaseConnector) -> aiohttp.ClientSession:
    return aiohttp.ClientSession(
        connector=connector,
        cookie_jar=aiohttp.DummyCookieJar(),
        trace_configs=[trace_config()],
        headers={"User-Agent": "maild"},
    )


def _timeout(timeout_s: float) -> aiohttp.ClientTimeout:
    return aiohttp.ClientTimeout(total=timeout_s, sock_connect=min(CONNECT_TIMEOUT_S, timeout_s))


def _tell_request(request: HttpRequest) -> None:
    """The header's first line and fields; of their values only what tells nobody's secret."""
    tap = current_tap()
    if tap is None:
        return
    tap(f"C: {request.method} {shown(request.url.partition('?')[0])}")
    for name in sorted(request.fields):
        tap(f"C: {name}: {HIDDEN}")
    if request.pieces:
        tap(f"C: Content-Type: {shown(request.content_type)}")
        tap(f"C: ({request.size_bytes} octets)")


def _tell_answer(answer: HttpAnswer) -> None:
    tap = current_tap()
    if tap is not None:
        for line in f"{answer.status} {answer.text}".split("\n")[:20]:
            tap(f"S: {shown(line)}")


def _judge_way(target: Target, trust: Trust) -> None:
    if trust.proxy is not None and not target.is_encrypted:
        detail = "nothing is sent unencrypted through a proxy: use https, or leave http.proxy out"
        raise NetError(Phase.CONNECT, Reason.CLEARTEXT, detail)
    if trust.pins and not target.is_encrypted:
        detail = "the account pins a certificate, and without encryption there is none"
        raise NetError(Phase.TLS, Reason.LOCAL, detail)


def _context(target: Target, trust: Trust) -> ssl.SSLContext | None:
    if not target.is_encrypted:
        return None
    return context_for(verify=trust.verify, ca_file=trust.ca_file, min_version=trust.min_version, client=trust.client)


def _error_type(response: aiohttp.ClientResponse) -> str | None:
    found = response.headers.get("x-amzn-ErrorType")
    return None if found is None else make_safe(found[:200])


@contextmanager
def _as_http_error(progress: Progress) -> Iterator[None]:
    """A NetError inside is told, and comes out as an HttpError that knows whether the whole body was on its way."""
    try:
        yield
    except NetError as error:
        progress.failed(error)
        raise HttpError(error, is_uncertain=progress.is_all_sent) from error
