import asyncio
import shutil
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path

import pytest

from maild.clock import SystemClock
from maild.daemon.configloop import ConfigLoop
from maild.daemon.configports import ConfigPorts
from maild.daemon.reloading import ReloadCommand
from maild.observe.events import (
    ChangesMissed,
    CredentialsChanged,
    Event,
    FileGone,
    FileRejected,
    Reloaded,
    RestartPending,
    WatchOverflowed,
    WatchRebuilt,
)
from maild.watch.hint import Hint
from maild.watch.scan import FolderUnreadableError
from tests.daemon.running import until
from tests.daemon.test_reload import BROKEN, account
from tests.fakes.clock import FakeClock

SITE = "reload: {settle: 0.05s, rescan: 1h}\n"


class Watched:
    """A real folder under the eyes of a real loop."""

    def __init__(self, root: Path, site: str = SITE) -> None:
        self.root = root
        (root / "accounts").mkdir(parents=True)
        (root / "maild.yaml").write_text(site)
        self.write("billing", account())
        self.clock = FakeClock(SystemClock().now())
        self.events: list[Event] = []
        self.applied: list[object] = []
        self.loop = ConfigLoop(
            ConfigPorts(folder=root, clock=self.clock, emit=self.events.append, apply=self.applied.append)
        )

    def write(self, name: str, text: str) -> None:
        """At once: a look in the middle of a write would find half of it, and count."""
        replace_file(self.root / "accounts" / f"{name}.yaml", text)

    @property
    def hosts(self) -> dict[str, str]:
        """What is in force: account to host."""
        accounts = self.loop.generation.accounts.values()
        return {one.name: getattr(one.transport, "host", "") for one in accounts}

    def of(self, kind: type[Event]) -> list[Event]:
        return [event for event in self.events if isinstance(event, kind)]


def replace_file(path: Path, text: str) -> None:
    hidden = path.with_name(f".{path.name}.tmp")
    hidden.write_text(text)
    hidden.replace(path)


def watching(watched: Watched, scenario: Callable[[], Awaitable[None]]) -> None:
    async def run() -> None:
        await watched.loop.start()
        task = asyncio.create_task(watched.loop.run())
        try:
            await scenario()
        finally:
            task.cancel()
            await watched.loop.stop()

    asyncio.run(run())


def test_the_first_look_applies_what_is_there_before_it_is_told(tmp_path: Path) -> None:
    watched = Watched(tmp_path / "configs")

    async def scenario() -> None:
        assert watched.hosts == {"billing": "smtp.example.com"}
        assert watched.applied == [watched.loop.generation]
        assert watched.loop.last_success_at is not None
        last = watched.events[-1]
        assert isinstance(last, Reloaded)
        assert (last.generation, last.trigger, last.has_changed, last.is_clean) == (1, "start", True, True)

    watching(watched, scenario)


def test_without_a_folder_there_is_no_start(tmp_path: Path) -> None:
    ports = ConfigPorts(
        folder=tmp_path / "nowhere", clock=SystemClock(), emit=lambda event: None, apply=lambda generation: None
    )

    async def scenario() -> None:
        loop = ConfigLoop(ports)
        with pytest.raises(FolderUnreadableError, match="is not there"):
            await loop.start()
        await loop.stop()

    asyncio.run(scenario())


def test_an_edit_is_in_force_a_moment_after_it(tmp_path: Path) -> None:
    watched = Watched(tmp_path / "configs")

    async def scenario() -> None:
        watched.write("billing", account("mail.example.org"))
        await until(lambda: watched.hosts == {"billing": "mail.example.org"})
        assert watched.applied[-1] is watched.loop.generation

    watching(watched, scenario)


def test_a_broken_edit_changes_nothing_in_force_and_the_loop_goes_on(tmp_path: Path) -> None:
    watched = Watched(tmp_path / "configs")

    async def scenario() -> None:
        watched.write("billing", BROKEN)
        await until(lambda: watched.of(FileRejected))
        assert watched.hosts == {"billing": "smtp.example.com"}
        assert not watched.loop.generation.is_clean
        watched.write("billing", account("mail.example.org"))
        await until(lambda: watched.hosts == {"billing": "mail.example.org"})

    watching(watched, scenario)


def test_while_git_is_at_work_nothing_is_read(tmp_path: Path) -> None:
    watched = Watched(tmp_path / "configs")
    lock = tmp_path / ".git" / "index.lock"
    lock.parent.mkdir()

    async def scenario() -> None:
        lock.touch()
        watched.write("billing", account("mail.example.org"))
        # What comes of it is the agenda's, which is tested without a clock.
        assert (await watched.loop._circumstances()).is_git_busy
        lock.unlink()
        assert not (await watched.loop._circumstances()).is_git_busy
        await until(lambda: watched.hosts == {"billing": "mail.example.org"})

    watching(watched, scenario)


