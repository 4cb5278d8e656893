import asyncio
import os
import shutil
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from watchdog.observers.inotify_c import InotifyConstants, InotifyEvent, WatchDescriptor

from maild.watch.hint import MAX_TOUCHED, Hint
from maild.watch.watcher import Folder, Watcher, WatchMode, folders_around, nearest_to

PATIENCE_S = 5.0


class Hints:
    """Counts hints and lets a test wait for one."""

    def __init__(self) -> None:
        self._came = asyncio.Event()
        self.placed: list[str] = []
        self.hints: list[Hint] = []

    def note(self, hint: Hint) -> None:
        self.hints.append(hint)
        self.placed += [path.name for path in hint.placed]
        self._came.set()

    async def wait(self) -> None:
        async with asyncio.timeout(PATIENCE_S):
            await self._came.wait()
        self._came.clear()

    async def none(self) -> bool:
        """Whether it stays quiet for a moment (and forgets what came before)."""
        await asyncio.sleep(0.1)
        self._came.clear()
        await asyncio.sleep(0.1)
        return not self._came.is_set()


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "configs"
    (folder / "accounts").mkdir(parents=True)
    (folder / "accounts" / "a.yaml").write_text("a")
    return folder


def watched(root: Path, act: Callable[[Watcher, Hints], "asyncio.Future[None] | object"]) -> None:
    async def scenario() -> None:
        hints = Hints()
        watcher = Watcher(lambda: folders_around(root, children=("accounts",)), on_hint=hints.note)
        state = await watcher.check()
        assert state.mode is WatchMode.EVENTS
        try:
            result = act(watcher, hints)
            assert asyncio.iscoroutine(result)
            await result
        finally:
            await watcher.stop()

    asyncio.run(scenario())


def in_place(folder: Path) -> None:
    (folder / "a.yaml").write_text("b")


def temp_and_rename(folder: Path) -> None:
    (folder / ".a.yaml.tmp").write_text("b")
    (folder / ".a.yaml.tmp").replace(folder / "a.yaml")


def like_vim(folder: Path) -> None:
    (folder / "4913").touch()
    (folder / "4913").unlink()
    (folder / "a.yaml").rename(folder / "a.yaml~")
    (folder / "a.yaml").write_text("b")
    (folder / "a.yaml~").unlink()


def delete(folder: Path) -> None:
    (folder / "a.yaml").unlink()


def add_link(folder: Path) -> None:
    (folder / "b.yaml").symlink_to("a.yaml")


def move_in(folder: Path) -> None:
    outside = folder.parent.parent / "outside.yaml"
    outside.write_text("b")
    outside.replace(folder / "b.yaml")


def move_out(folder: Path) -> None:
    (folder / "a.yaml").replace(folder.parent.parent / "outside.yaml")


@pytest.mark.parametrize("change", [in_place, temp_and_rename, like_vim, delete, add_link, move_in, move_out])
def test_every_way_of_changing_a_file_is_a_hint(root: Path, change: Callable[[Path], None]) -> None:
    async def act(watcher: Watcher, hints: Hints) -> None:
        change(root / "accounts")
        await hints.wait()

    watched(root, act)


def test_a_file_renamed_into_place_is_named(root: Path) -> None:
    async def act(watcher: Watcher, hints: Hints) -> None:
        temp_and_rename(root / "accounts")
        in_place(root / "accounts")
        while not hints.placed:
            await hints.wait()
        assert hints.placed == ["a.yaml"]

    watched(root, act)


def test_files_that_change_are_named_and_a_folder_that_does_is_not(root: Path) -> None:
    async def act(watcher: Watcher, hints: Hints) -> None:
        temp_and_rename(root / "accounts")
        await hints.wait()
        await hints.none()
        named = [hint.touched for hint in hints.hints]
        assert None not in named
        files = {path for touched in named if touched is not None for path in touched}
        assert files == {root / "accounts" / ".a.yaml.tmp", root / "accounts" / "a.yaml"}

        (root / "accounts" / "folder").mkdir()
        await hints.wait()
        assert hints.hints[-1].touched is None
        await asyncio.to_thread(root.rename, root.with_name("other"))
        await hints.wait()
        assert hints.hints[-1].touched is None

    watched(root, act)


def flood(folder: Path) -> None:
    """More files than are named, all within one turn of the loop."""
    for number in range(MAX_TOUCHED + 50):
        (folder / f"{number}.yaml").touch()
    time.sleep(0.1)


def test_too_many_files_are_not_named(root: Path) -> None:
    async def act(watcher: Watcher, hints: Hints) -> None:
        flood(root / "accounts")
        await hints.wait()
        assert hints.hints[0].touched is None

    watched(root, act)


