"""The door of the web port: what the file in force says, read anew whenever it or a file that it names has changed.

Shell code. A file that cannot be used leaves the last good one in force, is told once as an event, and again when it
was mended; at the start it is an exception, since nobody can tell what it meant to keep out. The files are looked at
once a second: a renewed certificate is swapped in by links of links, which no watch on a file sees.
"""

import asyncio
import os
import ssl
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeAlias

from aiohttp import web

from maild.observe.access.bucket import Bucket
from maild.observe.access.passwords import Passwords
from maild.observe.access.reading import read_access
from maild.observe.access.settings import Access, AccessError
from maild.observe.access.tls import context_of, is_known_client
from maild.observe.events import Event, WebFileRefused, WebFileTaken

LOOK_S: Final = 1.0
MAX_BYTES: Final = 1_000_000

_Stamp: TypeAlias = tuple[int, int, int] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Read:
    """The file as it was read, with what its files looked like before."""

    access: Access
    context: ssl.SSLContext | None


class Door:
    """See above. Without a file everybody may come in who reaches it."""

    def __init__(self, file: Path | None, *, key: bytes, emit: Callable[[Event], None]) -> None:
        """Args: file: the web configuration file; key: random bytes; emit: told of changes.

        Raises:
            AccessError: the file cannot be used.
        """
        self._file = file
        self._emit = emit
        self._passwords = Passwords(key)
        self._stamps: tuple[_Stamp, ...] = ()
        self.problem = ""
        """Why what is on disk is not in force; empty when it is."""
        self._use(_Read(access=Access(), context=None))
        if file is not None:
            self._stamps = self._look()
            self._use(self._read())
            self._stamps = self._look()

    @property
    def context(self) -> ssl.SSLContext | None:
        """What new connections are secured with; None: not at all."""
        return self._now.context

    @property
    def is_locked(self) -> bool:
        """Whether a browser that was led astray by a name could not come in: it has no certificate or no password."""
        return self._now.context is not None or bool(self._now.access.users)

    def knows(self, peer: ssl.SSLObject) -> bool:
        """Whether a client whose certificate was verified may come in."""
        tls = self._now.access.tls
        return tls is None or is_known_client(tls, peer)

    def dress(self, response: web.StreamResponse) -> None:
        """Add the headers that the file asks for."""
        response.headers.update(self._now.access.headers)

    async def refusal(self, authorization: str) -> web.Response | None:
        """What a request is told that may not come in; None when it may."""
        access = self._now.access
        if self._bucket is not None and not self._bucket.take(asyncio.get_running_loop().time()):
            return web.Response(status=429, text="Too many requests; rate_limit in web.config_file says how many.\n")
        if access.users and not await self._passwords.are_right(authorization, access.users):
            challenge = {"WWW-Authenticate": 'Basic realm="maild", charset="UTF-8"'}
            return web.Response(status=401, text="maild wants a name and a password here.\n", headers=challenge)
        return None

    async def run(self) -> None:
        """Look after the files until cancelled."""
        if self._file is None:
            await asyncio.Event().wait()  # nothing to look after, for ever
        while True:
            await asyncio.sleep(LOOK_S)
            await self.step()

    async def step(self) -> None:
        """Look once; only where there is a file."""
        stamps = await asyncio.to_thread(self._look)
        if stamps == self._stamps:
            return
        self._stamps = stamps
        try:
            read = await asyncio.to_thread(self._read)
        except AccessError as error:
            if self.problem != str(error):
                self.problem = str(error)
                self._emit(WebFileRefused(file=str(self._file), detail=self.problem))
            return
        self.problem = ""
        self._use(read)
        # It may name others now; those are read as they are, so what they look like is known from here on.
        self._stamps = await asyncio.to_thread(self._look)
        self._emit(WebFileTaken(file=str(self._file)))

    def _use(self, read: _Read) -> None:
        self._now = read
        limit = read.access.rate_limit
        self._bucket = None if limit is None else Bucket(limit)

    def _look(self) -> tuple[_Stamp, ...]:
        assert self._file is not None
        now = getattr(self, "_now", None)
        named = () if now is None else now.access.files
        return tuple(_stamps([self._file, *(self._file.parent / name for name in named)]))

    def _read(self) -> _Read:
        assert self._file is not None
        try:
            with self._file.open("rb") as opened:
                data = opened.read(MAX_BYTES + 1)
        except OSError as error:
            raise AccessError(f"web.config_file: {self._file} cannot be read: {error.strerror or error}") from None
        access = read_access(str(self._file), data)
        context = None if access.tls is None else context_of(access.tls, self._file.parent)
        return _Read(access=access, context=context)


def _stamps(paths: Iterable[Path]) -> Iterable[_Stamp]:
    for path in paths:
        try:
            found = os.stat(path)  # noqa: PTH116 -- the same either way
        except OSError:
            yield None
        else:
            yield found.st_mtime_ns, found.st_size, found.st_ino
