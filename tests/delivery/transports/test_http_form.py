"""The form transport against a real HTTP service on loopback."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path, PurePath

import pytest

from maild.config.model import Account, HttpSettings, HttpTls
from maild.delivery.outgoing import Outgoing
from maild.delivery.transports.form_message import FormMessage
from maild.delivery.transports.http_form import HttpFormTransport, make_form
from maild.delivery.transports.transport import Order, Session
from maild.errors import InternalError
from maild.mail.address import Mailbox
from maild.mail.verdict import Deferred, Delivered, Failed, Fault, Uncertain, Verdict
from maild.net.http import HttpClient
from maild.spool.queue import FileBody, InlineBody
from tests.delivery.world import account
from tests.fakes.certificates import certificates
from tests.fakes.clock import FakeClock
from tests.fakes.http_service import HttpService
from tests.fakes.resolver import FakeResolver

A, B, C, BCC = (Mailbox(name, "example.org") for name in ("a", "b", "c", "bcc"))
HEAD = (
    b"From: Caf\xc3\xa9 Shop <shop@example.org>\r\nReply-To: office@example.org\r\n"
    b"To: a@example.org, C <c@example.org>\r\nCc: b@example.org\r\nSubject: Invoice 7\r\n"
    b"MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=m\r\n"
)
BODY = (
    b"--m\r\nContent-Type: text/plain\r\n\r\na < b\r\nsecond\r\n"
    b'--m\r\nContent-Type: application/pdf\r\nContent-Disposition: attachment; filename="in voice.pdf"\r\n\r\n%PDF\r\n'
    b"--m\r\nContent-Type: text/csv\r\nContent-Disposition: attachment; filename=a.csv\r\n\r\n1,2\r\n--m--\r\n"
)
OUTGOING = Outgoing(sender=Mailbox("shop", "example.org"), is_own_sender=True, head=HEAD, body=InlineBody(data=BODY))


def web_account(url: str) -> Account:
    return account("web", transport=HttpSettings(url=url), username=None, reply_to=(Mailbox("r", "example.org"),))


@asynccontextmanager
async def session_with(service: HttpService, timeout_s: float = 5.0) -> AsyncIterator[Session]:
    client = HttpClient(FakeResolver(), FakeClock())
    try:
        transport = HttpFormTransport(client, timeout_s)
        session = await transport.open(Order(account=web_account(service.url), folder=Path()))
        yield session
        await session.close()
        session.abort()
    finally:
        await client.close()


async def note(_: tuple[Mailbox, ...]) -> None:
    await asyncio.sleep(0)


def test_the_message_travels_as_the_form() -> None:
    async def scenario() -> None:
        async with HttpService() as service, session_with(service) as session:
            judgements = await session.deliver(OUTGOING, (A, B), note)

        assert [type(one.verdict) for one in judgements.values()] == [Delivered, Delivered]
        (submission,) = service.submissions
        assert submission.content_type == "multipart/form-data"
        assert submission.fields == (
            ("from", "Caf\u00e9 Shop"),
            ("reply_to", "office@example.org"),
            ("to", "a@example.org;b@example.org"),
            ("subject", "Invoice 7"),
            ("body", "a &lt; b<br>\r\nsecond"),
        )
        assert [(file.field, file.filename, file.content_type, file.data) for file in submission.files] == [
            ("attachment1", "in voice.pdf", "application/pdf", b"%PDF"),
            ("attachment2", "a.csv", "text/csv", b"1,2"),
        ]

    asyncio.run(scenario())


def test_those_in_to_and_cc_share_a_post_and_everybody_else_has_one_of_their_own() -> None:
    transport = HttpFormTransport(HttpClient(FakeResolver(), FakeClock()))
    other = Mailbox("archive", "example.org")

    assert transport.split(OUTGOING, (A, BCC, B, C, other)) == ((A, B, C), (BCC,), (other,))
    assert transport.split(OUTGOING, (BCC,)) == ((BCC,),)


def test_it_carries_form_accounts_only() -> None:
    transport = HttpFormTransport(HttpClient(FakeResolver(), FakeClock()))

    assert transport.carries(web_account("https://mail.example/"))
    assert not transport.carries(account())
    with pytest.raises(InternalError):
        asyncio.run(transport.open(Order(account=account(), folder=Path())))


@pytest.mark.parametrize(
    ("status", "kind", "fault"),
    [(422, Failed, Fault.MESSAGE), (503, Deferred, Fault.ACCOUNT), (401, Deferred, Fault.ACCOUNT)],
)
def test_a_refusal_is_judged_by_its_status(status: int, kind: type[Failed | Deferred], fault: Fault) -> None:
    async def scenario() -> None:
        service = HttpService(status=status, text="no <b>way</b>", headers={"Retry-After": "90"})
        async with service, session_with(service) as session:
            judgement = (await session.deliver(OUTGOING, (A,), note))[A]

        assert isinstance(judgement.verdict, kind)
        assert judgement.verdict.fault is fault
        assert judgement.verdict.reply is not None
        assert judgement.verdict.reply.text == "no <b>way</b>"
        if judgement.trouble is not None:
            assert judgement.trouble.retry_after is not None
            assert judgement.trouble.retry_after.total_seconds() == 90

    asyncio.run(scenario())


def test_a_redirect_is_not_followed_and_says_where_it_points() -> None:
    async def scenario() -> None:
        service = HttpService(redirect_to="https://elsewhere.example/send")
        async with service, session_with(service) as session:
            judgement = (await session.deliver(OUTGOING, (A,), note))[A]

        assert judgement.trouble is not None
        assert "https://elsewhere.example/send" in judgement.trouble.detail
        assert service.requests == ["POST /send"]

    asyncio.run(scenario())


def test_a_lost_answer_is_uncertain() -> None:
    async def scenario() -> None:
        service = HttpService(closes=True)
        async with service, session_with(service) as session:
            judgement = (await session.deliver(OUTGOING, (A,), note))[A]

        assert isinstance(judgement.verdict, Uncertain)

    asyncio.run(scenario())


def test_a_service_that_is_not_there_is_the_accounts_fault() -> None:
    async def scenario() -> None:
        service = HttpService()
        async with service:
            pass
        async with session_with(service) as session:
            judgement = (await session.deliver(OUTGOING, (A,), note))[A]

        assert isinstance(judgement.verdict, Deferred)
        assert judgement.verdict.fault is Fault.ACCOUNT
        assert judgement.trouble is not None

    asyncio.run(scenario())


def test_the_post_is_written_down_before_it_is_sent() -> None:
    async def scenario() -> None:
        async def fail(_: tuple[Mailbox, ...]) -> None:
            raise OSError(28, "No space left on device")

        async with HttpService() as service, session_with(service) as session:
            with pytest.raises(OSError, match="No space"):
                await session.deliver(OUTGOING, (A,), fail)
            assert service.requests == []

    asyncio.run(scenario())


def test_a_message_that_cannot_be_taken_apart_fails_for_good() -> None:
    async def scenario() -> None:
        parts = b"--m\r\n\r\nx\r\n" * 600 + b"--m--\r\n"
        async with HttpService() as service, session_with(service) as session:
            judgement = (await session.deliver(replace(OUTGOING, body=InlineBody(data=parts)), (A,), note))[A]

        assert isinstance(judgement.verdict, Failed)
        assert judgement.verdict.fault is Fault.MESSAGE
        assert "more than 500 parts" in judgement.verdict.reason

    asyncio.run(scenario())


def test_a_body_that_cannot_be_read_is_our_own_fault(tmp_path: Path) -> None:
    async def scenario() -> None:
        gone = replace(OUTGOING, body=FileBody(path=tmp_path / "gone", size_bytes=1))
        async with HttpService() as service, session_with(service) as session:
            judgement = (await session.deliver(gone, (A,), note))[A]

        assert isinstance(judgement.verdict, Deferred)
        assert judgement.verdict.fault is Fault.LOCAL

    asyncio.run(scenario())


def test_a_large_message_is_taken_apart_too() -> None:
    async def scenario() -> None:
        large = replace(OUTGOING, body=InlineBody(data=BODY.replace(b"1,2", b"1,2" * 100_000)))
        async with HttpService() as service, session_with(service) as session:
            judgement = (await session.deliver(large, (A,), note))[A]

        assert isinstance(judgement.verdict, Delivered)
        assert len(service.submissions[0].files[1].data) == 300_000

    asyncio.run(scenario())


@pytest.mark.parametrize(
    ("author", "display_name", "shown"),
    [("Shop", "Account", "Shop"), ("", "Account", "Account"), ("", None, "r@example.org")],
)
def test_the_author_is_the_messages_name_else_the_accounts(author: str, display_name: str | None, shown: str) -> None:
    message = FormMessage(author=author, reply_to=(), subject="s", body="b", attachments=())
    web = replace(web_account("https://mail.example/"), display_name=display_name)

    fields = dict(make_form(message, web, (A,)).fields)

    assert fields == {"from": shown, "reply_to": "r@example.org", "to": "a@example.org", "subject": "s", "body": "b"}


def test_an_account_says_whom_it_trusts_and_how_long_it_waits(tmp_path: Path) -> None:
    async def scenario() -> tuple[Verdict, Verdict]:
        slow, safe = HttpService(delay_s=5.0), HttpService(certificate=certificates().good)
        async with slow, safe:
            return (
                await sent(HttpSettings(url=slow.url, timeout=timedelta(seconds=0.2))),
                await sent(HttpSettings(url=safe.url, tls=HttpTls(ca_file=PurePath("ca.pem")))),
            )

    async def sent(settings: HttpSettings) -> Verdict:
        client = HttpClient(FakeResolver(), FakeClock())
        web = account("web", transport=settings, username=None, reply_to=(Mailbox("r", "example.org"),))
        try:
            session = await HttpFormTransport(client).open(Order(account=web, folder=tmp_path))
            return (await session.deliver(OUTGOING, (A,), note))[A].verdict
        finally:
            await client.close()

    shutil.copy(certificates().ca_file, tmp_path / "ca.pem")

    late, trusted = asyncio.run(scenario())

    assert isinstance(late, Uncertain)
    assert isinstance(trusted, Delivered)
