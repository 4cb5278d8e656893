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

    problem = f"{tmp_path / far} lies on nfs4, where changes by others are not told" if far else ""
    assert isinstance(events[-1], WatchRebuilt)
    assert events[-1].problem == problem
