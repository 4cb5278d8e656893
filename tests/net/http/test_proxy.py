"""Requests by way of a proxy of either kind."""

import asyncio

import pytest

from maild.config.proxy import Proxy, ProxyKind
from maild.mail.phase import Phase
from maild.net.certificate import Defect
from maild.net.handshake import CertificateError
from maild.net.http import FormBody, HttpAnswer, HttpClient, HttpError, Trust
from maild.net.step import NetError, Reason
from tests.fakes.certificates import certificates
from tests.fakes.clock import FakeClock
from tests.fakes.http_service import HttpService
from tests.fakes.proxy import FakeProxy
from tests.fakes.resolver import FakeResolver

FORM = FormBody(fields=(("from", "Example Shop"),), files=())


def trust(proxy: Proxy) -> Trust:
    return Trust(ca_file=certificates().ca_file, proxy=proxy)


async def posted(url: str, proxy: Proxy) -> HttpAnswer:
    client = HttpClient(FakeResolver(), FakeClock())
    try:
        return await client.post(url, FORM, trust=trust(proxy), timeout_s=10.0)
    finally:
        await client.close()


async def looked(url: str, proxy: Proxy) -> None:
    client = HttpClient(FakeResolver(), FakeClock())
    try:
        await client.shake_hands(url, trust=trust(proxy))
    finally:
        await client.close()


@pytest.mark.parametrize("kind", ProxyKind)
def test_a_form_and_a_look_go_through_a_proxy_that_knows_the_name(kind: ProxyKind) -> None:
    async def scenario() -> None:
        async with (
            HttpService(certificate=certificates().good) as service,
            FakeProxy(kind=kind, to_port=service.port) as proxy,
        ):
            answer = await posted(f"https://mail.test:{service.port}/send", proxy.proxy)
            await looked(f"https://mail.test:{service.port}/send", proxy.proxy)

            assert answer.status == 200
            assert [submission.form for submission in service.submissions] == [{"from": "Example Shop"}]
            assert proxy.asked == [f"mail.test:{service.port}"] * 2

    asyncio.run(scenario())


@pytest.mark.parametrize("is_look", [True, False], ids=["look", "post"])
def test_the_services_certificate_is_checked_behind_the_proxy(*, is_look: bool) -> None:
    async def scenario() -> None:
        async with (
            HttpService(certificate=certificates().good) as service,
            FakeProxy(kind=ProxyKind.HTTP, to_port=service.port) as proxy,
        ):
            asking = looked if is_look else posted
            with pytest.raises(NetError) as caught:
                await asking("https://far.test/send", proxy.proxy)

            assert (caught.value.phase, caught.value.reason) == (Phase.CERTIFICATE, Reason.CERTIFICATE)
            if is_look:
                assert isinstance(caught.value, CertificateError)
                assert caught.value.defect is Defect.NAME_MISMATCH
            assert proxy.asked == ["far.test:443"] * 2
            assert service.submissions == []

    asyncio.run(scenario())


def test_a_proxy_that_would_not_is_named() -> None:
    async def scenario() -> HttpError:
        async with FakeProxy(kind=ProxyKind.HTTP, answers=[b"HTTP/1.1 403 No\r\n\r\n"]) as proxy:
            with pytest.raises(HttpError) as caught:
                await posted("https://mail.test/send", proxy.proxy)
            return caught.value

    error = asyncio.run(scenario())

    assert (error.phase, error.reason, error.is_uncertain) == (Phase.CONNECT, Reason.REFUSED, False)
    assert error.detail.endswith(" did not connect: it answered with status 403")


def test_a_proxy_that_is_not_there_is_named() -> None:
    async def scenario() -> HttpError:
        async with FakeProxy(kind=ProxyKind.HTTP) as proxy:
            gone = proxy.proxy
        with pytest.raises(HttpError) as caught:
            await posted("https://mail.test/send", gone)
        return caught.value

    error = asyncio.run(scenario())

    assert (error.phase, error.reason, error.is_uncertain) == (Phase.CONNECT, Reason.REFUSED, False)
    assert error.detail.startswith("the proxy http://127.0.0.1:")
    assert " cannot be reached: " in error.detail
    assert error.detail.endswith(": connection refused")


def test_nothing_goes_unencrypted_through_a_proxy() -> None:
    async def scenario() -> list[HttpError | NetError]:
        async with FakeProxy(kind=ProxyKind.HTTP) as proxy:
            with pytest.raises(HttpError) as posting:
                await posted("http://127.0.0.1/send", proxy.proxy)
            with pytest.raises(NetError) as looking:
                await looked("http://127.0.0.1/send", proxy.proxy)
            assert proxy.asked == []
            return [posting.value, looking.value]

    assert [error.reason for error in asyncio.run(scenario())] == [Reason.CLEARTEXT, Reason.CLEARTEXT]
