"""The SMTP transport against the scripted server, over real sockets."""

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from maild.config.model import HttpSettings, SmtpSettings, Tls, TlsMode
from maild.delivery.outgoing import Outgoing
from maild.delivery.transports.smtp import SmtpTransport
from maild.delivery.transports.transport import Order
from maild.errors import InternalError
from maild.mail.address import Mailbox
from maild.mail.phase import Phase
from maild.mail.verdict import Deferred, Delivered, Failed, Fault, Uncertain
from maild.net.step import NetError, Reason
from maild.secret import Secret
from maild.spool.queue import FileBody, InlineBody
from tests.delivery.world import HEAD, account
from tests.fakes.certificates import certificates
from tests.fakes.resolver import FakeResolver
from tests.fakes.smtp_server import ScriptedSmtpServer

A, B, C = (Mailbox(name, "example.org") for name in "abc")
OUTGOING = Outgoing(
    sender=Mailbox("billing", "example.org"), is_own_sender=True, head=HEAD, body=InlineBody(data=b".dot\r\n")
)


def order(server: ScriptedSmtpServer, *, mode: TlsMode = TlsMode.NONE, password: str | None = None) -> Order:
    tls = Tls(mode=mode, ca_file=certificates().ca_file)
    settings = SmtpSettings(host="localhost", port=server.port, tls=tls)
    username = None if password is None else "billing@example.org"
    billing = account("billing", transport=settings, username=username, email=Mailbox("billing", "example.org"))
    return Order(account=billing, folder=Path(), password=None if password is None else Secret(password))


async def note(_: tuple[Mailbox, ...]) -> None:
    await asyncio.sleep(0)


def test_one_login_carries_many_messages_byte_for_byte() -> None:
    async def scenario() -> None:
        async with ScriptedSmtpServer(
            tls="implicit", certificate=certificates().good, users={"billing@example.org": "secret"}
        ) as server:
            transport = SmtpTransport(FakeResolver())
            session = await transport.open(order(server, mode=TlsMode.IMPLICIT, password="secret"))
            for _ in range(3):
                judgements = await session.deliver(OUTGOING, (A, B), note)
                assert [type(one.verdict) for one in judgements.values()] == [Delivered, Delivered]
            assert session.is_usable
            await session.close()

            assert server.connections == 1
            assert server.logins == [("PLAIN", True)]
            (taken, *_) = server.transactions
            assert (taken.sender, taken.recipients) == ("billing@example.org", ("a@example.org", "b@example.org"))
            assert taken.data == HEAD + b"\r\n.dot\r\n"

    asyncio.run(scenario())


def test_every_recipient_is_judged_for_itself() -> None:
    async def scenario() -> None:
        def rcpt(line: str) -> str | None:
            return {"a": "550 5.1.1 no such user", "b": "450 4.2.1 greylisted"}.get(line.partition("<")[2][:1])

        async with ScriptedSmtpServer(replies={"RCPT": rcpt, ".": "451 4.3.0 not now"}) as server:
            session = await SmtpTransport(FakeResolver()).open(order(server))
            judgements = await session.deliver(OUTGOING, (A, B, C), note)
            session.abort()

        assert {mailbox: type(one.verdict) for mailbox, one in judgements.items()} == {
            A: Failed,
            B: Deferred,
            C: Deferred,
        }
        later = judgements[C].verdict
        assert isinstance(later, Deferred)
        assert (later.fault, later.phase) == (Fault.MESSAGE, Phase.BODY)

    asyncio.run(scenario())


def test_a_lost_answer_to_the_dot_is_uncertain_and_ends_the_session() -> None:
    async def scenario() -> None:
        async with ScriptedSmtpServer(drop_at=frozenset({"."})) as server:
            session = await SmtpTransport(FakeResolver()).open(order(server))
            judgements = await session.deliver(OUTGOING, (A,), note)
            assert isinstance(judgements[A].verdict, Uncertain)
            assert not session.is_usable

    asyncio.run(scenario())


def test_the_dot_is_written_down_before_any_of_the_message_is_sent() -> None:
    async def scenario() -> None:
        async with ScriptedSmtpServer() as server:
            session = await SmtpTransport(FakeResolver()).open(order(server))

            async def fail(_: tuple[Mailbox, ...]) -> None:
                assert "." not in server.commands
                raise OSError(28, "No space left on device")

            with pytest.raises(OSError, match="No space"):
                await session.deliver(OUTGOING, (A,), fail)
            assert not session.is_usable
            assert server.transactions == []

    asyncio.run(scenario())


def test_a_large_body_is_read_from_its_file(tmp_path: Path) -> None:
    async def scenario() -> None:
        path = tmp_path / "body"
        path.write_bytes(b"large\r\n")
        outgoing = replace(OUTGOING, body=FileBody(path=path, size_bytes=7))
        async with ScriptedSmtpServer() as server:
            session = await SmtpTransport(FakeResolver()).open(order(server))
            await session.deliver(outgoing, (A,), note)
            path.unlink()
            judgements = await session.deliver(outgoing, (A,), note)
            session.abort()

        assert server.transactions[0].data == HEAD + b"\r\nlarge\r\n"
        verdict = judgements[A].verdict
        assert isinstance(verdict, Deferred)
        assert verdict.fault is Fault.LOCAL

    asyncio.run(scenario())


def test_a_refused_login_says_where_and_why() -> None:
    async def scenario() -> None:
        async with ScriptedSmtpServer(users={"billing@example.org": "other"}) as server:
            with pytest.raises(NetError) as caught:
                await SmtpTransport(FakeResolver()).open(order(server, password="secret"))
            assert len(server.logins) <= 1
            assert caught.value.phase is Phase.AUTH
            assert caught.value.reason in {Reason.REPLY, Reason.CLEARTEXT}

    asyncio.run(scenario())


def test_it_carries_smtp_accounts_a_hundred_recipients_at_a_time() -> None:
    transport = SmtpTransport(FakeResolver())
    recipients = tuple(Mailbox(str(number), "example.org") for number in range(250))

    assert transport.carries(account())
    assert not transport.carries(account(transport=HttpSettings(url="https://mail.example/")))
    assert [len(group) for group in transport.split(OUTGOING, recipients)] == [100, 100, 50]


def test_an_account_of_another_way_is_a_bug() -> None:
    other = Order(account=account(transport=HttpSettings(url="https://mail.example/")), folder=Path())

    with pytest.raises(InternalError):
        asyncio.run(SmtpTransport(FakeResolver()).open(other))
