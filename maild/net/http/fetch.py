"""Fetches one small public file by HTTPS, such as a domain's autoconfig. Shell code.

Always with a valid certificate, for it is what makes the file the domain's word; no redirect is followed, no cookie
kept, nothing sent but the request. What does not come, comes late, is too large or is no file is None: the caller asks
the next one.
"""

import asyncio
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import aiohttp

from maild.net.http.names import Names
from maild.net.resolver import Resolver
from maild.net.step import NetError
from maild.net.tls import context_for

TIMEOUT_S: Final = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetcher:
    """How files are fetched.

    Attributes:
        resolver: who knows where a host is.
        ca_file: certificates trusted instead of the system's.
        timeout_s: for everything together.
    """

    resolver: Resolver
    ca_file: Path | None = None
    timeout_s: float = TIMEOUT_S

    async def fetch(self, url: str, max_bytes: int) -> bytes | None:
        """The file at an https URL; None when there is none to be had."""
        try:
            async with asyncio.timeout(self.timeout_s):
                return await self._fetch(url, max_bytes)
        except (aiohttp.ClientError, NetError, OSError, ValueError, TimeoutError):
            return None

    async def _fetch(self, url: str, max_bytes: int) -> bytes | None:
        connector = aiohttp.TCPConnector(
            resolver=Names(self.resolver), ssl=context_for(verify=True, ca_file=self.ca_file), force_close=True
        )
        async with (
            # Nothing is unpacked: a few packed bytes can make gigabytes.
            aiohttp.ClientSession(
                connector=connector,
                cookie_jar=aiohttp.DummyCookieJar(),
                headers={"User-Agent": "maild", "Accept-Encoding": "identity"},
                auto_decompress=False,
            ) as session,
            session.get(url, allow_redirects=False) as response,
        ):
            if response.status != 200:
                return None
            data = b""
            while len(data) <= max_bytes and (more := await response.content.read(max_bytes + 1 - len(data))):
                data += more
            return data if len(data) <= max_bytes else None
