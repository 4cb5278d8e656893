"""Starts, spread over time: a few at once, then one after the other. Takes the time, reads none.

Hundreds of conversations that begin together go on together: all of their answers and handshakes come in the same
moment, and the event loop has no turn for mail meanwhile. Begun a few milliseconds apart they stay apart.
"""

from typing import Final

AT_ONCE: Final = 8
SPACING_S: Final = 0.005


class Pace:
    """Whoever starts asks how long to wait before; times in seconds of any clock that only goes forward."""

    def __init__(self, *, at_once: int = AT_ONCE, spacing_s: float = SPACING_S) -> None:
        self._slack_s: Final = (at_once - 1) * spacing_s
        self._spacing_s: Final = spacing_s
        self._next_s = float("-inf")

    def delay_s(self, now_s: float) -> float:
        """How long to wait; it counts as a start after that."""
        starts_s = max(self._next_s, now_s - self._slack_s)
        self._next_s = starts_s + self._spacing_s
        return max(0.0, starts_s - now_s)
