"""A proxy on loopback that leads every way to one server: SOCKS5 (RFC 1928) or HTTP CONNECT, or answers as told."""

import asyncio
import base64
import contextlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

from maild.config.proxy import Proxy, ProxyKind


@dataclass(kw_only=True)
class FakeProxy:
    """Switches first, records after them.

    Attributes:
        to_port: where every way ends, on loopback.
        users: who may go there, with their passwords; empty: everybody.
        answers: said one a request instead of leading on; empty: nothing is said. Then the connection is closed.
        appended: said with the last byte of the yes, as by a proxy that has read from the server already.
        asked: for which ends it was asked.
    """

    kind: ProxyKind
    to_port: int = 0
    users: Mapping[str, str] = field(default_factory=dict)
    answers: list[bytes] | None = None
    appended: bytes = b""
    asked: list[str] = field(default_factory=list)
    port: int = 0
    _server: asyncio.Server | None = None
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)
    _writers: list[asyncio.StreamWriter] = field(default_factory=list)

    @property
    def proxy(self) -> Proxy:
        return Proxy(kind=self.kind, host="127.0.0.1", port=self.port)

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._server is not None
        self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for writer in self._writers:
            writer.transport.abort()
        await asyncio.sleep(0.01)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        self._writers.append(writer)
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            if self.answers is not None:
                await self._play(reader, writer, self.answers)
            else:
                await (self._socks5 if self.kind is ProxyKind.SOCKS5 else self._connect)(reader, writer)
        writer.close()

    async def _play(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, answers: list[bytes]) -> None:
        for answer in answers:
            await reader.read(4096)
            writer.write(answer)
            await writer.drain()
        if not answers:
            await asyncio.sleep(60)

    async def _socks5(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        _, count = await reader.readexactly(2)
        methods = await reader.readexactly(count)
        if not self.users:
            writer.write(b"\x05\x00")
        elif 2 not in methods:
            writer.write(b"\x05\xff")
            return
        else:
            writer.write(b"\x05\x02")
            _, size = await reader.readexactly(2)
            name = await reader.readexactly(size)
            word = await reader.readexactly((await reader.readexactly(1))[0])
            is_right = self.users.get(name.decode()) == word.decode()
            writer.write(b"\x01\x00" if is_right else b"\x01\x01")
            if not is_right:
                return
        _, _, _, kind = await reader.readexactly(4)
        size = (await reader.readexactly(1))[0] if kind == 3 else {1: 4, 4: 16}[kind]
        name, port = await reader.readexactly(size), int.from_bytes(await reader.readexactly(2))
        self.asked.append(f"{name.decode() if kind == 3 else name.hex()}:{port}")
        writer.write(b"\x05\x00\x00\x01\x7f\x00\x00\x01\x00\x19" + self.appended)
        await self._lead(reader, writer)

    async def _connect(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        logins = {base64.b64encode(f"{name}:{word}".encode()) for name, word in self.users.items()}
        if self.users and not any(b"\r\nProxy-Authorization: Basic %b\r\n" % login in head for login in logins):
            writer.write(b"HTTP/1.1 407 Proxy Authentication Required\r\n\r\n")
            return
        self.asked.append(head.split()[1].decode())
        writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n" + self.appended)
        await self._lead(reader, writer)

    async def _lead(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        on_reader, on_writer = await asyncio.open_connection("127.0.0.1", self.to_port)
        self._writers.append(on_writer)
        await asyncio.gather(_copy(reader, on_writer), _copy(on_reader, writer))


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(ConnectionError):
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
    writer.close()
