"""Binds the web app to the places that `web.listen` names: `host:port`, `[v6]:port`, `unix:/path`.

Shell code. What can go wrong is one `ListenError` that names the key to change: a port that is taken, an address that
is not this machine's, a socket path that is a file of somebody else's. Port 0 takes any free one; `places` tells which.
"""

import asyncio
import errno
import os
import socket
import stat
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeAlias, assert_never

from aiohttp import web

from maild.errors import ConfigError
from maild.observe.connection import ConnectionLimits, Lock, NoLock, guarded

SOCKET_MODE: Final = 0o660
"""A Unix socket is for the owner and the group: the folder it is in decides who else gets there."""


class ListenError(ConfigError):
    """The web app cannot listen where `web.listen` says."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TcpPlace:
    """An address and a port, 0 for any."""

    host: str
    port: int

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{host}:{self.port}"


@dataclass(frozen=True, slots=True, kw_only=True)
class UnixPlace:
    """A socket in the file system."""

    path: Path

    def __str__(self) -> str:
        return f"unix:{self.path}"


Place: TypeAlias = TcpPlace | UnixPlace


def parse_place(text: str, *, folder: Path) -> Place:
    """What an entry of `web.listen` means; a relative socket path counts from `folder`.

    Raises:
        ListenError: it means nothing.
    """
    if text.startswith("unix:"):
        return UnixPlace(path=folder / text.removeprefix("unix:"))
    host, colon, port = text.rpartition(":")
    if not colon or not host or not port.isascii() or not port.isdecimal() or int(port) > 65535:
        raise ListenError(f"web.listen: {text!r} is neither host:port nor unix:/path")
    return TcpPlace(host=host.removeprefix("[").removesuffix("]"), port=int(port))


class Listener:
    """The web app on all its places."""

    def __init__(self, app: web.Application, limits: ConnectionLimits, lock: Lock | None = None) -> None:
        self._runner = web.AppRunner(app, access_log=None, keepalive_timeout=limits.life_s, lingering_time=0)
        self._limits = limits
        self._lock = lock or NoLock()
        self._servers: list[asyncio.Server] = []
        self._sockets: list[Path] = []
        self.places: tuple[str, ...] = ()
        """Where it really listens, with the port that port 0 became."""

    async def open(self, places: Sequence[Place], inherited: Sequence[socket.socket] = ()) -> None:
        """Start to listen everywhere, or nowhere; also on sockets that listen already.

        Raises:
            ListenError: a place cannot be had.
        """
        await self._runner.setup()
        try:
            for place in places:
                await self._bind(place)
            for listening in inherited:
                await self._take_over(listening)
        except BaseException:
            await self.close()
            raise

    async def close(self) -> None:
        """Stop listening, let go of the connections, remove the sockets."""
        for server in self._servers:
            server.close()
        for connection in tuple(self._limits.open):
            connection.drop()
        await self._runner.cleanup()
        for path in self._sockets:
            with suppress(OSError):
                path.unlink()
        self.places = ()

    async def _take_over(self, listening: socket.socket) -> None:
        loop = asyncio.get_running_loop()
        assert self._runner.server is not None
        factory = guarded(self._runner.server, self._limits, self._lock)
        # Its file, where it has one, belongs to whoever made it, and so stays.
        if listening.family == socket.AF_UNIX:
            server = await loop.create_unix_server(factory, sock=listening)
            place: Place = UnixPlace(path=Path(os.fsdecode(listening.getsockname())))
        else:
            server = await loop.create_server(factory, sock=listening)
            host, port, *_ = listening.getsockname()
            place = TcpPlace(host=host, port=port)
        self.places += (str(place),)
        self._servers.append(server)

    async def _bind(self, place: Place) -> None:
        loop = asyncio.get_running_loop()
        assert self._runner.server is not None
        factory = guarded(self._runner.server, self._limits, self._lock)
        match place:
            case TcpPlace(host=host, port=port):
                try:
                    server = await loop.create_server(factory, host, port, reuse_address=True)
                except OSError as error:
                    raise ListenError(_tcp_words(place, error)) from None
                bound = (TcpPlace(host=sock.getsockname()[0], port=sock.getsockname()[1]) for sock in server.sockets)
                self.places += tuple(map(str, bound))
            case UnixPlace(path=path):
                server = await _bind_unix(path, factory)
                self._sockets.append(path)
                self.places += (str(place),)
            case _:
                assert_never(place)
        self._servers.append(server)


async def _bind_unix(path: Path, factory: Callable[[], asyncio.Protocol]) -> asyncio.Server:
    try:
        _remove_dead_socket(path)
        server = await asyncio.get_running_loop().create_unix_server(factory, str(path))
        _allow_group(path)
    except OSError as error:
        raise ListenError(f"web.listen: the socket {path} cannot be made: {error.strerror or error}") from None
    return server


def _remove_dead_socket(path: Path) -> None:
    """A socket that nobody answers on is left over from a crash. Raises OSError when somebody does answer."""
    try:
        if not stat.S_ISSOCK(path.lstat().st_mode):
            raise OSError(errno.EEXIST, "a file of this name exists and is no socket")
    except FileNotFoundError:
        return
    with socket.socket(socket.AF_UNIX) as trial:
        trial.settimeout(1.0)
        if trial.connect_ex(os.fspath(path)) == 0:
            raise OSError(errno.EADDRINUSE, "another program listens on it")
    path.unlink()


def _allow_group(path: Path) -> None:
    path.chmod(SOCKET_MODE)


def _tcp_words(place: TcpPlace, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return (
            f"web.listen: {place} is in use by another program, perhaps by another maild; choose another port in "
            "maild.yaml, or port 0 for any free one"
        )
    if error.errno == errno.EACCES:
        return (
            f"web.listen: not allowed to listen on {place}; ports below 1024 need a privilege that maild does not want"
        )
    if error.errno == errno.EADDRNOTAVAIL:
        return f"web.listen: {place.host} is no address of this machine"
    return f"web.listen: cannot listen on {place}: {error.strerror or error}"
