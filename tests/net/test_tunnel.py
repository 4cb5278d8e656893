import asyncio
import socket
from dataclasses import replace
from pathlib import Path, PurePath
from typing import Final

import pytest

from maild.config.proxy import ProxyKind, ProxyLogin
from maild.mail.phase import Phase
from maild.net.step import NetError, Reason
from maild.net.tunnel import tunnel
from maild.secret import FileRef
from tests.fakes.proxy import FakeProxy
from tests.rows import each_row

SOCKS5, HTTP = ProxyKind
YES: Final = b"\x05\x00\x00\x01\x7f\x00\x00\x01\x00\x19"


async def led(
    proxy: FakeProxy, host: str = "mail.test", timeout_s: float = 5.0, login: ProxyLogin | None = None
) -> socket.socket:
    """The socket afterwards."""
    sock = socket.socket()
    sock.settimeout(0)
    await asyncio.get_running_loop().sock_connect(sock, ("127.0.0.1", proxy.port))
    await tunnel(sock, replace(proxy.proxy, login=login), host, 587, timeout_s=timeout_s)
    return sock


def refusal(kind: ProxyKind, *answers: bytes, host: str = "mail.test", timeout_s: float = 5.0) -> tuple[Reason, str]:
    async def scenario() -> NetError:
        async with FakeProxy(kind=kind, answers=list(answers)) as proxy:
            with pytest.raises(NetError) as caught:
                await led(proxy, host, timeout_s)
            return caught.value

    error = asyncio.run(scenario())
    assert error.phase is Phase.CONNECT
    words = error.detail.partition(" did not connect: ")[2]
    assert words, error.detail
    return error.reason, words


