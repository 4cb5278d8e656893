"""The daemon's own web app: a page for people, metrics for Prometheus, health for supervisors, the status for programs.

It answers GET and HEAD and changes nothing, but for one command that a site may switch on (`observe.command`). Who may
ask: on a loopback listener only somebody who names it as loopback in the Host header, since a web page anywhere can
make a browser on this machine ask 127.0.0.1 under a name of its own (DNS rebinding). One request a connection: nothing
here is asked often enough for keep-alive to matter, and it lets the connection guard give every connection a hard end.
"""

import json
from collections.abc import Callable
from typing import Final

from aiohttp import web
from aiohttp.typedefs import Handler

from maild.observe.command import Reloading, is_loopback, refusal
from maild.observe.headers import dress
from maild.observe.metrics import Metrics
from maild.observe.page import PageRoutes
from maild.observe.privacy import AddressVeil
from maild.observe.recent import Recent
from maild.observe.status import Condition, StatusSource
from maild.observe.statusjson import status_object

RELOAD: Final = "/-/reload"


def build_web_app(
    source: StatusSource,
    metrics: Metrics,
    recent: Recent,
    veil: Callable[[], AddressVeil],
    reloading: Reloading | None = None,
) -> web.Application:
    """The app; served by `observe.listener`. `veil` gives what the privacy setting in force allows to be shown."""
    app = web.Application(middlewares=[_guard])
    pages = _Pages(source, metrics, veil)
    PageRoutes(source, recent, veil).add_to(app)
    if reloading is not None:
        app.router.add_post(RELOAD, _Commands(reloading, veil).reload)
    app.router.add_get("/metrics", pages.metrics)
    app.router.add_get("/status", pages.status)
    app.router.add_get("/-/healthy", pages.healthy)
    app.router.add_get("/-/ready", pages.ready)
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
        return _conditions(self._source.health().alive)

    async def ready(self, request: web.Request) -> web.Response:  # noqa: ARG002 -- aiohttp's handler signature
        health = self._source.health()
        return _conditions((*health.alive, *health.ready))


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


def _conditions(conditions: tuple[Condition, ...]) -> web.Response:
    lines = [
        f"{'ok  ' if condition.is_met else 'FAIL'} {condition.name}: {condition.detail}" for condition in conditions
    ]
    status = 200 if all(condition.is_met for condition in conditions) else 503
    return web.Response(status=status, text="\n".join(lines) + "\n")


@web.middleware
async def _guard(request: web.Request, handler: Handler) -> web.StreamResponse:
    response = await _answer(request, handler)
    if not response.prepared:
        dress(response)
    return response


async def _answer(request: web.Request, handler: Handler) -> web.StreamResponse:
    if not may_ask(_local_address(request), request.headers.get("Host", "")):
        return web.Response(
            status=421,
            text="This is a loopback address of maild and answers only to its own names: "
            "localhost, 127.0.0.1 or [::1] in the Host header.\n",
        )
    is_command = request.method == "POST" and request.path == RELOAD
    if request.method not in {"GET", "HEAD"} and not is_command:
        return web.Response(status=405, text="maild answers GET and HEAD only.\n", headers={"Allow": "GET, HEAD"})
    try:
        return await handler(request)
    except web.HTTPException as refusal:
        return web.Response(status=refusal.status, text=f"{refusal.status} {refusal.reason}\n")


def may_ask(local_address: str | None, host: str) -> bool:
    """Whether a request to this address of ours may be answered; `local_address` None: a Unix socket.

    RFC 9110 §7.4 wants a request for a name that is not ours refused; 421 is the status for it.
    """
    if local_address is None or not is_loopback(local_address):
        return True
    name = host.rsplit(":", 1)[0] if not host.endswith("]") else host
    bare = name.removeprefix("[").removesuffix("]")
    return bare.lower().rstrip(".") == "localhost" or is_loopback(bare)


def _local_address(request: web.Request) -> str | None:
    name = request.transport.get_extra_info("sockname") if request.transport is not None else None
    return str(name[0]) if isinstance(name, tuple) else None
