"""Answers for the page: the document, its two files, and the stream that keeps it as it is now.

Shell code. The stream is server-sent events (HTML Living Standard §9.2): the living part of the page as a whole, when
it has changed, at most once a second. A stream ends by itself before the connection guard would end it, and the browser
opens the next one; so a viewer that is gone or reads nothing costs no more than any other client. All viewers together
cost one look at the status a second. The template engine is loaded for the first viewer: most daemons never have one.
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from importlib.resources import files
from typing import TYPE_CHECKING, Final

from aiohttp import web

from maild.observe.headers import dress
from maild.observe.page.desk import Desk
from maild.observe.page.messages import SHOWN, MessageView, message_views
from maild.observe.page.view import PageView, page_view
from maild.observe.privacy import AddressVeil
from maild.observe.recent import Recent
from maild.observe.status import StatusSource
from maild.observe.statusjson import status_object

if TYPE_CHECKING:
    from maild.observe.page.render import PageRenderer

LOOK_S: Final = 1.0
STREAM_S: Final = 25.0
"""Shorter than the life of a connection (`connection.CONNECTION_LIFE_S`)."""

MAX_VIEWERS: Final = 20

_ASSETS: Final = {"page.css": "text/css", "page.js": "text/javascript"}


@dataclass(frozen=True, slots=True, kw_only=True)
class PageActions:
    """What can be done on the page, and the seal for each page that is given out."""

    desk: Desk
    seal: Callable[[], str]


class PageRoutes:
    """The handlers; one for all requests. `look_s` is the time between two looks of a viewer."""

    def __init__(
        self,
        source: StatusSource,
        recent: Recent,
        veil: Callable[[], AddressVeil],
        actions: PageActions | None = None,
        *,
        look_s: float = LOOK_S,
    ) -> None:
        self._source = source
        self._recent = recent
        self._veil = veil
        self._actions = actions
        folder = files("maild.observe.page") / "assets"
        self._assets = {name: (folder / name).read_text(encoding="utf-8") for name in _ASSETS}
        self._look_s = look_s
        self._viewers = 0
        self._stopped = asyncio.Event()
        self._look = asyncio.Lock()
        self._seen_at_s = float("-inf")
        self._seen = ""

    @cached_property
    def _renderer(self) -> "PageRenderer":
        from maild.observe.page.render import PageRenderer  # noqa: PLC0415 -- three megabytes

        return PageRenderer()

    def add_to(self, app: web.Application) -> None:
        """Put the handlers at their places."""
        app.on_shutdown.append(self._stop)
        app.router.add_get("/", self.page)
        app.router.add_get("/live", self.live)
        app.router.add_get("/assets/{name}", self.asset)

    async def page(self, request: web.Request) -> web.Response:  # noqa: ARG002 -- aiohttp's handler signature
        """The whole document."""
        view, messages = await self._view()
        seal = "" if messages is None or self._actions is None else self._actions.seal()
        text = await asyncio.to_thread(self._renderer.page, view, messages, seal)
        return web.Response(text=text, content_type="text/html")

    async def asset(self, request: web.Request) -> web.Response:
        """The style sheet or the script."""
        name = request.match_info["name"]
        if name not in self._assets:
            raise web.HTTPNotFound
        return web.Response(text=self._assets[name], content_type=_ASSETS[name])

    async def live(self, request: web.Request) -> web.StreamResponse:
        """The stream."""
        if self._viewers >= MAX_VIEWERS:
            return web.Response(status=503, text="There are too many viewers; the page itself can be reloaded.\n")
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream; charset=utf-8"})
        dress(response)
        self._viewers += 1
        try:
            await response.prepare(request)
            await response.write(b"retry: 1000\n\n")
            await self._tell(request, response)
        except ConnectionResetError:
            pass  # the viewer has gone
        finally:
            self._viewers -= 1
        return response

    async def _stop(self, app: web.Application) -> None:  # noqa: ARG002 -- aiohttp's signature
        self._stopped.set()

    async def _tell(self, request: web.Request, response: web.StreamResponse) -> None:
        loop = asyncio.get_running_loop()
        end_s = loop.time() + STREAM_S
        told = ""
        # Who left is noticed here: the library tells a handler only when it writes.
        while loop.time() < end_s and request.transport is not None and not self._stopped.is_set():
            now = await self._latest(loop.time())
            if now != told:
                told = now
                await response.write(event_of(now).encode())
            with suppress(TimeoutError):
                await asyncio.wait_for(self._stopped.wait(), self._look_s)

    async def _latest(self, now_s: float) -> str:
        """The living part, not older than a look."""
        async with self._look:
            if now_s - self._seen_at_s >= self._look_s / 2:
                self._seen = await asyncio.to_thread(self._renderer.main, *await self._view())
                self._seen_at_s = now_s
            return self._seen

    async def _view(self) -> tuple[PageView, tuple[MessageView, ...] | None]:
        """What is shown, and the messages that can be acted on; None: the page can only be looked at."""
        status, veil = await self._source.status(asks_git=True), self._veil()
        recent = self._recent.picture(status.at, [account.name for account in status.accounts])
        view = page_view(status_object(status, veil), recent)
        if self._actions is None or not self._actions.desk.is_open:
            return view, None
        return view, message_views(await self._actions.desk.waiting(SHOWN), status.at, veil.show_text)


def event_of(html: str) -> str:
    """An event named page with this data; a line of the text is a line of the event."""
    return "event: page\n" + "".join(f"data: {line}\n" for line in html.splitlines()) + "\n"