def test_a_removed_file_is_gone_after_a_second_look_or_at_once_when_asked(tmp_path: Path) -> None:
    watched = Watched(tmp_path / "configs")
    watched.write("shop", account())

    async def scenario() -> None:
        (watched.root / "accounts" / "shop.yaml").unlink()
        await until(lambda: len(watched.of(Reloaded)) >= 2)
        first_look = watched.events.index(watched.of(Reloaded)[1])
        assert not [event for event in watched.events[:first_look] if isinstance(event, FileGone)]
        watched.loop.ask()
        # The file is told gone before the reload that leaves it out is told done: wait for that.
        await until(
            lambda: [one for one in watched.of(Reloaded) if isinstance(one, Reloaded) and one.trigger == "signal"]
        )
        assert watched.of(FileGone)
        assert sorted(watched.hosts) == ["billing"]

    watching(watched, scenario)


def test_a_missing_file_is_looked_for_again_without_any_event(tmp_path: Path) -> None:
    watched = Watched(tmp_path / "configs")
    watched.write("shop", account())

    async def scenario() -> None:
        (watched.root / "accounts" / "shop.yaml").unlink()
        await until(lambda: watched.of(FileGone))
        assert sorted(watched.hosts) == ["billing"]

    watching(watched, scenario)


def test_a_rescan_finds_what_no_event_told_and_that_is_counted(tmp_path: Path) -> None:
    watched = Watched(tmp_path / "configs", "reload: {settle: 0.05s, rescan: 1s}\n")

    async def scenario() -> None:
        # Blind from here to the next look, as a watcher is whose thread died.
        await watched.loop._watch.stop()
        watched.write("billing", account("mail.example.org"))
        await until(lambda: len(watched.of(Reloaded)) >= 2)
        assert watched.hosts == {"billing": "mail.example.org"}
        reloads = [event.trigger for event in watched.events if isinstance(event, Reloaded)]
        assert reloads[1] == "rescan"
        assert watched.of(ChangesMissed) == [ChangesMissed(files=1)]
        assert len(watched.of(WatchRebuilt)) == 1

    watching(watched, scenario)


def test_a_clock_that_jumps_neither_hides_an_edit_nor_brings_one(tmp_path: Path) -> None:
    watched = Watched(tmp_path / "configs")

    async def scenario() -> None:
        for number, days in enumerate((365, -800, 30)):
            watched.clock.advance(days * 86400)
            watched.write("billing", account(f"mail-{number}.example.org"))
            await until(partial(lambda host: watched.hosts == {"billing": host}, f"mail-{number}.example.org"))
            await watched.loop.reload()
        assert watched.loop.generation.number == 4

    watching(watched, scenario)


def test_a_changed_password_file_is_told_and_one_that_was_only_read_is_not(tmp_path: Path) -> None:
    watched = Watched(tmp_path / "configs")
    watched.write("billing", account().replace("{env: PASSWORD}", f"{{file: {tmp_path}/secret/password}}"))
    (tmp_path / "secret").mkdir()
    password = tmp_path / "secret" / "password"
    password.write_text("one")

    async def scenario() -> None:
        password.read_text()
        # The folder of the secret is watched from the look after the one that found it.
        await watched.loop.reload()
        assert watched.of(CredentialsChanged) == []
        replace_file(password, "two")
        await until(lambda: watched.of(CredentialsChanged))
        assert watched.of(CredentialsChanged) == [CredentialsChanged(accounts=("billing",))]
        assert watched.loop.generation.number == 1

    watching(watched, scenario)


def test_what_waits_for_a_restart_is_told_once(tmp_path: Path) -> None:
    watched = Watched(tmp_path / "configs")

    async def scenario() -> None:
        for listen in ("127.0.0.1:1", "127.0.0.1:2"):
            (watched.root / "maild.yaml").write_text(f'{SITE}web: {{listen: "{listen}"}}\n')
            await watched.loop.reload()
        assert watched.of(RestartPending) == [RestartPending(settings=("web.listen",))]
        (watched.root / "maild.yaml").write_text(SITE)
        assert (await watched.loop.reload()).pending_restart == ()

    watching(watched, scenario)


