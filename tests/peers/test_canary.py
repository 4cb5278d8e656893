"""The real daemon tries a changed account before it uses it, while mail goes on through the version before."""

import asyncio
import json
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.daemon.running import RunningDaemon, ScratchSite
from tests.fakes.certificates import certificates
from tests.fakes.dns_server import DnsServer
from tests.fakes.smtp_server import ScriptedSmtpServer

SITE = """\
spool: {{path: ../spool}}
web: {{listen: "127.0.0.1:0"}}
dns: {{resolvers: ["{dns}"]}}
reload: {{canary: true}}
log: {{format: json, level: debug}}
"""
NAME = "billing@example.com"


async def standing(daemon: RunningDaemon) -> dict[str, Any]:
    """How the account's file stands, by the daemon's own port."""
    files = json.loads(await daemon.get("/status"))["config"]["files"]
    (found,) = (file for file in files if file["file"].endswith("/billing.yaml"))
    assert isinstance(found, dict)
    return found


async def until(daemon: RunningDaemon, is_true: Callable[[dict[str, Any]], object]) -> dict[str, Any]:
    async with asyncio.timeout(20):
        while not is_true(found := await standing(daemon)):  # noqa: ASYNC110 -- a real process, which sets no event
            await asyncio.sleep(0.05)
    return found


async def drop(site: ScratchSite, server: ScriptedSmtpServer, name: str) -> None:
    """A message that arrives at this server and nowhere else."""
    before = len(server.transactions)
    site.drop(name)
    await server.until(lambda: len(server.transactions) > before)


@pytest.mark.timeout(120)
def test_a_changed_account_is_used_when_it_has_proved_itself_and_no_mail_waits_for_that(tmp_path: Path) -> None:
    async def scenario() -> None:
        tls = certificates().good
        async with (
            DnsServer() as dns,
            ScriptedSmtpServer(tls="implicit", certificate=tls, users={NAME: "secret"}) as old,
            ScriptedSmtpServer(tls="implicit", certificate=tls, users={NAME: "another"}) as new,
        ):
            site = ScratchSite.make(tmp_path, SITE.format(dns=dns.address))
            site.write_account("billing", old.port)
            async with RunningDaemon(site) as daemon:
                await daemon.started()
                await refused(site, daemon, old, new)
                await mended(site, daemon, new)
                await edited_back_and_forth(site, daemon, old, new)
                assert all(state == "sent" for state in site.states())

    asyncio.run(scenario())


async def refused(site: ScratchSite, daemon: RunningDaemon, old: ScriptedSmtpServer, new: ScriptedSmtpServer) -> None:
    await drop(site, old, "first.eml")
    site.write_account("billing", new.port)
    found = await until(daemon, lambda file: file["canary"] and file["canary"]["state"] == "failed")
    (diagnostic,) = found["diagnostics"]
    assert (found["standing"], diagnostic["code"], diagnostic["line"]) == ("last_good", "ML909", 3)
    assert new.logins == [("PLAIN", False)]
    metrics = await daemon.get("/metrics")
    assert 'maild_config_canary_files{state="failed"} 1.0' in metrics
    assert "maild_breaker_open" in metrics
    assert 'maild_breaker_open{account="billing"} 0.0' in metrics
    await drop(site, old, "second.eml")
    assert [event["file"].rpartition("/")[2] for event in daemon.events("file_rejected")] == ["billing.yaml"]


async def mended(site: ScratchSite, daemon: RunningDaemon, new: ScriptedSmtpServer) -> None:
    """The password is put right; the account's file is not touched."""
    (site.config / "accounts" / "password").write_text("another\n")
    found = await until(daemon, lambda file: file["standing"] == "accepted")
    assert (found["canary"], found["diagnostics"]) == (None, [])
    assert new.logins[:2] == [("PLAIN", False), ("PLAIN", True)]
    await drop(site, new, "third.eml")


async def edited_back_and_forth(
    site: ScratchSite, daemon: RunningDaemon, old: ScriptedSmtpServer, new: ScriptedSmtpServer
) -> None:
    """A dead port is never used, and a signal has it tried again at once."""
    async with ScriptedSmtpServer(tls="implicit", certificate=certificates().good) as gone:
        port = gone.port
    site.write_account("billing", port)
    (site.config / "accounts" / "password").write_text("another\n")
    await until(daemon, lambda file: file["canary"] and file["canary"]["state"] == "failed")
    await drop(site, new, "fourth.eml")
    async with ScriptedSmtpServer(tls="implicit", certificate=certificates().good, users={NAME: "another"}, port=port):
        daemon.send_signal(signal.SIGHUP)
        await until(daemon, lambda file: file["standing"] == "accepted")
    assert len(old.transactions) == 2
