"""Logging in with keys that change by themselves."""

import asyncio
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path

from maild.config.model import Account
from maild.mail.phase import Phase
from maild.mail.reply import Reply
from maild.net.keys import Key
from maild.net.step import NetError, Reason
from maild.secret import Secret
from maild.spool.queue import MessageState
from tests.delivery.world import CURIOUS, World, account
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
