import asyncio
import ipaddress

from maild.config.probe_settings import ControlTarget
from maild.net.resolver import Address
from maild.probe.controls import Controls
from maild.probe.evidence import Evidence, KnockResult
from tests.fakes.resolver import FakeResolver
from tests.fakes.smtp_server import ScriptedSmtpServer

LOOPBACK = ipaddress.ip_address("127.0.0.1")


def address(port: int) -> Address:
    return Address(ip=LOOPBACK, port=port)


def controls(*targets: ControlTarget) -> Controls:
    return Controls(targets, FakeResolver(), knock_s=2.0)


def test_a_control_hears_a_goodbye_and_is_asked_once_for_everybody() -> None:
    async def scenario() -> None:
        async with ScriptedSmtpServer() as server:
            around = controls(ControlTarget(host="127.0.0.1", port=server.port))
            both = await asyncio.gather(
                around.look_around("mail.test", 587, [address(587)]),
                around.look_around("mail.test", 25, [address(25)]),
            )

            assert [[knock.result for knock in one.controls] for one in both] == [[KnockResult.OPEN]] * 2
            assert (server.connections, server.verbs()) == (1, ["QUIT"])

    asyncio.run(scenario())


def test_a_control_that_refuses_or_has_no_name_is_told_apart() -> None:
    async def scenario() -> None:
        async with ScriptedSmtpServer() as server:
            port = server.port
        around = controls(ControlTarget(host="127.0.0.1", port=port))
        assert [one.result for one in (await around.look_around("h", 587, [address(587)])).controls] == [
            KnockResult.CLOSED
        ]
        around.use([ControlTarget(host="nobody.example")])
        evidence = await around.look_around("h", 587, ())
        assert [(one.port, one.result) for one in evidence.controls] == [
            (587, KnockResult.NAMELESS),
            (465, KnockResult.NAMELESS),
        ]
        assert evidence.own == ()
        around.use([ControlTarget(host="nobody.example")])
        assert [one.port for one in (await around.look_around("h", 2525, ())).controls] == [587]

    asyncio.run(scenario())


def test_a_server_on_this_machine_is_compared_with_nobody_on_the_internet() -> None:
    async def scenario() -> Evidence:
        around = controls(ControlTarget(host="smtp.gmail.com"))
        return await around.look_around("localhost", 2525, [address(2525)])

    evidence = asyncio.run(scenario())

    assert evidence.controls == ()
    assert [knock.port for knock in evidence.own] == [465, 587, 25]
