import asyncio
import ipaddress

from maild.net.resolver import IpAddress
from maild.probe.turns import Turns
from tests.virtual_time import run_virtual

A, B, C = (ipaddress.ip_address(text) for text in ("192.0.2.1", "192.0.2.2", "2001:db8::1"))


def test_one_address_has_one_visitor_and_nothing_is_left_of_the_turns() -> None:
    async def scenario() -> None:
        turns = Turns()
        log: list[tuple[str, float]] = []

        async def visit(name: str, *addresses: IpAddress) -> None:
            async with turns.at(addresses):
                log.append((name, asyncio.get_running_loop().time()))
                await asyncio.sleep(10)

        async with asyncio.timeout(1000), asyncio.TaskGroup() as tasks:
            for name, addresses in {"ab": (A, B), "ba": (B, A, A), "c": (C,), "cb": (C, B)}.items():
                tasks.create_task(visit(name, *addresses))
            await asyncio.sleep(1)
            assert len(turns) == 3

        times = dict(log)
        assert (times["ab"], times["c"]) == (0, 0)
        assert sorted((times["ba"], times["cb"])) == [10, 20]
        assert len(turns) == 0

    run_virtual(scenario())