@each_row(
    ("kind", "host", "asked"),
    [
        (SOCKS5, "mail.test", "mail.test:587"),
        (SOCKS5, "192.0.2.1", "c0000201:587"),
        (SOCKS5, "2001:db8::1", "20010db8000000000000000000000001:587"),
        (HTTP, "mail.test", "mail.test:587"),
        (HTTP, "2001:db8::1", "[2001:db8::1]:587"),
    ],
)
def test_a_way_is_asked_for_and_nothing_of_the_servers_is_read(kind: ProxyKind, host: str, asked: str) -> None:
    async def scenario() -> tuple[list[str], bytes]:
        async def greet(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            writer.write(b"220 behind\r\n")
            writer.close()

        server = await asyncio.start_server(greet, "127.0.0.1", 0)
        to_port = server.sockets[0].getsockname()[1]
        async with server, FakeProxy(kind=kind, to_port=to_port, appended=b"early ") as proxy:
            sock = await led(proxy, host)
            data = b""
            while not data.endswith(b"\n"):
                data += await asyncio.get_running_loop().sock_recv(sock, 100)
            sock.close()
            return proxy.asked, data

    assert asyncio.run(scenario()) == ([asked], b"early 220 behind\r\n")


@each_row(
    ("kind", "answers", "reason", "words"),
    [
        (SOCKS5, [b"\x05\xff"], Reason.REFUSED, "it wants a login: the account's `proxy_login`"),
        (SOCKS5, [b"HTTP/1.1 400 Bad Request\r\n"], Reason.PROTOCOL, "what answers there is no SOCKS5 proxy"),
        (SOCKS5, [b"\x05\x00", b"\x05\x02\x00\x01"], Reason.REFUSED, "its rules do not allow the connection"),
        (SOCKS5, [b"\x05\x00", b"\x05\x04\x00\x01"], Reason.UNREACHABLE, "the host cannot be reached"),
        (SOCKS5, [b"\x05\x00", b"\x05\x05\x00\x01"], Reason.REFUSED, "the server refused the connection"),
        (SOCKS5, [b"\x05\x00", b"\x05\x63\x00\x01"], Reason.PROTOCOL, "it answered with 99, which means nothing"),
        (SOCKS5, [b"\x05\x00", b"\x05\x00\x00\x07"], Reason.PROTOCOL, "its answer makes no sense"),
        (SOCKS5, [b"\x05\x00", YES[:6]], Reason.LOST, "it closed the connection"),
        (SOCKS5, [b"\x05"], Reason.LOST, "it closed the connection"),
        (HTTP, [b"HTTP/1.1 407 Login\r\n\r\n"], Reason.REFUSED, "it wants a login: the account's `proxy_login`"),
        (HTTP, [b"HTTP/1.1 403 No\r\n\r\n"], Reason.REFUSED, "it answered with status 403"),
        (HTTP, [b"220 mail.test ESMTP\r\n\r\n"], Reason.PROTOCOL, "what answers there is no HTTP proxy"),
        (HTTP, [b"x" * 8192], Reason.PROTOCOL, "its answer has no end"),
        (HTTP, [b"HTTP/1.1 200"], Reason.LOST, "it closed the connection"),
    ],
)
def test_what_a_proxy_says_instead(kind: ProxyKind, answers: list[bytes], reason: Reason, words: str) -> None:
    assert refusal(kind, *answers) == (reason, words)


def test_an_answer_with_a_name_is_read_to_its_end() -> None:
    async def scenario() -> bytes:
        answer = b"\x05\x00\x00\x03\x09mail.test\x00\x19" + b"220 hello"
        async with FakeProxy(kind=SOCKS5, answers=[b"\x05\x00", answer]) as proxy:
            sock = await led(proxy)
            data = await asyncio.get_running_loop().sock_recv(sock, 100)
            sock.close()
            return data

    assert asyncio.run(scenario()) == b"220 hello"


def test_a_silent_proxy_is_not_waited_for() -> None:
    found = refusal(HTTP, timeout_s=0.05)

    assert found == (Reason.TIMEOUT, "it gave no answer within 0.05 seconds")


def test_a_name_too_long_for_the_protocol() -> None:
    assert refusal(SOCKS5, b"\x05\x00", host="a" * 256) == (Reason.LOCAL, "the name is too long")


def login(folder: Path, password: str, username: str = "shop") -> ProxyLogin:
    """Its password stands in a file of this folder."""
    (folder / "proxy.password").write_text(f"{password}\n")
    return ProxyLogin(username=username, password=FileRef(path=PurePath("proxy.password")), folder=folder)


@pytest.mark.parametrize("kind", ProxyKind)
def test_a_proxy_that_wants_a_login_gets_it(kind: ProxyKind, tmp_path: Path) -> None:
    async def scenario() -> list[str]:
        async with FakeProxy(kind=kind, users={"shop": "pässword: 1"}) as proxy:
            (await led(proxy, login=login(tmp_path, "pässword: 1"))).close()
            return proxy.asked

    assert asyncio.run(scenario()) == ["mail.test:587"]


@pytest.mark.parametrize("kind", ProxyKind)
def test_a_proxy_that_wants_none_gets_no_password_by_socks5_and_a_way(kind: ProxyKind, tmp_path: Path) -> None:
    async def scenario() -> list[str]:
        async with FakeProxy(kind=kind) as proxy:
            (await led(proxy, login=login(tmp_path, "secret"))).close()
            return proxy.asked

    assert asyncio.run(scenario()) == ["mail.test:587"]


REFUSED: Final = "it refused the username or password of the account's `proxy_login`"
TOO_LONG: Final = "SOCKS5 takes no name or password of more than 255 octets"


@pytest.mark.parametrize(
    ("kind", "username", "password", "reason", "words"),
    [
        (SOCKS5, "shop", "wrong", Reason.REFUSED, REFUSED),
        (HTTP, "shop", "wrong", Reason.REFUSED, REFUSED),
        (SOCKS5, "shop", "a" * 256, Reason.LOCAL, TOO_LONG),
        (SOCKS5, "s" * 256, "right", Reason.LOCAL, TOO_LONG),
        (HTTP, "sh:op", "right", Reason.LOCAL, "HTTP takes no name with a colon"),
        (SOCKS5, "shop", "", Reason.SECRET, "the password's file proxy.password is empty"),
    ],
)
def test_a_login_that_fails_is_said_to(  # noqa: PLR0917 -- one row of the table
    kind: ProxyKind, username: str, password: str, reason: Reason, words: str, tmp_path: Path
) -> None:
    async def scenario() -> NetError:
        async with FakeProxy(kind=kind, users={"shop": "right"}) as proxy:
            with pytest.raises(NetError) as caught:
                await led(proxy, login=login(tmp_path, password, username))
            assert proxy.asked == []
            return caught.value

    error = asyncio.run(scenario())

    assert (error.phase, error.reason) == (Phase.CONNECT, reason)
    assert error.detail.partition(" did not connect: ")[2] == words
