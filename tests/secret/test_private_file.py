import os
import stat
import threading
from pathlib import Path

import pytest

from maild.secret.private_file import alone_with, lock_beside, make_private_folder, write_private


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_file_is_for_its_owner_alone_whatever_the_umask(tmp_path: Path) -> None:
    folder = tmp_path / "a" / "b"
    before = os.umask(0)
    try:
        make_private_folder(folder)
        write_private(folder / "x", b"secret")
    finally:
        os.umask(before)

    assert (mode(folder), mode(folder.parent), mode(folder / "x")) == (0o700, 0o700, 0o600)


def test_a_file_is_replaced_as_a_whole_and_nothing_is_left_beside_it(tmp_path: Path) -> None:
    write_private(tmp_path / "x", b"one")
    write_private(tmp_path / "x", b"two")

    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [("x", b"two")]


def test_what_cannot_be_written_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "x").mkdir()

    with pytest.raises(OSError, match="directory"):
        write_private(tmp_path / "x", b"one")
    assert [path.name for path in tmp_path.iterdir()] == ["x"]


def test_one_at_a_time_has_a_file(tmp_path: Path) -> None:
    seen: list[str] = []

    def second() -> None:
        os.close(lock_beside(tmp_path / "x"))
        seen.append("second")

    with alone_with(tmp_path / "x"):
        thread = threading.Thread(target=second)
        thread.start()
        thread.join(0.05)
        seen.append("first")
    thread.join(5)

    assert seen == ["first", "second"]
