import asyncio
import io
import json
import os
import signal
import socket
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from maild.cli.run import run as run_command
from maild.cli.status import status as status_command
from maild.daemon.app import run_daemon
from maild.daemon.options import NothingToRunError, RunOptions
from maild.observe.listener import ListenError
from maild.spool.layout import Layout, SpoolLockedError, prepare
from tests.daemon.running import SITE, RunningDaemon, ScratchSite
from tests.fakes.certificates import certificates
from tests.fakes.smtp_server import ScriptedSmtpServer
from tests.observe.test_statusjson import validator

USERS = {"billing@example.com": "secret"}


def sink() -> ScriptedSmtpServer:
    return ScriptedSmtpServer(tls="implicit", certificate=certificates().good, users=USERS)


def subjects(server: ScriptedSmtpServer) -> set[str]:
    lines = (line for one in server.transactions for line in one.data.decode().splitlines())
    return {line.removeprefix("Subject: ") for line in lines if line.startswith("Subject: ")}


def test_a_drop_is_delivered_and_everybody_who_should_know_does(tmp_path: Path) -> None:
    async def scenario() -> None:
        site = ScratchSite.make(tmp_path)
        async with sink() as server:
            site.write_account("billing", server.port)
            async with RunningDaemon(site) as daemon:
                await daemon.started()

                site.drop("a.eml")
                await daemon.until(lambda: site.receipt("a.eml").get("state") == "sent")

                (sent,) = server.transactions
                assert (sent.sender, sent.recipients) == ("billing@example.com", ("bob@example.org",))
                assert sent.is_encrypted
                assert not list((site.spool / "drop").iterdir())
                metrics = await daemon.get("/metrics")
                assert 'maild_delivery_recipients_total{account="billing",verdict="delivered"} 1.0\n' in metrics
                assert "maild_intake_messages_total 1.0\n" in metrics
                assert 'maild_spool_messages{state="queued"} 0.0\n' in metrics
                (attempt,) = daemon.events("attempt_finished")
                assert (attempt["to"], attempt["delivered"], attempt["state"]) == ("*@example.org", 1, "sent")
                assert "secret" not in daemon.log
                # A phase is called like the password, once a probe has come so far.
                assert "secret" not in (await daemon.get("/status")).replace('"phase": "secret"', "")

                daemon.send_signal(signal.SIGTERM)
                assert await daemon.ended() == 0
                assert daemon.events("daemon_stopping")[0]["reason"] == "SIGTERM"
                assert not (site.spool / "daemon.json").exists()

    asyncio.run(scenario())


def test_status_tells_what_runs_and_what_waits_when_nothing_runs(tmp_path: Path) -> None:
    async def scenario() -> None:
        site = ScratchSite.make(tmp_path)
        site.write_account("billing", 1)
        (site.config / "accounts" / "shop.yaml").write_text("protocol: smpt\n")
        async with RunningDaemon(site) as daemon:
            listen = await daemon.started()

            answered = await asyncio.to_thread(call, status_command, site, "--json")
            shown = await asyncio.to_thread(call, status_command, site)

            status = json.loads(answered.output)
            assert list(validator().iter_errors(status)) == []
            assert status["listen"] == [listen]
            # Given as ../spool, and told so that somebody can go there.
            assert daemon.events("daemon_started")[-1]["spool"] == status["spool"]["folder"] == str(site.spool)
            assert [account["name"] for account in status["accounts"]] == ["billing"]
            assert f"on {listen}\n" in shown.output
            assert "shop.yaml: has errors; nothing of it is in force" in shown.output
            assert "account billing (smtp 127.0.0.1:1)" in shown.output

            site.drop("a.eml")
            await daemon.until(lambda: site.receipt("a.eml"))
            daemon.send_signal(signal.SIGINT)
            assert await daemon.ended() == 0
            down = await asyncio.to_thread(call, status_command, site)
            assert down.exit_code == 1
            assert down.output == (
                f"No daemon runs on the spool {site.spool}; what is dropped or queued there waits.\n"
                "The queue: 1 queued\n"
            )

    asyncio.run(scenario())


def call(command: click.Command, site: ScratchSite, *arguments: str) -> Result:
    """Run a command in this process; its return value is the exit status, as `maild` itself has it."""
    result = CliRunner().invoke(command, ["--config", str(site.config), *arguments], standalone_mode=False)
    if isinstance(result.return_value, int):
        result.exit_code = result.return_value
    return result


def test_an_edit_is_applied_a_broken_one_is_not_and_a_signal_makes_it_sooner(tmp_path: Path) -> None:
    async def scenario() -> None:
        site = ScratchSite.make(tmp_path, SITE + "reload: {settle: 0.1s, rescan: 1h}\n")
        async with sink() as server, sink() as second:
            site.write_account("billing", server.port)
            async with RunningDaemon(site) as daemon:
                await daemon.started()
                billing = site.config / "accounts" / "billing.yaml"
                good = billing.read_text()

                billing.write_text(good.replace("port", "prot"))
                await daemon.until(lambda: daemon.events("file_rejected"))
                assert 'maild_config_files{state="last_good"} 1.0\n' in await daemon.get("/metrics")
                assert "maild_config_last_reload_successful 0.0\n" in await daemon.get("/metrics")
                site.drop("a.eml")
                await daemon.until(lambda: site.receipt("a.eml").get("state") == "sent")
                assert subjects(server) == {"a.eml"}

                site.write_account("billing", second.port)
                await daemon.until(lambda: len(daemon.events("file_accepted")) == 3)
                site.drop("b.eml")
                await daemon.until(lambda: site.receipt("b.eml").get("state") == "sent")
                assert subjects(second) == {"b.eml"}
                assert "maild_config_last_reload_successful 1.0\n" in await daemon.get("/metrics")
                assert "maild_config_generation 3.0\n" in await daemon.get("/metrics")

                (site.config / "maild.yaml").write_text(SITE + "reload: {settle: 1m, rescan: 1h}\n")
                await daemon.until(lambda: len(daemon.events("file_accepted")) == 4)
                site.write_account("shop", server.port)
                daemon.send_signal(signal.SIGHUP)
                await daemon.until(lambda: daemon.events("config_reloaded")[-1]["trigger"] == "signal")
                assert daemon.events("file_accepted")[-1]["file"].endswith("shop.yaml")

    asyncio.run(scenario())


