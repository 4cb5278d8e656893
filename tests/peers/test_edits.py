"""The real daemon, its folder changed in every way that fools watchers, while mail is dropped and sent all the time."""

import asyncio
import json
import os
import shutil
import signal
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests.daemon.running import RunningDaemon, ScratchSite
from tests.fakes.smtp_server import ScriptedSmtpServer
from tests.peers.edits import EDITORS, WAYS, git, odd_things, temp_and_rename, text
from tests.peers.skewed_clock import SkewedClock, has_compiler

SITE = """\
spool: {{path: {spool}}}
web: {{listen: "127.0.0.1:0"}}
dns: {{resolvers: ["127.0.0.1:1"]}}
default_account: sink
log: {{format: json, level: info}}
"""
"""Rescans every half minute, as it comes: what is seen well before was seen by events."""

SOON_S = 25.0
MANY = 20_000
ACCOUNTS = int(os.environ.get("FLOOD_ACCOUNTS", "1000"))
"""So many of the many files are accounts, the others only make the kernel drop events. All of them take minutes."""


class Edited:
    """A daemon whose folder is a link to a release, with an account that is edited and one that mail goes by."""

    def __init__(self, root: Path, daemon: RunningDaemon, site: ScratchSite) -> None:
        self.root = root
        self.daemon = daemon
        self.site = site
        self.drops = 0

    @property
    def file(self) -> Path:
        return self.site.config / "accounts" / "edited.yaml"

    async def status(self) -> dict[str, Any]:
        status = json.loads(await self.daemon.get("/status"))
        assert isinstance(status, dict)
        return status

    async def server(self, account: str = "edited") -> str | None:
        """Where the account in force sends."""
        accounts = (await self.status())["accounts"]
        return next((one["server"] for one in accounts if one["name"] == account), None)

    async def standing(self, name: str) -> str | None:
        """How a file stands."""
        files = (await self.status())["config"]["files"]
        return next((one["standing"] for one in files if one["file"].endswith(f"/{name}")), None)

    async def until_server(self, server: str | None) -> None:
        try:
            async with asyncio.timeout(SOON_S):
                while await self.server() != server:  # noqa: ASYNC110 -- a real process, which sets no event
                    await asyncio.sleep(0.1)
        except TimeoutError:
            raise AssertionError(f"{server} did not come into force; the log:\n{self.daemon.log[-4000:]}") from None

    async def until_time(self, hours: int) -> None:
        """Until its clock is so many hours from what it really is."""
        async with asyncio.timeout(SOON_S):
            while True:
                at = datetime.fromisoformat((await self.status())["at"])
                if abs((at - datetime.now(UTC)).total_seconds() - hours * 3600) < 1800:
                    return

    async def keep_dropping(self) -> None:
        while True:
            self.site.drop(f"{self.drops}.eml")
            self.drops += 1
            await asyncio.sleep(0.02)


async def patiently(is_true: Callable[[], bool]) -> None:
    """Wait for what takes long, without taking the processor from those who work on it."""
    async with asyncio.timeout(300):
        while not is_true():  # noqa: ASYNC110 -- a real process, which sets no event
            await asyncio.sleep(0.5)


@asynccontextmanager
async def edited(root: Path, environ: Mapping[str, str] | None = None) -> AsyncIterator[Edited]:
    """Running; at the end every drop was sent."""
    (root / "releases" / "1" / "accounts").mkdir(parents=True)
    site = ScratchSite(root=root)
    site.config.symlink_to("releases/1")
    (site.config / "maild.yaml").write_text(SITE.format(spool=site.spool))
    async with ScriptedSmtpServer() as server:
        sink = f"protocol: smtp\nsmtp: {{host: 127.0.0.1, port: {server.port}, tls: {{mode: none}}, auth: none}}\n"
        (site.config / "accounts" / "sink.yaml").write_text(f"{sink}email: sink@shop.net\n")
        (site.config / "accounts" / "password").write_text("secret\n")
        (site.config / "accounts" / "edited.yaml").write_text(text("first.shop.net"))
        async with RunningDaemon(site, environ=environ) as daemon:
            await daemon.started()
            scene = Edited(root, daemon, site)
            dropping = asyncio.create_task(scene.keep_dropping())
            try:
                yield scene
            finally:
                dropping.cancel()
            await patiently(lambda: site.states().count("sent") == scene.drops)
            assert len(server.transactions) == scene.drops


