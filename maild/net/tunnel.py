"""Asks a proxy for a way to a server: SOCKS5 (RFC 1928) or HTTP CONNECT (RFC 9110 §9.3.6), with a login where the
account has one (RFC 1929, RFC 7617).

A mail server speaks first, so not a byte more is read than the proxy's own answer: what follows is the server's. A
login to a proxy is not encrypted, and the password is looked up anew for each connection.
"""

import asyncio
import base64
import ipaddress
import re
import socket
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from maild.config.proxy import Proxy, ProxyKind
from maild.mail.phase import Phase
from maild.net.step import NetError, Reason
from maild.secret.resolve import SecretError, resolve_secret

MAX_ANSWER_BYTES: Final = 8192

_STATUS: Final = re.compile(rb"HTTP/1\.[01] ([1-5][0-9][0-9])(?: |\r|\n)")
_ATYP_IPV4, _ATYP_NAME, _ATYP_IPV6 = 1, 3, 4
_NO_LOGIN, _BY_PASSWORD = 0, 2
_WANTS_LOGIN: Final = "it wants a login: the account's `proxy_login`"
_REFUSES_LOGIN: Final = "it refused the username or password of the account's `proxy_login`"
_REPLIES: Final = {
    1: (Reason.LOST, "it has a fault of its own"),
    2: (Reason.REFUSED, "its rules do not allow the connection"),
    3: (Reason.UNREACHABLE, "the network cannot be reached"),
    4: (Reason.UNREACHABLE, "the host cannot be reached"),
    5: (Reason.REFUSED, "the server refused the connection"),
    6: (Reason.TIMEOUT, "the server did not answer in time"),
    7: (Reason.PROTOCOL, "it does not connect to servers"),
    8: (Reason.PROTOCOL, "it does not take that kind of address"),
}
"""RFC 1928 §6."""


async def tunnel(sock: socket.socket, proxy: Proxy, host: str, port: int, *, timeout_s: float) -> None:
    """Afterwards the socket leads to the server; after an error it is closed.

    Raises:
        NetError: at Phase.CONNECT; the proxy would not, or the password for it is not to be had.
    """
    ask = _socks5 if proxy.kind is ProxyKind.SOCKS5 else _http
    try:
        login = await _login_of(proxy)
        async with asyncio.timeout(timeout_s):
            await ask(sock, login, host, port)
    except BaseException as error:
        sock.close()
        if isinstance(error, TimeoutError):
            raise _refusal(proxy, Reason.TIMEOUT, f"it gave no answer within {timeout_s:g} seconds") from None
        if isinstance(error, _RefusedError):
            raise _refusal(proxy, error.reason, error.words) from None
        if isinstance(error, OSError):
            raise _refusal(proxy, Reason.LOST, "it closed the connection") from None
        raise


class _RefusedError(Exception):
    """The proxy said no, or nothing that makes sense."""

    def __init__(self, reason: Reason, words: str) -> None:
        super().__init__(words)
        self.reason = reason
        self.words = words


def _refusal(proxy: Proxy, reason: Reason, words: str) -> NetError:
    return NetError(Phase.CONNECT, reason, f"the proxy {proxy} did not connect: {words}")


@dataclass(frozen=True, slots=True)
class _Login:
    """In octets."""

    username: bytes
    password: bytes = field(repr=False)


async def _login_of(proxy: Proxy) -> _Login | None:
    if proxy.login is None:
        return None
    reference, folder = proxy.login.password, Path(proxy.login.folder)
    try:
        secret = await asyncio.to_thread(resolve_secret, reference, folder=folder)
    except SecretError as error:
        raise _RefusedError(Reason.SECRET, f"{error}") from None
    return _Login(proxy.login.username.encode(), secret.reveal().encode())


