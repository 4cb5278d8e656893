import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from maild.spool.durable import replace_synced, sync_folder, write_synced


def breaking() -> Iterator[bytes]:
    yield b"half"
    raise OSError("the disk is full")


def test_a_file_is_put_in_place_whole_with_its_mode(tmp_path: Path) -> None:
    old_mask = os.umask(0o077)
    try:
        size_bytes = replace_synced(tmp_path, "a", [b"one", b"two"], mode=0o640)
    finally:
        os.umask(old_mask)

    assert size_bytes == 6
    assert (tmp_path / "a").read_bytes() == b"onetwo"
    assert stat.S_IMODE((tmp_path / "a").stat().st_mode) == 0o640
    assert [path.name for path in tmp_path.iterdir()] == ["a"]


def test_what_cannot_be_written_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    replace_synced(tmp_path, "a", [b"old"], mode=0o600)

    with pytest.raises(OSError, match="full"):
        replace_synced(tmp_path, "a", breaking(), mode=0o600)

    assert (tmp_path / "a").read_bytes() == b"old"
    assert [path.name for path in tmp_path.iterdir()] == ["a"]


def test_a_leftover_of_a_crash_is_no_obstacle(tmp_path: Path) -> None:
    (tmp_path / ".a.tmp").write_bytes(b"half")

    replace_synced(tmp_path, "a", [b"new"], mode=0o600)

    assert (tmp_path / "a").read_bytes() == b"new"


def test_a_new_file_overwrites_nothing(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"old")

    with pytest.raises(FileExistsError):
        write_synced(str(tmp_path / "a"), [b"new"], mode=0o600)

    assert (tmp_path / "a").read_bytes() == b"old"


def test_a_folder_that_is_none_cannot_be_synced(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"")

    sync_folder(tmp_path)
    with pytest.raises(NotADirectoryError):
        sync_folder(tmp_path / "a")
