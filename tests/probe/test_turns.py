import asyncio
import ipaddress

from maild.net.resolver import Address
from maild.probe.turns import Turns
from tests.virtual_time import run_virtual

A, B, C, HERE, ALSO_HERE = (
    Address(ip=ipaddress.ip_address(text), port=port)
    for text, port in (
        ("192.0.2.1", 25),
        ("192.0.2.2", 25),
        ("2001:db8::1", 25),
        ("127.0.0.1", 25),
        ("127.0.0.1", 587),
    )
)
OTHER_PORT = Address(ip=A.ip, port=587)


def test_one_address_has_one_visitor_and_nothing_is_left_of_the_turns() -> None:
    async def scenario() -> None:
        turns = Turns()
        log: list[tuple[str, float]] = []

        async def visit(name: str, *addresses: Address) -> None:
            async with turns.at(addresses):
                log.append((name, asyncio.get_running_loop().time()))
                await asyncio.sleep(10)

        async with asyncio.timeout(1000), asyncio.TaskGroup() as tasks:
            for name, addresses in {
                "ab": (A, B),
                "ba": (B, OTHER_PORT, A),
                "c": (C,),
                "cb": (C, B),
                "here": (HERE,),
                "too": (ALSO_HERE,),
            }.items():
                tasks.create_task(visit(name, *addresses))
            await asyncio.sleep(1)
            assert len(turns) == 5

        times = dict(log)
        assert (times["ab"], times["c"], times["here"], times["too"]) == (0, 0, 0, 0)
        assert sorted((times["ba"], times["cb"])) == [10, 20]
        assert len(turns) == 0

    run_virtual(scenario())