async def _socks5(sock: socket.socket, login: _Login | None, host: str, port: int) -> None:
    loop = asyncio.get_running_loop()
    methods = bytes((_NO_LOGIN,)) if login is None else bytes((_NO_LOGIN, _BY_PASSWORD))
    await loop.sock_sendall(sock, bytes((5, len(methods))) + methods)
    version, method = await _exactly(sock, 2)
    if version != 5:
        raise _RefusedError(Reason.PROTOCOL, "what answers there is no SOCKS5 proxy")
    if method not in methods:
        raise _RefusedError(Reason.REFUSED, _WANTS_LOGIN if login is None else "it takes no login by password")
    if login is not None and method == _BY_PASSWORD:
        await _log_in(sock, login)
    await loop.sock_sendall(sock, b"\x05\x01\x00" + _socks5_address(host) + port.to_bytes(2))
    _, reply, _, kind = await _exactly(sock, 4)
    if reply != 0:
        raise _RefusedError(*_REPLIES.get(reply, (Reason.PROTOCOL, f"it answered with {reply}, which means nothing")))
    sizes = {_ATYP_IPV4: 4, _ATYP_IPV6: 16}
    size = (await _exactly(sock, 1))[0] if kind == _ATYP_NAME else sizes.get(kind)
    if size is None:
        raise _RefusedError(Reason.PROTOCOL, "its answer makes no sense")
    await _exactly(sock, size + 2)


async def _log_in(sock: socket.socket, login: _Login) -> None:
    """RFC 1929 §2."""
    if not (0 < len(login.username) < 256 and len(login.password) < 256):
        raise _RefusedError(Reason.LOCAL, "SOCKS5 takes no name or password of more than 255 octets")
    parts = (login.username, login.password)
    text = b"\x01" + b"".join(bytes((len(part),)) + part for part in parts)
    await asyncio.get_running_loop().sock_sendall(sock, text)
    _, status = await _exactly(sock, 2)
    if status != 0:
        raise _RefusedError(Reason.REFUSED, _REFUSES_LOGIN)


def _socks5_address(host: str) -> bytes:
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        name = host.encode("ascii")
        if len(name) > 255:
            raise _RefusedError(Reason.LOCAL, "the name is too long") from None
        return bytes((_ATYP_NAME, len(name))) + name
    return bytes((_ATYP_IPV4 if address.version == 4 else _ATYP_IPV6,)) + address.packed


async def _http(sock: socket.socket, login: _Login | None, host: str, port: int) -> None:
    where = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    request = f"CONNECT {where} HTTP/1.1\r\nHost: {where}\r\nUser-Agent: maild\r\n".encode("ascii")
    if login is not None:
        if b":" in login.username:
            raise _RefusedError(Reason.LOCAL, "HTTP takes no name with a colon")  # RFC 7617 §2
        request += b"Proxy-Authorization: Basic %b\r\n" % base64.b64encode(login.username + b":" + login.password)
    await asyncio.get_running_loop().sock_sendall(sock, request + b"\r\n")
    answer = b""
    while not answer.endswith(b"\r\n\r\n"):
        if len(answer) >= MAX_ANSWER_BYTES:
            raise _RefusedError(Reason.PROTOCOL, "its answer has no end")
        # A byte at a time from a buffer of the system's: there are few of them, and none may be the server's.
        answer += await _exactly(sock, 1)
    found = _STATUS.match(answer)
    if found is None:
        raise _RefusedError(Reason.PROTOCOL, "what answers there is no HTTP proxy")
    status = int(found[1])
    if status == 407:
        raise _RefusedError(Reason.REFUSED, _WANTS_LOGIN if login is None else _REFUSES_LOGIN)
    if status // 100 != 2:
        raise _RefusedError(Reason.REFUSED, f"it answered with status {status}")


async def _exactly(sock: socket.socket, size: int) -> bytes:
    loop, data = asyncio.get_running_loop(), b""
    while len(data) < size:
        more = await loop.sock_recv(sock, size - len(data))
        if not more:
            raise ConnectionResetError
        data += more
    return data
