"""The door of an account: one courier at a time goes through it until one was let in, then any number together.

Twenty couriers that set out at once with a password that has just expired would be twenty refused logins in a second,
and providers lock an account or block an address after fewer. So the first one goes alone; the others wait, and find
the breaker open when it was turned away. Once a session is open the rest follow side by side.

It does not log in and judges nothing: the courier tells what happened. Who knocks while the account or its secret is
replaced is called off: a server that takes its time to refuse the old login must not speak of the new one, nor keep it
waiting.
"""

import asyncio
from collections.abc import AsyncIterator, Coroutine, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from typing import Any, Final

from maild.delivery.transports.transport import Session
from maild.net.keys import Key
from maild.net.step import NetError


class Knock:
    """One try to open a session; `key` is what it logs in with, once that is known."""

    key: Key | None

    def __init__(self) -> None:
        self.key = None
        self._is_off = False
        self._task: asyncio.Task[Session] | None = None

    def call_off(self) -> None:
        """Whatever comes of it counts no more."""
        self._is_off = True
        if self._task is not None:
            self._task.cancel()

    async def answer(self, opening: Coroutine[Any, Any, Session]) -> Session | None:
        """The session; None when it was called off.

        Raises:
            NetError: it could not be opened.
        """
        task = self._task = asyncio.get_running_loop().create_task(opening)
        try:
            session = await task
        except (NetError, asyncio.CancelledError):
            me = asyncio.current_task()
            if self._is_off and not (me is not None and me.cancelling()):
                return None
            raise
        if self._is_off:
            session.abort()
            return None
        return session


class Door:
    """See above. An epoch is a state of the account's file, as the lane counts them."""

    def __init__(self) -> None:
        self._alone: Final = asyncio.Lock()
        self._welcome: int | None = None
        self._knocks: Final[set[Knock]] = set()

    @property
    def knocks(self) -> tuple[Knock, ...]:
        """Those under way."""
        return tuple(self._knocks)

    @contextmanager
    def knocking(self) -> Iterator[Knock]:
        """Inside, a session is being opened."""
        knock = Knock()
        self._knocks.add(knock)
        try:
            yield knock
        finally:
            self._knocks.discard(knock)

    def call_off(self) -> None:
        """Who stands at the door came for an account that is no more."""
        for knock in self.knocks:
            knock.call_off()

    @asynccontextmanager
    async def passage(self, epoch: int) -> AsyncIterator[None]:
        """Inside, a session may be opened."""
        async with AsyncExitStack() as stack:
            if self._welcome != epoch:
                await stack.enter_async_context(self._alone)
                if self._welcome == epoch:
                    # Somebody was let in while we waited: those behind need not wait for us.
                    await stack.aclose()
            yield

    def let_in(self, epoch: int) -> None:
        """A session was opened."""
        self._welcome = epoch

    def shut(self) -> None:
        """A login was refused, or the last session is gone and what was good then may not be any more."""
        self._welcome = None
