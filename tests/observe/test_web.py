import asyncio
import json
import socket
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path

import pytest
from aiohttp import web

from maild.config.model import Privacy
from maild.diagnostics import Location, Severity
from maild.observe.command import ReloadAnswer, refusal
from maild.observe.connection import ConnectionLimits
from maild.observe.listener import Listener, ListenError, Place, TcpPlace, UnixPlace, parse_place
from maild.observe.metrics import Metrics
from maild.observe.page import PageRoutes
from maild.observe.privacy import AddressVeil
from maild.observe.recent import Recent
from maild.observe.status import Condition, Health, Status
from maild.observe.web import WebParts, build_web_app
from tests.observe.values import diagnostic, health, status
from tests.rows import each_row

LOOPBACK = TcpPlace(host="127.0.0.1", port=0)


class Source:
    """A status that stands still."""

    def __init__(self, now: Status | None = None) -> None:
        self._now = now or status()
        self.asked_git: list[bool] = []

    def becomes(self, now: Status) -> None:
        self._now = now

    async def status(self, *, asks_git: bool) -> Status:
        self.asked_git.append(asks_git)
        return self._now

    def health(self) -> Health:
        return self._now.health


def plain_app(source: Source | None = None, parts: WebParts | None = None) -> web.Application:
    shown, veil = source or Source(), AddressVeil(privacy=Privacy.DOMAIN, key=b"k")
    return build_web_app(shown, Metrics(), PageRoutes(shown, Recent(), lambda: veil), lambda: veil, parts)


Scenario = Callable[[str, int], Awaitable[None]]


def serving(
    scenario: Scenario,
    *,
    source: Source | None = None,
    limits: ConnectionLimits | None = None,
    place: Place = LOOPBACK,
    reloads: "Reloads | None" = None,
    parts: WebParts | None = None,
) -> None:
    async def run() -> None:
        wanted = replace(parts or WebParts(), reloading=reloads)
        listener = Listener(plain_app(source, wanted), limits or ConnectionLimits(), wanted.door)
        await listener.open([place])
        host, _, port = listener.places[0].rpartition(":")
        try:
            async with asyncio.timeout(10):
                await scenario(host, int(port) if port.isdecimal() else 0)
        finally:
            await listener.close()

    asyncio.run(run())


async def ask(port: int, request: bytes) -> tuple[int, dict[str, str], str]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(request)
    return await answer(reader, writer)


async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> tuple[int, dict[str, str], str]:
    head, _, body = (await reader.read()).decode().partition("\r\n\r\n")
    writer.close()
    first, *lines = head.split("\r\n")
    headers = dict(line.lower().split(": ", 1) for line in lines)
    return int(first.split(" ")[1]), headers, body


async def was_dropped(reader: asyncio.StreamReader) -> bool:
    try:
        return await reader.read() == b""
    except ConnectionError:
        return True


async def drip(writer: asyncio.StreamWriter) -> None:
    while True:
        writer.write(b"X")
        await writer.drain()
        await asyncio.sleep(0.02)


def get(path: str, host: str = "localhost", method: str = "GET", more: str = "") -> bytes:
    return f"{method} {path} HTTP/1.1\r\nHost: {host}\r\n{more}\r\n".encode()


def test_the_metrics_are_for_prometheus() -> None:
    async def scenario(host: str, port: int) -> None:
        code, headers, body = await ask(port, get("/metrics"))
        assert code == 200
        assert headers["content-type"].startswith("text/plain; version=0.0.4")
        assert 'maild_spool_messages{state="queued"} 4.0\n' in body
        _, headers, body = await ask(port, get("/metrics", more="Accept: application/openmetrics-text\r\n"))
        assert headers["content-type"].startswith("application/openmetrics-text")
        assert body.endswith("# EOF\n")

    serving(scenario)


def test_the_status_is_json() -> None:
    async def scenario(host: str, port: int) -> None:
        code, headers, body = await ask(port, get("/status"))
        assert (code, headers["content-type"]) == (200, "application/json; charset=utf-8")
        assert json.loads(body)["config"]["generation"] == 7

    serving(scenario)


