"""`kill -9` of the real daemon: what was accepted is delivered by the next one."""

import asyncio
import signal
from pathlib import Path

from tests.daemon.running import SITE, RunningDaemon, ScratchSite
from tests.daemon.test_app import sink, subjects
from tests.fakes.smtp_server import ScriptedSmtpServer


async def one_life(site: ScratchSite, server: ScriptedSmtpServer, drops: list[str]) -> None:
    """A daemon that is killed as soon as it has delivered something."""
    before = len(server.transactions)
    for drop in drops:
        site.drop(drop)
    async with RunningDaemon(site) as daemon:
        await daemon.until(lambda: len(server.transactions) > before)
        daemon.process.kill()
        assert await daemon.ended() == -signal.SIGKILL


def test_kill_nine_in_the_middle_of_it_loses_nothing(tmp_path: Path) -> None:
    async def scenario() -> None:
        # What was in flight at the crash is tried again after the first retry delay.
        site = ScratchSite.make(tmp_path, SITE + "delivery: {retry: [1s]}\n")
        async with sink() as server:
            site.write_account("billing", server.port)
            for number in range(2):
                await one_life(site, server, drops=[f"{number}-{drop}.eml" for drop in range(10)])
            async with RunningDaemon(site) as daemon:
                await daemon.until(lambda: site.states() == ["sent"] * 20)
            assert subjects(server) == {f"{number}-{drop}.eml" for number in range(2) for drop in range(10)}

    asyncio.run(scenario())
