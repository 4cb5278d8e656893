import asyncio
import io
import stat
from pathlib import Path

import pytest

from maild.clock import SystemClock
from maild.daemon.configloop import ConfigLoop
from maild.daemon.configports import ConfigPorts
from maild.daemon.generation import Generation, LastGood
from maild.daemon.lastgood import LastGoodStore, last_good_file
from maild.daemon.options import RunOptions
from maild.daemon.recollection import Recollection
from maild.observe.events import Event, LastGoodUnkept
from maild.watch.scan import FolderUnreadableError
from tests.daemon.test_reload import BROKEN, account, host

SITE = "spool: {path: ../spool}\nprobe: {interval: 7m}\n"


class Run:
    """One run of the configuration's part of the daemon after another, on one folder."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.config = root / "configs"
        (self.config / "accounts").mkdir(parents=True)
        self.write("maild.yaml", SITE)
        self.write("accounts/billing.yaml", account())
        self.events: list[Event] = []

    def write(self, name: str, text: str) -> None:
        (self.config / name).write_text(text)

    def start(self, *edits: tuple[str, str]) -> Generation:
        """Start, edit one after the other, and stop; what was in force at last."""

        async def run() -> Generation:
            options = RunOptions(config=self.config, environ={}, home=self.root / "home", log=io.StringIO())
            recollection = Recollection(options, self.events.append)
            loop = ConfigLoop(
                ConfigPorts(
                    folder=self.config,
                    clock=SystemClock(),
                    emit=self.events.append,
                    apply=lambda generation: None,
                    recall=recollection.recall,
                    remember=recollection.remember,
                    keep=recollection.keep,
                )
            )
            generation = await loop.start()
            recollection.keep_in(self.root / "spool")
            task = asyncio.create_task(loop.run())
            for name, text in edits:
                self.write(name, text)
                await loop.reload()
            await loop.reload()
            task.cancel()
            await loop.stop()
            return loop.generation if edits else generation

        return asyncio.run(run())

    def kept(self) -> dict[str, bytes]:
        store = LastGoodStore(last_good_file(self.root / "spool"), self.config)
        return {name: one.data for name, one in store.read().items()}


def test_a_restart_with_broken_files_starts_with_what_worked(tmp_path: Path) -> None:
    run = Run(tmp_path)
    run.start()
    run.write("accounts/billing.yaml", BROKEN)
    run.write("maild.yaml", "spool: {path: ../spool}\nprobe: {interval: 7 minutes}\n")

    generation = run.start()

    assert {type(state) for state in generation.files.values()} == {LastGood}
    assert host(generation) == "smtp.example.com"
    assert generation.site.probe.interval.total_seconds() == 420


def test_a_restart_with_a_folder_that_cannot_be_looked_into_starts_with_what_worked(tmp_path: Path) -> None:
    run = Run(tmp_path)
    accounts = run.config / "accounts"
    accounts.rename(tmp_path / "aside")
    accounts.symlink_to("accounts")
    with pytest.raises(FolderUnreadableError, match="accounts cannot be read"):
        run.start()
    accounts.unlink()
    (tmp_path / "aside").rename(accounts)
    run.start()
    accounts.rename(tmp_path / "aside")
    accounts.symlink_to("accounts")

    generation = run.start()

    assert {type(state) for state in generation.files.values()} == {LastGood}
    assert host(generation) == "smtp.example.com"
    assert generation.site.probe.interval.total_seconds() == 420
    assert not generation.is_clean
    assert sorted(run.kept()) == ["accounts/billing.yaml", "maild.yaml"]


@pytest.mark.parametrize(
    "text",
    [
        "spool: {path: ../spool}\nprobe: {\n",
        'spool:\n  path: "../spool"\nprobe: [\n',
        "probe: {interval: 1 week}\n",
        "sp\0ol {",
    ],
)
def test_the_spool_is_found_though_maild_yaml_is_no_yaml_any_more(tmp_path: Path, text: str) -> None:
    run = Run(tmp_path)
    if "week" in text:
        run.write("maild.yaml", "probe: {interval: 7m}\n")
        (tmp_path / "home" / ".local" / "state" / "maild").mkdir(parents=True)
        (tmp_path / "home" / ".local" / "state" / "maild" / "spool").symlink_to(tmp_path / "spool")
    run.start()
    run.write("maild.yaml", text)

    assert run.start().site.probe.interval.total_seconds() == 420


def test_the_newest_accepted_version_of_each_file_is_kept_and_no_secret(tmp_path: Path) -> None:
    run = Run(tmp_path)
    better = account("new.example.com")
    run.start(("accounts/shop.yaml", account()), ("accounts/billing.yaml", better), ("accounts/shop.yaml", BROKEN))
    assert run.kept() == {
        "accounts/billing.yaml": better.encode(),
        "accounts/shop.yaml": account().encode(),
        "maild.yaml": SITE.encode(),
    }

    run.start(("accounts/billing.yaml", better + "# was password: hunter2\n"))

    assert "accounts/billing.yaml" not in run.kept()
    assert b"hunter2" not in last_good_file(tmp_path / "spool").read_bytes()


def test_what_is_removed_is_forgotten_also_when_no_daemon_ran(tmp_path: Path) -> None:
    run = Run(tmp_path)
    run.start(("accounts/shop.yaml", account()), ("accounts/old.yaml", account()))
    (run.config / "accounts" / "shop.yaml").unlink()

    run.start(("accounts/new.yaml", account()))

    assert sorted(run.kept()) == ["accounts/billing.yaml", "accounts/new.yaml", "accounts/old.yaml", "maild.yaml"]


def test_trouble_with_the_disk_is_told_once_and_mended_later(tmp_path: Path) -> None:
    run = Run(tmp_path)
    (tmp_path / "spool").write_text("no folder")

    run.start(("accounts/shop.yaml", account()), ("accounts/shop.yaml", account("b.example.com")))

    troubles = [event for event in run.events if isinstance(event, LastGoodUnkept)]
    assert len(troubles) == 1
    assert "cannot be made" in troubles[0].detail
    (tmp_path / "spool").unlink()
    run.start()
    assert len(run.kept()) == 3


def test_a_damaged_file_does_not_keep_the_daemon_from_starting(tmp_path: Path) -> None:
    run = Run(tmp_path)
    path = last_good_file(tmp_path / "spool")
    path.parent.mkdir(parents=True)
    path.write_bytes(b"x" * 4096)

    assert list(run.start().accounts) == ["billing"]
    told = [event.detail for event in run.events if isinstance(event, LastGoodUnkept)]
    assert "is damaged" in told[0]
    assert "last-good.sqlite3.damaged now" in told[-1]
    assert sorted(run.kept()) == ["accounts/billing.yaml", "maild.yaml"]


def test_a_file_that_is_damaged_while_the_daemon_runs_is_begun_anew_with_everything(tmp_path: Path) -> None:
    run = Run(tmp_path)
    run.start(("accounts/shop.yaml", account()))
    path = last_good_file(tmp_path / "spool")
    whole = path.read_bytes()
    path.write_bytes(whole[:100] + b"x" * (len(whole) - 100))

    run.start(("accounts/new.yaml", account()))

    assert sorted(run.kept()) == ["accounts/billing.yaml", "accounts/new.yaml", "accounts/shop.yaml", "maild.yaml"]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