def test_only_who_asks_for_the_status_has_git_run() -> None:
    source = Source()

    async def scenario(host: str, port: int) -> None:
        await ask(port, get("/metrics"))
        await ask(port, get("/status"))

    serving(scenario, source=source)

    assert source.asked_git == [False, True]


def test_health_is_told_with_its_reasons() -> None:
    async def scenario(host: str, port: int) -> None:
        assert (await ask(port, get("/-/healthy")))[::2] == (200, "ok   engine: running\n")
        assert (await ask(port, get("/-/ready")))[::2] == (503, "ok   engine: running\nFAIL probes: 1 of 2 done\n")

    serving(scenario, source=Source(status(is_ready=False)))


class Reloads:
    """A daemon that can be told to reload."""

    def __init__(self, answer: ReloadAnswer, *, is_allowed: bool = True) -> None:
        self._answer = answer
        self.is_allowed = is_allowed
        self.count = 0

    async def reload(self) -> ReloadAnswer:
        self.count += 1
        return self._answer


def posting(reloads: Reloads, request: bytes) -> tuple[int, str]:
    found: list[tuple[int, str]] = []

    async def scenario(host: str, port: int) -> None:
        code, _, body = await ask(port, request)
        found.append((code, body))

    serving(scenario, reloads=reloads)
    return found[0]


def post(more: str = "", path: str = "/-/reload") -> bytes:
    return get(path, method="POST", more=f"Content-Length: 0\r\n{more}")


ALL_WELL = ReloadAnswer(generation=8, is_clean=True, problem="", diagnostics=())


def test_a_reload_is_answered_when_it_is_in_force() -> None:
    reloads = Reloads(ALL_WELL)

    assert posting(reloads, post()) == (200, "generation 8 is in force\n")
    assert reloads.count == 1


def test_a_reload_that_leaves_something_out_says_what() -> None:
    found = (diagnostic("alerts@example.com is no host", Severity.ERROR), replace(diagnostic(), location=None))
    answer = ReloadAnswer(generation=8, is_clean=False, problem="it is still being read", diagnostics=found)

    code, text = posting(Reloads(answer), post())
    assert code == 422
    assert text.splitlines() == [
        "generation 8 is in force, but not everything that is on disk",
        "it is still being read",
        "accounts/a.yaml:4:9: error[ML301] *@example.com is no host",
        "warning[ML301] port 25 is for relaying",
    ]
    quiet = replace(answer, problem="", diagnostics=(replace(found[0], location=Location(file="a.yaml")),))
    assert posting(Reloads(quiet), post())[1].splitlines()[1:] == ["a.yaml: error[ML301] *@example.com is no host"]


@pytest.mark.parametrize("header", ["Origin: null", "Sec-Fetch-Site: same-origin", "Referer: http://localhost/"])
def test_a_web_page_cannot_have_it_reload(header: str) -> None:
    reloads = Reloads(ALL_WELL)

    assert posting(reloads, post(f"{header}\r\n"))[0] == 403
    assert reloads.count == 0


def test_reloading_is_switched_off_until_it_is_switched_on_and_never_a_get() -> None:
    reloads = Reloads(ALL_WELL, is_allowed=False)

    assert "reload: {http: true}" in posting(reloads, post())[1]
    assert posting(reloads, get("/-/reload"))[0] == 405
    assert posting(reloads, post(path="/status"))[0] == 405
    assert reloads.count == 0


def test_commands_are_taken_on_this_machine_alone() -> None:
    assert refusal("192.0.2.1", {}, is_allowed=True).startswith("Commands are taken on a loopback address")
    assert refusal("what", {}, is_allowed=True).startswith("Commands are taken on a loopback address")
    assert refusal("::ffff:127.0.0.1", {}, is_allowed=True) == ""
    assert refusal(None, {}, is_allowed=True) == ""