def test_the_service_manager_hears_of_every_turn(tmp_path: Path) -> None:
    async def scenario() -> None:
        site = ScratchSite.make(tmp_path)
        site.write_account("billing", 1)
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
            manager.bind(str(tmp_path / "notify"))
            manager.settimeout(0)
            loop = asyncio.get_running_loop()
            environ = {"NOTIFY_SOCKET": str(tmp_path / "notify"), "WATCHDOG_USEC": "1000000"}
            async with RunningDaemon(site, environ=environ) as daemon, asyncio.timeout(20):
                ready = (await loop.sock_recv(manager, 4096)).decode()
                assert ready.startswith("READY=1\nSTATUS=generation 1, 1 account; 0 messages waiting; listening on 127")
                assert (await loop.sock_recv(manager, 4096)) == b"WATCHDOG=1"

                daemon.send_signal(signal.SIGHUP)
                heard = [await loop.sock_recv(manager, 4096) for _ in range(2)]
                heard = [message for message in heard if message != b"WATCHDOG=1"]
                while len(heard) < 2:
                    heard.append(await loop.sock_recv(manager, 4096))
                assert heard[0].startswith(b"RELOADING=1\nMONOTONIC_USEC=")
                assert heard[1].startswith(b"READY=1\n")

                daemon.send_signal(signal.SIGTERM)
                while not (message := await loop.sock_recv(manager, 4096)).startswith(b"STOPPING=1"):
                    assert message == b"WATCHDOG=1"
                assert await daemon.ended() == 0

    asyncio.run(scenario())


def test_once_drains_the_spool_and_says_whether_something_is_left(tmp_path: Path) -> None:
    site = ScratchSite.make(tmp_path)

    async def drain(server: ScriptedSmtpServer) -> int:
        site.write_account("billing", server.port)
        log = io.StringIO()
        return await run_daemon(RunOptions(config=site.config, environ={}, home=tmp_path, log=log, is_once=True))

    async def scenario() -> None:
        for name in ("a.eml", "b.eml"):
            site.drop(name)
        async with sink() as server:
            assert await drain(server) == 0
            assert subjects(server) == {"a.eml", "b.eml"}
        site.drop("c.eml")
        async with ScriptedSmtpServer(tls="implicit", certificate=certificates().good, banner="421 busy") as server:
            assert await drain(server) == 1
        assert site.receipt("c.eml")["state"] == "queued"

    asyncio.run(scenario())


def test_without_a_usable_account_nothing_starts_and_the_reasons_are_shown(tmp_path: Path) -> None:
    site = ScratchSite.make(tmp_path)
    (site.config / "accounts" / "billing.yaml").write_text("protocol: smpt\n")

    result = call(run_command, site)

    assert isinstance(result.exception, NothingToRunError)
    assert result.exception.exit_status == 78
    assert str(result.exception).startswith("There is no account in ")
    assert "error[ML204] invalid-choice\n" in result.output
    assert not site.spool.exists()


def test_with_a_broken_maild_yaml_nothing_starts_since_the_spool_may_be_elsewhere(tmp_path: Path) -> None:
    site = ScratchSite.make(tmp_path, "spool: 3\n")
    site.write_account("billing", 1)

    result = call(run_command, site)

    assert isinstance(result.exception, NothingToRunError)
    assert "maild.yaml has errors, so it cannot be told where the spool is" in str(result.exception)


def test_a_taken_port_is_known_before_anything_is_sent(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        place = f"127.0.0.1:{taken.getsockname()[1]}"
        site = ScratchSite.make(tmp_path, SITE.replace("127.0.0.1:0", place))
        site.write_account("billing", 1)

        result = call(run_command, site)

    assert isinstance(result.exception, ListenError)
    assert str(result.exception).startswith(f"web.listen: {place} is in use by another program")


def test_a_spool_belongs_to_one_daemon(tmp_path: Path) -> None:
    site = ScratchSite.make(tmp_path)
    site.write_account("billing", 1)
    with prepare(Layout(site.spool)):
        result = call(run_command, site)

    assert isinstance(result.exception, SpoolLockedError)
    assert result.exception.pid == os.getpid()


@pytest.mark.parametrize("arguments", [["--url", "nonsense://x"], ["--url", "127.0.0.1"]])
def test_a_place_that_means_nothing_is_wrong_usage(tmp_path: Path, arguments: list[str]) -> None:
    site = ScratchSite.make(tmp_path)

    result = call(status_command, site, *arguments)

    assert "is no place to ask" in str(result.exception)