def test_that_the_kernel_dropped_events_is_told(root: Path) -> None:
    async def act(watcher: Watcher, hints: Hints) -> None:
        observer = watcher._observer
        assert observer is not None
        reader = getattr(observer, "reader")  # noqa: B009 -- there is no way to ask the kernel for an overflow
        reader.handle_event(
            InotifyEvent(wd=WatchDescriptor(-1), mask=InotifyConstants.IN_Q_OVERFLOW, cookie=0, name=b"")
        )
        await hints.wait()
        assert (hints.hints[-1].touched, hints.hints[-1].has_lost) == (None, True)
        in_place(root / "accounts")
        await hints.wait()
        assert hints.hints[-1].has_lost is False

    watched(root, act)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_when_nobody_reads_the_kernels_events_any_more_a_check_builds_everything_anew(root: Path) -> None:
    async def act(watcher: Watcher, hints: Hints) -> None:
        reader = getattr(watcher._observer, "reader")  # noqa: B009 -- the kernel's threads cannot be killed
        instances = inotify_instances()
        setattr(reader, "_watch_for_wd", None)  # noqa: B010 -- a mistake in its books, which ended it in versions before
        in_place(root / "accounts")
        await asyncio.to_thread(reader.join, PATIENCE_S)
        setattr(reader, "_watch_for_wd", {})  # noqa: B010
        setattr(reader, "_is_reading", True)  # noqa: B010 -- so leaves it who ends in the middle of reading

        assert (await watcher.check()).was_rebuilt
        in_place(root / "accounts")
        await hints.wait()
        assert inotify_instances() == instances

    watched(root, act)


def inotify_instances() -> int:
    found = (os.path.realpath(entry.path) for entry in os.scandir("/proc/self/fd"))
    return sum(path.endswith("anon_inode:inotify") for path in found)


def test_reading_a_file_is_no_hint_and_a_change_of_its_mode_is_one(root: Path) -> None:
    async def act(watcher: Watcher, hints: Hints) -> None:
        (root / "accounts" / "a.yaml").read_text()
        assert await hints.none()
        (root / "accounts" / "a.yaml").chmod(0o600)
        await hints.wait()
        assert hints.hints[-1].touched == frozenset({root / "accounts" / "a.yaml"})
        (root / "accounts").chmod(0o700)
        await hints.wait()
        assert hints.hints[-1].touched is None

    watched(root, act)


def test_of_a_folder_for_arrivals_only_what_arrives_under_a_name_is_a_hint(tmp_path: Path) -> None:
    async def scenario() -> list[bool]:
        hints = Hints()
        watcher = Watcher(lambda: (Folder(path=tmp_path, arrivals_only=True),), on_hint=hints.note)
        (tmp_path / "a.eml").write_text("a")
        (tmp_path / "b.eml").write_text("b")
        await watcher.check()
        try:
            (tmp_path / "a.eml").rename(tmp_path / ".taken")
            (tmp_path / ".taken").unlink()
            (tmp_path / "b.eml").unlink()
            quiet = [await hints.none()]
            (tmp_path / ".c.tmp").write_text("c")
            quiet.append(await hints.none())
            (tmp_path / ".c.tmp").rename(tmp_path / "c.eml")
            await hints.wait()
            return [*quiet, hints.placed == ["c.eml"]]
        finally:
            await watcher.stop()

    assert asyncio.run(scenario()) == [True, True, True]


def test_of_such_a_folder_what_was_moved_in_is_in_place_and_new_folders_are_heard_of(tmp_path: Path) -> None:
    async def scenario() -> None:
        hints = Hints()
        drop = tmp_path / "drop"
        drop.mkdir()
        (tmp_path / "a.eml").write_text("a")
        watcher = Watcher(lambda: (Folder(path=drop, arrivals_only=True),), on_hint=hints.note)
        await watcher.check()
        try:
            (tmp_path / "a.eml").rename(drop / "a.eml")
            await hints.wait()
            (drop / "b.eml").write_text("b")
            await hints.wait()
            assert hints.placed == ["a.eml"]
            assert all(hint.touched is not None for hint in hints.hints)
            (drop / "billing").mkdir()
            while hints.hints[-1].touched is not None:
                await hints.wait()
        finally:
            await watcher.stop()

    asyncio.run(scenario())


def test_a_neighbour_in_the_parent_folder_is_no_hint(root: Path) -> None:
    async def act(watcher: Watcher, hints: Hints) -> None:
        (root.parent / "neighbour").write_text("x")
        assert await hints.none()

    watched(root, act)


def test_a_kubernetes_swap_of_the_data_link_is_a_hint(tmp_path: Path) -> None:
    root = tmp_path / "mount"
    (root / "..1").mkdir(parents=True)
    (root / "..1" / "a.yaml").write_text("a")
    (root / "..data").symlink_to("..1")
    (root / "a.yaml").symlink_to("..data/a.yaml")

    async def act(watcher: Watcher, hints: Hints) -> None:
        (root / "..2").mkdir()
        (root / "..data_tmp").symlink_to("..2")
        (root / "..data_tmp").replace(root / "..data")
        await hints.wait()

    watched(root, act)


