"""Waits until nothing has happened for a moment: somebody who types is not interrupted at each letter. Shell code."""

import asyncio
from collections.abc import Callable
from typing import Final


class Quiet:
    """Makes one call when it has been quiet for so many seconds of the running loop's time."""

    def __init__(self, seconds: float, call: Callable[[], None]) -> None:
        self._seconds: Final = seconds
        self._call: Final = call
        self._timer: asyncio.TimerHandle | None = None

    def stir(self) -> None:
        """Something happened; the waiting begins anew."""
        self.cancel()
        self._timer = asyncio.get_running_loop().call_later(self._seconds, self._call)

    def cancel(self) -> None:
        """Nothing is waited for any more."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