def test_health_shows_no_more_of_an_address_than_all_else() -> None:
    bad = Condition(name="intake", is_met=False, detail="the drop of bob@example.com cannot be read")
    now = replace(status(), health=Health(alive=(), ready=(bad,)))

    async def scenario(host: str, port: int) -> None:
        assert (await ask(port, get("/-/ready")))[2] == "FAIL intake: the drop of *@example.com cannot be read\n"
        assert "bob@" not in (await ask(port, get("/status")))[2]

    serving(scenario, source=Source(now))


def test_what_is_not_alive_is_not_ready_either() -> None:
    dead = Health(alive=(Condition(name="engine", is_met=False, detail="ended"),), ready=health().ready)

    assert not dead.is_ready
    assert not dead.is_healthy


def test_the_page_points_to_what_programs_read() -> None:
    async def scenario(host: str, port: int) -> None:
        _, _, body = await ask(port, get("/"))
        for page in ("/status", "/metrics", "/-/ready"):
            assert f'href="{page}"' in body

    serving(scenario)


def test_only_get_and_head_are_answered() -> None:
    async def scenario(host: str, port: int) -> None:
        for method in ("POST", "PUT", "DELETE", "OPTIONS", "TRACE"):
            code, headers, _ = await ask(port, get("/metrics", method=method))
            assert (code, headers["allow"]) == (405, "get, head")
        code, headers, body = await ask(port, get("/status", method="HEAD"))
        assert (code, body) == (200, "")
        assert int(headers["content-length"]) > 100

    serving(scenario)


def test_what_is_not_there_is_404_without_the_librarys_words() -> None:
    async def scenario(host: str, port: int) -> None:
        assert (await ask(port, get("/etc/passwd")))[::2] == (404, "404 Not Found\n")

    serving(scenario)


def test_a_rebound_name_gets_nothing() -> None:
    async def scenario(host: str, port: int) -> None:
        code, _, body = await ask(port, get("/status", host="evil.example"))
        assert code == 421
        assert "generation" not in body

    serving(scenario)


def test_silent_clients_hold_nobody_up_and_are_dropped() -> None:
    async def scenario(host: str, port: int) -> None:
        silent = [await asyncio.open_connection("127.0.0.1", port) for _ in range(20)]
        assert (await ask(port, get("/metrics")))[0] == 200
        for reader, writer in silent:
            assert await was_dropped(reader)
            writer.close()

    serving(scenario, limits=ConnectionLimits(life_s=0.5))


def test_a_client_that_drips_its_request_is_dropped() -> None:
    async def scenario(host: str, port: int) -> None:
        _, writer = await asyncio.open_connection("127.0.0.1", port)
        with pytest.raises(ConnectionError):
            await drip(writer)
        writer.close()
        assert (await ask(port, get("/-/healthy")))[0] == 200

    serving(scenario, limits=ConnectionLimits(life_s=0.3))


def test_a_bomb_of_headers_is_dropped() -> None:
    async def scenario(host: str, port: int) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"GET / HTTP/1.1\r\nHost: localhost\r\n" + b"A: b\r\n" * 100_000)
        try:
            await writer.drain()
            text = await reader.read()
        except ConnectionError:
            text = b""
        assert b"200 OK" not in text
        writer.close()
        assert (await ask(port, get("/-/healthy")))[0] == 200

    serving(scenario)


def test_when_there_are_too_many_connections_the_oldest_goes() -> None:
    async def scenario(host: str, port: int) -> None:
        silent = [await asyncio.open_connection("127.0.0.1", port) for _ in range(3)]
        assert (await ask(port, get("/-/healthy")))[0] == 200
        assert await was_dropped(silent[0][0])
        for _, writer in silent:
            writer.close()

    serving(scenario, limits=ConnectionLimits(max_connections=3))


def test_a_request_that_is_no_http_gets_a_400() -> None:
    async def scenario(host: str, port: int) -> None:
        assert (await ask(port, b"EHLO me\r\n\r\n"))[0] == 400

    serving(scenario)


