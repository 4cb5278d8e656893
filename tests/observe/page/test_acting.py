import asyncio
import re
from collections.abc import Awaitable, Callable, Sequence
from urllib.parse import urlencode

from maild.config.model import Privacy
from maild.observe.connection import ConnectionLimits
from maild.observe.events import Event, PageActed
from maild.observe.listener import Listener
from maild.observe.metrics import Metrics
from maild.observe.page import PageActions, PageRoutes
from maild.observe.page.acting import Acting
from maild.observe.page.desk import Deed, Done, Seals, Waiting
from maild.observe.privacy import AddressVeil
from maild.observe.recent import Recent
from maild.observe.web import WebParts, build_web_app
from tests.fakes.clock import FakeClock
from tests.observe.page.test_desk import ID, waiting
from tests.observe.test_web import LOOPBACK, Source, ask, get
from tests.observe.values import NOON

TOKEN = "0123456789abcdef"


class Table:
    """A desk with one message on it."""

    def __init__(self) -> None:
        self.is_open = True
        self.done: list[tuple[Deed, str]] = []

    async def waiting(self, limit: int) -> Sequence[Waiting]:
        return [waiting()][:limit]

    async def is_token(self, word: str) -> bool:
        return word == TOKEN

    async def act(self, deed: Deed, id_: str) -> Done:
        self.done.append((deed, id_))
        return Done(is_done=deed is not Deed.DELETE, words=f"{deed} <{id_}>")


class Stage:
    """The page with a desk behind it, on a port."""

    def __init__(self, port: int, table: Table, told: list[Event], clock: FakeClock) -> None:
        self.port, self.table, self.told, self.clock = port, table, told, clock

    async def page(self) -> str:
        return (await ask(self.port, get("/")))[2]

    async def seal(self) -> str:
        found = re.search(r'name="seal" value="([^"]+)"', await self.page())
        assert found is not None
        return found[1]

    async def post(self, form: dict[str, str], more: str = "", origin: str | None = None) -> tuple[int, str]:
        body = urlencode(form)
        named = f"http://localhost:{self.port}" if origin is None else origin
        head = (
            f"POST /-/act HTTP/1.1\r\nHost: localhost:{self.port}\r\nContent-Length: {len(body)}\r\n"
            f"Content-Type: application/x-www-form-urlencoded\r\nOrigin: {named}\r\n{more}\r\n"
        )
        code, _, text = await ask(self.port, (head + body).encode())
        return code, text


def acting(scenario: Callable[[Stage], Awaitable[None]]) -> None:
    async def run() -> None:
        source, table, told, clock = Source(), Table(), list[Event](), FakeClock(NOON)
        veil, seals = AddressVeil(privacy=Privacy.DOMAIN, key=b"k"), Seals(b"k" * 32)
        actions = PageActions(desk=table, seal=lambda: seals.make(clock.now()))
        pages = PageRoutes(source, Recent(), lambda: veil, actions)
        parts = WebParts(acting=Acting(table, seals, clock, told.append))
        app = build_web_app(source, Metrics(), pages, lambda: veil, parts)
        listener = Listener(app, ConnectionLimits())
        await listener.open([LOOPBACK])
        try:
            async with asyncio.timeout(10):
                await scenario(Stage(int(listener.places[0].rpartition(":")[2]), table, told, clock))
        finally:
            await listener.close()

    asyncio.run(run())


def test_with_the_token_and_the_seal_of_the_page_it_is_done_and_told() -> None:
    async def scenario(stage: Stage) -> None:
        assert "452 *@example.com is full" in await stage.page()
        form = {"seal": await stage.seal(), "token": TOKEN, "deed": f"hold {ID}"}

        assert await stage.post(form) == (200, f"hold <{ID}>\n")
        code, text = await stage.post({**form, "deed": f"delete {ID}"}, "Accept: text/html\r\n")
        assert code == 409
        assert f"delete &lt;{ID}&gt;" in text
        assert '<a href="/">Back</a>' in text
        assert stage.table.done == [(Deed.HOLD, ID), (Deed.DELETE, ID)]
        assert stage.told == [
            PageActed(deed="hold", id=ID, is_done=True, detail=f"hold <{ID}>"),
            PageActed(deed="delete", id=ID, is_done=False, detail=f"delete <{ID}>"),
        ]

    acting(scenario)


def test_whatever_is_missing_nothing_is_done() -> None:
    async def scenario(stage: Stage) -> None:
        seal = await stage.seal()
        form = {"seal": seal, "token": TOKEN, "deed": f"hold {ID}"}

        assert (await stage.post(form, origin="https://evil.example"))[0] == 403
        assert (await stage.post(form, origin="null"))[0] == 403
        assert (await stage.post(form, "Sec-Fetch-Site: cross-site\r\n"))[0] == 403
        assert "The page is too old" in (await stage.post({**form, "seal": "1.2"}))[1]
        assert "The token is not right" in (await stage.post({**form, "token": "x"}))[1]
        assert (await stage.post({**form, "deed": "burn it"}))[0] == 400
        assert (await ask(stage.port, get("/-/act")))[0] == 405
        stage.clock.advance(13 * 3600)
        assert "The page is too old" in (await stage.post(form))[1]
        stage.table.is_open = False
        assert "switched off" in (await stage.post(form))[1]
        assert stage.table.done == []
        assert stage.told == []

    acting(scenario)


def test_a_token_is_not_found_by_trying() -> None:
    async def scenario(stage: Stage) -> None:
        form = {"seal": await stage.seal(), "token": "wrong", "deed": "reload"}
        codes = [(await stage.post(form))[0] for _ in range(12)]

        assert codes == [403] * 10 + [429] * 2
        assert (await stage.post({**form, "token": TOKEN}))[0] == 429
        assert stage.table.done == []

    acting(scenario)


def test_as_long_as_actions_are_off_the_page_has_no_form() -> None:
    async def scenario(stage: Stage) -> None:
        stage.table.is_open = False
        page = await stage.page()

        assert "<form" not in page
        assert "<button" not in page
        assert str(ID) not in page.replace("The oldest message", "") or "Messages that wait" not in page

    acting(scenario)
