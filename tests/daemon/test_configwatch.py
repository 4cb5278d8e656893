import asyncio
from pathlib import Path

import pytest

from maild.daemon.configwatch import ConfigWatch
from maild.observe.events import Event, WatchRebuilt


@pytest.mark.parametrize("far", ["configs", "configs/accounts", "secrets", ""])
def test_a_folder_on_a_network_file_system_is_told_and_asks_for_more_looks(tmp_path: Path, far: str) -> None:
    root, secrets = tmp_path / "configs", tmp_path / "secrets"
    (root / "accounts").mkdir(parents=True)
    secrets.mkdir()
    events: list[Event] = []

    def remote_type(folder: Path) -> str:
        return "nfs4" if folder == tmp_path / far and far else ""

    async def scenario() -> None:
        watch = ConfigWatch(root, on_hint=lambda hint: None, emit=events.append, remote_type=remote_type)
        await watch.check(is_first=True)
        assert watch.is_remote is far.startswith("configs")
        assert watch.add([secrets])
        await watch.check(is_first=False)
        assert watch.is_remote is bool(far)
        await watch.stop()

    asyncio.run(scenario())

    # That it watches one folder more is no news, and no watch that had gone blind.
    problem = f"{tmp_path / far} lies on nfs4, where changes by others are not told"
    assert [event.problem for event in events if isinstance(event, WatchRebuilt)][-1:] == ([problem] if far else [])


def test_watches_that_have_gone_blind_are_told(tmp_path: Path) -> None:
    root = tmp_path / "configs"
    (root / "accounts").mkdir(parents=True)
    events: list[Event] = []

    async def scenario() -> None:
        watch = ConfigWatch(root, on_hint=lambda hint: None, emit=events.append)
        await watch.check(is_first=True)
        root.rename(tmp_path / "old")
        (root / "accounts").mkdir(parents=True)
        await watch.check(is_first=False)
        await watch.stop()

    asyncio.run(scenario())

    assert events == [WatchRebuilt(folder=str(root), mode="events", problem="")]
