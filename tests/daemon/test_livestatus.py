import asyncio
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Self

import pytest

from maild.config.model import Account, HttpSettings
from maild.daemon.announce import Announcer
from maild.daemon.configloop import ConfigLoop
from maild.daemon.configports import ConfigPorts
from maild.daemon.heartbeat import Heartbeat
from maild.daemon.livestatus import LiveStatus, server_of
from maild.daemon.memory import Memory
from maild.daemon.notify import Notifier
from maild.daemon.statusports import StatusPorts
from maild.mail.phase import Phase
from maild.mail.reply import Reply
from maild.mail.verdict import Deferred, Fault
from maild.observe.events import Event, Reloaded
from maild.observe.status import CanaryStatus, FileStanding, Health, OldestMessage, Status
from maild.probe.events import LoginSuspended, ProbeFinished
from maild.spool.events import IntakePaused, IntakeResumed
from maild.spool.layout import Layout
from maild.spool.queue import AttemptRecord, MessageState, QueueError
from tests.daemon.running import until
from tests.daemon.test_reload import BROKEN, account
from tests.daemon.test_wiring import LOGIN, World, opened
from tests.fakes.clock import FakeClock
from tests.fakes.memory_queue import MemoryQueue
from tests.observe.values import probe
from tests.spool.messages import ANNA, NOW, make_arrival, make_id


class Scene:
    """A status source over a real folder and a queue in memory."""

    def __init__(
        self,
        root: Path,
        emit: Callable[[Event], None] = lambda event: None,
        on_lag: Callable[[float], None] = lambda seconds: None,
    ) -> None:
        self.root = root
        self.spool = root.parent / "spool"
        self.spool.mkdir()
        self.turned_at_s: float | None = None
        self.emit = emit
        self.on_lag = on_lag
        (root / "accounts").mkdir(parents=True)
        (root / "accounts" / "billing.yaml").write_text(account())
        self.clock = FakeClock(NOW)
        self.queue = MemoryQueue()
        self.memory = Memory()
        self.delivery = World().snapshot()
        self.running = {"engine", "intake"}
        self.canary: dict[str, CanaryStatus] = {}
        self.heartbeat = Heartbeat(on_lag=lambda seconds: None, ping=lambda: None, watchdog_s=None)

    async def __aenter__(self) -> Self:
        self.config = ConfigLoop(
            ConfigPorts(
                folder=self.root,
                clock=self.clock,
                emit=self.emit,
                apply=lambda generation: None,
                has_canary=True,
                on_lag=self.on_lag,
            )
        )
        await self.config.start()
        self.source = LiveStatus(
            StatusPorts(
                clock=self.clock,
                pid=7,
                started_at=NOW,
                layout=Layout(self.spool),
                queue=self.queue,
                config=self.config,
                memory=self.memory,
                heartbeat=self.heartbeat,
                snapshot=lambda: self.delivery,
                trouble=lambda: self.delivery.trouble,
                is_running=self.running.__contains__,
                places=lambda: ("127.0.0.1:9725",),
                canary=self.canary.get,
                turned_at_s=lambda: self.turned_at_s,
                web_problem=lambda: "",
                vital_tasks=("intake",),
            )
        )
        return self

    async def __aexit__(self, *exception: object) -> None:
        await self.config.stop()

    async def reread(self) -> None:
        """Let the folder be looked at once more."""
        before = self.config.generation
        self.config.ask()
        task = asyncio.create_task(self.config.run())
        await until(lambda: self.config.generation is not before)
        task.cancel()

    async def status(self) -> Status:
        return await self.source.status(asks_git=True)


def unmet(health: Health) -> list[tuple[str, str]]:
    return [(one.name, one.detail) for one in (*health.alive, *health.ready) if not one.is_met]


