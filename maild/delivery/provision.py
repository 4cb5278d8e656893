"""Gives each account of a plan its lane. New lanes are made before the plan is used: thousands of accounts may come at
once, and to make all of their lanes in one turn of the event loop would hold up mail.

A lane without a plan that names it does nothing. Lanes that are there already change in the very turn in which the
plan is taken into use, so that no message goes by one generation's routes through another one's account. Where they are
too many for that, they all rest from that turn on, and change in the following ones.
"""

import asyncio
from pathlib import Path
from typing import Final

from maild.delivery.homes import Homes
from maild.delivery.house import House
from maild.delivery.lane import Lane
from maild.delivery.plan import Plan
from maild.delivery.transports.transport import Transport
from maild.errors import InternalError

AT_ONCE: Final = 100
"""So many lanes are made in one turn of the event loop: some milliseconds."""


class Provision:
    """See above; one for the engine."""

    def __init__(self, house: House, homes: Homes) -> None:
        self._house: Final = house
        self._homes: Final = homes
        self._plan = Plan(generation=0, accounts={}, folder=Path())
        self._resting: Final[dict[str, Lane]] = {}

    async def prepare(self, plan: Plan, before: Plan) -> None:
        """Make the lanes that this plan needs besides those of the one in force."""
        fresh = [name for name in plan.to_adopt(before) if name not in self._homes.lanes]
        for number, name in enumerate(fresh, 1):
            self._add(name, plan)
            if number % AT_ONCE == 0:
                await asyncio.sleep(0)

    def use(self, plan: Plan, before: Plan | None) -> None:
        """Have a lane for each account as the plan has it; `finish` is to be called after that.

        Raises:
            InternalError: no transport carries an account.
        """
        self._plan = plan
        known: list[Lane] = []
        for name in plan.to_adopt(before):
            lane = self._homes.lanes.get(name)
            if lane is None:
                self._add(name, plan)
            else:
                known.append(lane)
        if len(known) > AT_ONCE:
            for lane in known:
                lane.rests = True
            self._resting.update((lane.account.name, lane) for lane in known)
            return
        for lane in known:
            self._change(lane)

    async def finish(self) -> None:
        """Let those lanes change that `use` left resting."""
        while self._resting:
            for name in list(self._resting)[:AT_ONCE]:
                lane = self._resting.pop(name)
                if lane.rests and name in self._plan.accounts and not lane.is_retired:
                    self._change(lane)
            await asyncio.sleep(0)

    def _change(self, lane: Lane) -> None:
        name = lane.account.name
        lane.use(self._plan.accounts[name], self._plan.folder, self._transport(name, self._plan))

    def _add(self, name: str, plan: Plan) -> None:
        self._homes.add_lane(Lane(self._house, plan.accounts[name], plan.folder, self._transport(name, plan)))

    def _transport(self, name: str, plan: Plan) -> Transport:
        account = plan.accounts[name]
        transport = next((one for one in self._house.ports.transports if one.carries(account)), None)
        if transport is None:
            raise InternalError(f"no transport carries account {name}")
        return transport
