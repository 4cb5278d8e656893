"""A session by way of a proxy: the same conversation, and nothing that goes around it."""

import asyncio
from typing import Literal, TypeAlias

import pytest

from maild.config.model import TlsMode
from maild.config.proxy import ProxyKind
from maild.mail.phase import Phase
from maild.net.certificate import Defect
from maild.net.handshake import CertificateError
from maild.net.smtp import Accepted
from maild.net.step import NetError, Reason
from tests.fakes.certificates import certificates
from tests.fakes.proxy import FakeProxy
from tests.fakes.smtp_server import ScriptedSmtpServer
from tests.net.smtp.visit import IMPATIENT, USERS, Visit
from tests.rows import each_row

Mode: TypeAlias = Literal["implicit", "starttls"]


@each_row("kind", ProxyKind)
@each_row("tls", ["implicit", "starttls"])
def test_a_message_goes_through_a_proxy_that_knows_the_name(
    kind: ProxyKind, tls: Literal["implicit", "starttls"]
) -> None:
    async def scenario() -> None:
        async with (
            ScriptedSmtpServer(tls=tls, certificate=certificates().good, users=USERS) as peer,
            FakeProxy(kind=kind, to_port=peer.port) as proxy,
        ):
            # No resolver of ours knows the name.
            visit = Visit(peer=peer, host="mail.test", proxy=proxy.proxy, hosts={})
            session = await visit.open()
            answers = await visit.send(session)
            await session.quit()

            assert [type(answer) for answer in answers] == [Accepted]
            assert proxy.asked == [f"mail.test:{peer.port}"]
            connect = next(step for step in visit.steps if step.phase is Phase.CONNECT)
            assert (
                connect.detail == f"mail.test port {peer.port} by way of {proxy.proxy} at 127.0.0.1 port {proxy.port}"
            )

    asyncio.run(scenario())


def test_a_proxy_on_this_machine_does_not_make_a_clear_line_safe() -> None:
    async def scenario() -> None:
        async with (
            ScriptedSmtpServer(tls="none", users=USERS) as peer,
            FakeProxy(kind=ProxyKind.SOCKS5, to_port=peer.port) as proxy,
        ):
            visit = Visit(peer=peer, mode=TlsMode.NONE, proxy=proxy.proxy)
            with pytest.raises(NetError) as caught:
                await visit.open()

            assert (caught.value.phase, caught.value.reason) == (Phase.AUTH, Reason.CLEARTEXT)
            assert "AUTH" not in " ".join(peer.commands)

    asyncio.run(scenario())


def test_a_refused_certificate_is_looked_at_through_the_proxy() -> None:
    async def scenario() -> None:
        async with (
            ScriptedSmtpServer(tls="implicit", certificate=certificates().good, users=USERS) as peer,
            FakeProxy(kind=ProxyKind.HTTP, to_port=peer.port) as proxy,
        ):
            visit = Visit(peer=peer, host="far.test", proxy=proxy.proxy, hosts={})
            with pytest.raises(CertificateError) as caught:
                await visit.open()

            assert caught.value.defect is Defect.NAME_MISMATCH
            assert caught.value.certificate is not None
            assert len(proxy.asked) == 2

    asyncio.run(scenario())


def test_nothing_goes_around_the_proxy_to_see_whether_tls_is_waited_for() -> None:
    async def scenario() -> None:
        async with (
            ScriptedSmtpServer(tls="implicit", certificate=certificates().good) as peer,
            FakeProxy(kind=ProxyKind.HTTP, to_port=peer.port) as proxy,
        ):
            visit = Visit(peer=peer, mode=TlsMode.STARTTLS, proxy=proxy.proxy, timeouts=IMPATIENT)
            with pytest.raises(NetError) as caught:
                await visit.open()

            assert (caught.value.phase, caught.value.reason) == (Phase.BANNER, Reason.TIMEOUT)
            assert len(proxy.asked) == 1

    asyncio.run(scenario())
