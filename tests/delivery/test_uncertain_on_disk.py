"""What becomes of a message whose answer is lost, by every way out and every policy, with a queue on disk.

What a kill would leave is looked at in a copy of the queue, taken at the moment when the server has the whole message:
whatever is not in the file then would be lost.
"""

import asyncio
import shutil
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest

from maild.clock import SystemClock
from maild.config.delivery_settings import AccountDelivery, OnUncertain
from maild.config.model import Account, HttpSettings, TlsMode
from maild.delivery.events import AnswerLost
from maild.mail.address import Mailbox
from maild.spool.queue import MessageState, QueuedMessage, QueueFilter, RecipientState, Waiting
from maild.spool.sqlite import SqliteQueue
from tests.delivery.test_engine_on_disk import Site, smtp_account
from tests.delivery.world import account
from tests.fakes.certificates import certificates
from tests.fakes.http_service import HttpService
from tests.fakes.smtp_server import CAPABILITIES, CHUNKING, ScriptedSmtpServer

WAYS = ["dot", "bdat", "http"]


@dataclass(frozen=True, kw_only=True)
class Provider:
    """Somebody who takes a whole message and says nothing. `got` counts how often he had one; `speak` makes him answer
    from then on.
    """

    account: Account
    got: Callable[[], int]
    speak: Callable[[], None]


@asynccontextmanager
async def provider(way: str, folder: Path) -> AsyncIterator[Provider]:
    """One that hangs up when it has the message."""
    if way == "http":
        async with HttpService(closes=True) as service:
            yield Provider(
                account=account(
                    "billing",
                    transport=HttpSettings(url=service.url),
                    username=None,
                    reply_to=(Mailbox("office", "example.org"),),
                ),
                got=lambda: len(service.submissions),
                speak=lambda: setattr(service, "closes", False),
            )
        return
    async with ScriptedSmtpServer(
        tls="implicit",
        certificate=certificates().good,
        users={"billing@example.org": "secret"},
        capabilities=CHUNKING if way == "bdat" else CAPABILITIES,
        drop_at=frozenset({"."}),
    ) as server:
        yield Provider(
            account=smtp_account(server, folder, mode=TlsMode.IMPLICIT),
            got=lambda: sum(1 for line in server.commands if line == "." or line.upper().endswith(" LAST")),
            speak=lambda: setattr(server, "drop_at", frozenset()),
        )


def with_policy(one: Account, policy: OnUncertain) -> Account:
    return replace(one, delivery=AccountDelivery(on_uncertain=policy, retry=(timedelta(minutes=1),)))


async def only_message(queue: SqliteQueue) -> QueuedMessage:
    (message,) = await queue.select(QueueFilter())
    return message


async def until_over(site: Site) -> QueuedMessage:
    """The message when its attempt has ended."""
    async with asyncio.timeout(10):
        while (message := await only_message(site.queue)).attempts_made == 0:  # noqa: ASYNC110 -- a thread writes it
            await asyncio.sleep(0.005)
    return message


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(
    ("policy", "state", "minutes"),
    [
        (OnUncertain.RETRY, MessageState.QUEUED, (0.8, 1.2)),
        (OnUncertain.WAIT, MessageState.QUEUED, (48, 72)),
        (OnUncertain.HOLD, MessageState.HELD, None),
    ],
)
def test_a_lost_answer_is_known_as_such_and_treated_as_the_account_wants(
    tmp_path: Path, way: str, policy: OnUncertain, state: MessageState, minutes: tuple[float, float] | None
) -> None:
    async def scenario() -> None:
        async with (
            provider(way, tmp_path) as silent,
            Site(tmp_path, (with_policy(silent.account, policy),)).running() as site,
        ):
            await site.drop("a@example.org")
            message = await until_over(site)

            assert (message.state, message.recipients[0].state) == (state, RecipientState.UNCERTAIN)
            assert await site.queue.uncertain() == 1
            assert silent.got() == 1
            if minutes is not None:
                wait = message.next_at - SystemClock().now()
                assert timedelta(minutes=minutes[0]) - timedelta(seconds=20) < wait < timedelta(minutes=minutes[1])

            # Whoever lets it go sends the same message again.
            silent.speak()
            now = SystemClock().now()
            await site.queue.release([message.id], now=now)
            (again,) = await site.queue.retry([message.id], now=now)
            site.engine.wake([Waiting.of(again)])
            receipt = await site.until_state("1.eml", MessageState.SENT)
            assert receipt["message_id"] == message.message_id
            assert silent.got() == 2
            assert await site.queue.uncertain() == 0

    asyncio.run(scenario())


@pytest.mark.parametrize("way", WAYS)
def test_what_a_kill_leaves_when_the_message_is_out_is_uncertain(tmp_path: Path, way: str) -> None:
    async def scenario() -> None:
        async with (
            provider(way, tmp_path) as silent,
            Site(tmp_path, (with_policy(silent.account, OnUncertain.HOLD),)).running() as site,
        ):
            await site.drop("a@example.org")
            await site.until(lambda: silent.got() == 1)
            copy = tmp_path / "copy"
            copy.mkdir()
            for file in site.layout.queue_file.parent.glob(f"{site.layout.queue_file.name}*"):
                if not file.name.endswith("-shm"):
                    shutil.copy(file, copy)

        killed = SqliteQueue(copy / "queue.sqlite3", copy)
        before = await only_message(killed)
        await killed.recover(now=SystemClock().now())
        message = await only_message(killed)
        await killed.close()
        # Sooner or later: the answer's loss may have been written down already.
        assert before.state in {MessageState.SENDING, MessageState.HELD}
        assert message.recipients[0].state is RecipientState.UNCERTAIN

    asyncio.run(scenario())


def test_a_start_after_a_kill_tells_of_each_message_whose_answer_was_lost(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with ScriptedSmtpServer(
            tls="implicit", certificate=certificates().good, users={"billing@example.org": "secret"}
        ) as server:
            billing = with_policy(smtp_account(server, tmp_path, mode=TlsMode.IMPLICIT), OnUncertain.HOLD)
            async with Site(tmp_path, ()).running() as site:
                await site.drop("a@example.org")
                await site.drop("b@example.org")
                await site.until(lambda: site.engine.snapshot().unroutable == 2)
                ids = [message.id for message in await site.queue.select(QueueFilter())]
                now = SystemClock().now()
                await site.queue.lease(ids, now=now, next_at=now)
                await site.queue.mark_dot(ids[0], [Mailbox.parse("a@example.org")], now=now)

            async with Site(tmp_path, (billing,)).running() as again:
                await again.until(lambda: len(server.transactions) == 1)
                await again.until_state("1.eml", MessageState.HELD)
                told = [event for event in again.events if isinstance(event, AnswerLost)]

        assert told == [AnswerLost(id=ids[0], account=None)]
        assert server.transactions[0].recipients == ("b@example.org",)

    asyncio.run(scenario())
