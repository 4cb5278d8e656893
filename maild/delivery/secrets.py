"""Watches the secrets of accounts whose login was refused: a new password should send the mail at once, not in an hour.

A reference is followed again every half minute, and at once when its file is seen to change; the gate opens for one
message when it gives something else than what was refused. A login that is under way with an older secret is called
off, so that neither its time nor its refusal is the new one's. Commands are not run for this: they may cost money,
unlock a vault or ask somebody.
"""

import asyncio
from typing import Final

from maild.delivery.homes import Homes
from maild.delivery.lane import Lane
from maild.delivery.ports import Tuning
from maild.net.keys import Key, Keys
from maild.net.step import NetError
from maild.secret import CommandRef


class SecretWatch:
    """See above."""

    def __init__(self, homes: Homes, keys: Keys, tuning: Tuning) -> None:
        self._homes: Final = homes
        self._keys: Final = keys
        self._tuning: Final = tuning
        self._hinted: Final = asyncio.Event()

    def look_soon(self) -> None:
        """Some file has changed; on the event loop only."""
        self._hinted.set()

    async def run(self) -> None:
        """Watch until cancelled."""
        while True:
            try:
                async with asyncio.timeout(self._tuning.secret_watch.total_seconds()):
                    await self._hinted.wait()
            except TimeoutError:
                pass
            self._hinted.clear()
            for lane in tuple(self._homes.lanes.values()):
                for knock in lane.door.knocks:
                    if await self._is_changed(lane, knock.key):
                        knock.call_off()
                refused = lane.refused_key
                if await self._is_changed(lane, refused) and lane.refused_key is refused:
                    lane.refused_key = None
                    lane.gate.hurry()

    async def _is_changed(self, lane: Lane, used: Key | None) -> bool:
        """Whether the lane's login has another secret than this by now."""
        if used is None or isinstance(lane.account.password, CommandRef):
            return False
        try:
            key = await self._keys.key_of(lane.account, lane.folder)
        except NetError:
            # Being rewritten just now, or gone; nothing to log in with either way.
            return False
        return key is not None and key.identity != used.identity
