import asyncio

import pytest

from maild.delivery.aftermath import Aftermath
from tests.virtual_time import run_virtual


def test_it_goes_on_meanwhile_and_is_waited_for_once() -> None:
    async def scenario() -> list[str]:
        told: list[str] = []

        async def work() -> None:
            await asyncio.sleep(1)
            told.append("written")

        aftermath = Aftermath()
        await aftermath.settled()
        aftermath.begin(work())
        told.append("meanwhile")
        await aftermath.settled()
        told.append("settled")
        await aftermath.settled()
        await aftermath.give_up()
        return told

    assert run_virtual(scenario()) == ["meanwhile", "written", "settled"]


def test_what_goes_wrong_comes_out_where_it_is_waited_for() -> None:
    async def scenario() -> None:
        async def work() -> None:
            await asyncio.sleep(0)
            raise ValueError("no")

        aftermath = Aftermath()
        aftermath.begin(work())
        with pytest.raises(ValueError, match="no"):
            await aftermath.settled()

    run_virtual(scenario())


def test_what_is_given_up_has_ended_afterwards() -> None:
    async def scenario() -> bool:
        has_ended = False

        async def work() -> None:
            nonlocal has_ended
            try:
                await asyncio.sleep(1000)
            finally:
                has_ended = True

        aftermath = Aftermath()
        aftermath.begin(work())
        await asyncio.sleep(0)
        await aftermath.give_up()
        return has_ended

    assert run_virtual(scenario())