@pytest.mark.timeout(180)
def test_whatever_makes_an_edit_it_is_in_force_and_no_drop_is_lost(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with edited(tmp_path) as scene:
            await scene.until_server("first.shop.net:465")
            for number, way in enumerate(WAYS):
                host = f"{way.__name__.replace('_', '-')}-{number}.shop.net"
                await asyncio.to_thread(way, scene.file, text(host))
                await scene.until_server(f"{host}:465")
            assert scene.drops > 100

    asyncio.run(scenario())


@pytest.mark.skipif(not all(map(shutil.which, ("vim", "emacs"))), reason="vim or emacs is not installed")
@pytest.mark.timeout(180)
def test_what_editors_save_is_in_force(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with edited(tmp_path) as scene:
            for number, editor in enumerate(EDITORS * 2):
                host = f"{editor.__name__.replace('_', '-')}-{number}.shop.net"
                await asyncio.to_thread(editor, scene.file, text(host))
                await scene.until_server(f"{host}:465")
            assert (await scene.status())["config"]["clean"]

    asyncio.run(scenario())


@pytest.mark.skipif(not has_compiler(), reason="there is no C compiler")
@pytest.mark.timeout(180)
def test_a_clock_that_jumps_neither_hides_an_edit_nor_stops_mail(tmp_path: Path) -> None:
    async def scenario() -> None:
        clock = SkewedClock(tmp_path)
        async with edited(tmp_path, clock.environ()) as scene:
            for number, hours in enumerate((0, 30, -50, 0)):
                clock.set(hours * 3600)
                await scene.until_time(hours)
                await asyncio.to_thread(temp_and_rename, scene.file, text(f"jump-{number}.shop.net"))
                await scene.until_server(f"jump-{number}.shop.net:465")
                await scene.daemon.until(partial(has_sent, scene, f"{scene.drops}.eml"))

    asyncio.run(scenario())


def has_sent(scene: Edited, name: str) -> bool:
    return scene.site.receipt(name).get("state") == "sent"


@pytest.mark.timeout(180)
def test_what_is_no_file_hurts_no_other_and_a_broken_file_not_even_its_own_account(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with edited(tmp_path) as scene:
            odd_things(scene.site.config / "accounts")
            scene.file.write_text(text("after.shop.net"))
            await scene.until_server("after.shop.net:465")
            for name in ("pipe", "nowhere", "loop", "endless"):
                assert await scene.standing(f"{name}.yaml") == "rejected"
            assert await scene.standing("folder.yaml") is None
            is_root = os.geteuid() == 0
            assert await scene.standing("private.yaml") == ("accepted" if is_root else "rejected")
            assert await scene.standing("device.yaml") == ("rejected" if is_root else None)

            scene.file.write_text(text("broken.shop.net").replace("smtp:", "smpt:"))
            await scene.daemon.until(lambda: [e for e in scene.daemon.events("file_rejected") if "edited" in e["file"]])
            assert await scene.server() == "after.shop.net:465"
            scene.file.unlink()
            scene.file.symlink_to("gone.yaml")
            await scene.daemon.until(
                lambda: len([e for e in scene.daemon.events("file_rejected") if "edited" in e["file"]]) == 2
            )
            assert (await scene.server(), await scene.standing("edited.yaml")) == ("after.shop.net:465", "last_good")
            scene.file.unlink()
            scene.file.write_text(text("mended.shop.net"))
            await scene.until_server("mended.shop.net:465")
            scene.file.unlink()
            await scene.until_server(None)

    asyncio.run(scenario())


@pytest.mark.timeout(180)
def test_a_checkout_of_two_hundred_files_is_one_change(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with edited(tmp_path) as scene:
            folder = scene.site.config.resolve()
            for branch in ("one", "two"):
                for number in range(200):
                    path = folder / "accounts" / f"g{number:03}.yaml"
                    path.write_text(text(f"{branch}.shop.net").replace("edited@", f"g{number}@"))
                scene.file.write_text(text(f"{branch}.shop.net"))
                if branch == "one":
                    git(folder, "init", "-q")
                git(folder, "checkout", "-q", "-b", branch)
                git(folder, "add", "-A")
                git(folder, "commit", "-q", "-m", branch)
            await scene.until_server("two.shop.net:465")
            before = len(scene.daemon.events("config_reloaded"))

            await asyncio.to_thread(git, folder, "checkout", "-q", "one")
            await scene.until_server("one.shop.net:465")

            config = (await scene.status())["config"]
            assert config["clean"]
            assert {one["server"] for one in (await scene.status())["accounts"] if one["name"][0] == "g"} == {
                "one.shop.net:465"
            }
            assert len(scene.daemon.events("config_reloaded")) <= before + 2

    asyncio.run(scenario())


@pytest.mark.timeout(600)
def test_twenty_thousand_files_at_once_come_into_force_and_mail_goes_on(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with edited(tmp_path) as scene:
            accounts = scene.site.config / "accounts"
            # The kernel queues so many events for it and drops the others: it cannot read any while it stands still.
            scene.daemon.send_signal(signal.SIGSTOP)
            flood = await asyncio.create_subprocess_exec(
                "python3", "-c", _FLOOD, str(accounts), str(MANY), str(ACCOUNTS), text("flood.shop.net")
            )
            assert await flood.wait() == 0
            scene.daemon.send_signal(signal.SIGCONT)
            await patiently(lambda: scene.daemon.log.count('"file_accepted"') >= ACCOUNTS + 3)
            scene.file.write_text(text("last.shop.net"))
            await patiently(lambda: scene.daemon.log.count('"file_accepted"') == ACCOUNTS + 4)
            accounts_in_force = {one["name"]: one["server"] for one in (await scene.status())["accounts"]}
            assert accounts_in_force.pop("edited") == "last.shop.net:465"
            assert accounts_in_force.pop("sink")
            assert len(accounts_in_force) == ACCOUNTS
            assert scene.daemon.events("watch_overflowed")
            assert all(server == f"f{int(name[1:])}.shop.net:465" for name, server in accounts_in_force.items())

    asyncio.run(scenario())


_FLOOD = """
import sys
from pathlib import Path
many, accounts = int(sys.argv[2]), int(sys.argv[3])
for number in range(many):
    is_account = number * accounts // many != (number + 1) * accounts // many
    name = f"f{number:05}.{'yaml' if is_account else 'bak'}"
    (Path(sys.argv[1]) / name).write_text(sys.argv[4].replace("flood", f"f{number}"))
"""
