import asyncio
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from maild.cli.ask import NoAnswerError, ask_accounts, ask_status
from maild.cli.served import Accounts
from maild.cli.site import Place
from maild.daemon.presence import write_note
from maild.errors import UsageError
from maild.observe.access import Door
from maild.observe.connection import ConnectionLimits
from maild.observe.listener import Listener, parse_place
from maild.observe.web import WebParts
from maild.spool.layout import Layout, prepare
from tests.fakes.certificates import certificates
from tests.observe.test_web import Source, plain_app
from tests.observe.values import account, status
from tests.rows import each_row


async def asked(listen: str, place: str | None = None) -> Mapping[str, Any]:
    app = plain_app()
    listener = Listener(app, ConnectionLimits())
    await listener.open([parse_place(listen, folder=Path())])
    try:
        return await asyncio.to_thread(ask_status, (place or "{}").format(listener.places[0]))
    finally:
        await listener.close()


@pytest.mark.parametrize("place", ["{}", "http://{}"])
def test_the_daemon_answers_on_a_port(place: str) -> None:
    assert asyncio.run(asked("127.0.0.1:0", place))["config"]["generation"] == 7


def test_the_daemon_answers_on_a_socket(tmp_path: Path) -> None:
    assert asyncio.run(asked(f"unix:{tmp_path / 'web.sock'}"))["pid"] == 4711


def test_nobody_answers_where_nobody_listens(tmp_path: Path) -> None:
    with pytest.raises(NoAnswerError, match=r"Nobody answers at 127.0.0.1:1: Connection refused."):
        ask_status("127.0.0.1:1")
    with pytest.raises(NoAnswerError, match="No such file"):
        ask_status(f"unix:{tmp_path / 'nowhere'}")


@each_row("place", ["", "localhost", "https://localhost:9725", "http://localhost:x", "localhost:0"])
def test_a_place_that_means_nothing(place: str) -> None:
    with pytest.raises(UsageError, match="is no place to ask"):
        ask_status(place)


@each_row(
    ("answer", "words"),
    [
        ("HTTP/1.1 404 Not Found\r\n\r\n", "answers with status 404"),
        ("HTTP/1.1 200 OK\r\n\r\nhello", "is no status of maild"),
        (f"HTTP/1.1 200 OK\r\n\r\n{json.dumps(['health'])}", "is no status of maild"),
        (f"HTTP/1.1 200 OK\r\n\r\n{json.dumps({'a': 1})}", "is no status of maild"),
        ("220 mail.test ESMTP\r\n", "Nobody answers"),
    ],
)
def test_something_else_that_listens_is_not_taken_for_maild(answer: str, words: str) -> None:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(answer.encode())
        writer.close()

    async def scenario() -> None:
        server = await asyncio.start_server(serve, "127.0.0.1", 0)
        place = "{}:{}".format(*server.sockets[0].getsockname())
        with pytest.raises(NoAnswerError, match=words):
            await asyncio.to_thread(ask_status, place)
        server.close()
        await server.wait_closed()

    asyncio.run(scenario())


def test_who_cannot_come_in_is_told_of_the_socket(tmp_path: Path) -> None:
    file = tmp_path / "web.yml"

    async def scenario() -> str:
        door = Door(file, key=b"k" * 32, emit=print)
        listener = Listener(plain_app(parts=WebParts(door=door)), ConnectionLimits(), door)
        await listener.open([parse_place("127.0.0.1:0", folder=Path())])
        try:
            with pytest.raises(NoAnswerError) as caught:
                await asyncio.to_thread(ask_status, listener.places[0])
        finally:
            await listener.close()
        return str(caught.value)

    file.write_text(f"basic_auth_users: {{prom: $2y$10${'a' * 53}}}\n")
    assert "asks for a name and a password (web.config_file). Commands ask by a socket then" in asyncio.run(scenario())
    good = certificates().good
    file.write_text(f"tls_server_config: {{cert_file: {good.cert_file}, key_file: {good.key_file}}}\n")
    assert "It may speak TLS (web.config_file)" in asyncio.run(scenario())


def test_a_daemon_that_answers_says_which_accounts_cannot_send(tmp_path: Path) -> None:
    place = Place(folder=tmp_path, spool=tmp_path / "spool")
    layout = Layout(place.spool)

    async def scenario() -> Accounts:
        app = plain_app(Source(status(account(is_broken=True))))
        listener = Listener(app, ConnectionLimits())
        await listener.open([parse_place("127.0.0.1:0", folder=Path())])
        write_note(layout, pid=os.getpid(), places=listener.places)
        try:
            return await asyncio.to_thread(ask_accounts, place)
        finally:
            await listener.close()

    with prepare(layout):
        known = asyncio.run(scenario())

    assert (known.is_served, known.is_known, list(known.closed)) == (True, True, ["billing"])


def test_a_daemon_that_does_not_answer_is_not_known(tmp_path: Path) -> None:
    place = Place(folder=tmp_path, spool=tmp_path / "spool")
    (tmp_path / "maild.yaml").write_text("web: {listen: [unix:nowhere.sock]}\n")

    with prepare(Layout(place.spool)):
        assert ask_accounts(place) == Accounts(is_served=True)
        (tmp_path / "maild.yaml").write_text("web: 5\nspool: 5\n")
        assert ask_accounts(place) == Accounts(is_served=True)

    assert ask_accounts(place) == Accounts(is_served=False)