def test_the_command_to_reload_answers_with_what_came_of_it(tmp_path: Path) -> None:
    watched = Watched(tmp_path / "configs")
    command = ReloadCommand(watched.loop)

    async def scenario() -> None:
        is_allowed = [command.is_allowed]
        (watched.root / "maild.yaml").write_text("reload: {http: true, settle: 0.05s, rescan: 1h}\n")
        watched.write("shop", BROKEN)
        answer = await command.reload()
        is_allowed.append(command.is_allowed)
        assert is_allowed == [False, True]
        assert (answer.generation, answer.is_clean, answer.problem) == (2, False, "")
        assert {one.location.file for one in answer.diagnostics if one.location is not None} == {
            str(watched.root / "accounts" / "shop.yaml")
        }
        (watched.root / "accounts" / "shop.yaml").unlink()
        answers = await asyncio.gather(command.reload(), command.reload())
        assert [(one.generation, one.is_clean) for one in answers] == [(3, True), (3, True)]
        watched.root.rename(tmp_path / "away")
        assert "is not there" in (await command.reload()).problem

    watching(watched, scenario)


def test_dropped_events_are_told_and_followed_by_a_look_at_everything(tmp_path: Path) -> None:
    watched = Watched(tmp_path / "configs")

    async def scenario() -> None:
        watched.loop._watch._hear(Hint(has_lost=True))
        await until(lambda: len(watched.of(Reloaded)) >= 2)
        assert watched.of(WatchOverflowed) == [WatchOverflowed(folder=str(watched.root))]

    watching(watched, scenario)


def test_a_folder_that_is_replaced_is_watched_anew(tmp_path: Path) -> None:
    watched = Watched(tmp_path / "configs")

    async def scenario() -> None:
        watched.root.rename(tmp_path / "old")
        await until(lambda: watched.loop.problem)
        assert watched.hosts == {"billing": "smtp.example.com"}
        last = watched.events[-1]
        assert isinstance(last, Reloaded)
        assert not last.is_clean
        shutil.copytree(tmp_path / "old", tmp_path / "new")
        (tmp_path / "new").rename(watched.root)
        await until(lambda: not watched.loop.problem)
        assert watched.of(WatchRebuilt)
        watched.write("billing", account("mail.example.org"))
        await until(lambda: watched.hosts == {"billing": "mail.example.org"})

    watching(watched, scenario)


def test_a_release_link_that_is_swapped_brings_the_new_release(tmp_path: Path) -> None:
    Watched(tmp_path / "releases" / "1")
    Watched(tmp_path / "releases" / "2").write("billing", account("mail.example.org"))
    root = tmp_path / "configs"
    root.symlink_to("releases/1")
    events: list[Event] = []
    loop = ConfigLoop(ConfigPorts(folder=root, clock=SystemClock(), emit=events.append, apply=lambda generation: None))

    async def scenario() -> None:
        await loop.start()
        task = asyncio.create_task(loop.run())
        (tmp_path / "next").symlink_to("releases/2")
        (tmp_path / "next").replace(root)
        await until(lambda: loop.generation.number == 2)
        task.cancel()
        await loop.stop()

    asyncio.run(scenario())


def test_a_git_that_is_at_work_where_the_accounts_link_leads_is_waited_for(tmp_path: Path) -> None:
    watched = Watched(tmp_path / "configs")
    tree = tmp_path / "tree"
    (tree / ".git").mkdir(parents=True)
    (watched.root / "accounts").rename(tree / "accounts")
    (watched.root / "accounts").symlink_to(tree / "accounts")
    (tree / ".git" / "index.lock").touch()

    async def scenario() -> None:
        watched.write("billing", account("mail.example.org"))
        assert (await watched.loop._circumstances()).is_git_busy
        (tree / ".git" / "index.lock").unlink()
        await until(lambda: watched.hosts == {"billing": "mail.example.org"})

    watching(watched, scenario)


def test_what_no_hint_told_of_while_it_was_blind_is_found_when_the_watches_are_built_anew(tmp_path: Path) -> None:
    watched = Watched(tmp_path / "configs")
    watched.write("other", account())

    async def scenario() -> None:
        await watched.loop._watch.stop()
        watched.write("other", account("mail.example.org"))
        watched.loop.hint(Hint(touched=frozenset({watched.root / "accounts" / "billing.yaml"})))
        await until(lambda: watched.hosts["other"] == "mail.example.org")

    watching(watched, scenario)


def test_the_folder_of_a_secret_is_watched_without_waiting_for_the_next_rescan(tmp_path: Path) -> None:
    watched = Watched(tmp_path / "configs")
    watched.write("billing", account().replace("{env: PASSWORD}", f"{{file: {tmp_path}/secret/password}}"))
    (tmp_path / "secret").mkdir()
    (tmp_path / "secret" / "password").write_text("one")

    async def scenario() -> None:
        await until(lambda: len(watched.of(Reloaded)) >= 2)
        replace_file(tmp_path / "secret" / "password", "two")
        await until(lambda: watched.of(CredentialsChanged))

    watching(watched, scenario)
