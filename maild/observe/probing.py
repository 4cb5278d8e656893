"""`GET /probe?target=ACCOUNT`: a probe made because Prometheus asks for it, and what came of it as metrics.

Only accounts in force are targets: anything else would let whoever reaches the port have this machine connect to
wherever they like. A probe half a minute old answers for a fresh one, whoever asks, so nobody can have a provider
knocked at more often than maild itself would. The scrape's own time-out (X-Prometheus-Scrape-Timeout-Seconds) is
honoured: a probe that is not done in time goes on, and the answer is that nothing can be told yet.
"""

import asyncio
import math
from collections.abc import Awaitable, Callable
from typing import Final, TypeAlias

from aiohttp import web

from maild.observe.probe_text import probe_text
from maild.probe.result import ProbeResult

PATH: Final = "/probe"
TIMEOUT_FIELD: Final = "X-Prometheus-Scrape-Timeout-Seconds"
DEFAULT_S: Final = 100.0
SPARE_S: Final = 0.5
"""What the way back may take."""

AskForProbe: TypeAlias = Callable[[str], Awaitable[ProbeResult | None]]
"""The newest result of the account of this name; None: there is no such account."""


class Probing:
    """The handler."""

    def __init__(self, ask: AskForProbe) -> None:
        self._ask: Final = ask

    async def answer(self, request: web.Request) -> web.Response:
        """One scrape."""
        targets = request.query.getall("target", [])
        if len(targets) != 1 or not targets[0]:
            return web.Response(status=400, text="Say which account: /probe?target=ACCOUNT\n")
        result: ProbeResult | None
        try:
            async with asyncio.timeout(patience_s(request.headers.get(TIMEOUT_FIELD))):
                result = await self._ask(targets[0])
        except TimeoutError:
            return _metrics(probe_text(None))
        if result is None:
            return web.Response(status=404, text="There is no account of this name in force; `maild account list`.\n")
        return _metrics(probe_text(result))


def patience_s(field: str | None) -> float:
    """How long an answer may take, in seconds."""
    try:
        wanted = DEFAULT_S if field is None else float(field)
    except ValueError:
        wanted = DEFAULT_S
    if not math.isfinite(wanted) or wanted <= 0:
        wanted = DEFAULT_S
    return max(min(wanted, DEFAULT_S) - SPARE_S, SPARE_S)


def _metrics(text: str) -> web.Response:
    return web.Response(text=text, content_type="text/plain", charset="utf-8")
