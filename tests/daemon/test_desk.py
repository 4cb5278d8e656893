import asyncio
from pathlib import Path, PurePath

from maild.config.model import Site
from maild.config.web_settings import WebSettings
from maild.daemon.desk import QueueDesk
from maild.daemon.webport import own_names
from maild.observe.command import ReloadAnswer
from maild.observe.page.desk import Deed
from maild.spool.layout import Layout, prepare
from maild.spool.sqlite import SqliteQueue
from tests.fakes.clock import FakeClock
from tests.spool.messages import NOW, make_arrival, make_id


class Reloads:
    is_allowed = False

    def __init__(self) -> None:
        self.is_clean = True

    async def reload(self) -> ReloadAnswer:
        return ReloadAnswer(generation=8, is_clean=self.is_clean, problem="", diagnostics=())


def desk(root: Path, settings: WebSettings, reloads: Reloads | None = None) -> QueueDesk:
    layout = Layout(root / "spool")

    def open_queue() -> SqliteQueue:
        return SqliteQueue(layout.queue_file, layout.bodies, writer=0)

    return QueueDesk(open_queue, reloads or Reloads(), FakeClock(NOW), lambda: settings, root)


def test_messages_are_held_released_retried_and_deleted_in_the_queue_itself(tmp_path: Path) -> None:
    layout = Layout(tmp_path / "spool")
    prepare(layout).release()

    async def scenario() -> None:
        engines = SqliteQueue(layout.queue_file, layout.bodies)
        first, second = make_id(1), make_id(2)
        await engines.accept([make_arrival(1), make_arrival(2)])
        await engines.changed()
        table = desk(tmp_path, WebSettings())

        assert [one.id for one in await table.waiting(5)] == [first, second]
        assert [one.id for one in await table.waiting(1)] == [first]
        assert (await table.act(Deed.HOLD, first)).words == f"{first} is held."
        assert [one.id for one in await engines.changed()] == [first], "the engine hears of it"
        held = (await table.waiting(5))[0]
        assert (held.id, held.next_at, held.recipients, held.detail) == (first, None, 1, "")
        again = await table.act(Deed.HOLD, first)
        assert (again.is_done, again.words) == (
            False,
            "Not held: there is no such message in a fitting state any more.",
        )
        assert (await table.act(Deed.RELEASE, first)).is_done
        assert (await table.act(Deed.RETRY, first)).words == f"{first} is due now."
        assert (await table.act(Deed.DELETE, first)).is_done
        assert not (await table.act(Deed.DELETE, "nonsense")).is_done
        assert [one.id for one in await table.waiting(5)] == [second]
        await table.close()
        await engines.close()

    asyncio.run(scenario())


def test_a_queue_that_cannot_be_had_is_a_sentence(tmp_path: Path) -> None:
    async def scenario() -> None:
        table = desk(tmp_path, WebSettings())
        await table.close()
        assert await table.waiting(5) == ()
        done = await table.act(Deed.HOLD, make_id(1))
        assert not done.is_done
        assert done.words.startswith("The queue's storage failed: ")
        await table.close()

    asyncio.run(scenario())


def test_the_token_is_the_line_of_its_file_and_long_enough(tmp_path: Path) -> None:
    settings = WebSettings(token_file=PurePath("token"))

    async def scenario() -> None:
        table = desk(tmp_path, settings)
        assert table.is_open
        assert not await table.is_token("")
        (tmp_path / "token").write_text("0123456789abcdef\n")
        assert await table.is_token("0123456789abcdef")
        assert not await table.is_token("0123456789abcdeF")
        (tmp_path / "token").write_text("short\n")
        assert not await table.is_token("short")
        shut = desk(tmp_path, WebSettings())
        assert not shut.is_open
        assert not await shut.is_token("0123456789abcdef")

    asyncio.run(scenario())


def test_a_reload_says_what_is_in_force(tmp_path: Path) -> None:
    async def scenario() -> None:
        reloads = Reloads()
        table = desk(tmp_path, WebSettings(), reloads)
        assert (await table.act(Deed.RELOAD, "")).words == "Generation 8 is in force."
        reloads.is_clean = False
        done = await table.act(Deed.RELOAD, "")
        assert (done.is_done, done.words) == (False, "Generation 8 is in force, but not everything that is on disk.")

    asyncio.run(scenario())


def test_the_names_of_the_web_port_are_the_machines_those_it_listens_at_and_those_that_are_said() -> None:
    web = WebSettings(listen=("mail.internal:9725", "127.0.0.1:0", "unix:/run/w.sock"), hosts=("mail.example.com",))

    assert own_names(Site(web=web), "Box") == {"box", "mail.internal", "127.0.0.1", "mail.example.com"}
