import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

from aiohttp import web

from maild.config.model import Privacy
from maild.observe.connection import ConnectionLimits
from maild.observe.listener import Listener
from maild.observe.page import PageRoutes, routes
from maild.observe.page.routes import event_of
from maild.observe.privacy import AddressVeil
from maild.observe.recent import Recent
from tests.observe.test_web import LOOPBACK, Source, answer, ask, serving
from tests.observe.values import account, status


def test_the_page_is_served_with_its_files_and_may_run_nothing_else() -> None:
    async def scenario(_host: str, port: int) -> None:
        code, headers, body = await ask(port, b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert (code, headers["content-type"]) == (200, "text/html; charset=utf-8")
        assert "default-src 'none'; script-src 'self'; style-src 'self'" in headers["content-security-policy"]
        assert '<h1 id="headline">Mail is sent</h1>' in body
        for name, kind in (("page.css", "text/css"), ("page.js", "text/javascript")):
            request = f"GET /assets/{name} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode()
            code, headers, text = await ask(port, request)
            assert (code, headers["content-type"]) == (200, f"{kind}; charset=utf-8")
            assert text
        assert (await ask(port, b"GET /assets/../web.py HTTP/1.1\r\nHost: localhost\r\n\r\n"))[0] == 404
        assert (await ask(port, b"GET /assets/page.py HTTP/1.1\r\nHost: localhost\r\n\r\n"))[0] == 404

    serving(scenario)


def watching(scenario: Callable[[Listener, int], Awaitable[None]], source: Source) -> None:
    """Like `serving`, for viewers in a hurry."""

    async def run() -> None:
        app = web.Application()
        veil = AddressVeil(privacy=Privacy.DOMAIN, key=b"k")
        PageRoutes(source, Recent(), lambda: veil, look_s=0.01).add_to(app)
        listener = Listener(app, ConnectionLimits())
        await listener.open([LOOPBACK])
        try:
            async with asyncio.timeout(10):
                await scenario(listener, int(listener.places[0].rpartition(":")[2]))
        finally:
            await listener.close()

    asyncio.run(run())


async def view(port: int) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b"GET /live HTTP/1.1\r\nHost: localhost\r\n\r\n")
    return reader, writer


async def leave(writer: asyncio.StreamWriter) -> None:
    writer.transport.abort()
    with suppress(OSError):
        await writer.wait_closed()


def test_a_viewer_is_told_what_changed_and_let_go_when_the_daemon_stops() -> None:
    source = Source()

    async def scenario(listener: Listener, port: int) -> None:
        reader, writer = await view(port)
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        assert "Content-Type: text/event-stream; charset=utf-8" in head
        assert "Cache-Control: no-store" in head
        assert "Connection: close" in head
        await reader.readuntil(b'data: <h1 id="headline">Mail is sent</h1>\n')
        source.becomes(replace(status(account(is_broken=True)), at=status().at + timedelta(minutes=1)))
        await reader.readuntil(b'data: <h1 id="headline">1 of 1 accounts cannot send: billing</h1>\n')

        await listener.close()
        await leave(writer)

    watching(scenario, source)


def test_too_many_viewers_are_sent_away_and_a_leaving_one_makes_room() -> None:
    async def scenario(_listener: Listener, port: int) -> None:
        viewers = []
        for _ in range(routes.MAX_VIEWERS):
            reader, writer = await view(port)
            await reader.readuntil(b"event: page\n")
            viewers.append(writer)

        code, _, body = await ask(port, b"GET /live HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        assert (code, body) == (503, "There are too many viewers; the page itself can be reloaded.\n")

        for writer in viewers:
            await leave(writer)
        while code != 200:
            reader, writer = await view(port)
            code = int((await reader.readline()).split()[1])
            await leave(writer)

    watching(scenario, Source())


def test_a_look_by_a_page_of_another_name_is_refused() -> None:
    async def scenario(_host: str, port: int) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"GET /live HTTP/1.1\r\nHost: evil.example\r\n\r\n")
        assert (await answer(reader, writer))[0] == 421

    serving(scenario)


def test_a_line_of_the_page_is_a_line_of_the_event() -> None:
    assert event_of("<p>\na</p>") == "event: page\ndata: <p>\ndata: a</p>\n\n"