def test_a_unix_socket_serves_and_is_removed_at_the_end(tmp_path: Path) -> None:
    path = tmp_path / "web.sock"

    async def scenario(host: str, port: int) -> None:
        assert path.stat().st_mode & 0o777 == 0o660
        reader, writer = await asyncio.open_unix_connection(path)
        writer.write(get("/-/healthy", host="maild"))
        assert (await answer(reader, writer))[0] == 200

    serving(scenario, place=UnixPlace(path=path))
    assert not path.exists()


def test_a_socket_left_by_a_crash_is_replaced_and_one_in_use_is_not(tmp_path: Path) -> None:
    path = tmp_path / "web.sock"

    async def scenario(host: str, port: int) -> None:
        with pytest.raises(ListenError, match="another program listens on it"):
            await another(UnixPlace(path=path))

    async def leave_dead() -> None:
        server = await asyncio.start_unix_server(lambda reader, writer: None, path)
        server.close()
        await server.wait_closed()

    asyncio.run(leave_dead())
    assert path.exists()
    serving(scenario, place=UnixPlace(path=path))


def test_a_file_in_the_sockets_place_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "web.sock"
    path.write_text("mine")

    with pytest.raises(ListenError, match="is no socket"):
        asyncio.run(another(UnixPlace(path=path)))
    assert path.read_text() == "mine"


async def another(place: Place) -> None:
    app = plain_app()
    await Listener(app, ConnectionLimits()).open([place])


def test_sockets_that_listen_already_are_taken_over_and_their_files_stay(tmp_path: Path) -> None:
    path = tmp_path / "web.sock"

    async def scenario() -> None:
        app = plain_app()
        listener = Listener(app, ConnectionLimits())
        tcp, local = socket.create_server(("127.0.0.1", 0)), socket.socket(socket.AF_UNIX)
        local.bind(str(path))
        local.listen()
        await listener.open([], [tcp, local])
        port = tcp.getsockname()[1]

        assert listener.places == (f"127.0.0.1:{port}", f"unix:{path}")
        assert (await ask(port, get("/-/healthy")))[0] == 200
        reader, writer = await asyncio.open_unix_connection(path)
        writer.write(get("/-/healthy", host="maild"))
        assert (await answer(reader, writer))[0] == 200
        await listener.close()

    asyncio.run(scenario())
    assert path.exists()


def test_a_port_in_use_is_an_error_that_names_the_key() -> None:
    async def scenario(host: str, port: int) -> None:
        with pytest.raises(ListenError) as caught:
            await another(TcpPlace(host="127.0.0.1", port=port))
        assert str(caught.value) == (
            f"web.listen: 127.0.0.1:{port} is in use by another program, perhaps by another maild; "
            "choose another port in maild.yaml, or port 0 for any free one"
        )
        assert caught.value.exit_status == 78

    serving(scenario)


@each_row(
    ("text", "place"),
    [
        ("127.0.0.1:9725", TcpPlace(host="127.0.0.1", port=9725)),
        ("[::1]:0", TcpPlace(host="::1", port=0)),
        ("localhost:80", TcpPlace(host="localhost", port=80)),
        ("unix:/run/maild/web.sock", UnixPlace(path=Path("/run/maild/web.sock"))),
        ("unix:web.sock", UnixPlace(path=Path("/etc/maild/web.sock"))),
    ],
)
def test_a_place_to_listen(text: str, place: Place) -> None:
    assert parse_place(text, folder=Path("/etc/maild")) == place


@each_row("text", ["", "9725", ":9725", "host", "host:", "host:port", "host:70000", "host:²"])
def test_what_is_no_place(text: str) -> None:
    with pytest.raises(ListenError, match="is neither host:port nor unix:/path"):
        parse_place(text, folder=Path("/etc/maild"))


def test_places_print_as_they_are_written() -> None:
    assert [str(TcpPlace(host="::1", port=1)), str(UnixPlace(path=Path("/a")))] == ["[::1]:1", "unix:/a"]
