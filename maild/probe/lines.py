"""Who waits to be probed, a line for each server, and how many may begin. Pure.

Ten thousand accounts may be due together, and a probe under way is hundreds of objects: as many of them at once would
make every look of Python's collector a long one, in which the event loop stands still. In a line an account is a name.
"""

from collections import Counter, deque
from typing import Final

MOST_AT_SERVER: Final = 16
"""They have their turns at the server one after the other, but what is asked of name servers goes on beside."""

MOST: Final = 256


class Lines:
    """See above. A name stands in one line, and in it once."""

    def __init__(self) -> None:
        self._lines: Final[dict[str, deque[str]]] = {}
        self._servers: Final[dict[str, str]] = {}
        self._busy: Final[Counter[str]] = Counter()
        self._total = 0

    def add(self, account: str, server: str) -> None:
        """This one wants to be probed; if it stands in the line of another server, it does no more."""
        if self._servers.get(account) != server:
            self._servers[account] = server
            self._lines.setdefault(server, deque()).append(account)

    def take(self, most: int) -> list[tuple[str, str]]:
        """Those that may begin now, so many at most, with their servers; `done` is owed for each."""
        ready: list[tuple[str, str]] = []
        for server in list(self._lines):
            line = self._lines[server]
            if self._total == MOST or len(ready) == most:
                break
            while line and self._busy[server] < MOST_AT_SERVER and self._total < MOST and len(ready) < most:
                account = line.popleft()
                if self._servers.get(account) == server:
                    del self._servers[account]
                    self._busy[server] += 1
                    self._total += 1
                    ready.append((account, server))
            if not line:
                del self._lines[server]
        return ready

    def done(self, server: str) -> None:
        """One that had begun is over."""
        self._total -= 1
        self._busy[server] -= 1
        if not self._busy[server]:
            del self._busy[server]
