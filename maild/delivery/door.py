"""The door of an account: one courier at a time goes through it until one was let in, then any number together.

Twenty couriers that set out at once with a password that has just expired would be twenty refused logins in a second,
and providers lock an account or block an address after fewer. So the first one goes alone; the others wait, and find
the breaker open when it was turned away. Once a session is open the rest follow side by side.

It does not log in and judges nothing: the courier tells what happened.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Final


class Door:
    """See above. An epoch is a state of the account's file, as the lane counts them."""

    def __init__(self) -> None:
        self._alone: Final = asyncio.Lock()
        self._welcome: int | None = None

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
