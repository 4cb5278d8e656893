"""The engine with everything real but the servers: SQLite queue, receipts, kept failures, sockets."""

import asyncio
import json
import random
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from maild.clock import SystemClock
from maild.config.delivery_settings import DeliverySettings
from maild.config.model import Account, HttpSettings, Limits, SmtpSettings, Tls, TlsMode
from maild.delivery.engine import Engine
from maild.delivery.events import BreakerOpened, DeliveryEvent
from maild.delivery.plan import Plan
from maild.delivery.ports import EnginePorts, Tuning
from maild.delivery.transports.catalogue import all_transports
from maild.mail.address import Mailbox
from maild.net.http import HttpClient
from maild.net.passwords import Passwords
from maild.secret import FileRef
from maild.spool.failures import FailureKeeper
from maild.spool.layout import Layout, make_folders
from maild.spool.queue import AccountSender, Arrival, InlineBody, MessageState, QueueId, Waiting
from maild.spool.receipt import ReceiptWriter
from maild.spool.sqlite import SqliteQueue
from maild.spool.transition import received
from tests.delivery.world import account
from tests.fakes.certificates import certificates
from tests.fakes.http_service import HttpService
from tests.fakes.resolver import FakeResolver
from tests.fakes.smtp_server import ScriptedSmtpServer

HEAD = b"From: Shop <shop@example.org>\r\nTo: a@example.org\r\nSubject: hello\r\n"
BODY = InlineBody(data=b"body\r\n.dot\r\n")
QUICK = DeliverySettings(retry=(timedelta(milliseconds=50),))


def smtp_account(server: ScriptedSmtpServer, folder: Path, *, mode: TlsMode, connections: int = 1) -> Account:
    (folder / "password").write_text("secret\n")
    tls = Tls(mode=mode, ca_file=certificates().ca_file)
    return account(
        "billing",
        transport=SmtpSettings(host="localhost", port=server.port, tls=tls),
        username="billing@example.org",
        password=FileRef(path=Path("password")),
        limits=Limits(connections=connections),
    )


@dataclass
class Site:
    """A spool on disk with an engine on it."""

    root: Path
    accounts: tuple[Account, ...]
    events: list[DeliveryEvent] = field(default_factory=list)
    probes: list[str] = field(default_factory=list)
    drops: int = 0

    @asynccontextmanager
    async def running(self, secret_watch: timedelta = timedelta(seconds=0.1)) -> AsyncIterator["Site"]:
        self.layout = Layout(self.root / "spool")
        make_folders(self.layout)
        self.queue = SqliteQueue(self.layout.queue_file, self.layout.bodies)
        resolver, clock = FakeResolver(), SystemClock()
        client = HttpClient(resolver, clock)
        receipts = ReceiptWriter(self.layout)
        ports = EnginePorts(
            queue=self.queue,
            receipts=receipts,
            failures=FailureKeeper(self.layout),
            transports=all_transports(resolver, client, SystemClock()),
            keys=Passwords(),
            clock=clock,
            random=random.Random(1).random,
            emit=self.events.append,
            probe_wanted=self.probes.append,
        )
        plan = Plan(generation=1, accounts={one.name: one for one in self.accounts}, folder=self.root, delivery=QUICK)
        tuning = Tuning(poll=timedelta(seconds=0.1), secret_watch=secret_watch)
        self.engine = Engine(ports, plan, tuning)
        run = asyncio.create_task(self.engine.run())
        try:
            yield self
            await self.engine.stop(5)
            await run
        finally:
            run.cancel()
            await client.close()
            await self.queue.close()
            receipts.close()

    async def drop(self, *recipients: str) -> str:
        self.drops += 1
        number = self.drops
        name = f"{number}.eml"
        now = SystemClock().now()
        arrival = Arrival(
            id=QueueId(f"{number:026}"),
            sender=AccountSender(),
            recipients=tuple(Mailbox.parse(one) for one in recipients),
            head=HEAD,
            body=BODY,
            message_id=f"<{number}@example.org>",
            received_at=now,
            expires_at=now + timedelta(days=5),
            drop=name,
        )
        await self.queue.accept([arrival])
        self.engine.wake([Waiting.of(received(arrival))])
        return name

    def receipt(self, name: str) -> dict[str, object]:
        path = self.layout.receipts / f"{name}.json"
        found: dict[str, object] = json.loads(path.read_text()) if path.exists() else {"state": "none"}
        return found

    async def until(self, is_true: Callable[[], bool]) -> None:
        async with asyncio.timeout(10):
            while not is_true():  # noqa: ASYNC110 -- a file that a thread writes
                await asyncio.sleep(0.005)

    async def until_state(self, name: str, state: MessageState) -> dict[str, object]:
        await self.until(lambda: self.receipt(name)["state"] == state.value)
        return self.receipt(name)


