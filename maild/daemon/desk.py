"""The daemon's side of what a person does on the page: the queue's own calls, and the command to reload.

Shell code. Messages are changed as `maild queue` changes them, through a connection to the storage of its own, which
the engine notices and tells receipts of; opened for the first who looks. What can go wrong is a sentence, not an
exception: a person reads it.
"""

import asyncio
import hmac
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final, assert_never

from maild.clock import Clock
from maild.config.web_settings import WebSettings
from maild.errors import MaildError
from maild.mail.verdict import verdict_words
from maild.observe.command import Reloading
from maild.observe.page.desk import MIN_TOKEN_CHARS, Deed, Done, Waiting
from maild.spool.queue import MessageState, Queue, QueuedMessage, QueueFilter, QueueId

MAX_TOKEN_BYTES: Final = 4096
_DONE: Final = {Deed.HOLD: "held", Deed.RELEASE: "released", Deed.RETRY: "due now", Deed.DELETE: "deleted"}


class QueueDesk:
    """See above. `settings` gives those in force, `folder` is what relative paths count from, `open_queue` gives a
    connection to the storage that is not the engine's.
    """

    def __init__(
        self,
        open_queue: Callable[[], Queue],
        reloading: Reloading,
        clock: Clock,
        settings: Callable[[], WebSettings],
        folder: Path,
    ) -> None:
        self._open_queue = open_queue
        self._reloading = reloading
        self._clock = clock
        self._settings = settings
        self._folder = folder
        self._storage: Queue | None = None

    @property
    def is_open(self) -> bool:
        """See the port."""
        return self._settings().token_file is not None

    async def close(self) -> None:
        """Let go of the storage."""
        if self._storage is not None:
            await self._storage.close()

    async def waiting(self, limit: int) -> Sequence[Waiting]:
        """See the port."""
        wanted = QueueFilter(states=(MessageState.QUEUED, MessageState.HELD), limit=limit)
        try:
            return [_waiting(message) for message in await self._queue().select(wanted)]
        except (MaildError, OSError):
            # The page says elsewhere that the queue cannot be read, and why.
            return ()

    async def is_token(self, word: str) -> bool:
        """See the port."""
        file = self._settings().token_file
        if file is None:
            return False
        token = await asyncio.to_thread(_read_token, self._folder / file)
        return len(token) >= MIN_TOKEN_CHARS and hmac.compare_digest(token, word.encode("utf-8", "surrogatepass"))

    async def act(self, deed: Deed, id_: str) -> Done:
        """See the port."""
        if deed is Deed.RELOAD:
            answer = await self._reloading.reload()
            about = "is in force" if answer.is_clean else "is in force, but not everything that is on disk"
            return Done(is_done=answer.is_clean, words=f"Generation {answer.generation} {about}.")
        try:
            changed = await self._change(deed, QueueId(id_))
        except (MaildError, OSError) as error:
            return Done(is_done=False, words=f"The queue's storage failed: {type(error).__name__}.")
        if not changed:
            return Done(
                is_done=False, words=f"Not {_DONE[deed]}: there is no such message in a fitting state any more."
            )
        return Done(is_done=True, words=f"{changed[0].id} is {_DONE[deed]}.")

    async def _change(self, deed: Deed, id_: QueueId) -> Sequence[QueuedMessage]:
        queue, now = self._queue(), self._clock.now()
        match deed:
            case Deed.HOLD:
                return await queue.hold([id_], now=now)
            case Deed.RELEASE:
                return await queue.release([id_], now=now)
            case Deed.RETRY:
                return await queue.retry([id_], now=now)
            case Deed.DELETE:
                return await queue.delete([id_], now=now)
            case Deed.RELOAD:
                return ()
            case _:
                assert_never(deed)

    def _queue(self) -> Queue:
        if self._storage is None:
            self._storage = self._open_queue()
        return self._storage


def _read_token(file: Path) -> bytes:
    try:
        with file.open("rb") as opened:
            return opened.read(MAX_TOKEN_BYTES).strip()
    except OSError:
        return b""


def _waiting(message: QueuedMessage) -> Waiting:
    said = [one for one in message.recipients if one.verdict_at is not None and not one.is_final]
    last = max(said, key=lambda one: one.verdict_at or message.received_at, default=None)
    return Waiting(
        id=message.id,
        received_at=message.received_at,
        account=message.way,
        recipients=len(message.recipients),
        detail=verdict_words(last.verdict) if last is not None else "",
        next_at=message.next_at if message.state is MessageState.QUEUED else None,
    )
