"""Follows what `maild queue …` in another process did to the queue: reschedules, and brings the receipts up to date."""

import asyncio
from typing import Final

from maild.delivery.attempts import Attempts
from maild.delivery.homes import Homes
from maild.delivery.house import House
from maild.delivery.recorder import Recorder
from maild.errors import MaildError
from maild.spool.queue import MessageState, QueuedMessage


class ChangeFollower:
    """See above. The one caller of `Queue.changed`."""

    def __init__(self, house: House, homes: Homes, attempts: Attempts, recorder: Recorder) -> None:
        self._house: Final = house
        self._homes: Final = homes
        self._attempts: Final = attempts
        self._recorder: Final = recorder

    async def run(self) -> None:
        """Follow until cancelled."""
        while True:
            await asyncio.sleep(self._house.tuning.poll.total_seconds())
            try:
                changed = await self._house.ports.queue.changed()
            except (OSError, MaildError) as error:
                self._recorder.complain(error)
                continue
            for message in changed:
                self._follow(message)
            if changed:
                self._house.recount()
                self._house.nudge()
            await self._recorder.owe_receipts(changed)

    def _follow(self, message: QueuedMessage) -> None:
        if message.id in self._attempts.open:
            # What was changed was the state before it was taken out; whoever has it puts it where it belongs.
            return
        # One that was known here before and is held or gone now is found out when its turn comes.
        if message.state is MessageState.QUEUED:
            self._homes.notice(message)
            self._house.nudge()
