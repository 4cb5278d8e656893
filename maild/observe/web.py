"""The daemon's own web app: a page for people, metrics for Prometheus, health for supervisors, the status for programs.

It answers GET and HEAD and changes nothing, but for what a site may switch on: a command for programs
(`observe.command`) and a person's deeds (`page.desk`). Who may ask is decided by `access`: by which name, with which
password. One request a connection: nothing here is asked often enough for keep-alive to matter, and it lets the
connection guard give every connection a hard end.
"""

import json
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Final

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from maild.observe.access import Door
from maild.observe.access.host import may_ask
from maild.observe.command import Reloading, refusal
from maild.observe.headers import dress
from maild.observe.metrics import Metrics
from maild.observe.page import PageRoutes
from maild.observe.page.acting import ACT, Acting
from maild.observe.privacy import AddressVeil
from maild.observe.probing import PATH, Probing
from maild.observe.status import Condition, StatusSource
from maild.observe.statusjson import status_object

RELOAD: Final = "/-/reload"
_POSTS: Final = frozenset({RELOAD, ACT})
_WRONG_NAME: Final = (
    "maild does not know this name as its own and answers not: a web page may have had it lead here. It is asked "
    "as localhost, by an IP address (at a loopback address: 127.0.0.1 or [::1]), by the machine's name, or by a name "
    "that stands in `web: {hosts: [...]}` in maild.yaml.\n"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class WebParts:
    """What a site may want besides being looked at by whoever reaches the port.

    Attributes:
        reloading: the command for programs.
        acting: a person's deeds on the page.
        door: TLS and passwords.
        names: the server's own names, in small letters, besides `localhost`.
        probing: probes that Prometheus asks for.
    """

    reloading: Reloading | None = None
    acting: Acting | None = None
    door: Door | None = None
    names: Callable[[], Collection[str]] = tuple
    probing: Probing | None = None


def build_web_app(
    source: StatusSource,
    metrics: Metrics,
    pages: PageRoutes,
    veil: Callable[[], AddressVeil],
    parts: WebParts | None = None,
) -> web.Application:
    """The app; served by `observe.listener`. `veil` gives what the privacy setting in force allows to be shown."""
    wanted = parts or WebParts()
    app = web.Application(middlewares=[_Guard(wanted).middleware()])
    answers = _Pages(source, metrics, veil)
    pages.add_to(app)
    if wanted.reloading is not None:
        app.router.add_post(RELOAD, _Commands(wanted.reloading, veil).reload)
    if wanted.acting is not None:
        app.router.add_post(ACT, wanted.acting.act)
    if wanted.probing is not None:
        app.router.add_get(PATH, wanted.probing.answer)
    app.router.add_get("/metrics", answers.metrics)
    app.router.add_get("/status", answers.status)
    app.router.add_get("/-/healthy", answers.healthy)
    app.router.add_get("/-/ready", answers.ready)
    return app


class _Pages:
    def __init__(self, source: StatusSource, metrics: Metrics, veil: Callable[[], AddressVeil]) -> None:
        self._source = source
        self._metrics = metrics
        self._veil = veil

    async def metrics(self, request: web.Request) -> web.Response:
        status = await self._source.status(asks_git=False)  # no metric tells it, and scrapes come often
        content_type, text = await self._metrics.render(status, request.headers.get("Accept", ""))
        return web.Response(body=text, headers={"Content-Type": content_type})

    async def status(self, request: web.Request) -> web.Response:  # noqa: ARG002 -- aiohttp's handler signature
        status = await self._source.status(asks_git=True)
        text = json.dumps(status_object(status, self._veil()), indent=2) + "\n"
        return web.Response(text=text, content_type="application/json")

    async def healthy(self, request: web.Request) -> web.Response:  # noqa: ARG002 -- aiohttp's handler signature
        return self._conditions(self._source.health().alive)

    async def ready(self, request: web.Request) -> web.Response:  # noqa: ARG002 -- aiohttp's handler signature
        health = self._source.health()
        return self._conditions((*health.alive, *health.ready))

    def _conditions(self, conditions: tuple[Condition, ...]) -> web.Response:
        show = self._veil().show_text
        lines = [
            f"{'ok  ' if condition.is_met else 'FAIL'} {condition.name}: {show(condition.detail)}"
            for condition in conditions
        ]
        status = 200 if all(condition.is_met for condition in conditions) else 503
        return web.Response(status=status, text="\n".join(lines) + "\n")


class _Commands:
    def __init__(self, reloading: Reloading, veil: Callable[[], AddressVeil]) -> None:
        self._reloading = reloading
        self._veil = veil

    async def reload(self, request: web.Request) -> web.Response:
        reason = refusal(_local_address(request), request.headers, is_allowed=self._reloading.is_allowed)
        if reason:
            return web.Response(status=403, text=f"{reason}\n")
        answer = await self._reloading.reload()
        # 422: the request is right and what it is about is not (RFC 9110 §15.5.21).
        return web.Response(status=200 if answer.is_clean else 422, text=answer.text(self._veil().show_text))


class _Guard:
    """Judges every request before anybody answers it, and gives every answer its headers."""

    def __init__(self, parts: WebParts) -> None:
        self._parts = parts

    def middleware(self) -> Middleware:
        @web.middleware
        async def guard(request: web.Request, handler: Handler) -> web.StreamResponse:
            response = await self._answer(request, handler)
            if not response.prepared:
                dress(response)
                if self._parts.door is not None:
                    self._parts.door.dress(response)
            return response

        return guard

    async def _answer(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        refused = await self._refusal(request)
        if refused is not None:
            return refused
        try:
            return await handler(request)
        except web.HTTPException as refusal:
            return web.Response(status=refusal.status, text=f"{refusal.status} {refusal.reason}\n")

    async def _refusal(self, request: web.Request) -> web.Response | None:
        local_address, door = _local_address(request), self._parts.door
        is_locked = door is not None and door.is_locked
        if not is_locked and not may_ask(local_address, request.headers.get("Host", ""), self._parts.names()):
            # RFC 9110 §7.4 wants a request for a name that is not ours refused; 421 is the status for it.
            return web.Response(status=421, text=_WRONG_NAME)
        if request.method not in {"GET", "HEAD"} and not (request.method == "POST" and request.path in _POSTS):
            return web.Response(status=405, text="maild answers GET and HEAD only.\n", headers={"Allow": "GET, HEAD"})
        # A socket is kept by the rights of its file.
        if door is None or local_address is None:
            return None
        return await door.refusal(request.headers.get("Authorization", ""))


def _local_address(request: web.Request) -> str | None:
    name = request.transport.get_extra_info("sockname") if request.transport is not None else None
    return str(name[0]) if isinstance(name, tuple) else None
