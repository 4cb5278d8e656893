"""Takes what a person wishes on the page, finds out whether she may, and has it done.

Shell code. Each refusal says which of the conditions is not met; a token that is wrong is refused ten times and then
once in six seconds, whoever asks, so that nobody finds it by trying.
"""

import asyncio
from collections.abc import Callable
from html import escape
from typing import Final

from aiohttp import web

from maild.clock import Clock
from maild.observe.access.bucket import Bucket
from maild.observe.access.settings import RateLimit
from maild.observe.events import Event, PageActed
from maild.observe.page.desk import Desk, Seals, is_of_our_page, wish_of

ACT: Final = "/-/act"
_TRIES: Final = RateLimit(interval_s=6.0, burst=10)

_WORDS: Final = {
    "off": "Actions are switched off. `web: {actions: {token_file: ...}}` in maild.yaml switches them on.",
    "page": "This comes from another page, so it is not done.",
    "seal": "The page is too old: reload it and try again.",
    "wish": "It is not clear what is to be done.",
    "tries": "Too many wrong tokens; wait a minute.",
    "token": "The token is not right. It stands in the file that web.actions.token_file names.",
}


class Acting:
    """The handler; one for all requests."""

    def __init__(self, desk: Desk, seals: Seals, clock: Clock, emit: Callable[[Event], None]) -> None:
        self._desk = desk
        self._seals = seals
        self._clock = clock
        self._emit = emit
        self._tries = Bucket(_TRIES)

    async def act(self, request: web.Request) -> web.Response:
        """Answer with a sentence, and a way back for who has no script."""
        status, words = await self._judge(request)
        if "text/html" not in request.headers.get("Accept", ""):
            return web.Response(status=status, text=f"{words}\n")
        text = (
            '<!doctype html><html lang="en"><meta charset="utf-8"><title>maild</title>'
            '<link rel="stylesheet" href="/assets/page.css">'
            f'<main><p>{escape(words)}</p><p><a href="/">Back</a></p></main></html>\n'
        )
        return web.Response(status=status, text=text, content_type="text/html")

    async def _judge(self, request: web.Request) -> tuple[int, str]:
        if not self._desk.is_open:
            return 403, _WORDS["off"]
        if not is_of_our_page(request.headers):
            return 403, _WORDS["page"]
        form = {name: value for name, value in (await request.post()).items() if isinstance(value, str)}
        if not self._seals.is_good(form.get("seal", ""), self._clock.now()):
            return 403, _WORDS["seal"]
        refused = await self._refuse_token(form.get("token", ""))
        return refused or await self._do(form.get("deed", ""))

    async def _refuse_token(self, token: str) -> tuple[int, str] | None:
        now_s = asyncio.get_running_loop().time()
        if not self._tries.may_take(now_s):
            return 429, _WORDS["tries"]
        if await self._desk.is_token(token):
            return None
        self._tries.take(now_s)
        return 403, _WORDS["token"]

    async def _do(self, word: str) -> tuple[int, str]:
        wish = wish_of(word)
        if wish is None:
            return 400, _WORDS["wish"]
        deed, id_ = wish
        done = await self._desk.act(deed, id_)
        self._emit(PageActed(deed=deed, id=id_, is_done=done.is_done, detail=done.words))
        return (200 if done.is_done else 409), done.words
