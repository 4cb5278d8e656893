"""The probes under way that the plan asked for, one an account, and which of them may be cut off.

Shell code. When an account is changed, what was asked of it before is worth nothing, and may hang for half a minute at
a port that does not answer: it is cut off, so that the changed account has its turn at the same server at once. Not
once it may be logging in: a login without an end counts as begun, and would put off the next one for half an hour. Such
a probe ends by itself, and nobody waits for it but who wants to ask the same server.
"""

import asyncio
from collections.abc import Iterable, Sequence
from typing import Final, TypeAlias

Run: TypeAlias = asyncio.Task[None]


class UnderWay:
    """See above. All methods belong to the event loop."""

    def __init__(self) -> None:
        self._runs: Final[dict[str, Run]] = {}
        self._held: Final[set[Run]] = set()

    def begin(self, account: str, run: Run) -> None:
        """This is the account's probe from now on."""
        self._runs[account] = run

    def hold(self, run: Run) -> None:
        """This one is not to be cut off any more."""
        self._held.add(run)

    def end(self, account: str, run: Run) -> bool:
        """It is over; whether it still was the account's."""
        self._held.discard(run)
        if self._runs.get(account) is not run:
            return False
        del self._runs[account]
        return True

    def let_go(self, accounts: Iterable[str]) -> Sequence[str]:
        """These were changed or are gone; those of them that were being probed."""
        runs = [(account, run) for account in accounts if (run := self._runs.pop(account, None)) is not None]
        for _, run in runs:
            if run not in self._held:
                run.cancel()
        return [account for account, _ in runs]
