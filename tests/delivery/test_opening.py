"""Logging in with keys that change by themselves."""

import asyncio
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path

from maild.config.model import Account
from maild.delivery.events import BreakerOpened, SessionOpened
from maild.mail.phase import Phase
from maild.mail.reply import Reply
from maild.net.keys import Key
from maild.net.step import NetError, Reason
from maild.secret import Secret
from maild.spool.queue import MessageState
from tests.delivery.world import CURIOUS, World, account, refused
from tests.virtual_time import run_virtual

REFUSED = NetError(Phase.AUTH, Reason.REPLY, "no", reply=Reply.of(535, "5.7.3 Authentication unsuccessful"))


@dataclass
class Tokens:
    """Gives one token after the other; a new one after each renewal."""

    renewals: int
    """How often there is another one."""
    login: str = "first"
    given: list[str] = field(default_factory=list)
    failure: NetError | None = None

    async def key_of(self, account: Account, folder: Path) -> Key | None:
        if self.failure is not None:
            raise self.failure
        self.given.append(f"token {len(self.given)}")
        return Key(secret=Secret(self.given[-1]), identity=Secret(self.login))

    async def renew(self, account: Account, folder: Path, refused: Key) -> bool:
        self.renewals -= 1
        return self.renewals >= 0


def passwords(world: World) -> list[str]:
    return [order.password.reveal() for order in world.transport.orders if order.password is not None]


def test_a_token_that_was_taken_back_is_replaced_at_once() -> None:
    async def scenario() -> None:
        world = World(account(), keys=Tokens(renewals=1))
        world.transport.opening.append(REFUSED)
        id_ = await world.drop()
        async with world.running():
            await asyncio.sleep(1)
        assert world.state(id_) is MessageState.SENT
        assert passwords(world) == ["token 0", "token 1"]

    run_virtual(scenario())


def test_a_second_token_that_is_refused_is_the_last() -> None:
    async def scenario() -> None:
        world = World(account(), keys=Tokens(renewals=5))
        world.transport.opening.extend([REFUSED] * 9)
        await world.drop()
        async with world.running():
            await asyncio.sleep(60)
        assert passwords(world) == ["token 0", "token 1"]

    run_virtual(scenario())


def test_a_new_login_is_worth_a_try_and_a_new_token_of_the_old_one_is_not() -> None:
    async def scenario() -> None:
        tokens = Tokens(renewals=0)
        world = World(account(), keys=tokens, tuning=replace(CURIOUS, secret_watch=timedelta(seconds=30)))
        world.transport.opening.append(REFUSED)
        id_ = await world.drop()
        async with world.running():
            await asyncio.sleep(120)
            assert len(world.transport.orders) == 1
            tokens.login = "second"
            await asyncio.sleep(45)
        assert world.state(id_) is MessageState.SENT

    run_virtual(scenario())


def test_a_token_service_that_refuses_for_good_is_not_asked_by_every_message() -> None:
    async def scenario() -> None:
        tokens = Tokens(renewals=0, failure=NetError(Phase.SECRET, Reason.TOKEN, "invalid_grant"))
        world = World(account(), keys=tokens)
        ids = [await world.drop() for _ in range(20)]
        async with world.running():
            await asyncio.sleep(300)
            assert {world.queue.message(id_).attempts_made for id_ in ids} == {0}
            assert world.probes == ["billing"]
            tokens.failure = None

    run_virtual(scenario())


@dataclass
class Written:
    """The password as it stands in a file."""

    password: str = "old"

    async def key_of(self, account: Account, folder: Path) -> Key | None:
        return Key(secret=Secret(self.password), identity=Secret(self.password))

    async def renew(self, account: Account, folder: Path, refused: Key) -> bool:
        return False


def test_a_login_under_way_of_an_account_that_is_repaired_is_called_off_and_not_held_against_the_new_one() -> None:
    async def scenario() -> None:
        world = World(account("billing", username="bad@example.org"))
        world.transport.refuses = lambda order: order.account.username == "bad@example.org"
        ids = [await world.drop() for _ in range(3)]
        async with world.running():
            await asyncio.sleep(2)
            world.engine.use(world.plan_with(account("billing")))
            await asyncio.sleep(0.5)
            assert {world.state(id_) for id_ in ids} == {MessageState.SENT}
            await asyncio.sleep(60)
        assert [order.account.username for order in world.transport.orders] == [
            "bad@example.org",
            "billing@example.org",
        ]
        assert world.events_of(BreakerOpened) == []
        assert len(world.events_of(SessionOpened)) == 1

    run_virtual(scenario())


def test_a_login_under_way_of_an_account_that_goes_and_comes_again_is_no_news_of_the_new_one() -> None:
    async def scenario() -> None:
        world = World(account("billing", username="bad@example.org"))
        world.transport.refuses = lambda order: order.account.username == "bad@example.org"
        id_ = await world.drop()
        async with world.running():
            await asyncio.sleep(2)
            world.engine.use(world.plan_with())
            world.engine.use(world.plan_with(account("billing")))
            await asyncio.sleep(0.5)
            assert world.state(id_) is MessageState.SENT
            await asyncio.sleep(60)
        assert world.events_of(BreakerOpened) == []

    run_virtual(scenario())


def test_a_login_under_way_with_a_password_that_is_replaced_is_called_off_unless_it_is_the_same() -> None:
    async def scenario() -> None:
        keys = Written()
        world = World(account("billing"), keys=keys)
        world.transport.refuses = lambda order: order.password is not None and order.password.reveal() == "old"
        id_ = await world.drop()
        async with world.running():
            await asyncio.sleep(1)
            world.engine.credentials_changed(["billing"])
            await asyncio.sleep(1)
            assert passwords(world) == ["old"]

            keys.password = "new"
            world.engine.credentials_changed(["billing"])
            await asyncio.sleep(0.5)
            assert world.state(id_) is MessageState.SENT
            await asyncio.sleep(60)
        assert passwords(world) == ["old", "new"]
        assert world.events_of(BreakerOpened) == []

    run_virtual(scenario())


def test_trouble_in_the_middle_of_things_is_the_old_accounts_when_that_was_replaced() -> None:
    async def scenario() -> None:
        world = World(account("billing"))
        world.transport.seconds = 6.0
        world.transport.answers = {"to@example.org": [refused(530, "5.7.0 authentication required", Phase.MAIL)]}
        id_ = await world.drop()
        async with world.running():
            await asyncio.sleep(2)
            world.engine.use(world.plan_with(account("billing", username="new@example.org")))
            await asyncio.sleep(11)
            assert world.state(id_) is MessageState.SENT
        assert world.events_of(BreakerOpened) == []
        assert [order.account.username for order in world.transport.orders] == [
            "billing@example.org",
            "new@example.org",
        ]

    run_virtual(scenario())