def test_a_hundred_messages_on_four_logins_arrive_byte_for_byte_and_have_receipts(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with ScriptedSmtpServer(
            tls="implicit", certificate=certificates().good, users={"billing@example.org": "secret"}
        ) as server:
            billing = smtp_account(server, tmp_path, mode=TlsMode.IMPLICIT, connections=4)
            async with Site(tmp_path, (billing,)).running() as site:
                names = [await site.drop("a@example.org", "b@example.org") for _ in range(100)]
                await site.until(lambda: all(site.receipt(name)["state"] == "sent" for name in names))

            assert len(server.transactions) == 100
            assert {taken.data for taken in server.transactions} == {HEAD + b"\r\nbody\r\n.dot\r\n"}
            assert {taken.sender for taken in server.transactions} == {"billing@example.org"}
            assert len(server.logins) <= 4

    asyncio.run(scenario())


def test_a_refused_recipient_stays_refused_and_the_message_is_kept(tmp_path: Path) -> None:
    async def scenario() -> None:
        answers = iter(["451 4.3.0 not now"])

        def rcpt(line: str) -> str | None:
            return "550 5.1.1 no such user" if "bad@" in line else None

        replies = {"RCPT": rcpt, ".": lambda _: next(answers, None)}
        users = {"billing@example.org": "secret"}
        async with ScriptedSmtpServer(
            tls="starttls", certificate=certificates().good, users=users, replies=replies
        ) as server:
            billing = smtp_account(server, tmp_path, mode=TlsMode.STARTTLS)
            async with Site(tmp_path, (billing,)).running() as site:
                name = await site.drop("good@example.org", "bad@example.org")
                receipt = await site.until_state(name, MessageState.FAILED)
                kept = {path.suffix: path for path in site.layout.failed.iterdir()}

            assert [taken.recipients for taken in server.transactions] == [("good@example.org",)]
            assert [command for command in server.commands if "bad@" in command] == ["RCPT TO:<bad@example.org>"]
            assert receipt["attempts_made"] == 1
            assert set(kept) == {".eml", ".json"}

    asyncio.run(scenario())


def test_a_lost_answer_leads_to_the_same_message_again(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with ScriptedSmtpServer(
            tls="implicit",
            certificate=certificates().good,
            users={"billing@example.org": "secret"},
            drop_at=frozenset({"."}),
        ) as server:
            billing = smtp_account(server, tmp_path, mode=TlsMode.IMPLICIT)
            async with Site(tmp_path, (billing,)).running() as site:
                name = await site.drop("a@example.org")
                await site.until(lambda: server.verbs().count(".") >= 2)
                server.drop_at = frozenset()
                receipt = await site.until_state(name, MessageState.SENT)

            assert isinstance(receipt["attempts_made"], int)
            assert receipt["attempts_made"] >= 2

    asyncio.run(scenario())


def test_a_wrong_password_is_tried_once_and_the_right_one_sends_at_once(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with ScriptedSmtpServer(
            tls="implicit", certificate=certificates().good, users={"billing@example.org": "right"}
        ) as server:
            billing = smtp_account(server, tmp_path, mode=TlsMode.IMPLICIT, connections=4)
            async with Site(tmp_path, (billing,)).running() as site:
                names = [await site.drop("a@example.org") for _ in range(20)]
                await site.until(lambda: bool(site.probes))
                await site.until(lambda: all(site.receipt(name)["state"] == "queued" for name in names))
                refused = len(server.logins)
                await asyncio.sleep(0.3)
                assert len(server.logins) == refused
                assert [event.account for event in site.events if isinstance(event, BreakerOpened)] == ["billing"]

                (tmp_path / "password").write_text("right\n")
                await site.until(lambda: all(site.receipt(name)["state"] == "sent" for name in names))

            assert refused <= 4
            assert {site.receipt(name)["attempts_made"] for name in names} == {0}

    asyncio.run(scenario())


def test_a_file_with_a_new_password_sends_at_once_when_its_change_is_told(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with ScriptedSmtpServer(
            tls="implicit", certificate=certificates().good, users={"billing@example.org": "right"}
        ) as server:
            billing = smtp_account(server, tmp_path, mode=TlsMode.IMPLICIT)
            async with Site(tmp_path, (billing,)).running(secret_watch=timedelta(days=1)) as site:
                name = await site.drop("a@example.org")
                await site.until(lambda: bool(site.probes))
                site.engine.credentials_changed(["billing"])
                await asyncio.sleep(0.1)
                assert len(server.logins) == 1

                (tmp_path / "password").write_text("right\n")
                site.engine.credentials_changed(["billing"])
                await site.until(lambda: site.receipt(name)["state"] == "sent")

    asyncio.run(scenario())


def test_a_mail_service_gets_hidden_recipients_one_by_one_and_never_a_post_twice(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with HttpService(statuses=[200, 422, 200]) as service:
            web = account(
                "web",
                transport=HttpSettings(url=service.url),
                username=None,
                reply_to=(Mailbox("office", "example.org"),),
                copy_to=Mailbox("archive", "example.org"),
            )
            async with Site(tmp_path, (web,)).running() as site:
                name = await site.drop("a@example.org", "hidden@example.org")
                receipt = await site.until_state(name, MessageState.FAILED)

            assert [submission.form["to"] for submission in service.submissions] == [
                "a@example.org",
                "hidden@example.org",
                "archive@example.org",
            ]
            assert [submission.form["from"] for submission in service.submissions] == ["Shop"] * 3
            recipients = receipt["recipients"]
            assert isinstance(recipients, list)
            assert len(recipients) == 3

    asyncio.run(scenario())
