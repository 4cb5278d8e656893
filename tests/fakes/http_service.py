"""A small HTTP mail service on loopback that takes the form and answers as told. A real aiohttp server."""

import asyncio
import contextlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

from aiohttp import web

from tests.fakes.certificates import ServerCertificate


@dataclass(frozen=True, kw_only=True)
class ReceivedFile:
    """A file part as it came."""

    field: str
    filename: str
    content_type: str
    data: bytes


@dataclass(frozen=True, kw_only=True)
class Submission:
    """One POST: its fields in order, its files in order, its media type without parameters."""

    fields: tuple[tuple[str, str], ...]
    files: tuple[ReceivedFile, ...]
    content_type: str
    target: str = ""
    login: str = ""
    """The field Authorization."""

    @property
    def form(self) -> dict[str, str]:
        """The fields by name."""
        return dict(self.fields)


@dataclass(frozen=True, kw_only=True)
class ReceivedRequest:
    """A request: path with query, header fields in lower case, body."""

    target: str
    fields: Mapping[str, str]
    body: bytes


FORMS = frozenset({"multipart/form-data", "application/x-www-form-urlencoded"})


@dataclass(kw_only=True)
class HttpService:
    """Switches first, records after them. `statuses` are used up one a POST; then it is `status` again."""

    certificate: ServerCertificate | None = None
    status: int = 200
    statuses: list[int] = field(default_factory=list)
    text: str | bytes = "sent"
    answers: list[tuple[int, str]] = field(default_factory=list)
    """Statuses with their texts, used up before all else, one a request."""
    headers: Mapping[str, str] = field(default_factory=dict)
    delay_s: float = 0.0
    closes: bool = False
    """Read the request and close the connection without an answer."""
    closes_when_answered: bool = False
    """The same as soon as `answers` are used up."""
    redirect_to: str | None = None

    received: list[ReceivedRequest] = field(default_factory=list)
    """Every request whose body is no form, or that has none."""
    submissions: list[Submission] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)
    """Method and path of everything that came."""
    host: str = "127.0.0.1"
    port: int = 0

    @property
    def url(self) -> str:
        """Where to POST to."""
        scheme, host = ("http", self.host) if self.certificate is None else ("https", "localhost")
        return f"{scheme}://{host}:{self.port}/send"

    async def __aenter__(self) -> Self:
        self._closing = asyncio.Event()
        app = web.Application(client_max_size=64 << 20)
        app.router.add_route("*", "/{tail:.*}", self._answer)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0)
        await self._runner.setup()
        context = self.certificate.context() if self.certificate else None
        site = web.TCPSite(self._runner, self.host, self.port, ssl_context=context)
        await site.start()
        self.port = self._runner.addresses[0][1]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._closing.set()
        await self._runner.cleanup()

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        self.requests.append(f"{request.method} {request.path}")
        if request.content_type not in FORMS:
            fields = {name.lower(): value for name, value in request.headers.items()}
            body = await request.read()
            self.received.append(ReceivedRequest(target=request.path_qs, fields=fields, body=body))
        elif request.method == "POST":
            self.submissions.append(await _read(request))
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(self.delay_s):
                await self._closing.wait()
        if self.closes or (self.closes_when_answered and not self.answers):
            assert request.transport is not None
            request.transport.abort()
        if self.redirect_to is not None:
            return web.Response(status=307, headers={"Location": self.redirect_to})
        if self.answers:
            status, text = self.answers.pop(0)
            return web.Response(status=status, text=text, headers=self.headers)
        status = self.statuses.pop(0) if self.statuses else self.status
        body = self.text.encode() if isinstance(self.text, str) else self.text
        return web.Response(status=status, body=body, headers=self.headers)


async def _read(request: web.Request) -> Submission:
    fields: list[tuple[str, str]] = []
    files: list[ReceivedFile] = []
    for name, value in (await request.post()).items():
        if isinstance(value, web.FileField):
            data = value.file.read()
            value.file.close()
            files.append(ReceivedFile(field=name, filename=value.filename, content_type=value.content_type, data=data))
        else:
            assert isinstance(value, str)
            fields.append((name, value))
    return Submission(
        fields=tuple(fields),
        files=tuple(files),
        content_type=request.content_type,
        target=request.path_qs,
        login=request.headers.get("Authorization", ""),
    )