def test_the_swap_of_a_release_link_is_a_hint_and_the_new_release_is_watched_after_a_check(tmp_path: Path) -> None:
    for number in ("1", "2"):
        (tmp_path / "releases" / number / "accounts").mkdir(parents=True)
    root = tmp_path / "current"
    root.symlink_to("releases/1")

    async def act(watcher: Watcher, hints: Hints) -> None:
        (tmp_path / "next").symlink_to("releases/2")
        (tmp_path / "next").replace(root)
        await hints.wait()
        assert (await watcher.check()).was_rebuilt
        assert await hints.none()
        in_place(tmp_path / "releases" / "2" / "accounts")
        await hints.wait()

    watched(root, act)


def test_the_swap_of_a_link_further_up_is_a_hint(tmp_path: Path) -> None:
    for number in ("1", "2"):
        (tmp_path / "releases" / number / "configs" / "accounts").mkdir(parents=True)
    (tmp_path / "current").symlink_to("releases/1")

    async def act(watcher: Watcher, hints: Hints) -> None:
        (tmp_path / "next").symlink_to("releases/2")
        (tmp_path / "next").replace(tmp_path / "current")
        await hints.wait()
        assert (await watcher.check()).was_rebuilt

    watched(tmp_path / "current" / "configs", act)


def test_the_renaming_of_the_real_folder_behind_a_link_is_a_hint(tmp_path: Path) -> None:
    real = tmp_path / "releases" / "1"
    (real / "accounts").mkdir(parents=True)
    (tmp_path / "current").symlink_to("releases/1")

    async def act(watcher: Watcher, hints: Hints) -> None:
        (tmp_path / "releases" / "neighbour").mkdir()
        assert await hints.none()
        real.rename(tmp_path / "releases" / "aside")
        await hints.wait()

    watched(tmp_path / "current", act)


def test_while_the_folder_is_missing_its_way_is_watched_and_its_coming_is_a_hint(tmp_path: Path) -> None:
    real = tmp_path / "a" / "releases" / "1"
    (real / "accounts").mkdir(parents=True)
    (tmp_path / "current").symlink_to("a/releases/1")

    async def act(watcher: Watcher, hints: Hints) -> None:
        for gone in (real, real.parent.parent):
            gone.rename(tmp_path / "aside")
            await hints.wait()
            assert (await watcher.check()).was_rebuilt
            assert await hints.none()
            (tmp_path / "aside").rename(gone)
            await hints.wait()
            assert (await watcher.check()).was_rebuilt
            assert await hints.none()
            in_place(real / "accounts")
            await hints.wait()

    watched(tmp_path / "current", act)


def test_the_way_to_a_missing_folder_is_told_by_the_innermost_that_is_there(tmp_path: Path) -> None:
    assert nearest_to(tmp_path / "a" / "b" / "c") == Folder(path=tmp_path, only="a")
    assert nearest_to(tmp_path / ("x" * 300) / "b") == Folder(path=tmp_path, only="x" * 300)


def renamed(root: Path) -> None:
    root.rename(root.parent / "old")
    (root / "accounts").mkdir(parents=True)


def recreated(root: Path) -> None:
    shutil.rmtree(root)
    (root / "accounts").mkdir(parents=True)


@pytest.mark.parametrize("replace", [renamed, recreated])
def test_a_folder_that_was_replaced_is_watched_anew_after_a_check(root: Path, replace: Callable[[Path], None]) -> None:
    async def act(watcher: Watcher, hints: Hints) -> None:
        replace(root)
        await hints.wait()
        async with asyncio.timeout(PATIENCE_S):
            # A folder made anew may have the inode number of the old one; then it is the end of the old one's thread
            # that tells, and that comes a moment after the hint.
            while not (await watcher.check()).was_rebuilt:  # noqa: ASYNC110 -- nobody sets an event for us
                await asyncio.sleep(0.01)
        assert await hints.none()
        in_place(root / "accounts")
        await hints.wait()

    watched(root, act)


def test_a_check_of_watches_that_are_well_changes_nothing(root: Path) -> None:
    async def act(watcher: Watcher, hints: Hints) -> None:
        assert not (await watcher.check()).was_rebuilt

    watched(root, act)


def test_a_folder_that_comes_later_is_watched_from_the_next_check_on(tmp_path: Path) -> None:
    async def scenario() -> None:
        hints = Hints()
        drop = tmp_path / "drop"
        watcher = Watcher(lambda: (Folder(path=drop),), on_hint=hints.note)
        await watcher.check()
        drop.mkdir()
        assert (await watcher.check()).was_rebuilt
        (drop / "a.eml").write_text("x")
        await hints.wait()
        await watcher.stop()

    asyncio.run(scenario())


def test_thousands_of_events_do_not_become_thousands_of_calls(tmp_path: Path) -> None:
    async def scenario() -> int:
        calls = 0

        def count(hint: Hint) -> None:
            nonlocal calls
            calls += 1

        watcher = Watcher(lambda: (Folder(path=tmp_path),), on_hint=count)
        await watcher.check()
        for number in range(2000):
            os.close(os.open(tmp_path / str(number), os.O_CREAT | os.O_WRONLY))
        await asyncio.sleep(0.3)
        await watcher.stop()
        return calls

    assert 1 <= asyncio.run(scenario()) < 200
