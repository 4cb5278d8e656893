"""The real daemon as a user who may not look everywhere: what is closed to it neither ends it nor stops other mail."""

import asyncio
import os
import shutil
import signal
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from tests.daemon.running import RunningDaemon, ScratchSite
from tests.fakes.smtp_server import ScriptedSmtpServer

NOBODY: Final = 65534

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")

LAUNCHER: Final = ("setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups")


@pytest.fixture
def root() -> Iterator[Path]:
    """A folder that others may enter, as those that pytest makes are not."""
    path = Path(tempfile.mkdtemp(prefix="maild-closed-"))
    path.chmod(0o755)
    yield path
    shutil.rmtree(path)


SITE: Final = """\
spool: {{path: {spool}}}
web: {{listen: "127.0.0.1:0"}}
dns: {{resolvers: ["127.0.0.1:1"]}}
default_account: sink
log: {{format: json, level: debug}}
"""


def make_site(root: Path, port: int) -> ScratchSite:
    site = ScratchSite.make(root, SITE.format(spool=root / "spool"))
    to_sink = f"protocol: smtp\nsmtp: {{host: 127.0.0.1, port: {port}, tls: {{mode: none}}, auth: none}}\n"
    (site.config / "accounts" / "sink.yaml").write_text(f"{to_sink}email: sink@shop.net\n")
    vault = root / "vault" / "inner"
    vault.mkdir(parents=True)
    (vault / "password").write_text("secret\n")
    (site.config / "accounts" / "other.yaml").write_text(
        f"protocol: smtp\nsmtp: {{host: mail.shop.net, port: 465}}\nusername: a@shop.net\n"
        f"password: {{file: {vault / 'password'}}}\n"
    )
    for path in (site.spool, root / "home"):
        path.mkdir()
        os.chown(path, NOBODY, NOBODY)
    return site


async def still_sends(site: ScratchSite, daemon: RunningDaemon, name: str) -> None:
    site.drop(name)
    os.chown(site.spool / "drop" / name, NOBODY, NOBODY)
    await daemon.until(lambda: site.receipt(name).get("state") == "sent")


def problem_of(daemon: RunningDaemon) -> str:
    """Why the folder could not be read at the last look."""
    looks = [*daemon.events("config_unchanged"), *daemon.events("config_reloaded")]
    return str(max(looks, key=lambda look: str(look["at"])).get("problem") or "")


@pytest.mark.timeout(120)
def test_what_is_closed_neither_ends_the_daemon_nor_stops_other_mail(root: Path) -> None:
    async def scenario() -> None:
        async with ScriptedSmtpServer() as server:
            site = make_site(root, server.port)
            (site.config / ".git").mkdir(mode=0o700)
            ways = [root / "vault", site.config / "accounts", site.config]
            environ = {"HOME": str(root / "home")}
            async with RunningDaemon(site, launcher=LAUNCHER, environ=environ) as daemon:
                await daemon.started()
                await still_sends(site, daemon, "closed-git.eml")
                for number, path in enumerate(ways):
                    path.chmod(0)
                    daemon.send_signal(signal.SIGHUP)
                    if path != root / "vault":
                        await daemon.until(lambda: problem_of(daemon))
                    await still_sends(site, daemon, f"{number}.eml")
                    path.chmod(0o755)
                    await daemon.until(lambda: not problem_of(daemon))  # by an event, well before the next rescan
                    await still_sends(site, daemon, f"{number}-again.eml")
                private = site.config / "accounts" / "sink.yaml"
                private.chmod(0)
                await daemon.until(lambda: daemon.events("file_rejected"))  # by an event again
                (rejected,) = daemon.events("file_rejected")
                assert (rejected["file"], rejected["in_force"]) == (str(private), "last good")
                await still_sends(site, daemon, "private.eml")
                private.chmod(0o644)
                await daemon.until(lambda: daemon.events("config_reloaded")[-1]["clean"])
            for number, path in enumerate(ways):
                path.chmod(0)
                (root / "log").unlink()
                async with RunningDaemon(site, launcher=LAUNCHER, environ=environ) as daemon:
                    await daemon.started()
                    await still_sends(site, daemon, f"restart-{number}.eml")
                    path.chmod(0o755)
                    await daemon.until(lambda: daemon.events("config_reloaded")[-1]["clean"])

    asyncio.run(scenario())
