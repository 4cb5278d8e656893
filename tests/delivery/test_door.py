"""The door: who may log in beside whom."""

import asyncio

from maild.delivery.door import Door
from tests.virtual_time import run_virtual


class _Visitors:
    """Go through the door, a second each; `most` is how many were inside at once."""

    def __init__(self, door: Door) -> None:
        self._door = door
        self._inside = 0
        self.most = 0

    async def visit(self, epoch: int, *, is_let_in: bool) -> None:
        async with self._door.passage(epoch):
            self._inside += 1
            self.most = max(self.most, self._inside)
            await asyncio.sleep(1)
            self._inside -= 1
            if is_let_in:
                self._door.let_in(epoch)

    async def all(self, count: int, *, epoch: int = 0, is_let_in: bool) -> None:
        async with asyncio.TaskGroup() as group:
            for _ in range(count):
                group.create_task(self.visit(epoch, is_let_in=is_let_in))


def test_one_at_a_time_while_nobody_is_let_in() -> None:
    async def scenario() -> None:
        visitors = _Visitors(Door())
        await visitors.all(5, is_let_in=False)
        assert visitors.most == 1
        assert asyncio.get_running_loop().time() >= 5

    run_virtual(scenario())


def test_the_others_together_once_one_was_let_in() -> None:
    async def scenario() -> None:
        visitors = _Visitors(Door())
        await visitors.all(5, is_let_in=True)
        assert visitors.most == 4
        assert asyncio.get_running_loop().time() < 3

    run_virtual(scenario())


def test_alone_again_after_it_was_shut_or_the_account_changed() -> None:
    async def scenario() -> None:
        door = Door()
        door.let_in(0)
        together, changed, shut = _Visitors(door), _Visitors(door), _Visitors(door)
        await together.all(5, is_let_in=False)
        await changed.all(5, epoch=1, is_let_in=False)
        door.shut()
        await shut.all(5, is_let_in=False)
        assert (together.most, changed.most, shut.most) == (5, 1, 1)

    run_virtual(scenario())
