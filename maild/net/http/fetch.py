"""Fetches one small public file by HTTPS, such as a domain's autoconfig. Shell code.

Always with a valid certificate, for it is what makes the file the domain's word; no redirect is followed, no cookie
kept, nothing sent but the request. What does not come, comes late, is too large or is no file is told by its cause; who
only asks the next one then takes it for None.
"""

import asyncio
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final

import aiohttp

from maild.net.http.names import Names
from maild.net.resolver import Resolver
from maild.net.step import NetError, Reason
from maild.net.tls import context_for

TIMEOUT_S: Final = 5.0
MAX_SHOWN: Final = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """The file. `media_type` is as the server says, in lower case without parameters."""

    data: bytes
    media_type: str


class FetchTrouble(StrEnum):
    """Why there is no file."""

    NAME = "name"
    """There is no such host."""
    UNREACHABLE = "unreachable"
    """Nobody answered, which may be the way there."""
    CERTIFICATE = "certificate"
    ANSWER = "answer"
    """The server answered with something else than a file that is small enough."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchFailure:
    """`detail` says it in words."""

    trouble: FetchTrouble
    detail: str


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
        found = await self.look(url, max_bytes)
        return found.data if isinstance(found, Fetched) else None

    async def look(self, url: str, max_bytes: int) -> Fetched | FetchFailure:
        """The file at an https URL, or why there is none. Raises nothing."""
        try:
            async with asyncio.timeout(self.timeout_s):
                return await self._fetch(url, max_bytes)
        except aiohttp.ClientConnectorCertificateError as error:
            words = getattr(error.certificate_error, "verify_message", "") or str(error.certificate_error)
            return FetchFailure(trouble=FetchTrouble.CERTIFICATE, detail=f"its certificate is not valid: {words}")
        except NetError as error:
            is_denied = error.reason is Reason.NAME
            return FetchFailure(
                trouble=FetchTrouble.NAME if is_denied else FetchTrouble.UNREACHABLE, detail=error.detail
            )
        except TimeoutError:
            words = f"no answer came within {self.timeout_s:g} seconds"
            return FetchFailure(trouble=FetchTrouble.UNREACHABLE, detail=words)
        except (aiohttp.ClientError, OSError, ValueError) as error:
            words = getattr(getattr(error, "os_error", error), "strerror", "") or type(error).__name__
            return FetchFailure(trouble=FetchTrouble.UNREACHABLE, detail=f"no connection could be made ({words})")

    async def _fetch(self, url: str, max_bytes: int) -> Fetched | FetchFailure:
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
                words = f"the server answers {response.status}"
                moved = response.headers.get("Location", "")[:MAX_SHOWN] if 300 <= response.status < 400 else ""
                words += f" and points to {moved!a}" if moved else ""
                return FetchFailure(trouble=FetchTrouble.ANSWER, detail=words)
            data = b""
            while len(data) <= max_bytes and (more := await response.content.read(max_bytes + 1 - len(data))):
                data += more
            if len(data) > max_bytes:
                words = f"the file has more than {max_bytes} bytes"
                return FetchFailure(trouble=FetchTrouble.ANSWER, detail=words)
            return Fetched(data=data, media_type=response.content_type.lower()[:MAX_SHOWN])