def test_ready_is_an_account_a_queue_an_open_intake_and_a_first_probe(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with Scene(tmp_path / "configs") as scene:
            assert unmet(scene.source.health()) == [("probes", "0 of 1 accounts probed")]

            scene.memory.on_event(ProbeFinished(result=probe()))
            assert unmet(scene.source.health()) == []

            scene.memory.on_event(IntakePaused(reason="no_space", detail="the disk is full"))
            scene.delivery = replace(World().snapshot(), trouble="disk I/O error")
            scene.running.remove("engine")
            assert unmet(scene.source.health()) == [
                ("engine", "not running"),
                ("queue", "disk I/O error"),
                ("intake", "the disk is full"),
            ]

    asyncio.run(scenario())


def test_a_dead_provider_does_not_keep_it_from_being_ready_for_long(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with Scene(tmp_path / "configs") as scene:
            scene.clock.advance(10)
            assert scene.source.health().is_ready

    asyncio.run(scenario())


def test_an_engine_that_looks_for_no_work_is_not_alive_unless_its_storage_fails(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with Scene(tmp_path / "configs") as scene:
            scene.turned_at_s = asyncio.get_running_loop().time() - 1
            assert scene.source.health().is_healthy
            scene.turned_at_s -= 120
            assert unmet(scene.source.health())[0] == ("engine", "looked for work 121.0 s ago")
            assert not scene.source.health().is_healthy
            scene.delivery = replace(World().snapshot(), trouble="disk I/O error")
            assert scene.source.health().is_healthy
            (words,) = [one.detail for one in scene.source.health().alive if one.name == "engine"]
            assert words == "looked for work 121.0 s ago; disk I/O error"

    asyncio.run(scenario())


def test_a_spool_that_cannot_be_written_to_is_not_ready(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with Scene(tmp_path / "configs") as scene:
            scene.spool.rmdir()
            assert ("spool", f"{scene.spool} cannot be used: No such file or directory") in unmet(scene.source.health())
            assert scene.source.health().is_healthy

    asyncio.run(scenario())


def test_a_loop_that_does_not_beat_is_not_alive(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with Scene(tmp_path / "configs") as scene:
            scene.heartbeat.last_beat_s = asyncio.get_running_loop().time() - 11
            ((name, _),) = unmet(scene.source.health())[:1]
            assert name == "event loop"
            assert not scene.source.health().is_healthy

    asyncio.run(scenario())


def test_the_status_shows_files_accounts_and_the_queue(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with Scene(tmp_path / "configs") as scene:
            await scene.queue.accept([make_arrival(1, received_at=NOW - timedelta(hours=1)), make_arrival(2)])
            scene.delivery = World(opened(LOGIN)).snapshot()
            scene.memory.on_event(LoginSuspended(account="billing", detail="535"))

            status = await scene.status()

            assert (status.pid, status.listen, status.probe_interval_s) == (7, ("127.0.0.1:9725",), 300.0)
            assert status.spool.messages[MessageState.QUEUED] == 2
            oldest = status.spool.oldest
            assert oldest is not None
            assert (oldest.received_at, oldest.detail) == (NOW - timedelta(hours=1), "")
            (shown,) = status.accounts
            assert (shown.name, shown.protocol, shown.server) == ("billing", "smtp", "smtp.example.com:465")
            assert (shown.breaker and shown.breaker.detail, shown.login_suspended) == ("535", "535")
            (file,) = status.config.files
            assert (file.standing, file.generation) == (FileStanding.ACCEPTED, 1)

    asyncio.run(scenario())


def test_the_oldest_message_says_what_came_of_its_last_attempt(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with Scene(tmp_path / "configs") as scene:
            await scene.queue.accept([make_arrival(1, account="billing")])
            later = NOW + timedelta(minutes=5)
            (leased,) = await scene.queue.lease([make_id(1)], now=NOW, next_at=later)
            sending = (await scene.status()).spool.oldest
            verdict = Deferred(fault=Fault.RECIPIENT, phase=Phase.RCPT, reason="full", reply=Reply.of(452, "full"))
            record = AttemptRecord(
                id=leased.message.id,
                account="shop",
                verdicts={ANNA: verdict},
                next_state=MessageState.QUEUED,
                next_at=later,
                finished_at=NOW,
                is_charged=True,
            )
            await scene.queue.record([record])

            queued = (await scene.status()).spool.oldest

            assert sending is not None
            assert (sending.account, sending.detail, sending.next_at) == ("billing", "", None)
            assert queued == OldestMessage(
                id=make_id(1), received_at=NOW, account="shop", detail="full (452 full)", next_at=later
            )

    asyncio.run(scenario())


def test_rejected_files_and_settings_for_the_next_start_are_shown(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with Scene(tmp_path / "configs") as scene:
            (scene.root / "accounts" / "billing.yaml").write_text(BROKEN)
            (scene.root / "accounts" / "shop.yaml").write_text(BROKEN)
            (scene.root / "maild.yaml").write_text('web: {listen: "127.0.0.1:1"}\nspool: {path: elsewhere}\n')
            await scene.reread()

            config = (await scene.status()).config

            standings = {Path(file.file).name: (file.standing, file.generation) for file in config.files}
            assert standings == {
                "billing.yaml": (FileStanding.LAST_GOOD, 1),
                "shop.yaml": (FileStanding.REJECTED, None),
                "maild.yaml": (FileStanding.ACCEPTED, 2),
            }
            assert config.pending_restart == ("spool.path", "web.listen")
            assert not config.is_clean

    asyncio.run(scenario())


def test_each_file_names_the_commit_that_its_version_in_force_comes_from(tmp_path: Path) -> None:
    first, second, linked = "a" * 40, "b" * 40, "c" * 40
    root = tmp_path / "tree" / "configs"

    def check_out(tree: Path, commit: str) -> None:
        (tree / ".git").mkdir(parents=True, exist_ok=True)
        (tree / ".git" / "HEAD").write_text(f"{commit}\n")

    async def commits(scene: Scene) -> dict[str, str | None]:
        return {Path(file.file).stem: file.commit for file in (await scene.status()).config.files}

    async def scenario() -> None:
        check_out(tmp_path / "tree", first)
        scene = Scene(root)
        (root / "maild.yaml").write_text("reload: {settle: 0.05s, rescan: 1h}\n")
        async with scene:
            check_out(tmp_path / "tree", second)
            (root / "accounts" / "billing.yaml").write_text(BROKEN)
            (root / "accounts" / "new.yaml").write_text(BROKEN)
            (root / "accounts" / "shop.yaml").write_text(account())
            await scene.reread()
            assert await commits(scene) == {"billing": first, "maild": first, "new": None, "shop": second}

            # The accounts come from a work tree of their own from now on.
            check_out(tmp_path / "other", linked)
            (root / "accounts").rename(tmp_path / "other" / "accounts")
            (root / "accounts").symlink_to(tmp_path / "other" / "accounts")
            (root / "accounts" / "shop.yaml").write_text(account("mail.example.org"))
            await scene.reread()
            assert await commits(scene) == {"billing": first, "maild": first, "new": None, "shop": linked}

    asyncio.run(scenario())


@pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")
def test_an_edit_that_is_committed_after_it_was_accepted_is_from_the_later_commit(tmp_path: Path) -> None:
    root = tmp_path / "configs"

    def git(*arguments: str) -> str:
        who = ("-c", "user.name=t", "-c", "user.email=t@t.example", "-c", "commit.gpgsign=false")
        done = subprocess.run(["git", *who, *arguments], cwd=root, check=True, capture_output=True, text=True)
        return done.stdout.strip()

    async def told(scene: Scene) -> dict[str, tuple[str | None, bool | None]]:
        return {Path(file.file).stem: (file.commit, file.is_dirty) for file in (await scene.status()).config.files}

    async def scenario() -> None:
        scene = Scene(root)
        (root / "maild.yaml").write_text("reload: {settle: 0.05s, rescan: 1h}\n")
        for arguments in (("init", "-q"), ("add", "."), ("commit", "-q", "-m", "one")):
            git(*arguments)
        first = git("rev-parse", "HEAD")
        async with scene:
            (root / "accounts" / "billing.yaml").write_text(account("mail.example.org"))
            await scene.reread()
            assert await told(scene) == {"billing": (first, True), "maild": (first, False)}

            git("commit", "-q", "-a", "-m", "two")
            second = git("rev-parse", "HEAD")
            assert await told(scene) == dict.fromkeys(("billing", "maild"), (second, False))

            (root / "accounts" / "billing.yaml").write_text(BROKEN)
            git("commit", "-q", "-a", "-m", "broken")
            await scene.reread()
            assert (await told(scene))["billing"] == (second, False)

    asyncio.run(scenario())


def test_a_queue_in_trouble_is_a_problem_in_the_answer(tmp_path: Path) -> None:
    class Broken(MemoryQueue):
        async def counts(self) -> dict[MessageState, int]:
            raise QueueError("disk I/O error")

    async def scenario() -> None:
        scene = Scene(tmp_path / "configs")
        scene.queue = Broken()
        async with scene:
            spool = (await scene.status()).spool
            assert (spool.problem, spool.messages, spool.oldest) == ("disk I/O error", {}, None)

    asyncio.run(scenario())


def test_of_an_http_service_only_the_host_is_shown() -> None:
    account_ = Account(name="http", transport=HttpSettings(url="https://mail.example/send?key=secret"))

    assert server_of(account_) == "mail.example"


def test_the_service_manager_reads_what_is_in_force(tmp_path: Path) -> None:
    class Noting(Notifier):
        def _send(self, message: str) -> None:
            sent.append(message)

    sent: list[str] = []

    async def scenario() -> None:
        async with Scene(tmp_path / "configs") as scene:
            announcer = Announcer(Noting(None), scene.config, lambda: 0, ("127.0.0.1:1",))
            announcer.ready()
            (scene.root / "accounts" / "billing.yaml").write_text(BROKEN)
            await scene.reread()
            announcer.on_event(IntakeResumed())
            announcer.on_event(reloaded("event", has_changed=False))
            announcer.on_event(reloaded("signal", has_changed=False))
            announcer.on_event(reloaded("rescan", has_changed=True))
            announcer.reloading()
            announcer.on_event(reloaded("signal", has_changed=False))

    asyncio.run(scenario())
    sent[2] = sent[2].partition("\nMONOTONIC_USEC=")[0]
    broken = "some files are in force in an older version or not at all: see maild status"
    assert sent == [
        "READY=1\nSTATUS=generation 1, 1 account; 0 messages waiting; listening on 127.0.0.1:1",
        f"STATUS=generation 2, 1 account; {broken}; 0 messages waiting; listening on 127.0.0.1:1",
        "RELOADING=1",
        f"READY=1\nSTATUS=generation 2, 1 account; {broken}; 0 messages waiting; listening on 127.0.0.1:1",
    ]


def test_without_a_port_the_service_manager_reads_of_none(tmp_path: Path) -> None:
    class Noting(Notifier):
        def _send(self, message: str) -> None:
            sent.append(message)

    sent: list[str] = []

    async def scenario() -> None:
        async with Scene(tmp_path / "configs") as scene:
            Announcer(Noting(None), scene.config, lambda: 0, ()).ready()

    asyncio.run(scenario())
    assert sent == ["READY=1\nSTATUS=generation 1, 1 account; 0 messages waiting"]


def reloaded(trigger: str, *, has_changed: bool) -> Reloaded:
    return Reloaded(generation=2, trigger=trigger, has_changed=has_changed, is_clean=True, seconds=0.1, finished_at=NOW)


def test_a_file_that_is_held_back_says_how_far_its_try_is(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with Scene(tmp_path / "configs") as scene:
            (scene.root / "maild.yaml").write_text("reload: {canary: true}\n")
            await scene.reread()
            (scene.root / "accounts" / "billing.yaml").write_text(account("mail.example.org"))
            await scene.reread()
            (held,) = (file for file in (await scene.status()).config.files if file.file.endswith("billing.yaml"))
            assert (held.standing, held.canary) == (
                FileStanding.LAST_GOOD,
                CanaryStatus(tries=0, untold=0, next_at=None),
            )

            known = CanaryStatus(tries=2, untold=1, next_at=NOW)
            scene.canary[held.file] = known
            (held,) = (file for file in (await scene.status()).config.files if file.file.endswith("billing.yaml"))
            assert held.canary == known

    asyncio.run(scenario())
