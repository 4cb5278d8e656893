"""The demo's sinks are picky where real servers are: TLS, login, a name that exists."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import aiohttp
import aiosmtplib
import dns.asyncresolver
import dns.resolver
import pytest

from maild.cli.demo.certificates import make_certificates
from maild.cli.demo.http_sink import HttpSink, Submission
from maild.cli.demo.name_server import NameServer
from maild.cli.demo.smtp_sink import Delivery, SmtpSink

USERS: Mapping[str, str] = {"billing@shop.example": "correct horse"}
MESSAGE = "Subject: hello\r\n\r\nyes\r\n"


@asynccontextmanager
async def smtp_sink(folder: Path, *, is_implicit: bool) -> AsyncIterator[tuple[SmtpSink, ssl.SSLContext]]:
    files = make_certificates(folder, now=datetime.now(UTC))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(files.server)
    sink = SmtpSink(users=USERS, context=context, is_implicit=is_implicit)
    await sink.start()
    try:
        yield sink, ssl.create_default_context(cafile=str(files.authority))
    finally:
        await sink.stop()


def client(sink: SmtpSink, trust: ssl.SSLContext, *, is_implicit: bool) -> aiosmtplib.SMTP:
    return aiosmtplib.SMTP(
        hostname="localhost", port=sink.port, use_tls=is_implicit, start_tls=not is_implicit, tls_context=trust
    )


@pytest.mark.parametrize("is_implicit", [True, False], ids=["implicit", "starttls"])
def test_a_message_is_kept_after_a_login_over_verified_tls(tmp_path: Path, *, is_implicit: bool) -> None:
    async def scenario() -> tuple[Delivery, ...]:
        async with smtp_sink(tmp_path, is_implicit=is_implicit) as (sink, trust):
            async with client(sink, trust, is_implicit=is_implicit) as session:
                await session.login("billing@shop.example", "correct horse")
                await session.sendmail("billing@shop.example", ["ann@customer.example"], MESSAGE)
            return tuple(sink.deliveries)

    (delivery,) = asyncio.run(scenario())

    assert delivery == Delivery(
        login="billing@shop.example",
        sender="billing@shop.example",
        recipients=("ann@customer.example",),
        content=MESSAGE.encode(),
    )


@pytest.mark.parametrize("is_implicit", [True, False], ids=["implicit", "starttls"])
def test_a_wrong_password_is_refused_and_nothing_goes_without_login(tmp_path: Path, *, is_implicit: bool) -> None:
    async def scenario() -> None:
        async with (
            smtp_sink(tmp_path, is_implicit=is_implicit) as (sink, trust),
            client(sink, trust, is_implicit=is_implicit) as session,
        ):
            with pytest.raises(aiosmtplib.SMTPAuthenticationError):
                await session.auth_plain("billing@shop.example", "wrong")
            with pytest.raises(aiosmtplib.SMTPSenderRefused) as refused:
                await session.mail("billing@shop.example")
            assert refused.value.code == 530

    asyncio.run(scenario())


@pytest.mark.parametrize("is_implicit", [True, False], ids=["implicit", "starttls"])
def test_a_sink_that_stops_ends_its_conversations(tmp_path: Path, *, is_implicit: bool) -> None:
    async def scenario() -> None:
        async with smtp_sink(tmp_path, is_implicit=is_implicit) as (sink, trust):
            session = client(sink, trust, is_implicit=is_implicit)
            await session.connect()
            await sink.stop()
            with pytest.raises(aiosmtplib.SMTPServerDisconnected):
                await session.noop()
            session.close()

    asyncio.run(scenario())


def test_a_form_is_kept_with_its_fields_and_file_names() -> None:
    async def scenario() -> tuple[int, int, list[Submission]]:
        sink = HttpSink()
        await sink.start()
        url = f"http://127.0.0.1:{sink.port}/send"
        form = aiohttp.FormData({"to": "ann@customer.example", "subject": "Invoice"})
        form.add_field("pdf", b"%PDF", filename="invoice.pdf", content_type="application/pdf")
        async with aiohttp.ClientSession() as session:
            async with session.post(url, data=form) as answer:
                good = answer.status
            async with session.post(url, data={"subject": "to nobody"}) as answer:
                bad = answer.status
        await sink.stop()
        return good, bad, sink.submissions

    assert asyncio.run(scenario()) == (
        200,
        400,
        [Submission(fields={"to": "ann@customer.example", "subject": "Invoice"}, files=("invoice.pdf",))],
    )


def test_the_name_server_knows_its_domain_and_no_other() -> None:
    async def scenario() -> list[str]:
        server = NameServer({("shop.example.", "MX"): ("10 mx.shop.example.",)})
        await server.start()
        resolver = dns.asyncresolver.Resolver(configure=False)
        resolver.nameservers = ["127.0.0.1"]
        resolver.port = server.port
        answer = await resolver.resolve("shop.example", "MX")
        with pytest.raises(dns.resolver.NoAnswer):
            await resolver.resolve("shop.example", "TXT")
        with pytest.raises(dns.resolver.NXDOMAIN):
            await resolver.resolve("other.example", "MX")
        await server.stop()
        return [record.to_text() for record in answer]

    assert asyncio.run(scenario()) == ["10 mx.shop.example."]
